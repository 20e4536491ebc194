"""Telegram, by a bot; 4,096 characters a message.

https://core.telegram.org/bots/api#sendmessage
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from connectors.sinks.answers import SuccessMark
from connectors.sinks.chat import AddressError, Post, Service, chat_channel, read_address
from connectors.sinks.markup import Limit, Markup, bare, utf16
from transforms.models import Channel

API = "https://api.telegram.org"
_NATIVE = re.compile(re.escape(API) + r"/(bot[\w:-]+)/sendMessage\?chat_id=([\w@-]+)")
_BOT = re.compile(r"(?:bot)?(\d+:[\w-]+)")
_CHAT = re.compile(r"(?:(-?\d{1,32})|@?([A-Za-z_-][\w-]+))(?::(\d+))?")
_YES = frozenset({"yes", "true", "1", "on", "y", "t"})


def _posts(channel: Channel, text: str, now: float) -> Iterator[Post]:  # noqa: ARG001
    if native := _NATIVE.fullmatch(channel.address):
        address = f"tgram://{native[1]}/{native[2]}"
    else:
        address = channel.address
    parts = read_address(address, "topic", "thread", "silent", "preview")
    bot, options = _BOT.fullmatch(parts.host), parts.options
    chats = [_CHAT.fullmatch(part) for part in parts.path]
    if not bot or not chats:
        raise AddressError
    for chat in chats:
        if not chat:
            raise AddressError
        topic = chat[3] or options.get("topic") or options.get("thread", "")
        yield Post(
            f"{API}/bot{bot[1]}/sendMessage",
            {
                "disable_notification": options.get("silent", "").lower() in _YES,
                "disable_web_page_preview": options.get("preview", "").lower() not in _YES,
                "parse_mode": "HTML",
                "text": text,
                "chat_id": int(chat[1]) if chat[1] else f"@{chat[2]}",
                **({"message_thread_id": int(topic)} if topic.isdecimal() else {}),
            },
        )


CHANNEL = chat_channel(
    Service(
        hosts=("api.telegram.org",),
        schemes=frozenset({"tgram"}),
        posts=_posts,
        limit=Limit(most=4_096, size=utf16),
        pause=3.0,
        markup=Markup(
            swaps={"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"},
            strong=("<b>", "</b>"),
            link=lambda link: escape(bare(link)),
        ),
        success=SuccessMark(key="ok", good=True, busy=frozenset({429, 500, 502})),
    ),
    example="tgram://BOT_TOKEN/CHAT_ID",
)
