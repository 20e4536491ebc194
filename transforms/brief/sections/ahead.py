"""What headlines say is due in the week to come."""

from __future__ import annotations

from datetime import timedelta

from transforms.brief.desk import Desk
from transforms.brief.due import Due, due
from transforms.brief.model import Line, Section, Table, Text
from transforms.brief.values import Row, link

DAYS = 7


def next_week(desk: Desk) -> Section:
    """Listings, results, hearings and rules whose day a headline names."""
    found = [(when, row) for row in desk.rows("ahead") if (when := _ahead(desk, row))]
    found.sort(key=lambda pair: (pair[0].first, pair[0].last))
    table = Table(
        desk.word("caption.ahead"),
        desk.columns("due", "event", "alert", "source"),
        tuple(_row(desk, when, row) for when, row in found),
    )
    return Section(
        key="ahead",
        title=desk.word("section.ahead"),
        blocks=(desk.folded(table),) if found else (),
        notes=(desk.line("ahead.unchecked"),) if found else (),
        queries=desk.queries("ahead"),
    )


def _ahead(desk: Desk, row: Row) -> Due | None:
    published = desk.local_day(row.get("published_at"))
    when = due(str(row.get("said") or ""), published) if published else None
    start = desk.until.astimezone(desk.zone).date()
    if when and when.last >= start and when.first < start + timedelta(days=DAYS):
        return when
    return None


def _row(desk: Desk, when: Due, row: Row) -> tuple[Line, ...]:
    day = desk.day(when.first, form="date.short")
    return (
        (Text(day if when.first == when.last else desk.word("ahead.week", day=day)),),
        (Text(desk.label("due", row.get("kind"))),),
        (link(row.get("headline"), row.get("url")),),
        (Text(str(row.get("publisher") or ""), style="muted"),),
    )
