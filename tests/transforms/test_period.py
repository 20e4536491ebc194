"""Which days of the calendar stand for a period of hours."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from transforms.dates.zones import days_of

WEEK = timedelta(days=7)


@pytest.mark.parametrize(
    ("since", "until", "first", "after"),
    [
        pytest.param("2026-08-03 00:00", "2026-08-10 00:00", 3, 10, id="a week"),
        pytest.param("2026-08-03 00:00", "2026-08-09 12:00", 3, 10, id="not over"),
        pytest.param("2026-08-03 09:00", "2026-08-10 09:00", 3, 10, id="to a morning"),
        pytest.param("2026-07-31 20:00", "2026-08-07 20:00", 1, 8, id="to an evening"),
        pytest.param("2026-08-09 00:00", "2026-08-10 00:00", 9, 10, id="a day"),
        pytest.param("2026-08-09 00:00", "2026-08-09 00:20", 9, 10, id="just begun"),
        pytest.param("2026-08-08 09:00", "2026-08-09 09:00", 8, 9, id="24 hours"),
    ],
)
def test_days_stand_for_hours(since, until, first, after):
    """As many as there are hours for, from the nearest midnight on."""
    zone = ZoneInfo("Asia/Shanghai")
    moments = (datetime.fromisoformat(text).replace(tzinfo=zone) for text in (since, until))

    assert days_of(*moments, zone) == (date(2026, 8, first), date(2026, 8, after))


@pytest.mark.parametrize("monday", [date(2026, 3, 23), date(2026, 10, 19)])
def test_a_week_has_seven_days_when_clocks_change(monday):
    """One of its days has 23 hours, or 25."""
    zone = ZoneInfo("Europe/Paris")
    since = datetime(monday.year, monday.month, monday.day, tzinfo=zone)

    assert days_of(since, since + WEEK, zone) == (monday, monday + WEEK)
