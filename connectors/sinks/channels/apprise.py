"""A channel to any of the hundred services that Apprise knows, by its own addresses."""

from __future__ import annotations

from connectors.sinks.chat.sender import open_chat
from connectors.sinks.outlet import ChannelType

CHANNEL = ChannelType(
    address="url",
    options=("private", "proxy"),
    fits=lambda address: "://" in address,
    wrong="is not an address that Apprise knows",
    example="service://…",
    open=open_chat,
)
