"""Wording of headlines on companies: frames, regions, co-mentions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import sqrt

from transforms.brief.draft import Draft, Heading
from transforms.brief.model import Bar, Block, Chart, Column, Mark, Section, Table, Text
from transforms.brief.tables import (
    FIRM,
    Columns,
    day,
    decimal,
    interval,
    label,
    number,
    part,
    percent,
    table,
)
from transforms.models import Query
from transforms.words import MIN_PERCENT

MONTHS = 6
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
class Month:
    """Stories of a month with leader wording, and with follower wording."""

    month: date
    leader: int
    follower: int

    @property
    def worded(self) -> int:
        """Stories with either wording."""
        return self.leader + self.follower


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameRow:
    """Number of stories with each of two opposite wordings in one language."""

    frame_id: str
    language: str
    left_name: str
    left_name_zh: str
    right_name: str
    right_name_zh: str
    left_stories: int
    either_stories: int
    low: float
    high: float


WORDING = Query(name="brief_week.wording", row=Month, relations=("wording_between",))

FRAMES = Query(
    name="brief_week.frames", row=FrameRow, relations=("frames_between", "frames")
)


def wording_section(draft: Draft) -> Section:
    """Draw the share of leaders above its months and the other frames."""
    months = {
        row.month: row
        for row in sorted(draft.rows(WORDING), key=lambda row: row.month, reverse=True)
    }
    firm = {day: row for day, row in months.items() if row.worded >= MIN_PERCENT}
    worded = table(draft, "caption.wording", MONTH_COLUMNS, months.values(), show=MONTHS)
    blocks: tuple[Block, ...] = (worded,) if firm else ()
    if len(firm) > 1:
        blocks = (_chart(draft, firm), *blocks)
    pairs = [row for row in draft.rows(FRAMES) if row.either_stories >= MIN_PERCENT]
    return draft.section(
        "wording",
        *blocks,
        table(draft, "caption.frames", PAIR_COLUMNS, pairs, show=len(pairs)),
        notes=(draft.line("wording.few", n=FIRM, least=MIN_PERCENT),) if firm else (),
        evidence=("wording", "frames"),
    )


def _pair(draft: Draft, row: FrameRow) -> Text:
    left, right = row.left_name, row.right_name
    if draft.language == "zh":
        left, right = row.left_name_zh, row.right_name_zh
    return Text(draft.word("wording.pair", left=left, right=right), style="strong")


def _leaders(_draft: Draft, row: Month) -> Text:
    share = percent(row.leader, row.worded)
    return Text(share, style="muted" if row.worded < FIRM else "")


MONTH_COLUMNS: Columns[Month] = {
    "month": day("month", form="date.month"),
    "#leader": number("leader"),
    "#follower": number("follower"),
    "#leader.share": _leaders,
}

PAIR_COLUMNS: Columns[FrameRow] = {
    "wording": _pair,
    "language": label("language", "language"),
    "#of.first": number("left_stories"),
    "#of.second": lambda _draft, row: f"{row.either_stories - row.left_stories:,}",
    "#share.first": part("left_stories", "either_stories"),
    "#interval": interval("either_stories"),
}


def _chart(draft: Draft, firm: Mapping[date, Month]) -> Chart:
    first, last = min(firm), max(firm)
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    start = first.year * 12 + first.month - 1
    months = [date((start + n) // 12, (start + n) % 12 + 1, 1) for n in range(count)]
    bars = tuple(
        Bar(draft.day(day, form="date.month"), "", row.leader / row.worded, row.worded)
        for day, row in sorted(firm.items())
    )
    return Chart(
        kind="wording",
        title=draft.word("chart.wording"),
        alt=draft.word(
            "chart.wording.alt",
            month=bars[-1].bar,
            share=f"{bars[-1].value:.0%}",
            n=bars[-1].stories,
        ),
        bars=bars,
        positions=tuple(draft.day(day, form="date.month") for day in months),
    )


WORDING_SECTION = Heading(
    key="wording", write=wording_section, queries=(WORDING, FRAMES), periods=("week",)
)


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
