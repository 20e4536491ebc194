"""Discord, by a webhook; 2,000 characters a message.

https://discord.com/developers/docs/resources/webhook#execute-webhook
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from connectors.sinks.chat import AddressError, Post, Service, chat_channel, read_address
from connectors.sinks.markup import Limit, Markup, bare, utf16
from transforms.models import Channel

WEBHOOKS = "https://discord.com/api/webhooks/"


def _posts(channel: Channel, text: str, now: float) -> Iterator[Post]:  # noqa: ARG001
    address, name = channel.address, ""
    if address.startswith("https:"):
        # The old host redirects, which nothing of ours follows.
        address = address.replace("https://discordapp.com/", "https://discord.com/", 1)
    else:
        parts = read_address(address, "thread")
        if not parts.path:
            raise AddressError
        thread = parts.options.get("thread")
        query = f"?{urlencode({'thread_id': thread})}" if thread else ""
        address, name = f"{WEBHOOKS}{parts.host}/{parts.path[0]}{query}", parts.user
    data = {"tts": False, "wait": True, **({"username": name} if name else {})}
    yield Post(address, {**data, "content": text, "allowed_mentions": {"parse": []}})


CHANNEL = chat_channel(
    Service(
        hosts=("discord.com", "discordapp.com"),
        schemes=frozenset({"discord"}),
        posts=_posts,
        limit=Limit(most=2_000, size=utf16),
        pause=0.5,
        markup=Markup(
            marked=frozenset("\\`*_~|<>[]()#-+"),
            strong=("**", "**"),
            link=lambda link: f"<{bare(link)}>",
        ),
    ),
    example="https://discord.com/api/webhooks/…",
)
