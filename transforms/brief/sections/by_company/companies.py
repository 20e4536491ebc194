"""The table of tracked companies."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.brief.draft import Draft, Heading, Headlines, headline, spark
from transforms.brief.measures import change, robust_z
from transforms.brief.model import Cell, Line, Section, Table, Text
from transforms.brief.tables import Columns, cells, name
from transforms.models import Query

# A company within one robust deviation of its own median is as it always is.
FOLD_WITHIN = 1.0
# Days before; of fewer the median is nothing to be far from.
FORTNIGHT = 14
SHOWN = {"day": 25, "week": 15}
TOPICS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyStories:
    """A company with stories in the period or the one before.

    ``days`` are the stories of the 29 days up to the end, oldest first; ``top_`` is what
    its most widely told story is called.
    """

    company_id: str
    name: str
    name_zh: str
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
        """The headlines of its most widely told story."""
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


def section(draft: Draft) -> Section:
    """A row a company, the busiest first; what is as usual is folded away."""
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
    return draft.section("companies", *((table,) if rows else ()))


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


def _topics(draft: Draft, row: CompanyStories) -> Text:
    # Names of topics have commas of their own.
    return Text(draft.listed(row.topics[:TOPICS], between=" · "), style="muted")


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
    "topics": _topics,
}


HEADING = Heading(key="companies", write=section, queries=(COMPANIES,))
