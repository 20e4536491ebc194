"""Shares of groups: of all company-stories, in each language, and by topic.

Companies are paired with regions here, too, and with one another.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import log2, sqrt
from operator import attrgetter

from transforms.brief.draft import Draft, Heading, Rows
from transforms.brief.model import (
    Bar,
    Block,
    Cell,
    Chart,
    Column,
    Mark,
    Section,
    Table,
    Text,
)
from transforms.brief.tables import (
    Columns,
    decimal,
    lift_chart,
    name,
    number,
    percent,
    span,
    table,
)
from transforms.grouping import grouped
from transforms.models import CompanyName, Query, WeekShare
from transforms.words import MIN_PERCENT

GROUPS = 8  # more colours than this cannot be told apart
MIN_TOLD = 20  # stories; below, one language by itself is no wonder
MIN_SIDE = 5  # stories in either language; a ratio over fewer swings with each of them
SIDE = 8  # bars at either end
# Half a story on each side, so that none against twenty is not infinite.
HALF = 0.5
MIN_CELL = 3  # stories; below, a cell is one editor's whim
BLANK = Mark("", 0.0, "heat")
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
class Share(CompanyName, WeekShare):
    """A group's share of the company-stories of seven days, with its 95 % interval."""

    stories: int
    share: float
    low: float
    high: float


Weeks = Mapping[date, Sequence[Share]]

SHARE = Query(name="brief.share", row=Share, relations=("share_every", "companies"))


def share_section(draft: Draft) -> Section:
    """Draw twelve weeks above the table of the last one."""
    weeks = shares(draft)
    rows = leaders(draft)
    total = _total(rows)
    blocks: tuple[Block, ...] = (_table(draft, rows, total),) if rows else ()
    drawn = {week: rows for week, rows in weeks.items() if _total(rows) >= MIN_PERCENT}
    if drawn:
        blocks = (_chart(draft, drawn, list(weeks)), *blocks)
    few = bool(rows) and total < MIN_PERCENT
    notes = [draft.line("share.few" if few else "share.counts")] if rows else []
    if drawn and len(drawn) < len(weeks) and not few:
        notes.append(draft.line("share.blank"))
    return draft.section("share", *blocks, notes=tuple(notes))


def shares(draft: Draft) -> Weeks:
    """Return the rows by week, up to the brief's own."""
    upto = (row for row in draft.rows(SHARE) if row.week <= draft.week)
    return dict(sorted(grouped(upto, attrgetter("week")).items()))


def leaders(draft: Draft) -> list[Share]:
    """Return the rows of the brief's own week, most stories first."""
    return sorted(shares(draft).get(draft.week, ()), key=lambda row: -row.stories)


def _printed(draft: Draft) -> Rows:
    drawn = [row for rows in shares(draft).values() for row in rows]
    return {"share": leaders(draft), "share_weeks": drawn}


def _total(rows: Sequence[Share]) -> int:
    return sum(row.stories for row in rows)


def _table(draft: Draft, rows: Sequence[Share], total: int) -> Table:
    columns: Columns[Share] = {
        "company": name("company_id"),
        "#stories": number("stories"),
        "#share": lambda _draft, row: percent(row.share * total, total),
        "#interval": lambda _draft, row: span(row.low, row.high, total),
    }
    week = draft.week_of(draft.week, form="date")
    return table(draft, "caption.share", columns, rows, show=GROUPS + 2, week=week)


def _chart(draft: Draft, drawn: Weeks, weeks: list[date]) -> Chart:
    stories: dict[str, int] = defaultdict(int)
    for rows in drawn.values():
        for row in rows:
            stories[draft.name(row.company_id)] += row.stories
    most = sorted(stories, key=lambda name: (-stories[name], name))[:GROUPS]
    other = draft.word("chart.other")
    bars = [bar for week in weeks for bar in _bars(draft, week, drawn, [*most, other])]
    series = tuple(most) + ((other,) if len(stories) > len(most) else ())
    return Chart(
        kind="share",
        title=draft.word("chart.share"),
        alt=_alt(draft, bars, len(drawn)),
        bars=tuple(bar for bar in bars if bar.series in series),
        series=series,
    )


def _bars(draft: Draft, week: date, drawn: Weeks, series: list[str]) -> list[Bar]:
    counts = dict.fromkeys(series, 0)
    parts = dict.fromkeys(series, 0.0)
    for row in drawn.get(week, ()):
        name = draft.name(row.company_id)
        name = name if name in series[:-1] else series[-1]
        counts[name] += row.stories
        parts[name] += row.share
    day = draft.day(week, form="date.short")
    return [Bar(day, name, parts[name], count) for name, count in counts.items()]


def _alt(draft: Draft, bars: list[Bar], weeks: int) -> str:
    drawn = [bar for bar in bars if bar.stories]
    last = sorted((b for b in drawn if b.bar == drawn[-1].bar), key=lambda b: -b.stories)
    named = draft.word("list.and").join(f"{b.series} {b.value:.0%}" for b in last[:4])
    return draft.word("chart.share.alt", weeks=weeks, leaders=named)


SHARE_SECTION = Heading(
    key="share", write=share_section, queries=(SHARE,), periods=("week",), printed=_printed
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLanguages(CompanyName):
    """Stories on a group, and on all groups, in English and in Chinese."""

    en: int
    zh: int
    all_en: int
    all_zh: int

    @property
    def ratio(self) -> float:
        """Log2 of the group's share in English over that in Chinese."""
        return log2((self.en + HALF) / self.all_en * self.all_zh / (self.zh + HALF))


LANGUAGES = Query(
    name="brief_week.languages",
    row=GroupLanguages,
    relations=("companies", "languages_between"),
    counts="no relation has a group's stories by language",
)

LANGUAGE_COLUMNS: Columns[GroupLanguages] = {
    "company": name("company_id"),
    "#en": number("en"),
    "#zh": number("zh"),
    "#ratio": lambda _draft, row: f"{2**row.ratio:.2f} ×",
}


def languages_section(draft: Draft) -> Section:
    """Draw both extremes above the table of all comparable groups."""
    rows = [
        row
        for row in draft.rows(LANGUAGES)
        if row.en + row.zh >= MIN_TOLD
        and min(row.en, row.zh) >= MIN_SIDE
        and min(row.all_en, row.all_zh) >= MIN_PERCENT
    ]
    rows.sort(key=lambda row: -row.ratio)
    ends = table(draft, "caption.languages", LANGUAGE_COLUMNS, rows, show=6)
    return draft.section(
        "languages",
        *((_language_chart(draft, rows), ends) if rows else ()),
        notes=(draft.line("languages.few"),) if rows else (),
    )


def _language_chart(draft: Draft, rows: list[GroupLanguages]) -> Chart:
    shown = rows if len(rows) <= 2 * SIDE else [*rows[:SIDE], *rows[-SIDE:]]
    bars = tuple(
        Bar(draft.name(row.company_id), "", row.ratio, row.en + row.zh) for row in shown
    )
    return lift_chart(draft, "languages", bars)


LANGUAGES_SECTION = Heading(
    key="languages", write=languages_section, queries=(LANGUAGES,), periods=("week",)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupTopic(CompanyName):
    """Stories of a group on a topic, and all stories of the group."""

    topic_id: str
    stories: int
    company_stories: int


Places = Mapping[tuple[str, str], GroupTopic]

MATRIX = Query(
    name="brief_week.matrix",
    row=GroupTopic,
    relations=("matrix_between", "companies"),
    counts="no relation has a group's stories by topic",
)


def matrix_section(draft: Draft) -> Section:
    """Cross topics with groups, the busiest first."""
    rows = [row for row in draft.rows(MATRIX) if row.stories >= MIN_CELL]
    groups = dict.fromkeys(row.company_id for row in rows)
    places = {(row.topic_id, row.company_id): row for row in rows}
    heads = (Column(draft.name(group), narrow=True) for group in groups)
    table = Table(
        draft.word("caption.matrix"),
        (*draft.columns("topic"), *heads),
        tuple(_row(draft, topic, groups, places) for topic in _widest(rows)),
    )
    notes = (draft.line("matrix.few"),) if rows else ()
    return draft.section("matrix", *((table,) if rows else ()), notes=notes)


def _widest(rows: Iterable[GroupTopic]) -> list[str]:
    counts: Counter[str] = Counter()
    for row in rows:
        counts[row.topic_id] += row.stories
    return sorted(counts, key=lambda topic: (-counts[topic], topic))


def _row(
    draft: Draft, topic: str, groups: Iterable[str], places: Places
) -> tuple[Cell, ...]:
    marks = (_heat(places.get((topic, group))) for group in groups)
    return ((Text(draft.name(topic), style="strong"),), *marks)


def _heat(row: GroupTopic | None) -> Mark:
    part = percent(row.stories, row.company_stories) if row else ""
    return Mark(part, row.stories / row.company_stories, "heat") if row and part else BLANK


MATRIX_SECTION = Heading(
    key="matrix", write=matrix_section, queries=(MATRIX,), periods=("week",)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination(CompanyName):
    """Stories on a company's expansion to a region."""

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
