"""Holidays of two countries, by rule and by the moon."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from transforms.bursts.usual import holidays


def days_of(name, year):
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
    return [day for day in days if day.year == year and name in holidays(day)]


@pytest.mark.parametrize(
    ("day", "name"),
    [
        pytest.param(date(2026, 2, 16), "spring-festival", id="the eve"),
        pytest.param(date(2026, 2, 23), "spring-festival", id="the seventh day"),
        pytest.param(date(2025, 10, 6), "mid-autumn", id="inside the national holiday"),
        pytest.param(date(2025, 10, 6), "national-day", id="two at a time"),
        pytest.param(date(2026, 4, 5), "qingming", id="by the sun"),
        pytest.param(date(2024, 4, 4), "qingming", id="a day earlier in leap years"),
        pytest.param(date(2026, 11, 26), "thanksgiving", id="the fourth Thursday"),
        pytest.param(date(2026, 11, 27), "thanksgiving", id="and its Friday"),
        pytest.param(date(2026, 5, 25), "us-holiday", id="the last Monday of May"),
        pytest.param(date(2026, 1, 19), "us-holiday", id="the third Monday of January"),
        pytest.param(date(2026, 7, 3), "us-holiday", id="a Saturday is observed on Friday"),
        pytest.param(date(2027, 7, 5), "us-holiday", id="a Sunday is observed on Monday"),
        pytest.param(date(2026, 11, 11), "shopping", id="Double 11"),
        pytest.param(date(2026, 6, 18), "shopping", id="618"),
    ],
)
def test_day(day, name):
    """A holiday is found on each of its days."""
    assert name in holidays(day)


def test_most_days_are_none():
    """Three hundred days and more of a year are like any other."""
    days = (date(2026, 1, 1) + timedelta(days=n) for n in range(365))

    assert sum(not holidays(day) for day in days) > 315
    assert holidays(date(2026, 10, 8)) == holidays(date(2026, 2, 24)) == ()


@pytest.mark.parametrize("year", range(2020, 2036))
def test_every_year_of_the_table_has_a_spring_festival(year):
    """It lies between 21 January and 20 February, and lasts from the eve for eight days."""
    days = days_of("spring-festival", year)

    assert len(days) == 8
    assert date(year, 1, 21) <= days[1] <= date(year, 2, 20)


def test_beyond_the_table_the_rules_still_hold():
    """Where the moon's dates are not known, the others are."""
    assert days_of("spring-festival", 2050) == []
    assert len(days_of("national-day", 2050)) == 7
    assert len(days_of("us-holiday", 2050)) == 8
