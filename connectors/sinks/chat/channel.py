"""A type of channel that leads to a chat service."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from connectors.sinks.chat.sender import open_chat
from connectors.sinks.chat.service import Service
from connectors.sinks.outlet import ChannelType


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatChannelType(ChannelType):
    """A type of channel with the ``service`` that it leads to."""

    service: Service


def chat_channel(
    service: Service, *, example: str, options: tuple[str, ...] = ("proxy",)
) -> ChatChannelType:
    """Return the type of channel of *service*; *example* is an address to write."""
    return ChatChannelType(
        address="url",
        options=options,
        fits=service.owns,
        example=example,
        open=partial(open_chat, service=service),
        service=service,
    )
