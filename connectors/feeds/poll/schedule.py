"""When to ask a feed again: one decision, made of pace, wishes and failures.

Nothing here reads a clock or throws dice: the same poll always leads to the same
next one, so a replay repeats itself.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from connectors.feeds.poll.outcomes import OUTCOMES
from transforms.models import Outcome, Standing, Wishes

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
# No header or element silences a feed for longer than this.
LONGEST_WISH = DAY
# A feed that fails for years is still asked once a week: some come back.
LONGEST_BACK_OFF = WEEK
# The first 410 may be a slip of a deployment; the second retires the feed.
CONFIRM_GONE = DAY
RETIRED_AT = 2
# What lies further ahead is a slip of the pen, and may be no date at all.
LONGEST_PACE = timedelta(days=366)
LATEST = datetime(9999, 1, 1, tzinfo=UTC)

# Two to the ninth is more than a week of half hours; more would only overflow.
_MOST_DOUBLINGS = 12.0
# Two looks for each entry expected: it is seen half its gap late at the most.
LOOKS_PER_ENTRY = 2
# A silent feed is asked less and less: four looks in the time that it has been silent.
LOOKS_PER_SILENCE = 4
# The share of an interval that chance may take off, so that feeds do not fall in step.
# Never added: a pass that comes each 15 minutes would miss a feed due each 15.
JITTER = 0.1
BACK_OFF_JITTER = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How often a feed is asked: at first, at the most, and at the least."""

    default: timedelta = timedelta(minutes=30)
    shortest: timedelta = timedelta(minutes=15)
    longest: timedelta = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """The facts that decide when a feed is polled again.

    ``own`` is the feed's ``poll`` from feeds.toml, ``fresh_for`` what the caching
    headers promise, ``until`` the moment of a Retry-After.
    """

    feed_id: str
    now: datetime
    outcome: Outcome
    standing: Standing
    bounds: Bounds
    own: timedelta | None = None
    fresh_for: timedelta | None = None
    until: datetime | None = None


def next_poll(ask: Ask) -> datetime:
    """Return when the feed is due again.

    A poll of feeds.toml goes before the feed's pace and its wishes, since a person
    wrote it; only a Retry-After and the back-off from failures go beyond it.
    """
    if OUTCOMES[ask.outcome].is_failure:
        at = after(ask.now, _back_off(ask))
    elif ask.own:
        at = after(ask.now, _sooner(min(ask.own, LONGEST_PACE), ask, JITTER))
    else:
        interval = max(_sooner(pace_interval(ask), ask, JITTER), _wished(ask))
        at = _out_of_hours(after(ask.now, interval), ask.standing.wishes)
    return max(at, ask.until) if ask.until else at


def pace_interval(ask: Ask) -> timedelta:
    """Return the time between polls that the feed's own pace asks for, within bounds."""
    pace, bounds = ask.standing.pace, ask.bounds
    if pace is None:
        return bounds.default
    silence = ask.now - (ask.standing.news_at or ask.now)
    interval = max(pace / LOOKS_PER_ENTRY, silence / LOOKS_PER_SILENCE)
    return min(max(interval, bounds.shortest), max(bounds.longest, bounds.shortest))


def _wished(ask: Ask) -> timedelta:
    """Return the longest of what headers and document ask for, a day at the most."""
    wishes, pace = ask.standing.wishes, ask.standing.pace
    # Many feeds claim "daily" and bring news every hour: the measured pace decides.
    is_belied = pace is not None and wishes.claim is not None and 2 * pace < wishes.claim
    asked = [ask.fresh_for, wishes.ttl, None if is_belied else wishes.claim]
    longest = max((wish for wish in asked if wish), default=timedelta())
    return min(longest, LONGEST_WISH)


def _out_of_hours(at: datetime, wishes: Wishes) -> datetime:
    """Move *at* on to an hour and day that the feed does not rule out, by a day at most."""
    for hours in range(25):
        moved = after(at, hours * HOUR)
        moved = moved.replace(minute=0, second=0, microsecond=0) if hours else at
        if moved.hour not in wishes.skip_hours and moved.weekday() not in wishes.skip_days:
            return moved
    return after(at, LONGEST_WISH)


def _back_off(ask: Ask) -> timedelta:
    """Return the wait after a failure: doubled for each point of the error score."""
    is_retired = ask.standing.gone_seen >= RETIRED_AT
    if is_retired or ask.outcome == "gone":
        wait = WEEK if is_retired else CONFIRM_GONE
        return max(wait, min(ask.own or wait, LONGEST_PACE))
    # A slow feed that failed is asked again soon: its entry may be the one of the week.
    own = min(ask.own, LONGEST_PACE) if ask.own else None
    base = own or min(pace_interval(ask), ask.bounds.default)
    doublings = min(ask.standing.error_score, _MOST_DOUBLINGS)
    wait = _sooner(min(base * 2**doublings, LONGEST_BACK_OFF), ask, BACK_OFF_JITTER)
    return max(wait, own) if own else wait


def _sooner(interval: timedelta, ask: Ask, share: float) -> timedelta:
    return interval * (1 - share * chance(ask.feed_id, ask.now))


def chance(feed_id: str, now: datetime) -> float:
    """Return a number from 0 to 1 that differs by feed and poll, and repeats itself."""
    digest = hashlib.blake2b(f"{feed_id} {now.isoformat()}".encode(), digest_size=4)
    return int.from_bytes(digest.digest(), "big") / 2**32


def after(now: datetime, span: timedelta) -> datetime:
    """Return *now* and *span*, or the last moment that we reckon with."""
    try:
        return min(now + span, LATEST)
    except OverflowError:
        return LATEST
