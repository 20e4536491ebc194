"""``/companies`` and ``/topics``: lists of all, by their recent stories."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from flows.web.page import Page, PageView, Reading
from transforms.pages import subject
from transforms.pages.rows import subjects as rows
from transforms.pages.words import DataTable

SubjectList = Literal["companies", "topics"]


def companies_page(reading: Reading) -> PageView:
    """Return all companies, brands and bodies by stories of the last seven days."""
    until = reading.publication.as_of + timedelta.resolution
    companies = reading.rows(rows.COMPANIES_OF_LATE, until=until)
    return _list(reading, "companies", companies, until=until)


def topics_page(reading: Reading) -> PageView:
    """Return all topics and event types by stories of the last seven days."""
    until = reading.publication.as_of + timedelta.resolution
    topics = reading.rows(rows.TOPICS_OF_LATE, until=until)
    return _list(reading, "topics", topics, until=until)


def _list(
    reading: Reading,
    section: SubjectList,
    found: Sequence[Any],
    *,
    until: datetime,
) -> PageView:
    words = reading.words
    kind = reading.ask.text("kind")
    query = rows.COMPANIES_OF_LATE if section == "companies" else rows.TOPICS_OF_LATE
    shown = [row for row in found if not kind or row.kind == kind]
    return PageView(
        template="subjects.html.j2",
        title=words.word(f"nav.{section}"),
        section=section,
        given={
            "rows": subject.subject_rows(words, section, shown),
            "kinds": subject.kind_links(words, section, [row.kind for row in found], kind),
            "sql": reading.sql(query, until=until),
            "query": dict(reading.ask.query),
            "newest": reading.publication.as_of,
        },
        tables=(
            DataTable(
                name=section, rows=[subject.subject_record(words, row) for row in shown]
            ),
        ),
    )


PAGES = (
    Page(
        path="/companies", nav="companies", view=companies_page, known=frozenset({"kind"})
    ),
    Page(
        path="/topics",
        nav="topics",
        view=topics_page,
        known=frozenset({"kind"}),
    ),
)
