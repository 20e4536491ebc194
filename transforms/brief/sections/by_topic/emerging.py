"""Words of the week that the weeks before did not use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from transforms.brief.draft import Draft, Heading
from transforms.brief.model import Section
from transforms.brief.tables import Columns, decimal, label, linked, number, table
from transforms.models import Query

SIX = timedelta(days=6)  # from a Monday to its Sunday


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRow:
    """A term far more used than before, with the newest article that has it."""

    week: date
    term: str
    language: str
    count: int
    z: float
    url: str | None


EMERGING = Query(
    name="brief.emerging",
    row=TermRow,
    relations=("emerging_terms", "article_days", "articles"),
)


COLUMNS: Columns[TermRow] = {
    "term": linked("term", "url", style="strong"),
    "language": label("language", "language"),
    "#count": number("count"),
    "#z.terms": decimal("z", ".1f"),
}


def section(draft: Draft) -> Section:
    """List the terms, the most surprising first."""
    caption, week = _caption(draft)
    terms = table(draft, caption, COLUMNS, draft.rows(EMERGING), day=week)
    return draft.section("emerging", terms)


def _caption(draft: Draft) -> tuple[str, str]:
    term = draft.first(EMERGING)
    if term is None:
        return "caption.emerging", ""
    # Terms are of a week of the calendar, which may go on behind the brief's last day.
    last = (draft.until - timedelta.resolution).astimezone(draft.zone).date()
    is_over = term.week + SIX <= last
    key = "caption.emerging.week" if is_over else "caption.emerging.so_far"
    return key, draft.day(term.week, form="date.short")


HEADING = Heading(key="emerging", write=section, queries=(EMERGING,), periods=("week",))
