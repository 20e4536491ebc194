"""Types of channel, and the delivery of a parcel to one.

The module of a type is loaded with the first channel of it: a home has two or three.
"""

from __future__ import annotations

from collections import UserDict
from collections.abc import Iterator
from contextlib import contextmanager
from pkgutil import resolve_name
from typing import Any

from connectors.sinks.context import (
    ChannelType,
    PermanentSinkError,
    Send,
    Sink,
    SinkContext,
    each,
)
from transforms.models import Channel

__all__ = [
    "CHANNELS",
    "ChannelType",
    "ChannelTypes",
    "Send",
    "Sink",
    "SinkContext",
    "each",
    "opened",
]


class ChannelTypes(UserDict[str, Any]):
    """Types of channel by name, each itself or as ``module:name`` of it."""

    def __getitem__(self, name: str) -> Any:
        found = self.data[name]
        return resolve_name(found) if isinstance(found, str) else found


# A new type of channel is a module of channels/, and its name here.
CHANNELS = ChannelTypes(
    {
        name: f"{__name__}.channels.{name}:CHANNEL"
        for name in (
            *("console", "file", "feed", "webhook", "email", "slack", "feishu", "dingtalk"),
            *("wecom", "telegram", "teams", "discord", "ntfy", "pushover", "apprise"),
        )
    }
)


@contextmanager
def opened(channel: Channel, context: SinkContext) -> Iterator[Send]:
    """Open *channel* and yield a function that delivers one parcel.

    Its return means that the channel took the parcel. It is called by one thread, the
    one that opened it. Nothing is connected before the first parcel.

    Raises:
        SinkError: By a call: the channel did not take it; the class says whether to
            try again.
    """
    if channel.lacks:
        raise PermanentSinkError(channel.channel_id, channel.lacks)
    known = CHANNELS.get(channel.type) or context.channels.get(channel.type)
    sink = known.open if known else each(_nobody)
    with sink(channel, context) as send:
        yield send


def _nobody(channel: Channel, *_: object) -> None:
    raise PermanentSinkError(
        channel.channel_id, f"nothing here can send to a channel of type {channel.type}"
    )
