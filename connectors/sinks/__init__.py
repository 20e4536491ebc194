"""Hand parcels to a channel."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from connectors.sinks.apprise import send_apprise
from connectors.sinks.console import send_console
from connectors.sinks.describe import describe
from connectors.sinks.file import send_file
from connectors.sinks.outlet import Outlet, Sink
from connectors.sinks.webhook import send_webhook
from transforms.models import Channel, Parcel

__all__ = ["Outlet", "Send", "describe", "opened"]

Send = Callable[[Parcel], None]

# To add a type of channel: a function of this shape, its name here, in
# ``models.ChannelType`` and in ``transforms/alerts/channels.py``.
SINKS: Mapping[str, Sink] = {
    "console": send_console,
    "file": send_file,
    "webhook": send_webhook,
    "apprise": send_apprise,
}


@contextmanager
def opened(channel: Channel, outlet: Outlet) -> Iterator[Send]:
    """Open *channel* for a while; what is yielded delivers one parcel.

    Its return means that the channel took the parcel. It is called by one thread, the
    one that opened it.

    Raises:
        SinkError: By a call: the channel did not take it; the class says whether to
            try again.
    """
    yield partial(SINKS[channel.type], channel, outlet=outlet)
