"""Words of the week that the weeks before did not use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from transforms.brief.draft import Draft, Heading, link
from transforms.brief.model import Section, Table, Text
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


def section(draft: Draft) -> Section:
    """List the terms, the most surprising first."""
    rows = tuple(
        (
            (link(row.term, row.url, style="strong"),),
            (Text(draft.label("language", row.language)),),
            (Text(f"{row.count:,}"),),
            (Text(f"{row.z:.1f}"),),
        )
        for row in draft.rows(EMERGING)
    )
    columns = draft.columns("term", "language", "#count", "#z.terms")
    table = draft.folded(Table(_caption(draft), columns, rows))
    return Section(
        key="emerging",
        title=draft.word("section.emerging"),
        blocks=(table,) if rows else (),
        queries=draft.evidence("emerging"),
    )


def _caption(draft: Draft) -> str:
    term = draft.first(EMERGING)
    if term is None:
        return draft.word("caption.emerging")
    # Terms are of a week of the calendar, which may go on behind the brief's last day.
    last = (draft.until - timedelta.resolution).astimezone(draft.zone).date()
    is_over = term.week + SIX <= last
    key = "caption.emerging.week" if is_over else "caption.emerging.so_far"
    return draft.word(key, day=draft.day(term.week, form="date.short"))


HEADING = Heading(key="emerging", write=section, queries=(EMERGING,), periods=("week",))
