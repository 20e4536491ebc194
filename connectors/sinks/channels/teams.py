"""Microsoft Teams, by a workflow; about 28 KB a message.

https://learn.microsoft.com/connectors/teams
"""

from __future__ import annotations

from connectors.sinks.chat.channel import chat_channel
from connectors.sinks.chat.service import Service
from connectors.sinks.rendering.markup import WIDE, Markup, named
from connectors.sinks.rendering.parts import Limit, in_json

CHANNEL = chat_channel(
    Service(
        # Power Automate gives every environment a host of its own.
        hosts=(".logic.azure.com", ".api.powerplatform.com"),
        schemes=frozenset({"workflow", "workflows"}),
        plugins=frozenset({"NotifyWorkflows"}),
        # Whoever measured it found less than the 28 KB of the documentation.
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
        format="markdown",
    ),
    example="the address that the Teams workflow shows",
)
