"""Parcels of one channel, sent in order until it fails."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Event, Lock

from connectors.sinks import Send, SinkContext, opened
from connectors.sinks.context import PermanentSinkError, SinkError, TransientSinkError
from flows.channels import PREFECT_CHANNELS
from flows.home import Config
from flows.logs import width_of
from flows.settings import Settings
from flows.steps.editions import read_edition, write_again
from flows.steps.summary import Clock
from transforms.alerts import next_attempt
from transforms.models import Delivery, DeliveryOutcome, Notice, Parcel
from warehouse.file.lock import usual_umask

SEND_TIMEOUT_SECONDS = 15.0
_EDITIONS = Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """Parcels claimed for one channel, and the end of the lease.

    After ``until``, of the monotonic clock, or ``until_at``, of that *clock*, nothing
    more is begun: another deliverer may have them soon. ``stop`` ends it earlier.
    """

    channel_id: str
    parcels: Sequence[Parcel]
    until: float
    until_at: datetime
    clock: Clock
    stop: Event


@dataclass(slots=True, kw_only=True)
class Sent:
    """Result of a lease: the attempts, and the messages not tried."""

    channel_id: str
    attempts: list[Delivery] = field(default_factory=list)
    untried: list[str] = field(default_factory=list)
    is_down: bool = False


def send_leased(config: Config, lease: Lease, clock: Clock) -> Sent:
    """Send *lease*; the first transient failure ends it, so that order is kept."""
    sent = Sent(channel_id=lease.channel_id)
    stack = ExitStack()
    send: Send | None = None
    for place, parcel in enumerate(lease.parcels):
        if place and (sent.is_down or _is_over(lease)):
            sent.untried += [n.message_id for n in parcel.notices]
            continue
        try:
            send = send or stack.enter_context(_open(config, lease.channel_id))
            send(_with_edition(config, parcel, clock))
        except Exception as exc:  # noqa: BLE001  one alert keeps no other from going
            error = _named(lease.channel_id, exc)
            sent.is_down = not isinstance(error, PermanentSinkError)
            sent.attempts += _failed(parcel, error, clock())
        else:
            now = clock()
            sent.attempts += [_record(n, "delivered", now) for n in parcel.notices]
    # What was taken was taken, however the channel takes its leave.
    with suppress(Exception):
        stack.close()
    return sent


def sink_context(settings: Settings) -> SinkContext:
    """Return the context of a delivery by the settings."""
    return SinkContext(
        timeout=SEND_TIMEOUT_SECONDS,
        allow_private=tuple(settings.allow_private_addresses),
        # Standard output belongs to results, so that --json stays one object.
        stream=sys.stderr,
        width=width_of(sys.stderr),
        home=settings.home,
        user_agent=settings.user_agent,
        umask=usual_umask(),
        data=settings.data,
        channels=PREFECT_CHANNELS,
    )


def _is_over(lease: Lease) -> bool:
    # The monotonic clock stands still while a machine sleeps.
    return (
        lease.stop.is_set()
        or time.monotonic() >= lease.until
        or lease.clock() >= lease.until_at
    )


def _open(config: Config, channel_id: str) -> AbstractContextManager[Send]:
    channel = config.alerts.channels.get(channel_id)
    if channel is None:
        raise PermanentSinkError(channel_id, "alerts.toml has no such channel any more")
    return opened(channel, sink_context(config.settings))


def _with_edition(config: Config, parcel: Parcel, clock: Clock) -> Parcel:
    """Return *parcel* with the brief that its alert announces, if any.

    One that another host of a lake wrote is written again here.
    """
    alert = parcel.notices[0].alert
    if alert.kind != "brief":
        return parcel
    # Several channels may want one that is to be written first.
    with _EDITIONS:
        try:
            edition = read_edition(config.settings.data, alert.term)
        except FileNotFoundError:
            if not write_again(config, alert, clock()):
                raise PermanentSinkError(
                    parcel.channel_id, f"data/briefs holds no {alert.term} any more"
                ) from None
            edition = read_edition(config.settings.data, alert.term)
    return replace(parcel, edition=edition)


def _named(channel_id: str, exc: Exception) -> SinkError:
    """Return *exc* as a channel's error, an unexpected one without its message."""
    if isinstance(exc, SinkError):
        return exc
    # Its words may hold the address.
    return TransientSinkError(
        channel_id, f"it failed unexpectedly ({type(exc).__name__}); report it"
    )


def _failed(parcel: Parcel, exc: SinkError, now: datetime) -> list[Delivery]:
    """Return an attempt for each alert of the parcel, all due together again."""
    again = None
    if isinstance(exc, TransientSinkError):
        again = next_attempt(
            parcel.message_id, parcel.attempt, now=now, retry_after=exc.retry_after
        )
    outcome: DeliveryOutcome = "parked" if again is None else "retry"
    return [
        _record(notice, outcome, now, error=str(exc), again=again)
        for notice in parcel.notices
    ]


def _record(
    notice: Notice,
    outcome: DeliveryOutcome,
    now: datetime,
    *,
    error: str | None = None,
    again: datetime | None = None,
) -> Delivery:
    return Delivery(
        message_id=notice.message_id,
        alert_id=notice.alert.alert_id,
        channel_id=notice.channel_id,
        attempt=notice.attempt,
        attempted_at=now,
        outcome=outcome,
        error=error,
        next_attempt_at=again,
    )
