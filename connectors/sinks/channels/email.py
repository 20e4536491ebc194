"""E-mail channel: text and HTML over one SMTP session, reused while the channel is open."""

from __future__ import annotations

import smtplib
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from connectors.sinks.answers import tellable
from connectors.sinks.context import (
    ChannelType,
    PermanentSinkError,
    Send,
    SinkContext,
    SinkError,
    TransientSinkError,
)
from connectors.sinks.payload import to_html, words_of
from transforms.alerts.messages.schedule import message_id
from transforms.alerts.messages.wording import write
from transforms.alerts.rules.channels import MAIL_KEYS
from transforms.models import Channel, Mail, Parcel
from transforms.text.harmless import shorten

# Replies from here on mean "never" (RFC 5321, 4.2.1).
REFUSED = 500
# "Service not available, closing transmission channel" (RFC 5321, 3.8).
CLOSING = 421
FAREWELL_SECONDS = 1.0
LONGEST_SUBJECT = 150
_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"></head><body>
{body}
</body></html>
"""


class Session:
    """One SMTP connection, opened with the first message and again after it broke.

    smtplib's own timeout is one a read, which a slow server can meet for ever; a timer
    closes the socket under it.
    """

    def __init__(self, mail: Mail, timeout: float) -> None:
        self._mail = mail
        self._timeout = timeout
        self._smtp: smtplib.SMTP | None = None

    def send(self, message: EmailMessage) -> dict[str, tuple[int, bytes]]:
        """Send *message*; return the refused recipients where only some were refused.

        Raises:
            TimeoutError: It took longer than a message may.
            OSError: As smtplib and sockets have it.
        """
        if self._smtp is not None:
            try:
                return self._hand_over(message)
            except (smtplib.SMTPServerDisconnected, smtplib.SMTPSenderRefused) as exc:
                # A server hangs up on a client that was idle for long, or sent a lot;
                # the Message-ID marks a message that it had taken already.
                if getattr(exc, "smtp_code", CLOSING) != CLOSING:
                    raise
                self.close()
        return self._hand_over(message)

    def _hand_over(self, message: EmailMessage) -> dict[str, tuple[int, bytes]]:
        with self._bounded():
            self._smtp = self._smtp or self._connect()
            return self._smtp.send_message(message)

    def close(self) -> None:
        """End the session, if one is open."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                if smtp.sock is not None:
                    smtp.sock.settimeout(FAREWELL_SECONDS)
                    smtp.quit()
            smtp.close()

    def _connect(self) -> smtplib.SMTP:
        mail = self._mail
        context = ssl.create_default_context()
        smtp = (
            smtplib.SMTP_SSL(timeout=self._timeout, context=context)
            if mail.security == "tls"
            else smtplib.SMTP(timeout=self._timeout)
        )
        # Known from here on, so that the timer can close it; a server's name is checked
        # against the certificate.
        self._smtp = smtp
        smtp._host = mail.host  # type: ignore[attr-defined]  # noqa: SLF001  connect() leaves it out
        smtp.connect(mail.host, mail.port)
        if mail.security == "starttls":
            smtp.starttls(context=context)
        if mail.user:
            smtp.login(mail.user, mail.password)
        return smtp

    @contextmanager
    def _bounded(self) -> Iterator[None]:
        late = threading.Event()
        timer = threading.Timer(self._timeout, self._cut, [late])
        timer.daemon = True
        timer.start()
        try:
            yield
        except (smtplib.SMTPException, OSError):
            if late.is_set():
                raise TimeoutError from None
            raise
        finally:
            timer.cancel()

    def _cut(self, late: threading.Event) -> None:
        late.set()
        sock = self._smtp.sock if self._smtp else None
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(2)


@contextmanager
def open_mail(channel: Channel, context: SinkContext) -> Iterator[Send]:
    """Yield a function that sends a parcel to all recipients of *channel*.

    Raises:
        SinkError: By what is yielded: the server did not take it, for one of them at least.
    """
    mail = channel.mail
    if mail is None:
        raise PermanentSinkError(channel.channel_id, "it names no mail server")
    session = Session(mail, context.timeout)

    def send(parcel: Parcel) -> None:
        message = compose(channel, mail, parcel, datetime.now(UTC))
        try:
            refused = session.send(message)
        except (smtplib.SMTPException, OSError, ValueError) as exc:
            session.close()
            raise _error(channel, exc, context.timeout) from None
        if refused:
            raise _refused(channel, refused, len(mail.to))

    try:
        yield send
    finally:
        session.close()


def compose(channel: Channel, mail: Mail, parcel: Parcel, now: datetime) -> EmailMessage:
    """Return the message, with the same Message-ID on every attempt.

    An update refers to the first alert, so that mail programs show them as one thread.
    """
    letter = write(parcel, words_of(channel))
    made = EmailMessage(policy=SMTP)
    if parcel.edition:
        # The brief's stored message, without addresses yet.
        made = message_from_bytes(parcel.edition.mail, EmailMessage, policy=SMTP)
    made["From"] = _address(mail.sender)
    made["To"] = [_address(text) for text in mail.to]
    # Python reads what looks like an encoded word, and would write the line break in it.
    del made["Subject"]
    made["Subject"] = shorten(letter.subject, LONGEST_SUBJECT).replace("=?", "= ?")
    made["Date"] = format_datetime(now)
    made["Message-ID"] = _reference(parcel.message_id, mail)
    if first := _first_message(channel, parcel):
        made["In-Reply-To"] = made["References"] = _reference(first, mail)
    # Suppress automatic replies (RFC 3834).
    made["Auto-Submitted"] = "auto-generated"
    if any(notice.alert.severity == "urgent" for notice in parcel.notices):
        made["Importance"] = "high"
    if parcel.edition:
        return made
    made.set_content(letter.plain + "\n", cte="base64")
    made.add_alternative(
        _PAGE.format(language=channel.language, body=to_html(letter)),
        subtype="html",
        cte="base64",
    )
    return made


def _address(text: str) -> Address:
    name, spec = parseaddr(text)
    return Address(display_name=name, addr_spec=spec)


def _reference(key: str, mail: Mail) -> str:
    domain = parseaddr(mail.sender)[1].rpartition("@")[2]
    return f"<{key}@{domain}>"


def _first_message(channel: Channel, parcel: Parcel) -> str | None:
    first = parcel.notices[0].alert.updates_alert_id
    if parcel.why is not None or first is None:
        return None
    return message_id(first, channel.channel_id)


def _error(channel: Channel, exc: Exception, timeout: float) -> SinkError:
    """Return the error for what smtplib raised, without the names and passwords in it."""
    match exc:
        case smtplib.SMTPRecipientsRefused(recipients=recipients):
            return _refused(channel, recipients, len(recipients))
        case smtplib.SMTPAuthenticationError(smtp_code=code):
            return _said(channel, code, "", "the server does not take user and password")
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=said):
            return _said(channel, code, said, "the server refused the message")
        case smtplib.SMTPNotSupportedError():
            reason = "the server does not offer what the channel asks for (security, login)"
        case ValueError() if not isinstance(exc, OSError):
            reason = "an address cannot be used; correct it"
        case _:
            return TransientSinkError(channel.channel_id, _passing(exc, timeout))
    return PermanentSinkError(channel.channel_id, reason)


def _passing(exc: Exception, timeout: float) -> str:
    match exc:
        case ssl.SSLCertVerificationError():
            return "the server's certificate is not valid"
        case TimeoutError():
            return f"no answer within {timeout:g} s"
    return f"it cannot be reached ({type(exc).__name__})"


def _refused(
    channel: Channel, refused: dict[str, tuple[int, bytes]], asked: int
) -> SinkError:
    # A recipient that may be taken later is reason enough to try again; the others know
    # the message by its Message-ID.
    code, said = min(refused.values())
    return _said(
        channel, code, said, f"the server refused {len(refused)} of {asked} recipients"
    )


def _said(channel: Channel, code: int, said: bytes | str, what: str) -> SinkError:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    kind = PermanentSinkError if code >= REFUSED else TransientSinkError
    return kind(channel.channel_id, f"{what} ({tellable(channel, f'{code} {text}')})")


CHANNEL = ChannelType(options=MAIL_KEYS, open=open_mail)
