"""What headlines say is due in the week to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from transforms.brief.draft import Draft, Heading, link
from transforms.brief.model import Section, Text
from transforms.brief.tables import Columns, table
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
    return draft.section(
        "ahead",
        table(draft, "caption.ahead", COLUMNS, found),
        notes=(draft.line("ahead.unchecked"),) if found else (),
    )


def _ahead(draft: Draft, row: Announcement) -> Due | None:
    when = due(row.said, draft.local_day(row.published_at))
    start = draft.until.astimezone(draft.zone).date()
    if when and when.last >= start and when.first < start + timedelta(days=DAYS):
        return when
    return None


def _day(draft: Draft, announced: tuple[Due, Announcement]) -> str:
    when, _ = announced
    day = draft.day(when.first, form="date.short")
    return day if when.first == when.last else draft.word("ahead.week", day=day)


COLUMNS: Columns[tuple[Due, Announcement]] = {
    "due": _day,
    "event": lambda draft, announced: draft.label("due", announced[1].kind),
    "alert": lambda _draft, announced: link(announced[1].headline, announced[1].url),
    "source": lambda _draft, announced: Text(announced[1].publisher, style="muted"),
}


HEADING = Heading(key="ahead", write=section, queries=(AHEAD,), periods=("week",))
