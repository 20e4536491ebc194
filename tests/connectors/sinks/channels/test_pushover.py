"""Alerts on telephones, through Pushover."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest

from connectors.sinks import CHANNELS
from connectors.sinks.context import PermanentSinkError, TransientSinkError
from transforms.alerts.rules.channels import read_channels
from transforms.config import ConfigError, ConfigText

USER, TOKEN = "uQiRzpo4DXghDmr9QzzfQu27cmVRsG", "azGDORePK8gMaC0QOYAMyEEuzJnyUi"
TAKEN = (200, {}, {"status": 1, "request": "647d2300"})


@pytest.fixture
def tell(service, hand_over):
    """Send to Pushover and return what it was sent."""
    service.answers = [TAKEN]

    def do(*sent, **channel):
        hand_over("pushover", USER, *sent, secret=TOKEN, **channel)
        return service.bodies()

    return do


def read(text, **env):
    text = f'[channel.phone]\ntype = "pushover"\n{text}'
    return read_channels(ConfigText(text, "alerts.toml"), CHANNELS, env)["phone"]


def test_keys_come_from_the_environment():
    """A user's key may stand in the file, an application's may not."""
    text = 'user = { env = "USER_KEY" }\ntoken = { env = "APP" }'

    channel = read(text, USER_KEY=USER, APP=TOKEN)

    assert (channel.address, channel.secret) == (USER, TOKEN)
    assert USER not in repr(channel)
    assert TOKEN not in repr(channel)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f'user = "{USER}"', "token] is missing"),
        ('token = { env = "APP" }', "user] is missing"),
        (f'user = "{USER}"\ntoken = "{TOKEN}"', "is a literal secret"),
        (
            'user = "me"\ntoken = { env = "APP" }',
            "not a user or group key; write",
        ),
        (f'user = "{USER}"\ntoken = {{ env = "APP" }}\nurl = "x"', "url"),
    ],
)
def test_wrong_keys_are_told(text, said):
    """What is missing or odd, and never the secret."""
    with pytest.raises(ConfigError) as caught:
        read(text, APP=TOKEN)

    assert said in str(caught.value)
    assert TOKEN not in str(caught.value)


def test_alert(service, tell):
    """The headline is the title, the article a link under its host's name."""
    [sent] = tell()

    [(path, headers, _)] = service.requests
    assert path == "/1/messages.json"
    assert headers["Host"] == "api.pushover.net"
    assert headers["Idempotency-Key"] == "m1"
    assert sent == {
        "token": TOKEN,
        "user": USER,
        "title": "Alibaba Group (阿里巴巴): Alibaba opens a data centre",
        "message": (
            "Harbour Wire · 2026-08-04 12:00 UTC\n"
            "also told by 前沿网\n"
            "why: “Alibaba” is named, rule giants"
        ),
        "priority": 0,
        "url": "https://x.example/1",
        "url_title": "x.example",
    }


@pytest.mark.parametrize(
    ("severity", "priority"), [("low", -1), ("normal", 0), ("urgent", 1)]
)
def test_severity_is_priority(tell, make_notice, severity, priority):
    """What is urgent passes by quiet hours; nothing rings until it is answered."""
    [sent] = tell(make_notice(severity=severity))

    assert sent["priority"] == priority


def test_digest_is_sent_in_parts(service, tell, make_notice, make_parcel):
    """Each within the limit, with a key of its own and as loud as the loudest alert."""
    notices = [
        make_notice(title=f"Headline {n} 长" * 9, message_id=f"m{n}") for n in range(9)
    ]
    notices[4] = replace(notices[4], alert=replace(notices[4].alert, severity="urgent"))

    sent = tell(make_parcel(*notices, why="digest"))

    keys = [headers["Idempotency-Key"] for _, headers, _ in service.requests]
    assert len(sent) > 1
    assert keys == ["b1", *(f"b1-{n}" for n in range(1, len(sent)))]
    assert all(0 < len(each["message"]) <= 1_024 for each in sent)
    assert {each["priority"] for each in sent} == {1}
    assert {each["title"] for each in sent} == {sent[0]["title"]}
    assert "9 alerts" in sent[0]["title"]
    assert "Headline 8" in sent[-1]["message"]
    assert "https://x.example/1" in sent[0]["message"]


def test_limits(tell, make_notice):
    """What is too long is cut, a link that is too long left out."""
    host = "a." * 60 + "example"
    [long, linked] = tell(
        make_notice(title="長" * 17_000, url="https://x.example/" + "a" * 600),
        make_notice(url=f"https://{host}/"),
    )

    assert len(long["title"]) <= 250
    assert "url" not in long
    assert linked["url"] == f"https://{host}/"
    assert len(linked["url_title"]) <= 100


def test_hostile_headline_is_only_words(tell, make_notice):
    """It is shown as text: no markup is read, no terminal steered, nobody called."""
    [sent] = tell(make_notice(title="<b>@everyone</b> \x1b[31m\u202e"))

    assert "html" not in sent
    assert "<b>@ everyone</b>" in sent["title"]
    assert "\x1b" not in json.dumps(sent, ensure_ascii=False)


BAD_USER = {"status": 0, "user": "invalid", "errors": ["user identifier is invalid"]}


@pytest.mark.parametrize(
    ("answer", "error", "said"),
    [
        ((400, {}, BAD_USER), PermanentSinkError, "400 (user identifier is invalid)"),
        ((400, {}, b"<html>no</html>"), PermanentSinkError, "it answered 400"),
        ((400, {}, {"errors": "odd"}), PermanentSinkError, "it answered 400"),
        ((302, {"Location": "/x"}), PermanentSinkError, "a redirect"),
        ((200, {}, {"status": 0, "errors": ["no"]}), PermanentSinkError, "it refused: no"),
        ((200, {}, b"<html>hello</html>"), TransientSinkError, "something stands between"),
        ((200, {}, b"[" * 9_000), TransientSinkError, "something stands between"),
        ((429, {}, {"status": 0, "errors": ["over"]}), TransientSinkError, "429 over"),
        ((503, {}, b""), TransientSinkError, "it answered 503"),
        ((400, {}, {"errors": [f"{TOKEN} of {USER}"]}), PermanentSinkError, "(… of …)"),
    ],
)
def test_answer(service, hand_over, answer, error, said):
    """What will not pass is parked with Pushover's own words, the rest is tried again."""
    service.answers = [answer]

    with pytest.raises(error) as caught:
        hand_over("pushover", USER, secret=TOKEN)

    assert said in str(caught.value)
    assert TOKEN not in str(caught.value)
    assert USER not in str(caught.value)


@pytest.mark.parametrize(
    ("headers", "least", "most"),
    [
        ({"Retry-After": "7", "X-Limit-App-Reset": "99999999999"}, 7, 7),
        ({"X-Limit-App-Reset": "99999999999"}, 7 * 24 * 3600, 7 * 24 * 3600),
        ({"X-Limit-App-Reset": "1"}, 0, 0),
        ({"X-Limit-App-Reset": "{soon}"}, 1, 3600),
    ],
)
def test_month_that_is_used_up(service, hand_over, headers, least, most):
    """Pushover says when messages may be sent anew; a week is waited at most."""
    soon = str(int(time.time()) + 3600)
    told = {name: value.format(soon=soon) for name, value in headers.items()}
    service.answers = [(429, told, {"status": 0})]

    with pytest.raises(TransientSinkError) as caught:
        hand_over("pushover", USER, secret=TOKEN)

    assert least <= caught.value.retry_after <= most


def test_time_that_nobody_can_read_is_none(service, hand_over):
    """Then the outbox waits as long as it does by itself."""
    service.answers = [(429, {"X-Limit-App-Reset": "soon"}, b"")]

    with pytest.raises(TransientSinkError) as caught:
        hand_over("pushover", USER, secret=TOKEN)

    assert caught.value.retry_after is None
