"""Types of channel, and the delivery of a parcel to one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from connectors.sinks.channels import (
    apprise,
    console,
    dingtalk,
    discord,
    email,
    feed,
    feishu,
    file,
    ntfy,
    pushover,
    slack,
    teams,
    telegram,
    webhook,
    wecom,
)
from connectors.sinks.context import (
    ChannelType,
    PermanentSinkError,
    Send,
    Sink,
    SinkContext,
    each,
)
from transforms.models import Channel

__all__ = ["CHANNELS", "ChannelType", "Send", "Sink", "SinkContext", "each", "opened"]

# A new type of channel is a module of channels/, and a line here.
CHANNELS: Mapping[str, ChannelType] = {
    "console": console.CHANNEL,
    "file": file.CHANNEL,
    "feed": feed.CHANNEL,
    "webhook": webhook.CHANNEL,
    "email": email.CHANNEL,
    "slack": slack.CHANNEL,
    "feishu": feishu.CHANNEL,
    "dingtalk": dingtalk.CHANNEL,
    "wecom": wecom.CHANNEL,
    "telegram": telegram.CHANNEL,
    "teams": teams.CHANNEL,
    "discord": discord.CHANNEL,
    "ntfy": ntfy.CHANNEL,
    "pushover": pushover.CHANNEL,
    "apprise": apprise.CHANNEL,
}


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
    reason = f"nothing here can send to a channel of type {channel.type}"
    raise PermanentSinkError(channel.channel_id, reason)
