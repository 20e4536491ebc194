"""Bursts with their evidence, then companies that are new to the coverage."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from transforms.brief.draft import Draft, Heading, Headlines
from transforms.brief.measures import level, small
from transforms.brief.model import Section, Table
from transforms.brief.tables import Columns, day, name, number, table, told
from transforms.models import Query

ENTRANTS_DAYS = 180  # a newcomer was in none of them


@dataclass(frozen=True, slots=True, kw_only=True)
class BurstRow(Headlines):
    """A day far above a subject's own level, with the story most widely told."""

    subject_id: str
    kind: str
    name: str
    name_zh: str
    day: date
    observed: int
    expected: float
    p: float
    q: float
    story_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrant:
    """A company named on none of the days before that are on record."""

    company_id: str
    name: str
    name_zh: str
    first_seen: datetime
    stories: int
    days_on_record: int

    @property
    def is_of_short_record(self) -> bool:
        """Whether fewer days are on record than a newcomer should be new to."""
        return self.days_on_record < ENTRANTS_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover:
    """A group's part of the news beside that of the four periods before, as a ratio."""

    company_id: str
    name: str
    name_zh: str
    stories: int
    previous: int
    usual: float
    expected: float
    ratio: float
    low: float
    high: float
    state: str


BURSTS = Query(
    name="brief.bursts",
    row=BurstRow,
    relations=("bursts_between", "top_stories_every", "headlines_by"),
)
ENTRANTS = Query(
    name="brief.entrants",
    row=Entrant,
    relations=("companies", "entrants_between"),
)
# For who reads the brief by machine; what is printed compares with the period before.
MOVERS = Query(name="brief.movers", row=Mover, relations=("movers_between", "companies"))


def bursting(rows: Iterable[BurstRow]) -> frozenset[str]:
    """Return the companies that burst: their stories lead sooner."""
    return frozenset(row.subject_id for row in rows if row.kind == "company")


BURST_COLUMNS: Columns[BurstRow] = {
    "subject": name("subject_id"),
    "day": day("day"),
    "#observed": number("observed"),
    "#expected": lambda _draft, row: level(row.expected),
    "#q": lambda _draft, row: small(row.q),
    "top": told,
}
ENTRANT_COLUMNS: Columns[Entrant] = {
    "company": name("company_id"),
    "first": day("first_seen"),
    "#stories": number("stories"),
}


def section(draft: Draft) -> Section:
    """Put the table of bursts above that of newcomers."""
    bursts = sorted(draft.rows(BURSTS), key=lambda row: row.q)
    tables = (
        table(draft, "caption.bursts", BURST_COLUMNS, bursts),
        _entrants(draft),
    )
    return draft.section(
        "movers",
        *tables,
        notes=(draft.warming,) if any(t.rows for t in tables) and not draft.is_warm else (),
        # Of an earlier moment bursts are computed anew, from hours and stories as well.
        evidence=("bursts", "hours", "burst_stories", "entrants"),
    )


def _entrants(draft: Draft) -> Table:
    newcomer = draft.first(ENTRANTS)
    days = newcomer.days_on_record if newcomer else ENTRANTS_DAYS
    is_young = newcomer is not None and newcomer.is_of_short_record
    caption = "caption.entrants.young" if is_young else "caption.entrants"
    return table(draft, caption, ENTRANT_COLUMNS, draft.rows(ENTRANTS), days=days)


HEADING = Heading(key="movers", write=section, queries=(BURSTS, ENTRANTS, MOVERS))
