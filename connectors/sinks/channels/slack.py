"""Slack, by an incoming webhook.

4,000 characters are asked for, 40,000 are cut, and three signs are escaped:
https://docs.slack.dev/reference/methods/chat.postMessage
"""

from __future__ import annotations

from html import escape
from typing import Any

from connectors.sinks.chat.channel import chat_channel
from connectors.sinks.chat.service import Service, Verdict
from connectors.sinks.rendering.markup import Markup, bare
from connectors.sinks.rendering.parts import Limit, utf16
from transforms.models import Channel


def _sum_up(data: dict[str, Any], channel: Channel, now: int) -> None:  # noqa: ARG001
    # What a telephone shows of a message, and that nothing in it is formatted.
    for attachment in data.get("attachments", ()):
        first = str(attachment.get("text", "")).partition("\n")[0]
        attachment |= {"fallback": first, "mrkdwn_in": []}


CHANNEL = chat_channel(
    Service(
        hosts=("hooks.slack.com", "hooks.slack-gov.com"),
        schemes=frozenset({"slack"}),
        plugins=frozenset({"NotifySlack"}),
        limit=Limit(most=4_000, size=utf16),
        pause=1.0,
        markup=Markup(
            swaps={"&": "&amp;", "<": "&lt;", ">": "&gt;"},
            link=lambda link: f"<{escape(bare(link), quote=False)}>",
        ),
        verdict=Verdict(
            key="ok", good=True, busy=frozenset({"ratelimited", "rate_limited"})
        ),
        amend=_sum_up,
    ),
    example="https://hooks.slack.com/services/…",
)
