"""Days far above a subject's own level, on counts drawn with a fixed seed."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from math import exp

import pytest
from bursts import calibrate

from transforms.bursts.find import MIN_HISTORY, find_bursts, share_so_far, usual_days
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


@pytest.mark.parametrize("budget", [1, 5])
def test_chance_alone_brings_what_the_budget_allows(budget):
    """Where nothing happened, there are as many bursts a week as were asked for."""
    alarms = [
        len(bursts_of(newsroom(seed), 45, false_alarms_a_week=budget)) for seed in range(8)
    ]

    expected = budget * 8 * (45 - MIN_HISTORY) / 7
    assert sum(alarms) == pytest.approx(expected, abs=2 * expected**0.5)


def test_small_p_values_are_as_frequent_as_they_say():
    """The calibration's expected and observed numbers agree within chance."""
    rows = calibrate(newsroom(5, days=60), first_day=FIRST, until=FIRST + timedelta(60))

    assert [row.threshold for row in rows] == [0.1, 0.01, 0.001]
    assert {row.tests for row in rows} == {150 * (60 - MIN_HISTORY)}
    for row in rows:
        assert 0 < row.expected <= row.threshold * row.tests
        assert row.observed == pytest.approx(row.expected, abs=3 * row.expected**0.5)


def test_the_budget_is_for_all_subjects_together():
    """Topics beside the companies do not double the false alarms."""
    companies, topics = newsroom(1), newsroom(2)
    topics = [replace(count, kind="topic") for count in topics]

    alone = bursts_of(companies, 45, false_alarms_a_week=7)
    both = bursts_of(companies + topics, 45, false_alarms_a_week=7)

    assert {burst.kind for burst in both} == {"company", "topic"}
    assert len(alone) == pytest.approx(45 - MIN_HISTORY, abs=12)
    assert len(both) == pytest.approx(45 - MIN_HISTORY, abs=12)


def test_planted_bursts_are_found():
    """Fifteen stories more than usual are found, whatever the weekday."""
    planted = {(subject, 16 + subject % 28): 15 for subject in range(0, 150, 10)}

    bursts = bursts_of(newsroom(11, planted=planted), 45)

    found = {(b.subject_id, (b.day - FIRST).days) for b in bursts}
    expected = {(f"s{subject}", day) for subject, day in planted}
    assert len(expected & found) >= len(expected) - 1
    assert len(found - expected) <= 16  # two a week, of chance


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
    others = [c for subject in range(20) for c in steady(f"s{subject}", 1, 15)]
    byd = [*steady("byd", 1, 15), day_count("byd", 13, 6), day_count("byd", 14, 40)]
    counts = [*others, *byd]

    bursts = bursts_of(counts, 15)

    assert [burst.day for burst in bursts] == [FIRST + timedelta(days=14)]


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


def press(first, days, share, *, subjects=120, seed=1, level=3.0):
    """Return counts from *first* on, a day's level times the share that *share* gives."""
    rng = random.Random(seed)
    return [
        DayCount(
            subject_id=f"s{subject}",
            kind="company",
            day=day,
            stories=draw(rng, level * WEEK[day.weekday()] * share(day, subject), 0.2),
        )
        for day in (first + timedelta(days=n) for n in range(days))
        for subject in range(subjects)
        if share(day, subject)
    ]


def alarms_between(counts, first, last):
    bursts = find_bursts(counts, first_day=counts[0].day, until=last + timedelta(days=1))
    return [burst for burst in bursts if burst.day >= first]


@pytest.mark.parametrize(
    ("lows", "after"),
    [
        pytest.param(
            [date(2026, 2, 16) + timedelta(days=n) for n in range(8)],
            date(2026, 2, 24),
            id="Spring Festival",
        ),
        pytest.param(
            [date(2026, 10, 1) + timedelta(days=n) for n in range(7)],
            date(2026, 10, 8),
            id="National Day",
        ),
        pytest.param(
            [date(2026, 11, 26), date(2026, 11, 27)],
            date(2026, 11, 28),
            id="Thanksgiving",
        ),
        pytest.param(
            [date(2026, 6, 1) + timedelta(days=n) for n in range(9)],
            date(2026, 6, 10),
            id="a low that no calendar knows",
        ),
    ],
)
def test_after_a_low_the_usual_is_no_burst(lows, after):
    """In the two weeks after, there are no more bursts than chance brings in two weeks."""
    first, last = after - timedelta(days=42), after + timedelta(days=13)
    alarms = [
        len(
            alarms_between(
                press(first, 56, lambda day, _: 0.3 if day in lows else 1.0, seed=seed),
                after,
                last,
            )
        )
        for seed in range(4)
    ]

    assert sum(alarms) <= 16 + 2 * 4


def test_a_holiday_learns_of_its_earlier_days():
    """By the sixth day of the festival, a low day is what is usual."""
    day = date(2026, 2, 21)
    counts = press(
        date(2026, 1, 5), 48, lambda d, _: 0.3 if date(2026, 2, 16) <= d <= day else 1.0
    )

    usual = usual_days(counts, first_day=date(2026, 1, 5), until=day + timedelta(days=1))

    means = usual["company", "s0"]
    assert means[MIN_HISTORY - 1] is None
    assert means[-1] < 0.7 * means[-8]  # both are Saturdays


def test_a_working_sunday_is_no_burst_of_everyone():
    """A Sunday on which the whole press works as on a Monday raises what is usual."""
    sunday = date(2026, 2, 15)
    counts = press(
        date(2026, 1, 5), 42, lambda d, _: 2.4 if d == sunday else 1.0, subjects=200
    )

    assert len(alarms_between(counts, sunday, sunday)) <= 3


def test_an_outage_of_a_source_raises_no_burst():
    """Neither while half of the press is silent, nor when it is back."""

    def share(day, subject):
        return 0.5 if subject % 2 and date(2026, 4, 10) <= day <= date(2026, 4, 16) else 1.0

    alarms = [
        len(
            alarms_between(
                press(date(2026, 3, 2), 60, share, seed=seed),
                date(2026, 4, 10),
                date(2026, 4, 30),
            )
        )
        for seed in range(4)
    ]

    assert sum(alarms) <= 4 * 6 + 2 * 5


def test_an_afternoon_is_compared_with_afternoons():
    """Half of a day's stories by half of the day is usual, three times as many burst."""
    counts = [
        day_count(f"s{subject}", day, 12 if day < 30 else 6)
        for subject in range(40)
        for day in range(31)
    ]
    burst = [*counts, day_count("s3", 30, 13)]

    assert bursts_of(burst, 31) == []
    assert bursts_of(counts, 31, so_far=0.5) == []
    [found] = bursts_of(burst, 31, so_far=0.5)
    assert (found.subject_id, found.observed) == ("s3", 19)
    assert found.expected == pytest.approx(6, abs=0.3)


def test_at_midnight_three_stories_are_no_burst_of_everyone():
    """Where nothing has usually come yet, what comes at once is not told for each."""
    counts = [
        day_count(f"s{subject}", day, 12 if day < 30 else 3)
        for subject in range(40)
        for day in range(31)
    ]

    assert bursts_of(counts, 31, so_far=0.0) == []


def test_share_so_far_follows_the_profile_of_the_day():
    """Most stories come in office hours; an hour that has begun counts in part."""
    office = [0] * 8 + [100] * 10 + [0] * 6

    assert share_so_far(office, 8) < 0.03
    assert share_so_far(office, 13) == pytest.approx(0.5, abs=0.02)
    assert share_so_far(office, 13.5) == pytest.approx(0.55, abs=0.02)
    assert share_so_far(office, 24) == 1.0


def test_share_so_far_of_an_unknown_day_is_the_part_that_is_over():
    """Without history news are taken to come around the clock."""
    assert share_so_far([0] * 24, 6) == pytest.approx(0.25)
    assert share_so_far([], 24) == 1.0
