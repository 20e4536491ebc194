"""Delivery plan: messages to send now, singly or as a digest, and messages to hold.

Urgent messages wait only for a channel that is down. The others follow the schedule of
their rule, or else of their channel. Messages gathered by a digest time, quiet hours or a
rate limit are sent as one digest. A message with an attempt, perhaps by a killed deliverer,
and a digest once formed stay as they are, so that every attempt has the same idempotency
key.

A channel is a queue in order of arrival: while a message waits for its retry, later ones
wait too. After ASIDE_AFTER failures it is retried behind the others, so that a message that
its channel refuses does not block the queue.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter

from transforms.alerts.messages.schedule import (
    JITTER,
    LONGEST_PAUSE,
    RateWindow,
    bundle_id,
    gathers,
    hold,
    quiet_end,
)
from transforms.alerts.rules.alert_rules import AlertRules
from transforms.grouping import grouped
from transforms.models import Channel, DeliveryPlan, Held, Hold, Schedule, Sending, Waiting

# By then the pauses add up to some minutes: the channel is not just being restarted.
ASIDE_AFTER = 4
# Alerts in one digest; more of them go out as several.
MOST_TOGETHER = 100
# No failure is waited for longer: a later moment is of a clock that was set back since.
LONGEST_WAIT = LONGEST_PAUSE * (1 + JITTER)

_in_order = attrgetter("seq")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unit:
    """Messages sent together, in order."""

    messages: tuple[Waiting, ...]
    why: Held | None = None
    is_tried: bool = False

    @property
    def sending(self) -> Sending:
        first = self.messages[0]
        ids = tuple(m.message_id for m in self.messages)
        if len(ids) == 1 and not first.bundle_id:
            left = first.message_id if first.is_left else None
            return Sending(channel_id=first.channel_id, message_ids=ids, bundle_id=left)
        return Sending(
            channel_id=first.channel_id,
            message_ids=ids,
            bundle_id=first.bundle_id or bundle_id(first.channel_id, ids),
            why=self.why,
        )

    @property
    def is_urgent(self) -> bool:
        return any(m.severity == "urgent" for m in self.messages)

    @property
    def is_aside(self) -> bool:
        return self.attempts >= ASIDE_AFTER

    @property
    def attempts(self) -> int:
        return max(m.attempts for m in self.messages)

    @property
    def place(self) -> tuple[bool, int]:
        """Position in the queue of its channel; units set aside come last."""
        return self.is_aside, self.messages[0].seq


@dataclass(slots=True, kw_only=True)
class _Found:
    """State of the planning of one channel."""

    ready: list[_Unit] = field(default_factory=list)
    gathered: list[Waiting] = field(default_factory=list)
    why: Held | None = None
    holds: list[Hold] = field(default_factory=list)
    is_blocked: bool = False


def plan(
    waiting: Iterable[Waiting],
    rules: AlertRules,
    recent: Mapping[str, Mapping[str, datetime]],
    now: datetime,
    *,
    force: bool = False,
) -> DeliveryPlan:
    """Return the delivery plan of the waiting messages: sendings and holds.

    *recent* is the time of the last sending of each key, by channel. *force* retries failed
    messages at once, except in quiet hours.
    """
    schedules = {rule.rule_id: rule.schedule for rule in rules.rules}
    by_channel = grouped(sorted(waiting, key=_in_order), attrgetter("channel_id"))
    sendings: list[Sending] = []
    holds: list[Hold] = []
    for channel_id, messages in by_channel.items():
        # Messages to a channel that alerts.toml no longer names go to the sender, which
        # parks them.
        channel = rules.channels.get(channel_id) or Channel(
            channel_id=channel_id, type="console"
        )
        found = _look(messages, _Clockwork(channel, schedules, now, force))
        window = RateWindow.of(channel.rate, recent.get(channel_id, {}), now)
        sendings += _send(found, window)
        holds += found.holds
    return DeliveryPlan(sendings=tuple(sendings), holds=tuple(holds))


@dataclass(frozen=True, slots=True)
class _Clockwork:
    channel: Channel
    schedules: Mapping[str, Schedule | None]
    now: datetime
    force: bool

    def schedule(self, message: Waiting) -> Schedule:
        return self.schedules.get(message.rule_id) or self.channel.schedule

    def backs_off(self, unit: _Unit) -> bool:
        """Tell whether it waits after a failure, and not for an hour of the day."""
        return not self.force and any(
            m.next_attempt_at is not None
            and self.now < m.next_attempt_at <= self.now + LONGEST_WAIT
            and (m.held is None or m.bundle_id is not None)
            for m in unit.messages
        )

    def arrived(self, message: Waiting) -> datetime:
        """Return when it came; no later than now, though the clock was set back since."""
        return min(message.created_at, self.now)

    def hold(self, message: Waiting) -> tuple[Held, datetime] | None:
        """Return what holds a message that was never tried, and until when."""
        schedule, now = self.schedule(message), self.now
        kept = hold(schedule, self.arrived(message), now)
        noted = message.next_attempt_at if message.held else None
        if kept is None or noted is None or message.created_at <= now:
            return kept
        # Counted from now on, its digest would always be the next one: the one that was
        # noted before counts, unless the clock was ahead then, too.
        if noted > now:
            return kept[0], min(kept[1], noted)
        end = quiet_end(schedule, now)
        return ("quiet", end) if end else None

    def quiet(self, unit: _Unit) -> datetime | None:
        if unit.is_urgent:
            return None
        ends = (quiet_end(self.schedule(m), self.now) for m in unit.messages)
        return max(filter(None, ends), default=None)


def _look(messages: Sequence[Waiting], clockwork: _Clockwork) -> _Found:
    """Tell what is ready to go from what is held, and whether the channel is blocked."""
    found = _Found()
    for unit in _tried(messages):
        if clockwork.backs_off(unit):
            found.is_blocked |= not unit.is_aside
        elif end := clockwork.quiet(unit):
            found.holds += _holds(unit, "quiet", end)
        else:
            found.ready.append(unit)
    for message in messages:
        if not _is_tried(message):
            _sort_in(found, message, clockwork)
    return found


def _is_tried(message: Waiting) -> bool:
    return message.attempts > 0 or message.bundle_id is not None or message.is_left


def _tried(messages: Iterable[Waiting]) -> list[_Unit]:
    units = grouped(filter(_is_tried, messages), lambda m: m.bundle_id or m.message_id)
    return [
        _Unit(
            messages=tuple(members),
            why=members[0].held if members[0].bundle_id else None,
            is_tried=True,
        )
        for members in units.values()
    ]


def _sort_in(found: _Found, message: Waiting, clockwork: _Clockwork) -> None:
    """Put a message that was never tried where it belongs."""
    schedule = clockwork.schedule(message)
    single = _Unit(messages=(message,))
    if message.severity == "urgent":
        found.ready.append(single)
    elif kept := clockwork.hold(message):
        found.holds += _holds(single, *kept)
    elif why := message.held or gathers(schedule, clockwork.arrived(message)):
        found.gathered.append(message)
        found.why = found.why or why
    else:
        found.ready.append(single)


def _send(found: _Found, window: RateWindow) -> list[Sending]:
    if found.is_blocked:
        return []
    going: list[_Unit] = []
    bounded: list[_Unit] = []
    for unit in sorted(found.ready, key=lambda u: (not u.is_urgent, u.place)):
        if unit.is_urgent or (unit.is_tried and window.takes(unit.sending.key)):
            window.note(unit.sending.key)
            going.append(unit)
        elif unit.is_tried:
            found.holds += _holds(unit, "rate", window.frees_at())
        else:
            bounded.append(unit)
    bounded = sorted(
        [*bounded, *_digests(found.gathered, found.why)], key=attrgetter("place")
    )
    going += _bound(bounded, window, found)
    return [unit.sending for unit in sorted(going, key=attrgetter("place"))]


def _digests(messages: Sequence[Waiting], why: Held | None) -> list[_Unit]:
    """Put *messages* together, MOST_TOGETHER at a time."""
    starts = range(0, len(messages), MOST_TOGETHER)
    return [_Unit(messages=tuple(messages[n : n + MOST_TOGETHER]), why=why) for n in starts]


def _bound(units: Sequence[_Unit], window: RateWindow, found: _Found) -> list[_Unit]:
    """Return what a rate lets go: where it is too little, the last takes all the rest."""
    free = window.free(len(units))
    going = list(units)
    if free < len(units):
        going = list(units[: max(free - 1, 0)])
        rest = sorted((m for u in units[len(going) :] for m in u.messages), key=_in_order)
        together = _digests(rest, "rate")
        going += together[: min(free, 1)]
        left = together[min(free, 1) :]
    else:
        left = []
    for unit in going:
        window.note(unit.sending.key)
    for unit in left:
        found.holds += _holds(unit, "rate", window.frees_at())
    return going


def _holds(unit: _Unit, why: Held, until: datetime) -> list[Hold]:
    # A digest that was put together is not said to be held: held says what gathered it.
    return [
        Hold(message_id=m.message_id, why=why, until=until)
        for m in unit.messages
        if m.bundle_id is None
    ]
