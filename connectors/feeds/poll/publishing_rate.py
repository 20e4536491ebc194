"""How often a feed brings news: learned from its entries' dates and our polls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from math import exp, log
from statistics import median

from transforms.models import Entry, Standing

# How much the latest gap says about the next one. In the logarithm of time: a night
# without news must not undo what a day taught.
_WEIGHT = 0.3
# A rhythm needs this many gaps; below that the feed keeps the pace of all.
_ENOUGH_GAPS = 4
# An archive tells the pace of years ago; the newest entries tell today's.
_NEWEST = 30
_SHORTEST = timedelta(minutes=1)
_LONGEST = timedelta(days=90)


def learn(standing: Standing, entries: Sequence[Entry], now: datetime) -> Standing:
    """Return *standing* with what the new *entries* of a poll teach about the pace.

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


def _appeared(entry: Entry, now: datetime) -> datetime:
    """Return when *entry* came out; one without a date, or with a future one, now."""
    at = entry.published_at or entry.updated_at
    return min(at, now) if at else now


def _first_pace(moments: Sequence[datetime]) -> timedelta | None:
    newest = moments[-_NEWEST:]
    gaps = [later - earlier for earlier, later in pairwise(newest)]
    if len(gaps) < _ENOUGH_GAPS:
        return None
    return _bounded(_median(gaps))


def _median(gaps: Iterable[timedelta]) -> timedelta:
    return timedelta(seconds=median(gap.total_seconds() for gap in gaps))


def _smoothed(pace: timedelta | None, gap: timedelta) -> timedelta:
    if pace is None:
        return gap
    before, latest = log(pace.total_seconds()), log(gap.total_seconds())
    return timedelta(seconds=round(exp((1 - _WEIGHT) * before + _WEIGHT * latest)))


def _bounded(gap: timedelta) -> timedelta:
    return min(max(gap, _SHORTEST), _LONGEST)
