"""Delivery of pending alerts: claim, send, record, until none is due.

Claiming and recording are short transactions, one for both where there is something of
both to do. Sending happens between them without the writer's turn, each channel on its
own, so that a slow receiver keeps neither a writer waiting nor another channel.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import duckdb

from flows.home import Config
from flows.steps.summary import Clock, Report, real_clock
from flows.steps.turns import EACH_ITS_OWN, Turns
from transforms.alerts.messages.plan import plan
from transforms.freshness import doubts_of
from transforms.models import Delivery, Doubts, Notice, Parcel, Sending
from warehouse.alerting import outbox
from warehouse.errors import WarehouseCramped
from warehouse.file.connect import APPENDING, REWRITING, transaction
from warehouse.numbers.brief import freshness

if TYPE_CHECKING:
    from flows.steps.parcels import Lease, Sent

# A sender begins nothing after SENDING. The last parcel may then take its timeout, and
# what became of it the longest wait for the writer's turn, before the lease is over.
SENDING = timedelta(minutes=1)
LEASE = timedelta(minutes=4)
# After that a run takes no more in hand: the next delivery goes on.
PATIENCE = timedelta(minutes=2)
# Messages of one lease: of a channel, and of all together, for a writer has little memory.
AT_ONCE = 1_000
ALL_AT_ONCE = 6_000
MOST_CHANNELS_AT_ONCE = 32
# When one channel is done, the others get that long, to be recorded in the same turn.
_GRACE_SECONDS = 0.3


def deliver(
    config: Config,
    clock: Clock,
    *,
    force: bool = False,
    report: Report,
    turns: Turns = EACH_ITS_OWN,
    lease_clock: Clock = real_clock,
) -> list[Delivery]:
    """Send the messages that are due, and return the attempts.

    *force* retries failed messages at once, a single time. Messages for a channel that
    lacks a variable wait. Leases of other processes are measured by the *lease_clock*,
    whatever moment *clock* pretends.
    """
    work = _Work(
        config=config,
        clock=clock,
        force=force,
        report=report,
        turns=turns,
        lease_clock=lease_clock,
    )
    with ThreadPoolExecutor(MOST_CHANNELS_AT_ONCE) as pool:
        try:
            while True:
                for lease in work.turn():
                    from flows.steps.parcels import send_leased  # noqa: PLC0415

                    work.sending.add(pool.submit(send_leased, config, lease, clock))
                if not work.sending:
                    return work.attempts
                work.collect()
        except BaseException:
            work.give_up()
            raise


def outcomes(attempts: Iterable[Delivery]) -> Counter[str]:
    """Return the number of attempts by outcome."""
    return Counter(attempt.outcome for attempt in attempts)


@dataclass(kw_only=True)
class _Work:
    """A delivery in progress: messages claimed, and attempts not recorded yet."""

    config: Config
    clock: Clock
    force: bool
    report: Report
    turns: Turns = EACH_ITS_OWN
    lease_clock: Clock = real_clock
    name: str = field(default_factory=lambda: uuid4().hex)
    began: float | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    sending: set[Future[Sent]] = field(default_factory=set)
    busy: set[str] = field(default_factory=set)
    down: set[str] = field(default_factory=set)
    done: list[Sent] = field(default_factory=list)
    attempts: list[Delivery] = field(default_factory=list)

    def turn(self) -> list[Lease]:
        """Record finished attempts, and claim messages for idle channels."""
        try:
            leases = self._turn(APPENDING)
        except WarehouseCramped:
            # Many messages, or a large warehouse. Nothing was written.
            leases = self._turn(REWRITING)
        self.attempts += (attempt for sent in self.done for attempt in sent.attempts)
        self.done = []
        self.began = self.began or time.monotonic()
        self.busy |= {lease.channel_id for lease in leases}
        if leases or self.sending:
            # Others may write while we wait for those who receive.
            self.turns.let_go()
        return leases

    def _turn(self, memory: str) -> list[Lease]:
        turn = self.turns.open(
            self.config.settings, "alerts deliver", self.report, memory=memory
        )
        with turn as con, transaction(con):
            self._record(con)
            return [] if self._is_over() else self._claim(con)

    def collect(self) -> None:
        """Wait until a channel is done, and a moment longer for more."""
        wait(self.sending, return_when=FIRST_COMPLETED)
        ready, self.sending = wait(self.sending, timeout=_GRACE_SECONDS)
        for future in ready:
            sent = future.result()
            self.done.append(sent)
            self.busy.discard(sent.channel_id)
            if sent.is_down:
                self.down.add(sent.channel_id)

    def give_up(self) -> None:
        """Start nothing more, and record what was started."""
        self.stop.set()
        wait(self.sending)
        if self.sending:
            self.collect()
        if self.done:
            self.turn()

    def _is_over(self) -> bool:
        if self.force or self.began is None:
            return self.stop.is_set()
        spent = time.monotonic() - self.began
        return self.stop.is_set() or spent > PATIENCE.total_seconds()

    def _record(self, con: duckdb.DuckDBPyConnection) -> None:
        done = [attempt for sent in self.done for attempt in sent.attempts]
        outbox.record_deliveries(con, done, by=self.name)
        outbox.release(con, [m for sent in self.done for m in sent.untried], by=self.name)

    def _claim(self, con: duckdb.DuckDBPyConnection) -> list[Lease]:
        now, until = self.clock(), time.monotonic() + SENDING.total_seconds()
        planned = self._plan(con, now)
        taken = self.lease_clock()
        outbox.lease(con, planned, until=taken + LEASE, by=self.name)
        ids = [message_id for sending in planned for message_id in sending.message_ids]
        notices = {n.message_id: n for n in outbox.notices(con, ids)}
        doubts = None
        if any(s.why for s in planned):
            patience = self.config.settings.patience
            doubts = doubts_of(freshness(con), at=now, patience=patience)
        parcels: defaultdict[str, list[Parcel]] = defaultdict(list)
        if not planned:
            return []
        # What sends is slow to load, and in most passes nothing is due.
        from flows.steps.parcels import Lease  # noqa: PLC0415

        for sending in planned:
            parcels[sending.channel_id].append(_parcel(sending, notices, doubts))
        return [
            Lease(
                channel_id=channel_id,
                parcels=theirs,
                until=until,
                until_at=taken + SENDING,
                clock=self.lease_clock,
                stop=self.stop,
            )
            for channel_id, theirs in parcels.items()
        ]

    def _plan(self, con: duckdb.DuckDBPyConnection, now: datetime) -> list[Sending]:
        """Record held messages, and return those to send."""
        rates = [c.rate for c in self.config.alerts.channels.values() if c.rate]
        since = now - max((rate.period for rate in rates), default=timedelta(0))
        recent = outbox.recent_sendings(con, since) if rates else {}
        skip = self.busy | self.down | self.config.alerts.lacking.keys()
        limit = min(AT_ONCE, ALL_AT_ONCE // max(len(self.config.alerts.channels), 1) + 1)
        while True:
            at = self.lease_clock()
            waiting = outbox.waiting(con, at, lease=LEASE, limit=limit, skip=skip)
            planned = plan(waiting, self.config.alerts, recent, now, force=self.force)
            held = {m.message_id: (m.held, m.next_attempt_at) for m in waiting}
            news = [h for h in planned.holds if held[h.message_id] != (h.why, h.until)]
            outbox.hold(con, news)
            if planned.sendings or not news:
                return _at_most(planned.sendings, limit)


def _at_most(sendings: Iterable[Sending], limit: int) -> list[Sending]:
    """Return each channel's first sendings with *limit* messages together, at least one."""
    first: list[Sending] = []
    counts: Counter[str] = Counter()
    for sending in sendings:
        count = counts[sending.channel_id]
        counts[sending.channel_id] += len(sending.message_ids)
        if not count or counts[sending.channel_id] <= limit:
            first.append(sending)
    return first


def _parcel(
    sending: Sending, notices: Mapping[str, Notice], doubts: Doubts | None
) -> Parcel:
    shown = tuple(notices[message_id] for message_id in sending.message_ids)
    return Parcel(
        message_id=sending.key,
        channel_id=sending.channel_id,
        attempt=max(notice.attempt for notice in shown),
        notices=shown,
        why=sending.why,
        doubts=doubts,
    )
