"""Schedule of a feed: its next poll by its pace, its declared intervals and failures.

The pace is learned from the dates of entries and from our polls; wishes stand in the head
of the document (``ttl``, ``updatePeriod``, ``skipHours``).

Nothing here reads a clock or throws dice: the same poll always leads to the same
next one, so a replay repeats itself.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import exp, log
from statistics import median

from connectors.feeds.poll.outcomes import FAILURES
from transforms.models import Entry, Outcome, Standing, Wishes

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
LOOKS_PER_REACH = 2
# A silent feed is asked less and less: four looks in the time that it has been silent.
LOOKS_PER_SILENCE = 4
# The share of an interval that chance may take off, so that feeds do not fall in step.
# Never added: a pass that comes each 15 minutes would miss a feed due each 15.
JITTER = 0.1
BACK_OFF_JITTER = 0.25
# How much the latest gap says about the next one. In the logarithm of time: a night
# without news must not undo what a day taught.
_WEIGHT = 0.3
# A rhythm needs this many gaps; below that the feed keeps the pace of all.
_ENOUGH_GAPS = 4
# An archive tells the pace of years ago; the newest entries tell today's.
_NEWEST = 30
_SHORTEST = timedelta(minutes=1)
_LONGEST = timedelta(days=90)
MISSED = "entries were missed"
# The head of a document ends at its first item, and is short: the rest is not read.
HEAD = 16_384
_FIRST_ITEM = re.compile(rb"<(?:[\w-]+:)?(?:item|entry)[\s/>]", re.IGNORECASE)
_TTL = re.compile(rb"<ttl>\s*(\d{1,7})\s*</ttl>", re.IGNORECASE)
_PERIOD = re.compile(rb":updatePeriod>\s*+(?:<!\[CDATA\[)?\s*+(\w{4,8})", re.IGNORECASE)
_FREQUENCY = re.compile(
    rb":updateFrequency>\s*+(?:<!\[CDATA\[)?\s*+(\d{1,6})", re.IGNORECASE
)
_SKIP = re.compile(rb"<skip(Hours|Days)>(.{0,2000}?)</skip\1>", re.IGNORECASE | re.DOTALL)
_HOUR = re.compile(rb"<hour>\s*(\d{1,2})\s*<", re.IGNORECASE)
_DAY = re.compile(rb"<day>\s*(\w{6,9})\s*<", re.IGNORECASE)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PERIODS = {
    b"hourly": timedelta(hours=1),
    b"daily": timedelta(days=1),
    b"weekly": timedelta(days=7),
    b"monthly": timedelta(days=30),
    b"yearly": timedelta(days=365),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Intervals between polls: the default, the shortest and the longest."""

    default: timedelta = timedelta(minutes=30)
    shortest: timedelta = timedelta(minutes=15)
    longest: timedelta = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """The facts that decide the time of a feed's next poll.

    ``own`` is the feed's ``poll`` from feeds.toml, ``fresh_for`` what the caching
    headers promise, ``until`` the moment of a Retry-After; ``reach`` is how far back a
    document goes that was soon all new.
    """

    feed_id: str
    now: datetime
    outcome: Outcome
    standing: Standing
    bounds: Bounds
    own: timedelta | None = None
    fresh_for: timedelta | None = None
    until: datetime | None = None
    reach: timedelta | None = None


def next_poll(ask: Ask) -> datetime:
    """Return the time of the feed's next poll.

    A poll of feeds.toml goes before the feed's pace and its wishes, since a person
    wrote it; only a Retry-After and the back-off from failures go beyond it. A document
    that is soon all new is fetched twice in its reach, whoever wants to wait longer.
    """
    soon = LONGEST_PACE
    if ask.reach is not None:
        soon = max(ask.reach / LOOKS_PER_REACH, ask.bounds.shortest)
    if ask.outcome in FAILURES:
        at = after(ask.now, _back_off(ask))
    elif ask.own:
        at = after(ask.now, _sooner(min(ask.own, soon), ask, JITTER))
    else:
        interval = min(max(_sooner(pace_interval(ask), ask, JITTER), _wished(ask)), soon)
        at = _out_of_hours(after(ask.now, interval), ask.standing.wishes)
    return max(at, ask.until) if ask.until else at


def pace_interval(ask: Ask) -> timedelta:
    """Return the interval between polls by the feed's own pace, within bounds."""
    pace, bounds = ask.standing.pace, ask.bounds
    if pace is None:
        return bounds.default
    silence = ask.now - (ask.standing.news_at or ask.now)
    interval = max(pace / LOOKS_PER_ENTRY, silence / LOOKS_PER_SILENCE)
    return min(max(interval, bounds.shortest), max(bounds.longest, bounds.shortest))


def _wished(ask: Ask) -> timedelta:
    """Return the longest interval that headers and document ask for, a day at most."""
    wishes, pace = ask.standing.wishes, ask.standing.pace
    # Many feeds claim "daily" and bring news every hour: the measured pace decides.
    is_belied = pace is not None and wishes.claim is not None and 2 * pace < wishes.claim
    asked = [ask.fresh_for, wishes.ttl, None if is_belied else wishes.claim]
    return min(max((wish for wish in asked if wish), default=timedelta()), LONGEST_WISH)


def _out_of_hours(at: datetime, wishes: Wishes) -> datetime:
    """Move *at* past hours and days that the feed rules out, by a day at most."""
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
    """Return a pseudorandom number in [0, 1), fixed by feed and poll."""
    digest = hashlib.blake2b(f"{feed_id} {now.isoformat()}".encode(), digest_size=4)
    return int.from_bytes(digest.digest(), "big") / 2**32


def after(now: datetime, span: timedelta) -> datetime:
    """Return the moment *span* after *now*, ``LATEST`` at most."""
    try:
        return min(now + span, LATEST)
    except OverflowError:
        return LATEST


def learn(standing: Standing, entries: Sequence[Entry], now: datetime) -> Standing:
    """Return *standing* with the pace updated by the new *entries* of a poll.

    Edited and resurfacing entries bear old dates and teach nothing.
    """
    moments = sorted({_appeared(entry, now) for entry in entries})
    if not moments:
        return standing
    # A run under a pretended clock may have left a moment in the future: learn from now.
    if standing.news_at is None or standing.news_at > now:
        return replace(standing, pace=_first_pace(moments), news_at=moments[-1])
    fresh = [moment for moment in moments if moment > standing.news_at]
    if not fresh:
        return standing
    gap = _bounded((fresh[-1] - standing.news_at) / len(fresh))
    return replace(standing, pace=_smoothed(standing.pace, gap), news_at=fresh[-1])


def window_of(
    standing: Standing, entries: Sequence[Entry], total: int
) -> tuple[timedelta | None, str]:
    """Return how far back a document goes, and a sentence where entries were missed.

    Only of one that is new by more than half. Entries came and went where all of it is
    newer than what the one before ended with; how many, its own pace says.
    """
    found = (entry.published_at or entry.updated_at for entry in entries)
    moments = sorted(at for at in found if at)
    # Few of them, or dates that are all one, tell no pace.
    if len(moments) < max(_ENOUGH_GAPS, total // 2 + 1) or moments[0] == moments[-1]:
        return None, ""
    reach, before = moments[-1] - moments[0], standing.news_at
    gap = reach / (len(moments) - 1)
    if before is None or len(moments) < total or moments[0] - before <= gap:
        return reach, ""
    return reach, (
        f"{MISSED}: all {total} are newer than those of the poll before, which ended at "
        f"{before:%Y-%m-%d %H:%M} UTC; by the pace of these about "
        f"{(moments[0] - before) // gap:,} came between"
    )


def _appeared(entry: Entry, now: datetime) -> datetime:
    """Return the date of *entry*, or *now* where it has none or a future one."""
    at = entry.published_at or entry.updated_at
    return min(at, now) if at else now


def _first_pace(moments: Sequence[datetime]) -> timedelta | None:
    gaps = [later - earlier for earlier, later in pairwise(moments[-_NEWEST:])]
    if len(gaps) < _ENOUGH_GAPS:
        return None
    return _bounded(timedelta(seconds=median(gap.total_seconds() for gap in gaps)))


def _smoothed(pace: timedelta | None, gap: timedelta) -> timedelta:
    if pace is None:
        return gap
    before, latest = log(pace.total_seconds()), log(gap.total_seconds())
    return timedelta(seconds=round(exp((1 - _WEIGHT) * before + _WEIGHT * latest)))


def _bounded(gap: timedelta) -> timedelta:
    return min(max(gap, _SHORTEST), _LONGEST)


def wishes_in(body: bytes) -> Wishes:
    """Return the intervals and pauses in the head of an RSS, RDF or Atom document.

    Only ASCII markup is read, so that any encoding but UTF-16 will do.
    """
    head = body[:HEAD]
    first = _FIRST_ITEM.search(head)
    if first:
        head = head[: first.start()]
    if b"<ttl" not in head and b":update" not in head and b"<skip" not in head:
        return Wishes()
    skipped = {name.lower(): inner for name, inner in _SKIP.findall(head)}
    hours = {int(hour) % 24 for hour in _HOUR.findall(skipped.get(b"hours", b""))}
    named = {
        day.decode("ascii", "replace").lower()
        for day in _DAY.findall(skipped.get(b"days", b""))
    }
    days = tuple(number for number, name in enumerate(_DAYS) if name in named)
    found = _TTL.search(head)
    return Wishes(
        ttl=timedelta(minutes=int(found[1])) or None if found else None,
        claim=_claim(head),
        # Who rules out every hour or day has made a mistake.
        skip_hours=tuple(sorted(hours)) if len(hours) < 24 else (),  # noqa: PLR2004
        skip_days=days if len(days) < len(_DAYS) else (),
    )


def _claim(head: bytes) -> timedelta | None:
    period, frequency = _PERIOD.search(head), _FREQUENCY.search(head)
    span = _PERIODS.get(period[1].lower()) if period else None
    if span is None:
        return None
    return span / max(1, int(frequency[1]) if frequency else 1)
