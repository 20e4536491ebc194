"""E-mail, at a real SMTP server on this machine."""

from __future__ import annotations

import asyncio
import email
import email.policy
import html
import logging
import socket
import ssl
import threading
import time

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from connectors.sinks import opened
from connectors.sinks.context import PermanentSinkError, TransientSinkError
from transforms.models import Channel, Mail

SECRET = "hunter2-pass"
MAIL = Mail(
    host="localhost",
    port=0,
    security="none",
    sender="sinowire <alerts@x.example>",
    to=("desk@x.example", "Reader Zwei <two@x.example>"),
)


class Box:
    """What the server does with a message: keeps it, or answers as it is told."""

    def __init__(self):
        self.letters = []
        self.recipients = []
        self.sessions = set()
        self.refuse = {}
        self.answer = "250 OK"

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, session, envelope):  # noqa: N802
        self.sessions.add(session.peer)
        self.recipients.append(tuple(envelope.rcpt_tos))
        self.letters.append(envelope.content)
        return self.answer

    def read(self):
        [raw] = self.letters
        return email.message_from_bytes(raw, policy=email.policy.default)


@pytest.fixture
def box():
    return Box()


@pytest.fixture
def serve(box, served):
    """Start a server with these options; return the channel's end of it."""
    loop = asyncio.new_event_loop()
    servers = []

    def start(security="none", **options):
        if security == "starttls":
            options |= {"tls_context": served, "require_starttls": True}
        server = loop.run_until_complete(
            loop.create_server(
                lambda: SMTP(box, hostname="mx.x.example", loop=loop, **options),
                "127.0.0.1",
                0,
                ssl=served if security == "tls" else None,
            )
        )
        thread = threading.Thread(target=loop.run_forever)
        thread.start()
        servers.append((server, thread))
        return mail(port=server.sockets[0].getsockname()[1], security=security)

    yield start
    for server, thread in servers:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        loop.run_until_complete(_quiet(loop))
    loop.close()


async def _quiet(_loop):
    """Let connections that are still open come to their end."""
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def mail(**fields):
    defaults = {name: getattr(MAIL, name) for name in Mail.__dataclass_fields__}
    return Mail(**defaults | fields)


@pytest.fixture
def trusted(authority, tmp_path, monkeypatch):
    """Trust the authority of our servers, as a company trusts its own."""
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))


def parts(message):
    plain, page = message.iter_parts()
    return plain, page


def test_message_is_text_and_html(serve, box, hand_over):
    """Both say the same, to whoever can show which."""
    hand_over("email", mail=serve(), zone="Asia/Shanghai")

    message = box.read()
    plain, page = parts(message)
    assert message.get_content_type() == "multipart/alternative"
    assert message["Subject"] == "Alibaba Group (阿里巴巴): Alibaba opens a data centre"
    assert message["From"] == "sinowire <alerts@x.example>"
    assert message["To"] == "desk@x.example, Reader Zwei <two@x.example>"
    assert box.recipients == [("desk@x.example", "two@x.example")]
    assert message["Message-ID"] == "<m1@x.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime is not None
    assert plain.get_content().splitlines() == [
        "Alibaba Group (阿里巴巴): Alibaba opens a data centre",
        "Harbour Wire · 2026-08-04 20:00 Asia/Shanghai",
        "also told by 前沿网",
        "why: “Alibaba” is named, rule giants",
        "https://x.example/1",
    ]
    assert '<a href="https://x.example/1"><b>Alibaba Group' in page.get_content()
    # All ASCII, in short lines: any server on the way takes it.
    assert all(len(line) < 200 for line in box.letters[0].splitlines())
    assert box.letters[0].isascii()


def test_every_attempt_is_the_same_message(serve, box, hand_over):
    """A mail program that gets it twice knows it by its Message-ID."""
    where = serve()
    hand_over("email", mail=where)
    hand_over("email", mail=where)

    ids = {email.message_from_bytes(raw)["Message-ID"] for raw in box.letters}
    assert ids == {"<m1@x.example>"}


def test_update_belongs_to_the_thread_of_the_first(
    serve, box, hand_over, make_notice, monkeypatch
):
    """A mail program shows the update below the alert that it updates."""
    monkeypatch.setattr(
        "connectors.sinks.channels.email.message_id",
        lambda alert, channel: f"{alert}.{channel}",
    )

    hand_over(
        "email",
        "",
        make_notice(updates_alert_id="al0", step="publishers:7", severity="urgent"),
        mail=serve(),
    )

    message = box.read()
    assert message["In-Reply-To"] == message["References"] == "<al0.desk@x.example>"
    assert message["Importance"] == "high"
    assert "now told by 7 outlets" in parts(message)[0].get_content()


def test_digest_has_a_heading_and_sections(serve, box, hand_over, make_notice, make_parcel):
    """A digest says how many and why, rule by rule."""
    notices = [make_notice(rule_id="b"), make_notice(rule_id="a"), make_notice(rule_id="b")]

    hand_over("email", "", make_parcel(*notices, why="quiet"), mail=serve())

    message = box.read()
    plain, page = parts(message)
    assert message["Subject"].startswith("Held over quiet hours: 3 alerts")
    assert message["Message-ID"] == "<b1@x.example>"
    assert plain.get_content().index("rule b: 2 alerts") < plain.get_content().index(
        "rule a: 1 alert"
    )
    assert "<h3>rule b: 2 alerts</h3>" in page.get_content()


HEADERS = {
    *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
    *("MIME-Version", "Content-Type"),
}


@pytest.mark.parametrize(
    "evil",
    [
        pytest.param("x\r\nBcc: evil@x.example\r\n\r\nbody", id="header"),
        pytest.param("x\nBcc: evil@x.example", id="bare line feed"),
        pytest.param("x\u2028Bcc: evil@x.example\x85Bcc: y", id="other line ends"),
        pytest.param("=?utf-8?q?x=0ABcc:_evil@x.example?=", id="encoded word"),
        pytest.param(
            '</p><script>alert(1)</script><a href="javascript:x">\u202e', id="markup"
        ),
        pytest.param("x\ud800\x00\x1b[2J", id="signs that are none"),
        pytest.param("長" * 20_000, id="sixty kilobytes"),
        pytest.param(".\r\n.\r\nMAIL FROM:<evil@x.example>", id="end of data"),
    ],
)
def test_hostile_words_stay_words(serve, box, hand_over, make_notice, evil):
    """Nothing that a headline says becomes a header, a recipient, a tag or a message."""
    notice = make_notice(title=evil, publisher=evil, alias=evil, url=f"javascript:{evil}")

    hand_over("email", "", notice, mail=serve())

    message = box.read()
    plain, page = parts(message)
    shown = page.get_content()
    assert set(message.keys()) == HEADERS
    assert box.recipients == [("desk@x.example", "two@x.example")]
    assert "<script" not in shown
    assert "href" not in html.unescape(shown) or '<a href="javascript' not in shown
    assert "\u202e" not in plain.get_content()
    assert len(message["Subject"]) <= 151


def test_starttls_and_login(serve, box, hand_over, trusted):
    """User and password go over an encrypted line only, to a server whose name is right."""
    said = []

    def check(_server, _session, _envelope, _mechanism, data):
        said.append((data.login, data.password))
        return AuthResult(success=data.password == SECRET.encode())

    where = serve("starttls", authenticator=check, auth_required=True)

    hand_over(
        "email",
        mail=mail(port=where.port, security="starttls", user="bot", password=SECRET),
    )

    assert said == [(b"bot", SECRET.encode())]
    assert len(box.letters) == 1


def test_tls_from_the_first_byte(serve, box, hand_over, trusted):
    """Port 465's way."""
    hand_over("email", mail=serve("tls"))

    assert len(box.letters) == 1


def test_certificate_of_a_stranger_is_refused(serve, box, hand_over):
    """Nobody in between gets the password."""
    with pytest.raises(TransientSinkError, match="certificate is not valid"):
        hand_over("email", mail=serve("starttls"))

    assert box.letters == []


def test_one_session_takes_all(serve, box, hand_over, make_notice):
    """A batch is one connection, and a server that hangs up in between gets another."""
    notices = [make_notice(message_id=f"m{n}") for n in range(10)]

    hand_over("email", "", *notices, mail=serve())

    assert len(box.letters) == 10
    assert len(box.sessions) == 1


def test_server_that_hung_up_meanwhile(
    serve, box, make_context, make_notice, make_parcel, monkeypatch
):
    """A session that timed out over there is no failed attempt."""
    take = box.handle_DATA

    async def take_and_leave(server, session, envelope):
        asyncio.get_running_loop().call_later(0.02, server.transport.close)
        return await take(server, session, envelope)

    monkeypatch.setattr(box, "handle_DATA", take_and_leave)
    channel = Channel(channel_id="desk", type="email", mail=serve())

    with opened(channel, make_context()) as send:
        for n in range(3):
            send(make_parcel(make_notice(message_id=f"m{n}")))
            time.sleep(0.1)

    assert len(box.letters) == len(box.sessions) == 3


def test_server_that_wants_no_more_of_a_session(
    serve, box, hand_over, make_notice, monkeypatch
):
    """Many servers take so many messages a session, and say 421 to the next."""

    async def handle_mail(_server, session, envelope, address, options):
        if session.peer in box.sessions:
            return "421 4.7.0 too many messages in this session"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    monkeypatch.setattr(box, "handle_MAIL", handle_mail, raising=False)
    notices = [make_notice(message_id=f"m{n}") for n in range(3)]

    hand_over("email", "", *notices, mail=serve())

    assert len(box.letters) == len(box.sessions) == 3


@pytest.mark.parametrize(
    ("answer", "error"),
    [("550 not from you", PermanentSinkError), ("450 not now", TransientSinkError)],
)
def test_sender_that_is_refused(
    serve, box, hand_over, make_notice, monkeypatch, answer, error
):
    """Also in the middle of a session."""

    async def handle_mail(_server, _session, envelope, address, _options):
        if box.letters:
            return answer
        envelope.mail_from = address
        return "250 OK"

    monkeypatch.setattr(box, "handle_MAIL", handle_mail, raising=False)
    notices = [make_notice(message_id=f"m{n}") for n in range(2)]

    with pytest.raises(error, match=answer):
        hand_over("email", "", *notices, mail=serve())

    assert len(box.letters) == 1


# ── Refusals ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("451 4.3.0 try again later", TransientSinkError),
        ("554 5.7.1 looks like spam", PermanentSinkError),
    ],
)
def test_refusal_is_told_in_the_words_of_the_server(serve, box, hand_over, answer, error):
    """4xx passes, 5xx does not (RFC 5321)."""
    box.answer = answer

    with pytest.raises(error) as caught:
        hand_over("email", mail=serve())

    assert f"the server refused the message ({answer})" in str(caught.value)


@pytest.mark.parametrize(
    ("refuse", "error", "words"),
    [
        ({"two@x.example": "550 no such user"}, PermanentSinkError, "1 of 2 recipients"),
        ({"two@x.example": "450 greylisted"}, TransientSinkError, "1 of 2 recipients"),
        (
            {"two@x.example": "550 no", "desk@x.example": "550 no"},
            PermanentSinkError,
            "2 of 2 recipients",
        ),
        (
            {"two@x.example": "450 later", "desk@x.example": "550 no"},
            TransientSinkError,
            "2 of 2 recipients",
        ),
    ],
)
def test_refused_recipient_is_not_kept_silent(serve, box, hand_over, refuse, error, words):
    """Whoever should have heard and did not is a failure, even where others did."""
    box.refuse = refuse

    with pytest.raises(error, match=words):
        hand_over("email", mail=serve())


def test_wrong_password_is_permanent_and_not_told(serve, hand_over, trusted, caplog, capfd):
    """Neither in the error nor in any output."""
    caplog.set_level(logging.DEBUG)

    def check(_server, _session, _envelope, _mechanism, _data):
        return AuthResult(success=False, handled=False)

    where = serve("starttls", authenticator=check, auth_required=True)
    wrong = mail(port=where.port, security="starttls", user="bot-name", password=SECRET)

    with pytest.raises(PermanentSinkError, match="does not take user and pass") as caught:
        hand_over("email", mail=wrong)

    said = f"{caught.value!r} {caught.value} {''.join(capfd.readouterr())}"
    ours = [r for r in caplog.records if not r.name.startswith("mail.")]
    everything = said + "".join(r.getMessage() for r in ours)
    assert SECRET not in everything
    assert "bot-name" not in everything


def test_server_without_starttls_is_permanent(serve, hand_over):
    """We do not fall back to an open line."""
    where = serve()

    with pytest.raises(PermanentSinkError, match="does not offer"):
        hand_over("email", mail=mail(port=where.port, security="starttls"))


def test_nobody_listens(hand_over, free_port):
    """A server that is down may come back."""
    with pytest.raises(TransientSinkError, match="cannot be reached"):
        hand_over("email", mail=mail(port=free_port))


@pytest.mark.parametrize("greeting", [b"", b"2"], ids=["silent", "one byte at a time"])
def test_server_that_takes_for_ever_is_cut_off(hand_over, greeting):
    """The limit is on the whole, so one byte now and then does not stretch it."""
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def dribble():
            with listening.accept()[0] as peer:
                while not done.wait(0.02):
                    try:
                        peer.send(greeting or b"")
                    except OSError:
                        return

        thread = threading.Thread(target=dribble)
        thread.start()
        started = time.monotonic()
        with pytest.raises(TransientSinkError, match=r"no answer within 0\.3 s"):
            hand_over("email", mail=mail(port=listening.getsockname()[1]), timeout=0.3)
        done.set()
        thread.join()

    assert time.monotonic() - started < 3


def test_ssl_context_is_checked():
    """What the session trusts is what the machine trusts."""
    context = ssl.create_default_context()

    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED
