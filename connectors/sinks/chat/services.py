"""What Apprise does not know of the chat services: limits, markup, and how they refuse.

Limits and answers are those of the services' own documentation:

- Slack: https://docs.slack.dev/reference/methods/chat.postMessage (4,000 characters are
  asked for, 40,000 are cut; the three signs that are escaped)
- Feishu: https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot (20 KB a
  request, 100 a minute, a signature, errors with HTTP 200)
- DingTalk: https://open.dingtalk.com/document/orgapp/custom-robot-access (20,000 bytes a
  request, 20 a minute, errors with HTTP 200)
- WeCom: https://developer.work.weixin.qq.com/document/path/91770 (a text of 2,048 bytes,
  20 a minute, errors with HTTP 200)
- Telegram: https://core.telegram.org/bots/api#sendmessage (4,096 characters)
- Teams: https://learn.microsoft.com/connectors/teams (about 28 KB a message)
- Discord: https://discord.com/developers/docs/resources/webhook#execute-webhook (2,000)
- ntfy: https://docs.ntfy.sh/publish/#limitations (4,096 bytes)
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import unquote

from connectors.sinks.rendering import markup
from connectors.sinks.rendering.markup import Markup
from connectors.sinks.rendering.parts import Limit, in_json, utf8, utf16
from transforms.models import Channel

Amend = Callable[[dict[str, Any], Channel, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Where an answer says whether the message was taken, whatever its HTTP status.

    ``busy`` are codes that mean "later".
    """

    key: str
    good: int | bool
    busy: frozenset[int | str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A chat service behind Apprise.

    ``plugins`` are the classes of Apprise that speak to it, ``natives`` its own addresses
    and Apprise's for each. ``amend`` adds to the JSON of a request what Apprise leaves out,
    ``adjust`` mends the plugin itself. ``pause`` are the seconds between the parts of a
    long message that the service's rate asks for: a digest is not to fail at its last part.
    """

    plugins: frozenset[str]
    limit: Limit
    markup: Markup
    format: Literal["text", "markdown", "html"] = "text"
    natives: tuple[tuple[re.Pattern[str], str], ...] = ()
    verdict: Verdict | None = None
    pause: float = 0.0
    amend: Amend | None = None
    adjust: Callable[[Any], None] | None = None


def _sign_feishu(data: dict[str, Any], channel: Channel, now: int) -> None:
    if channel.secret:
        key = f"{now}\n{channel.secret}".encode()
        digest = hmac.new(key, b"", hashlib.sha256).digest()
        data |= {"timestamp": str(now), "sign": base64.b64encode(digest).decode()}


def _sum_up(data: dict[str, Any], channel: Channel, now: int) -> None:  # noqa: ARG001
    # What a telephone shows of a message, and that nothing in it is formatted.
    for attachment in data.get("attachments", ()):
        first = str(attachment.get("text", "")).partition("\n")[0]
        attachment |= {"fallback": first, "mrkdwn_in": []}


def _call_nobody(data: dict[str, Any], channel: Channel, now: int) -> None:  # noqa: ARG001
    data["allowed_mentions"] = {"parse": []}


def _sign_dingtalk(plugin: Any) -> None:
    """Undo that Apprise 2.0 encodes the signature for the address twice."""
    signed = plugin.get_signature

    def get_signature() -> tuple[str, str]:
        at, signature = signed()
        return at, unquote(signature)

    plugin.get_signature = get_signature


# Room in a request of so many bytes for all that is not the text.
_ENVELOPE = 500

SERVICES: Mapping[str, Service] = {
    "slack": Service(
        plugins=frozenset({"NotifySlack"}),
        limit=Limit(most=4_000, size=utf16),
        pause=1.0,
        markup=markup.SLACK,
        verdict=Verdict(
            key="ok", good=True, busy=frozenset({"ratelimited", "rate_limited"})
        ),
        amend=_sum_up,
    ),
    "feishu": Service(
        plugins=frozenset({"NotifyFeishu", "NotifyLark"}),
        limit=Limit(most=20_000 - _ENVELOPE, size=in_json),
        pause=0.2,
        markup=markup.FEISHU,
        natives=(
            (
                re.compile(r"https://open\.feishu\.cn/open-apis/bot/v2/hook/([\w-]+)/?"),
                r"feishu://\1",
            ),
        ),
        verdict=Verdict(key="code", good=0, busy=frozenset({11232, 11247, 99991400})),
        amend=_sign_feishu,
    ),
    "dingtalk": Service(
        plugins=frozenset({"NotifyDingTalk"}),
        limit=Limit(most=20_000 - _ENVELOPE, size=in_json),
        pause=3.0,
        markup=markup.PLAIN,
        natives=(
            (
                re.compile(r"https://oapi\.dingtalk\.com/robot/send\?access_token=(\w+)"),
                r"dingtalk://\1",
            ),
        ),
        verdict=Verdict(key="errcode", good=0, busy=frozenset({-1, 90030, 130101, 410100})),
        adjust=_sign_dingtalk,
    ),
    "wecom": Service(
        plugins=frozenset({"NotifyWeComBot"}),
        limit=Limit(most=2_048, size=utf8),
        pause=3.0,
        markup=markup.PLAIN,
        verdict=Verdict(key="errcode", good=0, busy=frozenset({-1, 45009, 45033})),
    ),
    "telegram": Service(
        plugins=frozenset({"NotifyTelegram"}),
        limit=Limit(most=4_096, size=utf16),
        pause=3.0,
        markup=markup.TELEGRAM,
        format="html",
        natives=(
            (
                re.compile(
                    r"https://api\.telegram\.org/bot([\w:-]+)/sendMessage"
                    r"\?chat_id=([\w@-]+)"
                ),
                r"tgram://\1/\2",
            ),
        ),
        verdict=Verdict(key="ok", good=True, busy=frozenset({429, 500, 502})),
    ),
    "teams": Service(
        plugins=frozenset({"NotifyWorkflows"}),
        # Whoever measured it found less than the 28 KB of the documentation.
        limit=Limit(most=20_000, size=in_json),
        pause=0.3,
        markup=markup.TEAMS,
        format="markdown",
    ),
    "discord": Service(
        plugins=frozenset({"NotifyDiscord"}),
        limit=Limit(most=2_000, size=utf16),
        pause=0.5,
        markup=markup.DISCORD,
        amend=_call_nobody,
    ),
    "ntfy": Service(
        plugins=frozenset({"NotifyNtfy"}),
        # Counted as JSON, which is longer: beyond 8,000 of it Apprise sends a file.
        limit=Limit(most=4_000, size=in_json),
        markup=markup.PLAIN,
    ),
}


def apprise_address(channel: Channel) -> str:
    """Return the address of *channel* as Apprise writes it."""
    address = channel.address
    service = SERVICES.get(channel.type)
    for pattern, ours in service.natives if service else ():
        if found := pattern.fullmatch(address):
            address = found.expand(ours)
    if channel.type == "dingtalk" and channel.secret and "@" not in address:
        return address.replace("://", f"://{channel.secret}@", 1)
    return address
