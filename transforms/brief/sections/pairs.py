"""Companies paired with regions, and with one another."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import sqrt

from transforms.brief.draft import Draft, Heading
from transforms.brief.model import Column, Mark, Section, Table, Text
from transforms.brief.tables import (
    Columns,
    decimal,
    number,
    table,
)
from transforms.models import Query

BRANDS = 12
MANY = 5  # stories; where no cell has more, no dot is of the full size
REGIONS = (
    "europe",
    "north_america",
    "latin_america",
    "south_east_asia",
    "asia_pacific",
    "middle_east",
    "africa",
)
PAIRS = 30
MIN_PAIR = 3  # stories; below, two companies met by chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Stories on a company's expansion to a region."""

    company_id: str
    name: str
    name_zh: str
    region: str
    stories: int


OVERSEAS = Query(
    name="brief_week.overseas",
    row=Destination,
    relations=(
        "topic_coverage",
        "headline_facts",
        "topics_on",
        "company_coverage",
        "companies",
    ),
    counts="no relation has a company's stories by region",
)


def overseas_section(draft: Draft) -> Section:
    """Cross brands with regions, as dots sized by their counts."""
    rows = [row for row in draft.rows(OVERSEAS) if row.region in REGIONS]
    counts: Counter[tuple[str, str]] = Counter()
    brands: Counter[str] = Counter()
    for row in rows:
        counts[row.company_id, row.region] += row.stories
        brands[row.company_id] += row.stories
    regions = [r for r in REGIONS if any(row.region == r for row in rows)]
    high = max(counts.values(), default=0)
    table = Table(
        draft.word("caption.overseas"),
        (
            *draft.columns("company"),
            *(Column(draft.label("region", r), narrow=True) for r in regions),
        ),
        tuple(
            (
                (Text(draft.name(brand), style="strong"),),
                *(_dot(counts[brand, region], high) for region in regions),
            )
            for brand in sorted(brands, key=lambda brand: (-brands[brand], brand))
        ),
    )
    return draft.section("overseas", draft.folded(table, show=BRANDS))


def _dot(stories: int, high: int) -> Mark:
    # The eye compares areas, so the width goes with the root.
    level = sqrt(stories / max(high, MANY))
    return Mark(f"{stories:,}" if stories else "", level, "dot")


OVERSEAS_SECTION = Heading(
    key="overseas", write=overseas_section, queries=(OVERSEAS,), periods=("week",)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two companies of different groups named together in stories of 28 days."""

    company_a: str
    name_a: str
    company_b: str
    name_b: str
    stories: int
    npmi: float


CO_MENTIONS = Query(
    name="brief.co_mentions", row=Pair, relations=("pairs_between", "companies")
)

COLUMNS: Columns[Pair] = {
    "pair": lambda draft, row: f"{draft.name(row.company_a)} · {draft.name(row.company_b)}",
    "#stories": number("stories"),
    "#npmi": decimal("npmi", ".2f"),
}


def co_mentions_section(draft: Draft) -> Section:
    """List the pairs with the most stories."""
    pairs = [row for row in draft.rows(CO_MENTIONS) if row.stories >= MIN_PAIR]
    return draft.section(
        "co_mentions", table(draft, "caption.pairs", COLUMNS, pairs[:PAIRS])
    )


CO_MENTIONS_SECTION = Heading(
    key="co_mentions", write=co_mentions_section, queries=(CO_MENTIONS,), periods=("week",)
)
