"""Posting to a channel over HTTP, and what the answer means."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from connectors.sinks.outlet import Outlet
from transforms.models import Channel

if TYPE_CHECKING:
    from connectors.sinks.http.poster import Poster


def open_poster(channel: Channel, outlet: Outlet) -> AbstractContextManager[Poster]:
    """Open what posts to *channel*, with one connection for all its messages."""
    # Its HTTP client is slow to load, and who only reads alerts.toml posts nothing.
    from connectors.sinks.http import poster  # noqa: PLC0415

    return poster.open_poster(channel, outlet)
