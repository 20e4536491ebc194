"""A parcel as an e-mail: the same words as text and as HTML."""

from __future__ import annotations

from datetime import datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from connectors.sinks.rendering.html import to_html
from connectors.sinks.rendering.payload import voice_of
from transforms.alerts.messages.outbox import message_id
from transforms.alerts.messages.wording import plain, write
from transforms.models import Channel, Edition, Letter, Mail, Parcel
from transforms.text.harmless import shorten

LONGEST_SUBJECT = 150
_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"></head><body>
{body}
</body></html>
"""


def compose(channel: Channel, mail: Mail, parcel: Parcel, now: datetime) -> EmailMessage:
    """Return the message, with the same Message-ID at every attempt.

    An update refers to the first alert, so that mail programs show them as one thread.
    """
    letter = write(parcel, voice_of(channel))
    made = _brief(parcel.edition) if parcel.edition else EmailMessage(policy=SMTP)
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
    made.set_content(plain(letter) + "\n", cte="base64")
    made.add_alternative(_page(channel, letter), subtype="html", cte="base64")
    return made


def _brief(edition: Edition) -> EmailMessage:
    """Return a brief, which is a message already, to be addressed."""
    return message_from_bytes(edition.mail, EmailMessage, policy=SMTP)


def _page(channel: Channel, letter: Letter) -> str:
    return _PAGE.format(language=channel.language, body=to_html(letter))


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
