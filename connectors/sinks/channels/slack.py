"""Slack, by an incoming webhook, a workflow's webhook, or a bot.

4,000 characters are asked for, 40,000 are cut, and three signs are escaped:
https://docs.slack.dev/reference/methods/chat.postMessage
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from connectors.sinks.answers import SuccessMark
from connectors.sinks.chat import (
    NAME,
    AddressError,
    Post,
    Service,
    chat_channel,
    read_address,
)
from connectors.sinks.markup import Limit, Markup, bare, utf16
from transforms.models import Channel

WEBHOOKS = "https://hooks.slack.com/services/"
BOTS = "https://slack.com/api/chat.postMessage"
_WORKFLOW = re.compile(r"https://hooks\.slack\.com/(?:workflows|triggers)/")
_ROOM = re.compile(r"([+#@]?[\w-]{1,32})(?::([\d.]+))?")


def _posts(channel: Channel, text: str, now: float) -> Iterator[Post]:
    address = channel.address
    if _WORKFLOW.match(address):
        yield Post(address, {"text": text})
    elif address.startswith("https:"):
        yield Post(address, _message(text, now))
    else:
        yield from _apprise_posts(address, _message(text, now))


def _message(text: str, now: float) -> dict[str, Any]:
    attachment = {
        "title": "",
        "text": text,
        "color": "#3AA3E3",
        "footer": NAME,
        "ts": now,
        # What a telephone shows of a message, and that nothing in it is formatted.
        "fallback": text.partition("\n")[0],
        "mrkdwn_in": [],
    }
    return {"mrkdwn": False, "attachments": [attachment]}


def _apprise_posts(address: str, message: Mapping[str, Any]) -> Iterator[Post]:
    parts = read_address(address)
    name = {"username": parts.user} if parts.user else {}
    if parts.host.startswith("xo"):
        headers = {"Authorization": f"Bearer {parts.host}"}
        for room in parts.path or ("#general",):
            yield Post(BOTS, {**message, **name, **_room(room)}, headers)
        return
    if len(parts.path) < 2:  # noqa: PLR2004
        raise AddressError
    webhook = f"{WEBHOOKS}{parts.host}/{parts.path[0]}/{parts.path[1]}"
    for room in parts.path[2:] or ("",):
        yield Post(webhook, {**message, **name, **(_room(room) if room else {})})


def _room(written: str) -> dict[str, str]:
    """Return the channel of "name", "@person" or "+id", and the thread, if any."""
    found = _ROOM.fullmatch(written)
    if not found:
        raise AddressError
    room, thread = found.groups()
    name = room[1:] if room[0] == "+" else room if room[0] in "@#" else f"#{room}"
    return {**({"thread_ts": thread} if thread else {}), "channel": name}


CHANNEL = chat_channel(
    Service(
        hosts=("hooks.slack.com", "hooks.slack-gov.com"),
        schemes=frozenset({"slack"}),
        posts=_posts,
        limit=Limit(most=4_000, size=utf16),
        pause=1.0,
        markup=Markup(
            swaps={"&": "&amp;", "<": "&lt;", ">": "&gt;"},
            link=lambda link: f"<{escape(bare(link), quote=False)}>",
        ),
        success=SuccessMark(
            key="ok", good=True, busy=frozenset({"ratelimited", "rate_limited"})
        ),
    ),
    example="https://hooks.slack.com/services/…",
)
