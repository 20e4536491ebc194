"""Hand an alert to its channel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TextIO

from connectors.feeds.names import DEFAULT_USER_AGENT
from connectors.sinks.apprise import send_apprise
from connectors.sinks.console import send_console
from connectors.sinks.describe import describe
from connectors.sinks.file import send_file
from connectors.sinks.outlet import Network, Outlet, Sink
from connectors.sinks.webhook import send_webhook
from transforms.models import Channel, Notice

__all__ = ["describe", "send"]

# To add a type of channel: a function of this shape, its name here, in
# ``models.Channel`` and in ``transforms/alerts/channels.py``.
SINKS: Mapping[str, Sink] = {
    "console": send_console,
    "file": send_file,
    "webhook": send_webhook,
    "apprise": send_apprise,
}


def send(
    channel: Channel,
    notice: Notice,
    *,
    timeout: float,
    allow_private: Iterable[Network] = (),
    stream: TextIO,
    home: Path,
    user_agent: str = DEFAULT_USER_AGENT,
) -> None:
    """Deliver *notice*; returning means that the channel took it.

    *stream* is where a console channel writes, *home* where relative paths start.
    *user_agent* is how we name ourselves to a receiver.

    Raises:
        SinkError: The channel did not take it; the class says whether to try again.
    """
    outlet = Outlet(
        timeout=timeout,
        allow_private=tuple(allow_private),
        stream=stream,
        home=home,
        user_agent=user_agent,
    )
    SINKS[channel.type](channel, notice, outlet)
