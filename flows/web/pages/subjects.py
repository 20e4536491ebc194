"""``/companies`` and ``/topics``: lists of all, by their recent stories."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from flows.web.page import Page, PageView, Reading
from transforms.models import Query
from transforms.pages import subject
from transforms.pages.rows import subjects as rows
from transforms.pages.words import DataTable

SubjectList = Literal["companies", "topics", "people"]


def companies_page(reading: Reading) -> PageView:
    """Return all companies, brands and bodies by stories of the last seven days."""
    return _list(reading, "companies", rows.COMPANIES_OF_LATE)


def topics_page(reading: Reading) -> PageView:
    """Return all topics and event types by stories of the last seven days."""
    return _list(reading, "topics", rows.TOPICS_OF_LATE)


def _list(
    reading: Reading, section: SubjectList, query: Query[rows.SubjectOfLate]
) -> PageView:
    words, kind = reading.words, reading.ask.text("kind")
    last = reading.day_of(reading.until)
    with reading.as_seen():
        found = reading.rows(query, last_day=last)
    shown = [row for row in found if not kind or row.kind == kind]
    return PageView(
        template="subjects.html.j2",
        title=words.word(f"nav.{section}"),
        section=section,
        given={
            "rows": shown,
            "first": last - timedelta(days=subject.WEEK - 1),
            "last": last,
            "kinds": subject.kind_links(words, section, [row.kind for row in found], kind),
            "sql": reading.sql(query, last_day=last),
            "query": dict(reading.ask.query),
            "newest": reading.until,
        },
        tables=(
            DataTable(
                name=section,
                rows=[subject.subject_record(words, section, row) for row in shown],
            ),
        ),
    )


PAGES = (
    Page(
        path="/companies",
        nav="companies",
        view=companies_page,
        known=frozenset({"kind", "as_of"}),
    ),
    Page(
        path="/topics",
        nav="topics",
        view=topics_page,
        known=frozenset({"kind", "as_of"}),
    ),
)
