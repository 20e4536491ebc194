"""Where brands go, as far as headlines say it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import sqrt

from transforms.brief.draft import Draft, Heading
from transforms.brief.model import Column, Mark, Section, Table, Text
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Stories in which a company goes to a region."""

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


def section(draft: Draft) -> Section:
    """Set brands against regions, as dots of the size of their counts."""
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


HEADING = Heading(key="overseas", write=section, queries=(OVERSEAS,), periods=("week",))
