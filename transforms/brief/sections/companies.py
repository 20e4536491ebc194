"""Companies of a brief: all tracked ones, their bursts, and newcomers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from transforms.brief.draft import Draft, Heading, Headlines, headline, spark
from transforms.brief.model import Cell, Line, Section, Table, Text
from transforms.brief.tables import (
    Columns,
    cells,
    day,
    name,
    number,
    robust_z,
    small,
    table,
)
from transforms.models import BurstDay, CompanyName, Query, SubjectName
from transforms.words import change, level

# A company within one robust deviation of its own median is as it always is.
FOLD_WITHIN = 1.0
# Days before; of fewer the median is nothing to be far from.
FORTNIGHT = 14
SHOWN = {"day": 25, "week": 15}
TOPICS = 3
ENTRANTS_DAYS = 180  # a newcomer was in none of them


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyStories(CompanyName):
    """A company with stories in the period or the one before.

    ``days`` are the stories of the 29 days up to the end, oldest first; fields ``top_…``
    are headlines of its most covered story.
    """

    stories: int
    previous_stories: int
    days: tuple[int, ...]
    top_headline: str | None
    top_headline_en: str | None
    top_headline_zh: str | None
    top_url: str | None
    top_url_en: str | None
    top_url_zh: str | None
    topics: tuple[str, ...]

    @property
    def top(self) -> Headlines:
        """Headlines of its most covered story."""
        return Headlines(
            headline=self.top_headline,
            headline_en=self.top_headline_en,
            headline_zh=self.top_headline_zh,
            url=self.top_url,
            url_en=self.top_url_en,
            url_zh=self.top_url_zh,
        )


COMPANIES = Query(
    name="brief.companies",
    row=CompanyStories,
    relations=(
        "changes_between",
        "top_stories_between",
        "headlines_by",
        "company_topics_between",
        "companies",
        "sparks_between",
    ),
)


def companies_section(draft: Draft) -> Section:
    """List a row per company, busiest first; usual counts are folded away."""
    rows = sorted(draft.rows(COMPANIES), key=lambda row: -row.stories)
    columns = {
        **COLUMNS,
        **(DAY_COLUMN if draft.period == "day" else WEEK_COLUMN),
        **STORY_COLUMNS,
    }
    shown: list[tuple[Cell, ...]] = []
    rest: list[tuple[Cell, ...]] = []
    for row in rows:
        z = _z(draft, row)
        usual = z is not None and abs(z) <= FOLD_WITHIN
        fold = len(shown) >= SHOWN[draft.period] or (draft.period == "day" and usual)
        (rest if fold else shown).append(cells(draft, columns, row))
    fold_key = "fold.companies" if draft.period == "day" else "fold.rows"
    folded = draft.word(fold_key, n=len(rest)) if rest else ""
    caption, heads = draft.word("caption.companies"), draft.columns(*columns)
    table = Table(caption, heads, tuple(shown), tuple(rest), folded)
    if not rows:
        return draft.section("companies")
    return draft.section("companies", table, notes=(draft.line("companies.counts"),))


def _z(draft: Draft, row: CompanyStories) -> float | None:
    return robust_z(row.days) if draft.days_on_record >= FORTNIGHT else None


def _deviation(draft: Draft, row: CompanyStories) -> str:
    z = _z(draft, row)
    return "" if z is None else f"{z:+.1f}".replace("-", "−")


def _before(draft: Draft, row: CompanyStories) -> int | None:
    return row.previous_stories if draft.is_comparable else None


def _count(draft: Draft, row: CompanyStories) -> Line:
    count: Line = (Text(f"{row.stories:,}", style="strong"),)
    arrow = change(row.stories, _before(draft, row))
    return (*count, Text(f" {arrow}", style="muted")) if arrow else count


COLUMNS: Columns[CompanyStories] = {
    "company": name("company_id"),
    "#stories": _count,
    "days": lambda draft, row: spark(draft, row.days),
}

# z is of one day; over a week the count of the week before says more.
DAY_COLUMN: Columns[CompanyStories] = {"#z": _deviation}

WEEK_COLUMN: Columns[CompanyStories] = {
    "#before": lambda draft, row: "" if (n := _before(draft, row)) is None else f"{n:,}"
}

STORY_COLUMNS: Columns[CompanyStories] = {
    "top": lambda draft, row: headline(draft, row.top),
    # Names of topics have commas of their own.
    "topics": lambda draft, row: Text(
        draft.listed(row.topics[:TOPICS], between=" · "), style="muted"
    ),
}

COMPANIES_SECTION = Heading(key="companies", write=companies_section, queries=(COMPANIES,))


@dataclass(frozen=True, slots=True, kw_only=True)
class BurstRow(BurstDay, SubjectName, Headlines):
    """A day far above a subject's own level, with the most covered story."""

    story_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrant(CompanyName):
    """A company that no earlier day on record names."""

    first_seen: datetime
    stories: int
    days_on_record: int

    @property
    def is_of_short_record(self) -> bool:
        """Whether the record is too short to call a company new."""
        return self.days_on_record < ENTRANTS_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover(CompanyName):
    """A group's share of the news relative to the four periods before, as a ratio."""

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
    name="brief.entrants", row=Entrant, relations=("companies", "entrants_between")
)

# For who reads the brief by machine; what is printed compares with the period before.
MOVERS = Query(name="brief.movers", row=Mover, relations=("movers_between", "companies"))


def bursting(rows: Iterable[BurstRow]) -> frozenset[str]:
    """Return the companies with a burst, which ranks their stories higher."""
    return frozenset(row.subject_id for row in rows if row.kind == "company")


BURST_COLUMNS: Columns[BurstRow] = {
    "subject": name("subject_id"),
    "day": day("day"),
    "#observed": number("observed"),
    "#expected": lambda _draft, row: level(row.expected),
    "#q": lambda _draft, row: small(row.q),
    "top": headline,
}

ENTRANT_COLUMNS: Columns[Entrant] = {
    "company": name("company_id"),
    "first": day("first_seen"),
    "#stories": number("stories"),
}


def movers_section(draft: Draft) -> Section:
    """Place the table of bursts above that of newcomers."""
    bursts = sorted(draft.rows(BURSTS), key=lambda row: row.q)
    tables = (table(draft, "caption.bursts", BURST_COLUMNS, bursts), _entrants(draft))
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


MOVERS_SECTION = Heading(
    key="movers", write=movers_section, queries=(BURSTS, ENTRANTS, MOVERS)
)
