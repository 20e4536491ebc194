"""Hand pending alerts to their channels: claim, send, record, until none is due.

Claiming and recording are two short transactions; sending happens between them
without the writer's turn, so that a slow receiver keeps nobody from writing.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

import duckdb

from connectors.sinks import Outlet, Send, opened
from connectors.sinks.errors import PermanentSinkError, SinkError, TransientSinkError
from flows.home import Config
from flows.settings import Settings
from flows.steps.clock import Clock
from flows.steps.ingest import Report
from flows.steps.store import open_writer
from transforms.alerts import next_attempt
from transforms.models import Delivery, DeliveryOutcome, Notice, Parcel
from warehouse import outbox
from warehouse.connect import transaction

# Longer than any send may take, so that a claim outlives its attempt.
LEASE = timedelta(minutes=5)
SEND_TIMEOUT_SECONDS = 15.0
AT_ONCE = 200
EVERYTHING = 1_000_000


def deliver(
    config: Config, clock: Clock, *, force: bool = False, report: Report
) -> list[Delivery]:
    """Send what is due (with *force*, all that is pending, once); return the attempts."""
    attempts: list[Delivery] = []
    while notices := _claim(config, clock, force=force, report=report):
        deliveries = _send_all(config, notices, clock)
        with _turn(config, report) as con, transaction(con):
            outbox.record_deliveries(con, deliveries)
        attempts += deliveries
        if force:
            break
    return attempts


def outcomes(attempts: Iterable[Delivery]) -> Counter[str]:
    """Return the number of attempts by outcome."""
    return Counter(attempt.outcome for attempt in attempts)


def _claim(config: Config, clock: Clock, *, force: bool, report: Report) -> list[Notice]:
    with _turn(config, report) as con, transaction(con):
        return outbox.claim_messages(
            con,
            clock(),
            lease=LEASE,
            limit=EVERYTHING if force else AT_ONCE,
            force=force,
        )


def _turn(
    config: Config, report: Report
) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    return open_writer(config.settings, "alerts deliver", report)


def _send_all(config: Config, notices: Sequence[Notice], clock: Clock) -> list[Delivery]:
    """Send channel by channel: apart from each other, in order within one."""
    by_channel = [
        list(group)
        for _, group in groupby(
            sorted(notices, key=attrgetter("channel_id")), attrgetter("channel_id")
        )
    ]
    with ThreadPoolExecutor(max_workers=max(1, len(by_channel))) as pool:
        parts = pool.map(lambda part: _send_channel(config, part, clock), by_channel)
        return [delivery for part in parts for delivery in part]


def _send_channel(
    config: Config, notices: Sequence[Notice], clock: Clock
) -> list[Delivery]:
    channel = config.alerts.channels.get(notices[0].channel_id)
    if channel is None:
        return [_failed(n, _unknown(n), clock()) for n in notices]
    with opened(channel, outlet_of(config.settings)) as send:
        return [_send_one(send, notice, clock()) for notice in notices]


def _unknown(notice: Notice) -> SinkError:
    return PermanentSinkError(notice.channel_id, "alerts.toml has no such channel any more")


def _send_one(send: Send, notice: Notice, now: datetime) -> Delivery:
    parcel = Parcel(
        message_id=notice.message_id,
        channel_id=notice.channel_id,
        attempt=notice.attempt,
        notices=(notice,),
    )
    try:
        send(parcel)
    except SinkError as exc:
        return _failed(notice, exc, now)
    return _record(notice, "delivered", now)


def outlet_of(settings: Settings) -> Outlet:
    """Return the surroundings of a delivery as the settings have them."""
    return Outlet(
        timeout=SEND_TIMEOUT_SECONDS,
        allow_private=tuple(settings.allow_private_addresses),
        # Standard output belongs to results, so that --json stays one object.
        stream=sys.stderr,
        home=settings.home,
        user_agent=settings.user_agent,
    )


def _failed(notice: Notice, exc: SinkError, now: datetime) -> Delivery:
    if isinstance(exc, TransientSinkError):
        again = next_attempt(
            notice.message_id, notice.attempt, now=now, retry_after=exc.retry_after
        )
        if again is not None:
            return _record(notice, "retry", now, error=str(exc), again=again)
    return _record(notice, "parked", now, error=str(exc))


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
