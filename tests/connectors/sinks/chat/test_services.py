"""Chat services, each at a receiver with its own host name, TLS, limits and errors."""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import json
import logging
from collections import Counter
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.net.headers import LONGEST
from connectors.sinks import CHANNELS
from connectors.sinks.chat import ChatChannelType
from connectors.sinks.context import PermanentSinkError, TransientSinkError

TOKEN = "sEcReT0123456789abcdef"
WORKFLOW = "0123456789abcdef0123456789abcdef"
DISCORD_ID = "123456789012345678"
BOT = "123456789:" + "AbCdEfGhIjKlMnOpQrStUvWxYz123456789"
GOOD = {
    "slack": (200, {}, b"ok"),
    "feishu": (200, {}, {"code": 0, "msg": "success", "data": {}}),
    "dingtalk": (200, {}, {"errcode": 0, "errmsg": "ok"}),
    "wecom": (200, {}, {"errcode": 0, "errmsg": "ok"}),
    "telegram": (200, {}, {"ok": True, "result": {}}),
    "teams": (202, {}, b""),
    "discord": (204, {}, b""),
    "ntfy": (200, {}, {"id": "x", "event": "message"}),
}
ADDRESSES = {
    "slack": f"https://hooks.slack.com/services/T0000000A/B0000000A/{TOKEN}ab",
    "feishu": f"https://open.feishu.cn/open-apis/bot/v2/hook/{TOKEN}",
    "dingtalk": f"https://oapi.dingtalk.com/robot/send?access_token={TOKEN}",
    "wecom": f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={TOKEN}",
    "telegram": f"https://api.telegram.org/bot{BOT}/sendMessage?chat_id=-1001234567890",
    "teams": (
        f"https://prod-1.westus.logic.azure.com:443/workflows/{WORKFLOW}/triggers/manual"
        f"/paths/invoke?api-version=2022-03-01-preview&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0"
        f"&sig={TOKEN}{TOKEN}"
    ),
    "discord": f"https://discord.com/api/webhooks/{DISCORD_ID}/{TOKEN}",
    "ntfy": f"https://ntfy.sh/{TOKEN}",
}
PATHS = {
    "slack": f"/services/T0000000A/B0000000A/{TOKEN}ab",
    "feishu": f"/open-apis/bot/v2/hook/{TOKEN}/",
    "dingtalk": f"/robot/send?access_token={TOKEN}",
    "wecom": f"/cgi-bin/webhook/send?key={TOKEN}",
    "telegram": f"/bot{BOT}/sendMessage",
    "teams": f"/workflows/{WORKFLOW}/triggers/manual/paths/invoke",
    "discord": f"/api/webhooks/{DISCORD_ID}/{TOKEN}",
    "ntfy": "/",
}
TEXTS = {
    "slack": lambda data: data["attachments"][0]["text"],
    "feishu": lambda data: data["content"]["text"],
    "dingtalk": lambda data: data["text"]["content"],
    "wecom": lambda data: data["text"]["content"],
    "telegram": lambda data: data["text"],
    "teams": lambda data: data["attachments"][0]["content"]["body"][0]["text"],
    "discord": lambda data: data["content"],
    "ntfy": lambda data: data["message"],
}
# What each service refuses, as its documentation has it.
LIMITS = {
    "slack": lambda text, _body: len(text.encode("utf-16-le")) <= 2 * 4_000,
    "feishu": lambda _text, body: len(body) <= 20_000,
    "dingtalk": lambda _text, body: len(body) <= 20_000,
    "wecom": lambda text, _body: len(text.encode()) <= 2_048,
    "telegram": lambda text, _body: len(text.encode("utf-16-le")) <= 2 * 4_096,
    "teams": lambda _text, body: len(body) <= 28_000,
    "discord": lambda text, _body: len(text.encode("utf-16-le")) <= 2 * 2_000,
    "ntfy": lambda text, body: len(text.encode()) <= 4_096 and len(body) < 8_000,
}
KINDS = sorted(kind for kind, made in CHANNELS.items() if isinstance(made, ChatChannelType))


def sent(service, kind):
    """The texts that arrived, every one of them within the service's limit."""
    texts = []
    for _, _, body in service.requests:
        text = TEXTS[kind](json.loads(body))
        assert LIMITS[kind](text, body)
        texts.append(text)
    return texts


def shown(kind, text):
    """What a reader sees of *text*."""
    if kind in {"telegram", "slack"}:
        return html.unescape(text.replace("<b>", "").replace("</b>", ""))
    return text.replace("\\", "") if kind in {"discord", "teams"} else text


@pytest.mark.parametrize("kind", KINDS)
def test_alert_arrives_where_the_service_is(service, hand_over, kind):
    """At the address that the service itself gives out: headline, outlet, why and link."""
    service.answers = [GOOD[kind]]

    hand_over(kind, ADDRESSES[kind], zone="Asia/Shanghai")

    [(path, headers, _)] = service.requests
    [text] = sent(service, kind)
    assert path.startswith(PATHS[kind])
    assert headers["Host"].removesuffix(":443") == urlsplit(ADDRESSES[kind]).hostname
    assert headers["Content-Type"].startswith("application/json")
    assert headers["Idempotency-Key"] == "m1"
    seen = shown(kind, text)
    assert "Alibaba Group (阿里巴巴): Alibaba opens a data centre" in seen
    assert "Harbour Wire · 2026-08-04 20:00 Asia/Shanghai" in seen
    assert "also told by 前沿网" in seen
    assert "why: “Alibaba” is named, rule giants" in seen
    assert "https://x.example/1" in seen


@pytest.mark.parametrize(
    ("kind", "address", "path"),
    [
        ("slack", f"slack://T0000000A/B0000000A/{TOKEN}ab", "/services/T0000000A"),
        ("feishu", f"feishu://{TOKEN}", f"/open-apis/bot/v2/hook/{TOKEN}"),
        (
            "feishu",
            "https://open.larksuite.com/open-apis/bot/v2/hook/7c5c2b04-ff20-4f08-9a2f-0c1a2b3c4d5e",
            "/open-apis/bot/v2/hook/7c5c2b04-ff20-4f08-9a2f-0c1a2b3c4d5e",
        ),
        ("dingtalk", f"dingtalk://{TOKEN}", "/robot/send?access_token="),
        ("wecom", f"wecombot://{TOKEN}", "/cgi-bin/webhook/send?key="),
        ("telegram", f"tgram://{BOT}/-1001234567890", f"/bot{BOT}/sendMessage"),
        ("discord", f"discord://{DISCORD_ID}/{TOKEN}", f"/api/webhooks/{DISCORD_ID}"),
        ("ntfy", "ntfys://anything.example/news", "/"),
    ],
)
def test_apprise_address_will_do(service, hand_over, kind, address, path):
    """Whoever knows Apprise writes its addresses."""
    service.answers = [GOOD[kind]]

    hand_over(kind, address)

    [(asked, _, _)] = service.requests
    assert asked.startswith(path)


@pytest.mark.parametrize("kind", KINDS)
def test_address_of_another_service_is_refused(hand_over, kind):
    """A type is a promise about limits and markup, so the address has to keep it."""
    other = ADDRESSES["discord" if kind != "discord" else "slack"]

    with pytest.raises(PermanentSinkError, match=f"is not one of {kind}") as caught:
        hand_over(kind, other)

    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "address", "expected"),
    [
        (
            "slack",
            f"slack://b@T0000000A/B0000000A/{TOKEN}ab/#news/+C1:1.5",
            [
                {"username": "b", "channel": "#news"},
                {"channel": "C1", "thread_ts": "1.5"},
            ],
        ),
        (
            "telegram",
            f"tgram://bot{BOT}/@desk/-1001:77?topic=5&silent=yes",
            [
                {"chat_id": "@desk", "message_thread_id": 5, "disable_notification": True},
                {"chat_id": -1001, "message_thread_id": 77},
            ],
        ),
        (
            "dingtalk",
            f"dingtalk://{TOKEN}/+86-13812345678/x",
            [{"at": {"atMobiles": ["8613812345678"], "isAtAll": False}}],
        ),
        ("discord", f"discord://news@{DISCORD_ID}/{TOKEN}", [{"username": "news"}]),
        ("ntfy", "ntfys://anything.example/a/b", [{"topic": "a"}, {"topic": "b"}]),
        ("slack", f"https://hooks.slack.com/triggers/T0/1/{TOKEN}", [{}]),
    ],
)
def test_rooms_and_names_of_an_address(service, hand_over, kind, address, expected):
    """Each room that an address names gets the message, under the name that it gives."""
    service.answers = [GOOD[kind]]

    hand_over(kind, address)

    bodies = service.bodies()
    assert [body | more for body, more in zip(bodies, expected, strict=True)] == bodies


@pytest.mark.parametrize(
    ("address", "path", "header", "value"),
    [
        (f"discord://{DISCORD_ID}/{TOKEN}?thread=5", f"/{TOKEN}?thread_id=5", "Host", None),
        (
            "ntfys://me:pa%20ss@anything.example/x",
            "/",
            "Authorization",
            "Basic bWU6cGEgc3M=",
        ),
        ("ntfys://tk_x@anything.example/x?priority=high", "/", "X-Priority", "high"),
        ("ntfys://tk_x@anything.example/x", "/", "Authorization", "Bearer tk_x"),
        (
            f"workflows://prod-1.westus.logic.azure.com/{WORKFLOW}/{TOKEN}?pa=yes&route=5",
            (
                f"/powerautomate/automations/direct/cu/5/workflows/{WORKFLOW}/triggers/manual"
                f"/paths/invoke?api-version=2022-03-01-preview&sp=%2Ftriggers%2Fmanual%2Frun"
                f"&sv=1.0&sig={TOKEN}"
            ),
            "Host",
            None,
        ),
        (
            f"workflows://prod-1.westus.logic.azure.com/{WORKFLOW}/{TOKEN}",
            (
                f"/workflows/{WORKFLOW}/triggers/manual/paths/invoke?api-version=2016-06-01"
                f"&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig={TOKEN}"
            ),
            "Host",
            None,
        ),
        (
            f"https://discordapp.com/api/webhooks/{DISCORD_ID}/{TOKEN}",
            f"/api/webhooks/{DISCORD_ID}/{TOKEN}",
            "Host",
            "discord.com",
        ),
    ],
)
def test_where_and_with_what_headers(service, hand_over, address, path, header, value):
    """Threads, logins and priorities of an address reach the service."""
    kind = address.partition(":")[0].replace("ntfys", "ntfy").replace("workflows", "teams")
    kind = "discord" if kind == "https" else kind
    service.answers = [GOOD[kind]]

    hand_over(kind, address)

    [(asked, headers, _)] = service.requests
    assert asked.endswith(path)
    assert value is None or headers[header] == value


@pytest.mark.parametrize(
    ("kind", "address", "words"),
    [
        ("slack", "slack://T0000000A/B0000000A", "is not complete"),
        ("slack", f"slack://xoxb-1-{TOKEN}/two words", "is not complete"),
        ("discord", f"discord://{DISCORD_ID}", "is not complete"),
        ("telegram", f"tgram://{BOT}", "is not complete"),
        ("telegram", f"tgram://{BOT}/a.b", "is not complete"),
        (
            "teams",
            f"workflows://prod-1.westus.logic.azure.com/{WORKFLOW}",
            "is not complete",
        ),
        ("ntfy", "https://ntfy.sh/", "is not complete"),
        ("ntfy", "ntfys://anything.example", "is not complete"),
        ("wecom", f"wecombot://{TOKEN}?format=markdown", "has the option format"),
    ],
)
def test_address_that_cannot_be_used_is_told(service, hand_over, kind, address, words):
    """For good, before anything is sent, and without the address."""
    with pytest.raises(PermanentSinkError, match=words) as caught:
        hand_over(kind, address)

    assert TOKEN not in str(caught.value)
    assert service.requests == []


def test_slack_has_a_word_for_the_telephone(service, hand_over):
    """A notification shows the fallback, and no headline formats a message."""
    service.answers = [GOOD["slack"]]

    hand_over("slack", ADDRESSES["slack"])

    [attachment] = service.bodies()[0]["attachments"]
    headline = "Alibaba Group (阿里巴巴): Alibaba opens a data centre"
    assert attachment["fallback"] == headline
    assert attachment["mrkdwn_in"] == []
    assert attachment["footer"] == "sinowire"


def test_slack_bot_is_a_bot(service, hand_over):
    """Its door is another, and it says no with HTTP 200."""
    bot = f"slack://xoxb-1234-1234-{TOKEN}/#news"
    service.answers = [(200, {}, {"ok": True, "channel": "C1"})]
    hand_over("slack", bot)
    service.answers = [(200, {}, {"ok": False, "error": "not_in_channel"})]

    with pytest.raises(PermanentSinkError, match="it refused: not_in_channel"):
        hand_over("slack", bot)

    assert service.requests[0][0] == "/api/chat.postMessage"
    assert service.bodies()[0]["channel"] == "#news"


# ── Length ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "filler", ["word ", "汉字", "👩‍👩‍👧 ", "é", "<&>*_[ ", '"'], ids=ascii
)
def test_digest_is_split_within_the_limit(
    service, hand_over, make_notice, make_parcel, kind, filler
):
    """No part is too long, no alert is lost, no entity, character or link is cut."""
    service.answers = [GOOD[kind]]
    notices = [
        make_notice(
            message_id=f"m{n}",
            title=f"{n:03} begins {filler * 60} {n:03} ends",
            url=f"https://x.example/story/{n:03}?a=1&b=2",
        )
        for n in range(60)
    ]

    hand_over(kind, ADDRESSES[kind], make_parcel(*notices, why="digest"))

    texts = sent(service, kind)
    whole = "\n".join(shown(kind, text) for text in texts)
    assert len(texts) > 1
    assert whole.index("60 alerts") < whole.index("000 begins")
    for n in range(60):
        assert f"{n:03} begins" in whole
        links = [t for t in texts if f"x.example/story/{n:03}?a=1&" in t]
        assert len(links) == 1
        assert "�" not in whole
    keys = [headers["Idempotency-Key"] for _, headers, _ in service.requests]
    assert keys == ["b1", *(f"b1-{n}" for n in range(1, len(texts)))]


def test_alerts_stay_whole_where_they_fit(service, hand_over, make_notice, make_parcel):
    """A part ends between two alerts."""
    service.answers = [GOOD["wecom"]]
    notices = [make_notice(title=f"第{n}条" + "长" * 100) for n in range(12)]

    hand_over("wecom", ADDRESSES["wecom"], make_parcel(*notices, why="rate"))

    for text in sent(service, "wecom"):
        assert text.rstrip().endswith("https://x.example/1")


@pytest.mark.parametrize("kind", KINDS)
def test_link_that_is_too_long_is_left_out(service, hand_over, make_notice, kind):
    """A cut link leads elsewhere."""
    service.answers = [GOOD[kind]]

    hand_over(kind, ADDRESSES[kind], make_notice(url="https://x.example/" + "a" * 5_000))

    [text] = sent(service, kind)
    assert "x.example" not in text
    assert "the link is too long to show" in shown(kind, text)


# ── Hostile headlines ────────────────────────────────────────────────────────────────

EVIL = (
    "@everyone @here @channel @all <!channel> <!here|x> <@U1> <@&9> "
    '<at user_id="all">all</at> <at>all</at> **b** [x](http://evil.example) `c` ||s|| '
    "<b>b</b> <a href='http://evil.example'>a</a> &lt;b&gt; "
    "\u202egnp.exe\u202c \u200beve\u200dry\u2066x\u2069 \x1b[2J \x00 \U000e0041 "
    "e" + "\u0301" * 40 + " \ud800 @所有人 \u2028 "
)
NEVER = [
    *("\u202e", "\u202c", "\u200b", "\u2066", "\u2069", "\x1b", "\x00", "\U000e0041"),
    *("\u2028", "\u0301" * 6, "@everyone", "@here", "@channel", "@all", "@所有人"),
    *("<!channel", "<!here", "<@U1", "<@&9", "<at"),
]


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_headline_is_only_words(service, hand_over, make_notice, kind):
    """It calls nobody, formats nothing, hides nothing and turns nothing round."""
    service.answers = [GOOD[kind]]

    hand_over(kind, ADDRESSES[kind], make_notice(title=EVIL, publisher=EVIL, alias=EVIL))

    [text] = sent(service, kind)
    # WeCom, DingTalk and ntfy show plain text as it is: a tag is a few letters there.
    plain = {"dingtalk", "wecom", "ntfy"}
    escaped = [sign for sign in NEVER if not (kind in plain and sign.startswith("<"))]
    bare = text.replace("\\<", "")
    assert [sign for sign in escaped if sign in bare] == []
    if kind == "telegram":
        assert Counter(html_tags(text)) == {"<b>": 1, "</b>": 1}
    if kind == "slack":
        assert set(html_tags(text)) == {"<https://x.example/1>"}
    if kind in {"discord", "teams"}:
        assert "\\*\\*b\\*\\*" in text
        assert "\\[x\\]" in text
    if kind == "discord":
        assert service.bodies()[0]["allowed_mentions"] == {"parse": []}
    if kind == "teams":
        assert "entities" not in service.bodies()[0]["attachments"][0]["content"]["msteams"]


def html_tags(text):
    return [f"<{part.partition('>')[0]}>" for part in text.split("<")[1:]]


@pytest.mark.parametrize("kind", KINDS)
def test_headline_of_50_kilobytes_is_cut(service, hand_over, make_notice, kind):
    """The first three hundred characters tell enough."""
    service.answers = [GOOD[kind]]

    hand_over(kind, ADDRESSES[kind], make_notice(title="長" * 17_000))

    text = "".join(sent(service, kind))
    assert text.count("長") == 299
    assert "…" in text


# ── Secrets ──────────────────────────────────────────────────────────────────────────


def test_feishu_signs(service, hand_over):
    """The signature is the service's: the time and the secret are the key of nothing."""
    service.answers = [GOOD["feishu"]]

    hand_over("feishu", ADDRESSES["feishu"], secret="s3cret")

    [data] = service.bodies()
    key = f"{data['timestamp']}\ns3cret".encode()
    expected = base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
    assert data["sign"] == expected


def test_dingtalk_signs(service, hand_over):
    """The signature stands in the address, over the time and the secret."""
    service.answers = [GOOD["dingtalk"]]

    hand_over("dingtalk", ADDRESSES["dingtalk"], secret="SEC0123abc")

    [(path, _, _)] = service.requests
    query = parse_qs(urlsplit(path).query)
    signed = f"{query['timestamp'][0]}\nSEC0123abc".encode()
    digest = hmac.new(b"SEC0123abc", signed, hashlib.sha256).digest()
    assert query["access_token"] == [TOKEN]
    assert query["sign"] == [base64.b64encode(digest).decode()]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "answer",
    [
        (400, {}, f"bad token {TOKEN}".encode()),
        (404, {}, {"message": f"unknown {TOKEN.upper()}", "msg": TOKEN, "errmsg": TOKEN}),
        (500, {}, f"<html>{TOKEN}</html>".encode()),
        (302, {"Location": f"https://anything.example/{TOKEN}"}, b""),
        (200, {}, {"code": 1, "errcode": 1, "ok": False, "msg": TOKEN, "error": TOKEN}),
    ],
    ids=["400", "404", "500", "302", "lie"],
)
def test_no_part_of_the_address_is_told(service, hand_over, caplog, capfd, kind, answer):
    """Whatever a service says, its error names the channel and not the secret."""
    caplog.set_level(logging.DEBUG)
    service.answers = [answer]
    said = ""

    try:
        hand_over(kind, ADDRESSES[kind], secret="SEC0123abc")
    except (PermanentSinkError, TransientSinkError) as exc:
        said = f"{exc!r} {exc} {exc.__cause__!r} {exc.__context__!r}"

    everything = f"{said} {caplog.text} {''.join(capfd.readouterr())}".lower()
    for secret in (TOKEN, BOT, WORKFLOW, DISCORD_ID, "SEC0123abc"):
        is_ours = secret in ADDRESSES[kind] or secret == "SEC0123abc"
        assert not (is_ours and secret.lower() in everything)
    assert len(service.requests) == 1


# ── Refusals ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "answer", "error", "words"),
    [
        ("slack", (404, {}, b"no_service"), PermanentSinkError, "404 (no_service)"),
        (
            "slack",
            (200, {}, b"<html>Sign in</html>"),
            TransientSinkError,
            "not of the serv",
        ),
        (
            "feishu",
            (200, {}, {"code": 19024, "msg": "Key Words Not Found", "data": {}}),
            PermanentSinkError,
            "it refused: 19024 Key Words Not Found",
        ),
        (
            "feishu",
            (200, {}, {"code": 11232, "msg": "frequency limited psm"}),
            TransientSinkError,
            "11232 frequency limited",
        ),
        (
            "dingtalk",
            (200, {}, {"errcode": 310000, "errmsg": "sign not match"}),
            PermanentSinkError,
            "310000 sign not match",
        ),
        (
            "dingtalk",
            (200, {}, {"errcode": 130101, "errmsg": "send too fast"}),
            TransientSinkError,
            "130101 send too fast",
        ),
        (
            "wecom",
            (200, {}, {"errcode": 93000, "errmsg": "invalid webhook url"}),
            PermanentSinkError,
            "93000 invalid webhook url",
        ),
        (
            "wecom",
            (200, {}, {"errcode": 45009, "errmsg": "api freq out of limit"}),
            TransientSinkError,
            "45009",
        ),
        (
            "telegram",
            (400, {}, {"ok": False, "error_code": 400, "description": "chat not found"}),
            PermanentSinkError,
            "400 (chat not found)",
        ),
        (
            "telegram",
            (200, {}, {"ok": False, "error_code": 403, "description": "bot was kicked"}),
            PermanentSinkError,
            "403 bot was kicked",
        ),
        (
            "discord",
            (404, {}, {"message": "Unknown Webhook", "code": 10015}),
            PermanentSinkError,
            "404 (Unknown Webhook)",
        ),
        (
            "ntfy",
            (507, {}, {"code": 50701, "error": "cannot publish"}),
            TransientSinkError,
            "507 (cannot publish)",
        ),
        ("teams", (401, {}, {"error": {"code": "x"}}), PermanentSinkError, "401"),
        ("teams", (301, {"Location": "/x"}, b""), PermanentSinkError, "a redirect"),
        ("wecom", (200, {}, b"[]"), TransientSinkError, "something stands between"),
        ("feishu", (502, {}, b"<html>"), TransientSinkError, "it answered 502"),
    ],
)
def test_refusal_is_told_in_the_words_of_the_service(
    service, hand_over, kind, answer, error, words
):
    """A "no" with HTTP 200 is a "no", and what passes is told from what does not."""
    service.answers = [answer]

    with pytest.raises(error) as caught:
        hand_over(kind, ADDRESSES[kind])

    assert words in str(caught.value)


@pytest.mark.parametrize("kind", KINDS)
def test_too_many_waits_as_asked(service, hand_over, kind):
    """429 is asked for again when the service says, and nobody sleeps over it."""
    service.answers = [(429, {"Retry-After": "77"}, {"retry_after": 3.5})]

    with pytest.raises(TransientSinkError, match="429") as caught:
        hand_over(kind, ADDRESSES[kind])

    assert caught.value.retry_after == 77
    assert len(service.requests) == 1


def test_telegram_says_in_its_answer_how_long(service, hand_over):
    """Its answer has the seconds where others have a header."""
    service.answers = [
        (429, {}, {"ok": False, "error_code": 429, "parameters": {"retry_after": 31}})
    ]

    with pytest.raises(TransientSinkError) as caught:
        hand_over("telegram", ADDRESSES["telegram"])

    assert caught.value.retry_after == 31


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [("9" * 400, LONGEST), ("1e999", None), ("9" * 5000, None), ("-1", None)],
)
def test_no_number_is_too_large_to_wait_for(service, hand_over, asked, seconds):
    """A wait that nobody lives to see is bounded, like that of the header."""
    service.answers = [(429, {}, f'{{"retry_after": {asked}}}'.encode())]

    with pytest.raises(TransientSinkError, match="it answered 429") as caught:
        hand_over("discord", ADDRESSES["discord"])

    assert caught.value.retry_after == seconds


def test_slow_service_times_out_as_a_whole(service, hand_over):
    """The time limit is for the whole exchange."""
    service.pause = 0.5

    with pytest.raises(TransientSinkError, match=r"no answer within 0\.1 s"):
        hand_over("feishu", ADDRESSES["feishu"], timeout=0.1)


def test_second_part_that_fails_fails_the_parcel(
    service, hand_over, make_notice, make_parcel
):
    """The next attempt sends all parts again, under the same keys."""
    service.answers = [GOOD["wecom"], (503, {}, b"")]
    notices = [make_notice(title=f"{n} " + "长" * 200) for n in range(5)]
    parcel = make_parcel(*notices, why="quiet")

    with pytest.raises(TransientSinkError, match="503"):
        hand_over("wecom", ADDRESSES["wecom"], parcel)

    assert len(service.requests) == 2


def test_parts_keep_to_the_rate_of_the_service(
    service, hand_over, make_notice, make_parcel, waits
):
    """Twenty a minute is one in three seconds; a digest is not to fail at its last part."""
    service.answers = [GOOD["wecom"]]
    notices = [make_notice(title=f"{n} " + "长" * 200) for n in range(9)]

    hand_over("wecom", ADDRESSES["wecom"], make_parcel(*notices, why="rate"))

    assert waits == [3.0] * (len(service.requests) - 1) != []


def test_later_part_waits_where_a_first_one_would_not(
    service, hand_over, make_notice, make_parcel, waits
):
    """Starting again would tell the first parts twice."""
    busy = (429, {"Retry-After": "2"}, {"retry_after": 2})
    service.answers = [GOOD["discord"], busy, busy, GOOD["discord"]]
    notices = [make_notice(title=f"{n} " + "x" * 250) for n in range(20)]
    parcel = make_parcel(*notices, why="digest")

    hand_over("discord", ADDRESSES["discord"], parcel)

    keys = [headers["Idempotency-Key"] for _, headers, _ in service.requests]
    assert keys[:5] == ["b1", "b1-1", "b1-1", "b1-1", "b1-2"]
    assert waits[:4] == [0.5, 2, 2, 0.5]


@pytest.mark.parametrize("seconds", ["3", "600"])
def test_patience_has_an_end(service, hand_over, make_notice, make_parcel, waits, seconds):
    """The outbox knows how to wait for longer."""
    service.answers = [GOOD["discord"], (429, {"Retry-After": seconds})]
    notices = [make_notice(title=f"{n} " + "x" * 250) for n in range(20)]

    with pytest.raises(TransientSinkError) as caught:
        hand_over("discord", ADDRESSES["discord"], make_parcel(*notices, why="digest"))

    assert caught.value.retry_after == float(seconds)
    assert len(waits) == (4 if seconds == "3" else 1)


def test_private_address_is_refused(receiver, hand_over):
    """A server of one's own is guarded like any other address."""
    address = receiver.url("/news").replace("http", "ntfy")

    with pytest.raises(PermanentSinkError, match="private = true"):
        hand_over("ntfy", address, allow_private=())

    receiver.answers = [GOOD["ntfy"]]
    hand_over("ntfy", address, allow_private=(), private=True)
    assert receiver.bodies()[0]["topic"] == "news"
