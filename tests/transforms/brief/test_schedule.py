"""When a scheduled brief is due, on clocks that change and clocks that stop."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from transforms.brief.compose import due_at
from transforms.models import ScheduledBrief

MINUTES = timedelta(minutes=15)


def brief(at, *, zone="Asia/Shanghai", weekday=None):
    period = "day" if weekday is None else "week"
    return ScheduledBrief(
        brief_id="b", period=period, at=time.fromisoformat(at), zone=zone, weekday=weekday
    )


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def told(made, start, end, every=MINUTES):
    """Return when a pipeline that looks every quarter of an hour tells *made*."""
    moments, last, now = [], None, utc(start)
    while now < utc(end):
        if due_at(made, told_at=last, now=now):
            last = now
            moments.append(f"{now:%m-%d %H:%M}")
        now += every
    return moments


def test_a_day_is_told_once_at_its_time():
    """Eight in Shanghai is midnight in UTC, whatever the machine's own zone."""
    assert told(brief("08:00"), "2026-11-20T00:15", "2026-11-23T00:00") == [
        "11-20 00:15",  # declared this morning, and not yet too late
        "11-21 00:00",
        "11-22 00:00",
    ]


def test_a_week_is_told_on_its_weekday():
    """Monday at eight, and on no other day."""
    weekly = brief("08:00", weekday=0)

    assert told(weekly, "2026-11-17T12:00", "2026-12-02T00:00") == [
        "11-23 00:00",
        "11-30 00:00",
    ]


@pytest.mark.parametrize(
    ("now", "is_due"),
    [
        ("2026-11-20T05:59", True),
        ("2026-11-20T06:00", True),
        ("2026-11-20T06:01", False),
        ("2026-11-19T23:59", False),
    ],
)
def test_six_hours_late_is_too_late(now, is_due):
    """Yesterday's morning brief at noon is no morning brief."""
    assert (due_at(brief("08:00"), told_at=None, now=utc(now)) is not None) is is_due


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]
)
@pytest.mark.parametrize("at", ["00:00", "01:30", "02:00", "02:30", "03:00", "23:59"])
def test_clocks_that_change_tell_each_day_once(zone, at):
    """An hour that is not there, or there twice, is told once: 365 days, 365 briefs.

    Asked every five minutes on the days around a change of clocks, on others seldom.
    """
    made = brief(at, zone=zone)
    days, last, now = [], None, utc("2026-01-01T12:00")
    while now < utc("2027-01-01T12:00"):
        if due := due_at(made, told_at=last, now=now):
            last = now
            days.append(due.astimezone(ZoneInfo(zone)).date())
        now += timedelta(minutes=5 if is_near_a_change(now, zone) else 50)

    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]
    assert 365 <= len(days) <= 366


def is_near_a_change(now, zone):
    """Whether clocks change within two days before or after."""
    before, after = (
        (now + days * timedelta(days=1)).astimezone(ZoneInfo(zone)).utcoffset()
        for days in (-2, 2)
    )
    return before != after


def test_an_hour_that_is_skipped_is_told_as_if_it_were_there():
    """On 29 March clocks in Berlin go from two to three."""
    made = brief("02:30", zone="Europe/Berlin")

    assert told(made, "2026-03-28T12:00", "2026-03-30T12:00") == [
        "03-29 01:30",
        "03-30 00:30",
    ]


def test_an_hour_that_comes_twice_is_told_at_its_first():
    """On 25 October the hour from two to three comes again an hour later."""
    made = brief("02:30", zone="Europe/Berlin")

    assert told(made, "2026-10-24T12:00", "2026-10-26T12:00") == [
        "10-25 00:30",
        "10-26 01:30",
    ]


def test_a_clock_set_back_tells_nothing_twice():
    """What was told in the future of this clock was told."""
    made = brief("08:00")

    assert (
        due_at(made, told_at=utc("2026-11-21T00:05"), now=utc("2026-11-20T00:10")) is None
    )
