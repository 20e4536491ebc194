"""What rules watch besides articles, as the warehouse has it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from transforms.models import Burst, LevelShift
from warehouse.numbers.trends import (
    bursts,
    good_runs,
    healthy_feeds,
    replace_bursts,
    replace_level_shifts,
    shifts,
    silences,
)

TODAY = date(2026, 8, 4)
DAY = timedelta(days=1)


def burst(subject, day, kind="company"):
    return Burst(
        subject_id=subject, kind=kind, day=day, observed=8, expected=2.0, p=1e-6, q=1e-4
    )


def shift(subject, since, kind="company"):
    return LevelShift(
        subject_id=subject, kind=kind, since=since, until=TODAY, before=2.0, after=6.0,
        ratio=2.9, low=1.8, high=4.4, gain=20.0,
    )  # fmt: skip


@pytest.mark.parametrize(("ago", "is_found"), [(0, True), (1, True), (2, False)])
def test_bursts_of_some_days(warehouse, ago, is_found):
    """Those before are over."""
    day = TODAY - ago * DAY
    replace_bursts(warehouse, [burst("roborock", day)], since=day, until=day)

    found = [
        (row["subject_id"], row["day"]) for row in bursts(warehouse, TODAY - DAY, TODAY)
    ]

    assert found == ([("roborock", day)] if is_found else [])


def test_burst_shows_the_story_that_most_outlets_tell(warehouse, load):
    """Two outlets tell of the plant, one of the mop: the plant is what it is about."""
    told = (
        ("a1", "Roborock mop", "s1"),
        ("a2", "A plant", "s2"),
        ("a3", "The plant", "s2"),
    )
    load(
        warehouse,
        *(
            {
                "article_id": key,
                "title": title,
                "story_id": story,
                "publisher": key,
                "companies": ["roborock"],
            }
            for key, title, story in told
        ),
    )
    replace_bursts(warehouse, [burst("roborock", TODAY)], since=TODAY, until=TODAY)

    [row] = bursts(warehouse, TODAY, TODAY)

    assert (row["observed"], row["expected"]) == (8, 2.0)
    assert row["headline"] in ("A plant", "The plant")


@pytest.mark.parametrize(("ago", "is_found"), [(28, True), (29, False)])
def test_shifts_of_four_weeks_count(warehouse, ago, is_found):
    """What changed in spring is no news to a rule that was written today."""
    replace_level_shifts(warehouse, [shift("dji", TODAY - ago * DAY)])

    assert [row["subject_id"] for row in shifts(warehouse, TODAY)] == (
        ["dji"] if is_found else []
    )


def test_empty_warehouse_signals_nothing(warehouse):
    """Nothing began, and nothing fell silent."""
    assert bursts(warehouse, TODAY, TODAY) == shifts(warehouse, TODAY) == []
    assert silences(warehouse) == good_runs(warehouse) == []
    assert healthy_feeds(warehouse) == {}
