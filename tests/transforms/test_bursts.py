"""Days far above a subject's own level, on counts drawn with a fixed seed."""

from __future__ import annotations

import random
from datetime import date, timedelta
from math import exp

import pytest

from transforms.bursts import MIN_HISTORY, find_bursts, warming_up
from transforms.models import DayCount

FIRST = date(2026, 6, 1)  # a Monday
WEEK = (1.2, 1.2, 1.2, 1.2, 1.2, 0.5, 0.5)


def draw(rng, mean, dispersion):
    """Draw from a negative binomial: a Poisson count of a gamma level."""
    level = rng.gammavariate(1 / dispersion, mean * dispersion)
    count, product = 0, rng.random()
    while product > exp(-level):
        count, product = count + 1, product * rng.random()
    return count


def newsroom(seed, *, subjects=150, days=45, dispersion=0.2, planted=None):
    """Return counts of subjects at many levels, with a weekly rhythm and no bursts.

    *planted* adds stories to chosen (subject, day) pairs.
    """
    rng = random.Random(seed)
    levels = [exp(rng.gauss(-0.7, 1.0)) for _ in range(subjects)]
    return [
        day_count(
            f"s{subject}",
            day,
            draw(rng, level * WEEK[day % 7], dispersion)
            + (planted or {}).get((subject, day), 0),
        )
        for subject, level in enumerate(levels)
        for day in range(days)
    ]


def day_count(subject, day, stories, kind="company"):
    return DayCount(
        subject_id=subject, kind=kind, day=FIRST + timedelta(days=day), stories=stories
    )


def steady(subject, stories, days, kind="company"):
    return [day_count(subject, day, stories, kind) for day in range(days)]


def bursts_of(counts, until, **options):
    return find_bursts(
        counts, first_day=FIRST, until=FIRST + timedelta(days=until), **options
    )


def test_chance_alone_is_seldom_a_burst():
    """Where nothing happened, few days have any burst: the budget is one in twenty."""
    days_tested = days_flagged = 0
    for seed in range(6):
        bursts = bursts_of(newsroom(seed), 45)
        days_tested += 45 - MIN_HISTORY
        days_flagged += len({burst.day for burst in bursts})

    assert days_flagged / days_tested < 0.08


def test_planted_bursts_are_found():
    """Fifteen stories more than usual are found, whatever the weekday."""
    planted = {(subject, 16 + subject % 28): 15 for subject in range(0, 150, 10)}

    bursts = bursts_of(newsroom(11, planted=planted), 45)

    found = {(b.subject_id, (b.day - FIRST).days) for b in bursts}
    expected = {(f"s{subject}", day) for subject, day in planted}
    assert len(expected & found) >= len(expected) - 1
    assert len(found - expected) <= 2


def test_a_burst_says_what_was_seen_and_what_was_usual():
    """Observed is the day's count, expected the level, and q is at least p."""
    counts = steady("byd", 2, 30) + steady("nio", 2, 30) + [day_count("byd", 29, 18)]

    [burst] = bursts_of(counts, 30)

    assert (burst.subject_id, burst.kind) == ("byd", "company")
    assert burst.day == FIRST + timedelta(days=29)
    assert burst.observed == 20
    assert burst.expected == pytest.approx(2.0, abs=0.2)
    assert 0 < burst.p <= burst.q <= 0.05


def test_a_weekday_that_is_always_busy_is_no_burst():
    """Mondays with five times the stories are usual for Mondays, shared by all."""
    counts = [
        day_count(f"s{subject}", day, 10 if day % 7 == 0 else 2)
        for subject in range(20)
        for day in range(36)
    ]

    assert bursts_of(counts, 36) == []


def test_a_quiet_weekend_does_not_hide_a_weekend_burst():
    """What is ordinary on a Monday is a burst on a Sunday."""
    counts = [
        day_count(f"s{subject}", day, 1 if day % 7 in (5, 6) else 9)
        for subject in range(20)
        for day in range(35)
    ]
    counts.append(day_count("s3", 34, 8))

    assert [(b.subject_id, b.observed) for b in bursts_of(counts, 35)] == [("s3", 9)]


def test_two_weeks_of_history_come_first():
    """Before there are two of each weekday nothing is tested, and one can say so."""
    counts = [*steady("byd", 1, 14), day_count("byd", 13, 40), day_count("byd", 14, 40)]

    bursts = bursts_of(counts, 15)

    assert [burst.day for burst in bursts] == [FIRST + timedelta(days=14)]
    assert warming_up(first_day=FIRST, day=FIRST + timedelta(days=3)) == 11
    assert warming_up(first_day=FIRST, day=FIRST + timedelta(days=14)) == 0
    assert warming_up(first_day=None, day=FIRST) == MIN_HISTORY


def test_a_subject_never_seen_before_can_burst():
    """Many stories on a newcomer are a burst; one or two are below the minimum."""
    counts = [*steady("byd", 3, 30), day_count("newcomer", 29, 6)]
    few = [*steady("byd", 3, 30), day_count("newcomer", 29, 2)]

    assert [burst.subject_id for burst in bursts_of(counts, 30)] == ["newcomer"]
    assert bursts_of(few, 30) == []


def test_days_outside_the_window_are_ignored():
    """Counts before the first day or from `until` on neither help nor hurt."""
    inside = steady("byd", 2, 20)
    outside = [day_count("byd", -1, 500), day_count("byd", 20, 500)]

    assert bursts_of(inside + outside, 20) == bursts_of(inside, 20) == []


def test_an_outage_does_not_lower_the_level():
    """Days on which a busy pool saw nothing at all are left out of the level."""
    counts = [
        day_count(f"s{subject}", day, 4)
        for subject in range(30)
        for day in range(34)
        if not 20 <= day < 28
    ]

    assert bursts_of(counts, 34) == []


def test_too_many_days_without_data_mean_no_test():
    """After a long outage there is no level to compare with until two weeks are back."""
    counts = [
        day_count(f"s{subject}", day, 4 if day < 40 else 40)
        for subject in range(30)
        for day in (*range(5), *range(35, 42))
    ]

    assert bursts_of(counts, 42) == []


def test_a_lasting_rise_becomes_the_new_level():
    """A company that stays in the news is reported at first, not for ever."""
    counts = [day_count("byd", day, 3 if day < 28 else 14) for day in range(70)]
    counts += [c for subject in range(40) for c in steady(f"s{subject}", 3, 70)]

    days = [(burst.day - FIRST).days for burst in bursts_of(counts, 70)]

    assert days[0] == 28
    assert max(days) < 49


def test_companies_and_topics_are_two_families():
    """Busy topics do not set the rhythm of companies, and each kind keeps its own ids."""
    companies = [*steady("ai", 2, 30), day_count("ai", 29, 20)]
    topics = steady("ai", 30, 30, kind="topic")

    bursts = bursts_of(companies + topics, 30)

    assert [(burst.kind, burst.observed) for burst in bursts] == [("company", 22)]


def test_order_of_the_counts_does_not_matter():
    """The same counts in any order give the same bursts, most certain first."""
    counts = newsroom(3, subjects=40, days=30, planted={(4, 29): 30, (5, 29): 60})
    shuffled = random.Random(1).sample(counts, len(counts))

    bursts = bursts_of(counts, 30)

    assert bursts_of(shuffled, 30) == bursts
    last_day = [b.subject_id for b in bursts if b.day == FIRST + timedelta(days=29)]
    assert last_day[:2] == ["s5", "s4"]


def test_nothing_to_count_is_no_burst():
    """No counts, or an end before the beginning, give an empty list."""
    assert bursts_of([], 30) == []
    assert bursts_of(steady("byd", 2, 3), -5) == []
