"""Words of the week that the weeks before did not use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from transforms.brief.desk import Desk
from transforms.brief.heading import Heading
from transforms.brief.headlines import link
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


def section(desk: Desk) -> Section:
    """List the terms, the most surprising first."""
    rows = tuple(
        (
            (link(row.term, row.url, style="strong"),),
            (Text(desk.label("language", row.language)),),
            (Text(f"{row.count:,}"),),
            (Text(f"{row.z:.1f}"),),
        )
        for row in desk.rows(EMERGING)
    )
    columns = desk.columns("term", "language", "#count", "#z.terms")
    table = desk.folded(Table(_caption(desk), columns, rows))
    return Section(
        key="emerging",
        title=desk.word("section.emerging"),
        blocks=(table,) if rows else (),
        queries=desk.evidence("emerging"),
    )


def _caption(desk: Desk) -> str:
    term = desk.first(EMERGING)
    if term is None:
        return desk.word("caption.emerging")
    # Terms are of a week of the calendar, which may go on behind the brief's last day.
    last = (desk.until - timedelta.resolution).astimezone(desk.zone).date()
    is_over = term.week + SIX <= last
    key = "caption.emerging.week" if is_over else "caption.emerging.so_far"
    return desk.word(key, day=desk.day(term.week, form="date.short"))


HEADING = Heading(key="emerging", write=section, queries=(EMERGING,), periods=("week",))
