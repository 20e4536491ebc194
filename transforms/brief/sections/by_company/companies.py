"""The table of tracked companies."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.brief.draft import Draft, Heading, Headlines, headline, spark
from transforms.brief.measures import change, robust_z
from transforms.brief.model import Line, Section, Spark, Table, Text
from transforms.models import Query

# A company within one robust deviation of its own median is as it always is.
FOLD_WITHIN = 1.0
# Days before; of fewer the median is nothing to be far from.
FORTNIGHT = 14
SHOWN = {"day": 25, "week": 15}
TOPICS = 3

Cells = tuple[Line | Spark, ...]


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
    shown: list[Cells] = []
    rest: list[Cells] = []
    for row in rows:
        z = robust_z(row.days) if draft.days_on_record >= FORTNIGHT else None
        usual = z is not None and abs(z) <= FOLD_WITHIN
        fold = len(shown) >= SHOWN[draft.period] or (draft.period == "day" and usual)
        (rest if fold else shown).append(_cells(draft, row, z))
    fold_key = "fold.companies" if draft.period == "day" else "fold.rows"
    table = Table(
        draft.word("caption.companies"),
        draft.columns("company", "#stories", "days", *_compared(draft), "top", "topics"),
        tuple(shown),
        tuple(rest),
        draft.word(fold_key, n=len(rest)) if rest else "",
    )
    return Section(
        key="companies",
        title=draft.word("section.companies"),
        blocks=(table,) if rows else (),
        queries=draft.evidence("companies"),
    )


def _compared(draft: Draft) -> tuple[str, ...]:
    # z is of one day; over a week the count of the week before says more.
    return ("#z",) if draft.period == "day" else ("#before",)


def _cells(draft: Draft, row: CompanyStories, z: float | None) -> Cells:
    before = row.previous_stories if draft.is_comparable else None
    arrow = change(row.stories, before)
    compared = "" if z is None else f"{z:+.1f}".replace("-", "−")
    if draft.period == "week":
        compared = "" if before is None else f"{before:,}"
    count: Line = (Text(f"{row.stories:,}", style="strong"),)
    if arrow:
        count += (Text(f" {arrow}", style="muted"),)
    # Names of topics have commas of their own.
    topics = draft.listed(row.topics[:TOPICS], between=" · ")
    return (
        (Text(draft.name(row.company_id), style="strong"),),
        count,
        spark(draft, row.days),
        (Text(compared),),
        (headline(draft, row.top),),
        (Text(topics, style="muted"),),
    )


HEADING = Heading(key="companies", write=section, queries=(COMPANIES,))
