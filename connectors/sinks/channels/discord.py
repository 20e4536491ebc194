"""Discord, by a webhook; 2,000 characters a message.

https://discord.com/developers/docs/resources/webhook#execute-webhook
"""

from __future__ import annotations

from typing import Any

from connectors.sinks.chat.channel import chat_channel
from connectors.sinks.chat.service import Service
from connectors.sinks.rendering.markup import Markup, bare
from connectors.sinks.rendering.parts import Limit, utf16
from transforms.models import Channel


def _call_nobody(data: dict[str, Any], channel: Channel, now: int) -> None:  # noqa: ARG001
    data["allowed_mentions"] = {"parse": []}


CHANNEL = chat_channel(
    Service(
        hosts=("discord.com", "discordapp.com"),
        schemes=frozenset({"discord"}),
        plugins=frozenset({"NotifyDiscord"}),
        limit=Limit(most=2_000, size=utf16),
        pause=0.5,
        markup=Markup(
            marked=frozenset("\\`*_~|<>[]()#-+"),
            strong=("**", "**"),
            link=lambda link: f"<{bare(link)}>",
        ),
        amend=_call_nobody,
    ),
    example="https://discord.com/api/webhooks/…",
)
