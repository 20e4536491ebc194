"""Send through Apprise, to chat rooms and telephones.

For a service that we know the message is written in its own markup and split at its own
limit; for any other Apprise converts and splits plain text as it knows to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import sleep as wait
from typing import Any

from connectors.net.logs import keep_quiet
from connectors.sinks.chat.service import Service
from connectors.sinks.errors import PermanentSinkError, TransientSinkError
from connectors.sinks.http import open_poster
from connectors.sinks.outlet import Outlet, Send
from connectors.sinks.rendering.markup import calm
from connectors.sinks.rendering.parts import split
from connectors.sinks.rendering.payload import voice_of
from transforms.alerts.messages.wording import plain, write
from transforms.models import Channel, Parcel

NAME = "sinowire"
# How often, and how many seconds, a later part of a message waits for its service.
PATIENCE = 3
LONGEST_WAIT = 20.0


@contextmanager
def open_chat(
    channel: Channel, outlet: Outlet, *, service: Service | None = None
) -> Iterator[Send]:
    """Yield what hands a parcel to the service, in parts where it is long.

    Raises:
        SinkError: By what is yielded: Apprise does not know the address, or the service
            did not take a part. The next attempt sends all parts again.
    """
    # Importing takes a quarter of a second; only users of chat channels pay it.
    from connectors.sinks.chat.relay import Relay, relayed  # noqa: PLC0415

    with open_poster(channel, outlet) as poster:
        plugin: Any = None

        def send(parcel: Parcel) -> None:
            nonlocal plugin
            keep_quiet()
            plugin = plugin or _plugin(channel, service)
            relay = Relay(channel, service, poster)
            with relayed(plugin, relay):
                for number, part in enumerate(_parts(channel, service, parcel, plugin)):
                    relay.key = (
                        f"{parcel.message_id}-{number}" if number else parcel.message_id
                    )
                    if number:
                        wait(service.pause if service else 0.0)
                        _deliver_further(channel, part, relay)
                    else:
                        _deliver(channel, part, relay)

        yield send


def _plugin(channel: Channel, service: Service | None) -> Any:
    import apprise  # noqa: PLC0415

    # No pictures from somebody else's server.
    asset = apprise.AppriseAsset(
        app_id=NAME, app_desc=NAME, app_url="", image_url_mask="", image_url_logo=""
    )
    plugin = apprise.Apprise.instantiate(
        service.apprise_address(channel) if service else channel.address,
        asset=asset,
        suppress_exceptions=True,
    )
    if not plugin:
        raise PermanentSinkError(
            channel.channel_id, "Apprise does not know such an address; correct it"
        )
    if service is not None and type(plugin).__name__ not in service.plugins:
        raise PermanentSinkError(
            channel.channel_id, f"its address is not one of {channel.type}; correct it"
        )
    if service is not None and service.adjust:
        service.adjust(plugin)
    # Seconds of sleep between messages: how many go out is the channel's own rate.
    plugin.request_rate_per_sec = 0
    return plugin


def _parts(
    channel: Channel, service: Service | None, parcel: Parcel, plugin: Any
) -> list[Callable[[], bool]]:
    letter = write(parcel, voice_of(channel))
    if service is None:
        title, body = calm(f"{NAME}: {letter.subject}"), calm(plain(letter))
        return [
            lambda: plugin.notify(
                title=title, body=body, body_format="text", overflow="split"
            )
        ]
    import apprise  # noqa: PLC0415

    options = {
        "title": "",
        "notify_type": apprise.NotifyType.INFO,
        "body_format": apprise.NotifyFormat(service.format),
        # It is in the service's markup already.
        "body_passthrough": False,
    }
    parts = split(letter, service.markup, service.limit)
    return [lambda part=part: plugin.send(body=part, **options) for part in parts]  # type: ignore[misc]


def _deliver_further(channel: Channel, hand_over: Callable[[], bool], relay: Any) -> None:
    """Deliver a later part; a short wait that is asked for is cheaper than a new start."""
    for _ in range(PATIENCE):
        try:
            return _deliver(channel, hand_over, relay)
        except TransientSinkError as exc:
            if exc.retry_after is None or exc.retry_after > LONGEST_WAIT:
                raise
            wait(exc.retry_after)
    return _deliver(channel, hand_over, relay)


def _deliver(channel: Channel, hand_over: Callable[[], bool], relay: Any) -> None:
    try:
        is_sent = hand_over()
    except Exception as exc:  # noqa: BLE001  a hundred services, each with its own errors
        # Their words may hold the address.
        reason = f"the service failed ({type(exc).__name__})"
        raise TransientSinkError(channel.channel_id, reason) from None
    if is_sent:
        return
    if relay.failure is not None:
        raise relay.failure
    raise TransientSinkError(channel.channel_id, "the service did not take it")
