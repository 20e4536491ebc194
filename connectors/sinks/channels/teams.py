"""Microsoft Teams, by a workflow; about 28 KB a message.

https://learn.microsoft.com/connectors/teams
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from connectors.sinks.chat import AddressError, Post, Service, chat_channel, read_address
from connectors.sinks.markup import WIDE, Limit, Markup, in_json, named
from transforms.models import Channel

SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
CARD = "application/vnd.microsoft.card.adaptive"


def _posts(channel: Channel, text: str, now: float) -> Iterator[Post]:  # noqa: ARG001
    block = {"type": "TextBlock", "text": text}
    card = {
        "$schema": SCHEMA,
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [{**block, "style": "default", "wrap": True, "id": "body"}],
        "msteams": {"width": "full"},
    }
    attachment = {"contentType": CARD, "contentUrl": None, "content": card}
    data = {"type": "message", "attachments": [attachment]}
    is_native = channel.address.startswith("https:")
    yield Post(channel.address if is_native else _native(channel.address), data)


def _native(address: str) -> str:
    """Return the address of a workflow from Apprise's HOST/WORKFLOW/SIGNATURE."""
    parts = read_address(address, "pa", "route", "ver")
    if len(parts.path) != 2:  # noqa: PLR2004
        raise AddressError
    workflow, signature = parts.path
    is_power = parts.options.get("pa", "").lower() in {"yes", "true", "1"}
    room = f"/cu/{parts.options['route']}" if "route" in parts.options else ""
    version = "2022-03-01-preview" if is_power else "2016-06-01"
    query = {
        "api-version": parts.options.get("ver", version),
        "sp": "/triggers/manual/run",
        "sv": "1.0",
        "sig": signature,
    }
    power = f"/powerautomate/automations/direct{room}" if is_power else ""
    path = f"{power}/workflows/{workflow}/triggers/manual/paths/invoke"
    return f"https://{parts.host}{path}?{urlencode(query)}"


CHANNEL = chat_channel(
    Service(
        # Power Automate gives every environment a host of its own.
        hosts=(".logic.azure.com", ".api.powerplatform.com"),
        schemes=frozenset({"workflow", "workflows"}),
        posts=_posts,
        # Measured limits are below the 28 KB of the documentation.
        limit=Limit(most=20_000, size=in_json),
        pause=0.3,
        markup=Markup(
            swaps=WIDE,
            marked=frozenset("\\`*_~[]()"),
            first=frozenset("#-+"),
            strong=("**", "**"),
            link=named,
            newline="\n\n",
        ),
    ),
    example="the address that the Teams workflow shows",
)
