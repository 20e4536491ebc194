"""The title of a brief: what its window is, and no number that it does not have."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from transforms.brief.desk import Desk

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
WEEK = 7


def title(desk: Desk) -> str:
    """Return the title of the window: a day, a numbered week, or so many hours or days."""
    # By the clock on the wall: a day on which clocks change is a day all the same.
    since, until = _wall(desk, desk.since), _wall(desk, desk.until)
    last = (until - timedelta.resolution).date()
    if desk.period == "day":
        return _of_day(desk, since, until, last)
    return _of_week(desk, since, until, last)


def _of_day(desk: Desk, since: datetime, until: datetime, last: date) -> str:
    clock = f"{until:%H:%M}"
    if since != datetime.combine(last, time()):
        hours = round((desk.until - desk.since) / HOUR)
        return desk.word("title.hours", n=hours, last=desk.day(last), clock=clock)
    weekday = desk.word("weekdays").split()[last.weekday()]
    day = desk.word("day.long", weekday=weekday, date=desk.day(last))
    key = "title.day" if until - since == DAY else "title.day.part"
    return desk.word(key, day=day, clock=clock)


def _of_week(desk: Desk, since: datetime, until: datetime, last: date) -> str:
    monday = datetime.combine(last - last.weekday() * DAY, time())
    if (since, until) != (monday, monday + WEEK * DAY):
        days = -((since - until) // DAY)
        return desk.word("title.days", n=days, last=desk.day(last))
    year, week, _ = last.isocalendar()
    # "16 to 22 Nov": a month that both ends share is said once.
    in_one = since.month == last.month
    return desk.word(
        "title.week",
        week=week,
        year=year,
        first=desk.day(since.date(), form="date.day" if in_one else "date.short"),
        last=desk.day(last, form="date.last" if in_one else "date.short"),
    )


def _wall(desk: Desk, at: datetime) -> datetime:
    return at.astimezone(desk.zone).replace(tzinfo=None)
