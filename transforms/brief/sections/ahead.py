"""What headlines say is due in the week to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from transforms.brief.draft import Draft, Heading, link
from transforms.brief.model import Line, Section, Table, Text
from transforms.headlines.due import Due, due
from transforms.models import Query

DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """A headline that names a day, in the words in which it does."""

    story_id: str
    kind: str
    said: str
    published_at: datetime
    headline: str
    url: str
    publisher: str
    publishers: int


AHEAD = Query(
    name="brief_week.ahead",
    row=Announcement,
    relations=("articles", "article_days", "headline_facts"),
    counts="the outlets of a headline put it in order",
)


def section(draft: Draft) -> Section:
    """Listings, results, hearings and rules whose day a headline names."""
    found = [(when, row) for row in draft.rows(AHEAD) if (when := _ahead(draft, row))]
    found.sort(key=lambda pair: (pair[0].first, pair[0].last))
    table = Table(
        draft.word("caption.ahead"),
        draft.columns("due", "event", "alert", "source"),
        tuple(_row(draft, when, row) for when, row in found),
    )
    return Section(
        key="ahead",
        title=draft.word("section.ahead"),
        blocks=(draft.folded(table),) if found else (),
        notes=(draft.line("ahead.unchecked"),) if found else (),
        queries=draft.evidence("ahead"),
    )


def _ahead(draft: Draft, row: Announcement) -> Due | None:
    when = due(row.said, draft.local_day(row.published_at))
    start = draft.until.astimezone(draft.zone).date()
    if when and when.last >= start and when.first < start + timedelta(days=DAYS):
        return when
    return None


def _row(draft: Draft, when: Due, row: Announcement) -> tuple[Line, ...]:
    day = draft.day(when.first, form="date.short")
    return (
        (Text(day if when.first == when.last else draft.word("ahead.week", day=day)),),
        (Text(draft.label("due", row.kind)),),
        (link(row.headline, row.url),),
        (Text(row.publisher, style="muted"),),
    )


HEADING = Heading(key="ahead", write=section, queries=(AHEAD,), periods=("week",))
