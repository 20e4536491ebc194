"""Make a brief from the published file."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from flows.settings import Settings
from flows.steps.store import published
from flows.steps.trends.statistics import look_back
from transforms.brief import Brief, compose_brief, queries_of
from warehouse.runs import reporting_zone
from warehouse.trends import brief_data, today

Period = Literal["day", "week"]
DAYS = {"day": 1, "week": 7}


def make_brief(
    settings: Settings,
    *,
    now: datetime,
    period: Period = "day",
    last: date | None = None,
    as_of: datetime | None = None,
    until: datetime | None = None,
    language: str = "en",
) -> Brief:
    """Return the brief of the *period* up to *until*, or of whole days up to *last*.

    Without either it ends *now*. With *as_of* it is the brief that could have been written
    then.
    """
    with published(settings) as con:
        zone = reporting_zone(con)
        since, end = window(period, now=until or as_of or now, last=last, zone=zone)
        found = None
        if as_of is not None:
            first, final = (today(con, at) for at in (since, end - timedelta.resolution))
            found = look_back(
                con,
                since=first,
                until=final,
                as_of=as_of,
                false_alarms_a_week=settings.false_alarms_a_week,
            )
        answers = brief_data(
            con, queries_of(period), since=since, until=end, as_of=as_of, found=found
        )
    return compose_brief(
        answers,
        patience=settings.patience,
        period=period,
        since=since,
        until=end,
        as_of=as_of,
        now=now,
        language=language,
        zone=zone,
    )


def window(
    period: Period, *, now: datetime, last: date | None, zone: str
) -> tuple[datetime, datetime]:
    """Return start and end: 24 hours a day up to *now*, or whole days up to *last*.

    If *last* is not over, the period ends now.
    """
    days = timedelta(days=DAYS[period])
    if last is None:
        return now - days, now
    after = last + timedelta(days=1)
    return _midnight(after - days, zone), min(_midnight(after, zone), now)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
