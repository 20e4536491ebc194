"""Hand parcels to a channel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from connectors.sinks.channels.apprise import open_apprise
from connectors.sinks.channels.console import send_console
from connectors.sinks.channels.email import open_mail
from connectors.sinks.channels.feed import open_feed
from connectors.sinks.channels.file import send_file
from connectors.sinks.channels.webhook import open_webhook
from connectors.sinks.chat.services import SERVICES
from connectors.sinks.errors import PermanentSinkError
from connectors.sinks.outlet import Outlet, Send, Sink, each
from transforms.models import Channel

__all__ = ["Outlet", "Send", "Sink", "each", "opened"]

# To add a type of channel: a sink of this shape, its name here, in
# ``models.ChannelType`` and in ``transforms/alerts/channels.py``.
SINKS: Mapping[str, Sink] = {
    "console": each(send_console),
    "file": each(send_file),
    "feed": open_feed,
    "webhook": open_webhook,
    "email": open_mail,
    "apprise": open_apprise,
    **dict.fromkeys(SERVICES, open_apprise),
}


@contextmanager
def opened(channel: Channel, outlet: Outlet) -> Iterator[Send]:
    """Open *channel* for a while; what is yielded delivers one parcel.

    Its return means that the channel took the parcel. It is called by one thread, the
    one that opened it. Nothing is connected before the first parcel.

    Raises:
        SinkError: By a call: the channel did not take it; the class says whether to
            try again.
    """
    sink = SINKS.get(channel.type) or outlet.sinks.get(channel.type)
    with (sink or each(_nobody))(channel, outlet) as send:
        yield send


def _nobody(channel: Channel, *_: object) -> None:
    reason = f"nothing here can send to a channel of type {channel.type}"
    raise PermanentSinkError(channel.channel_id, reason)
