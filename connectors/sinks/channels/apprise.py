"""Apprise, for the services that it knows by their addresses.

Apprise connects by itself: what is checked is the host that an address names, before it
does. It converts and splits plain text as it knows to, and tells whether all went well.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any

from connectors.net.addresses import keep_quiet
from connectors.sinks.chat import NAME
from connectors.sinks.context import (
    ChannelType,
    PermanentSinkError,
    Send,
    SinkContext,
    TransientSinkError,
)
from connectors.sinks.markup import calm
from connectors.sinks.payload import words_of
from transforms.alerts.messages.wording import write
from transforms.models import Channel, Parcel


@contextmanager
def open_apprise(channel: Channel, context: SinkContext) -> Iterator[Send]:
    """Yield a function that sends a parcel to the service of the Apprise address.

    Raises:
        SinkError: By what is yielded: Apprise does not know the address, its host is
            private, or the service did not take the parcel.
    """
    plugin: Any = None

    def send(parcel: Parcel) -> None:
        nonlocal plugin
        keep_quiet()
        plugin = plugin or _plugin(channel, context)
        letter = write(parcel, words_of(channel))
        try:
            is_sent = plugin.notify(
                title=calm(f"{NAME}: {letter.subject}"),
                body=calm(letter.plain),
                body_format="text",
                overflow="split",
            )
        except Exception as exc:  # noqa: BLE001  a hundred services, each with its own errors
            # Their words may hold the address.
            raise TransientSinkError(
                channel.channel_id, f"the service failed ({type(exc).__name__})"
            ) from None
        if not is_sent:
            raise TransientSinkError(channel.channel_id, "the service did not take it")

    yield send


def _plugin(channel: Channel, context: SinkContext) -> Any:
    # Importing takes a quarter of a second; only users of such channels pay it.
    import apprise  # noqa: PLC0415

    # No pictures from a third party's server, and no redirect to an unchecked host.
    asset = apprise.AppriseAsset(
        app_id=NAME,
        app_desc=NAME,
        app_url="",
        image_url_mask="",
        image_url_logo="",
        http_redirects=False,
    )
    plugin = apprise.Apprise.instantiate(
        channel.address, asset=asset, suppress_exceptions=True
    )
    if not plugin:
        raise PermanentSinkError(
            channel.channel_id, "Apprise does not know such an address; correct it"
        )
    if not channel.private:
        _check(channel, plugin, context)
    # Seconds of sleep between messages: how many go out is the channel's own rate.
    plugin.request_rate_per_sec = 0
    plugin.socket_read_timeout = max(plugin.socket_read_timeout, context.timeout)
    return plugin


def _check(channel: Channel, plugin: Any, context: SinkContext) -> None:
    """Refuse a host in a private network; a token in a host's place is not resolved."""
    # Loads an HTTP client, which only what sends needs.
    from connectors.net.guard import AddressRefusedError, check_host  # noqa: PLC0415

    host = str(plugin.host or "")
    if not (_is_literal(host) or all("{host}" in each for each in plugin.templates)):
        return
    try:
        check_host(host, context.allow_private)
    except AddressRefusedError:
        reason = (
            "its address lies in a private network, which is refused;"
            " write private = true in the channel if that is meant"
        )
        raise PermanentSinkError(channel.channel_id, reason) from None


def _is_literal(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return host.lower() == "localhost"
    return True


CHANNEL = ChannelType(
    address="url",
    options=("private",),
    fits=lambda address: "://" in address,
    wrong="is not an address that Apprise knows",
    example="service://…",
    open=open_apprise,
)
