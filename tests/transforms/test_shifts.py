"""Levels that change and stay, on series of our own making."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from transforms.models import DayCount
from transforms.trends.shifts import find_shifts

FIRST = date(2026, 6, 1)
DAYS = 182
DAY = timedelta(days=1)


def counts_of(series):
    return [
        DayCount(subject_id=subject, kind="company", day=FIRST + n * DAY, stories=stories)
        for subject, days in series.items()
        for n, stories in enumerate(days)
        if stories
    ]


def shifts_of(series, *, days=DAYS):
    return find_shifts(counts_of(series), first_day=FIRST, until=FIRST + days * DAY)


def steady(seed, level=3, days=DAYS):
    """Return counts that vary about a level, fewer at the weekend."""
    rng = random.Random(seed)
    return [
        sum(rng.random() < (0.3 if n % 7 > 4 else 0.5) for _ in range(2 * level))
        for n in range(days)
    ]


@pytest.fixture
def others():
    return {f"s{n}": steady(n) for n in range(20)}


def test_a_level_that_rose_and_stayed_is_found_with_its_day(others):
    """About as often since then, by how much, and how surely."""
    before, after = steady(91, 2, 100), steady(92, 5, DAYS - 100)

    [shift] = shifts_of(others | {"it": before + after})

    assert shift.subject_id == "it"
    assert abs((shift.since - FIRST).days - 100) <= 4
    assert shift.until == FIRST + (DAYS - 1) * DAY
    assert 1.9 < shift.ratio < 3.1
    assert shift.low < shift.ratio < shift.high
    assert shift.before == pytest.approx(sum(before) / 100 * 7, rel=0.15)
    assert shift.after > 2 * shift.before


def test_a_fall_is_a_shift_too(others):
    """Half of the coverage is less than half gone wrong."""
    [shift] = shifts_of(others | {"it": steady(91, 6, 110) + steady(92, 2, DAYS - 110)})

    assert 0.2 < shift.ratio < 0.6


def test_only_the_latest_shift_is_told(others):
    """Up and up again: measured against the level in between."""
    days = steady(90, 1, 60) + steady(91, 3, 60) + steady(92, 9, DAYS - 120)

    [shift] = shifts_of(others | {"it": days})

    assert abs((shift.since - FIRST).days - 120) <= 4
    assert 2 < shift.ratio < 4.2


def test_nothing_changes_nothing_is_found(others):
    """Chance alone is no shift."""
    assert shifts_of(others) == []


def test_a_burst_is_no_new_level(others):
    """Three days of uproar two weeks ago have gone, and so has their mean."""
    days = steady(91)
    days[DAYS - 14 : DAYS - 11] = [40, 40, 30]

    assert shifts_of(others | {"it": days}) == []


def test_what_moves_all_moves_none(others):
    """A holiday, a doubled list of sources or an outage of ours is no shift of anybody."""
    for factor in (0, 0.3, 2):
        moved = {
            subject: days[:120] + [round(factor * n) for n in days[120:]]
            for subject, days in others.items()
        }
        assert shifts_of(moved) == []


def test_a_fortnight_is_the_least(others):
    """A level of ten days may still be a burst; a history of seven weeks tells nothing."""
    it = {"it": steady(91, 2, DAYS - 10) + steady(92, 12, 10)}
    assert shifts_of(others | it) == []

    young = {subject: days[:49] for subject, days in others.items()}
    young["it"] = steady(91, 2, 25) + steady(92, 12, 24)
    assert shifts_of(young, days=49) == []


def test_a_time_in_which_hardly_anything_was_seen_tells_nothing(others):
    """One old article of a feed's archive is no level that has been left."""
    young = {subject: [0] * 90 + days[90:] for subject, days in others.items()}
    old = [0] * 20 + [1] + [0] * 69

    assert shifts_of(young | {"it": old + steady(91, 3, DAYS - 90)}) == []


def test_a_subject_told_of_for_the_first_time(others):
    """There is no rate to be a multiple of; half a story makes one."""
    [shift] = shifts_of(others | {"new": [0] * 140 + steady(92, 4, DAYS - 140)})

    assert shift.before == 0
    assert shift.ratio > 20


def test_order_of_counts_does_not_matter(others):
    """The same counts in any order give the same shifts, to the last digit."""
    counts = counts_of(others | {"it": steady(91, 2, 100) + steady(92, 5, DAYS - 100)})
    shuffled = random.Random(5).sample(counts, len(counts))
    span = {"first_day": FIRST, "until": FIRST + DAYS * DAY}

    assert find_shifts(shuffled, **span) == find_shifts(counts, **span)
    assert find_shifts([], **span) == []
