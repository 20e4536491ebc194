"""Each group's share of all company-stories, by week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from transforms.brief.draft import Draft, Heading, Rows
from transforms.brief.measures import MIN_PERCENT, percent, span
from transforms.brief.model import Bar, Block, Chart, Section, Table
from transforms.brief.tables import Columns, name, number, table
from transforms.models import Query

GROUPS = 8  # more colours than this cannot be told apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A group's part of the company-stories of seven days, with its 95 % interval."""

    week: date
    company_id: str
    name: str
    name_zh: str
    stories: int
    share: float
    low: float
    high: float


Weeks = Mapping[date, Sequence[Share]]
SHARE = Query(name="brief.share", row=Share, relations=("share_every", "companies"))


def section(draft: Draft) -> Section:
    """Draw twelve weeks above the table of the last."""
    weeks = shares(draft)
    rows = leaders(draft)
    total = _total(rows)
    blocks: tuple[Block, ...] = (_table(draft, rows, total),) if rows else ()
    drawn = {week: rows for week, rows in weeks.items() if _total(rows) >= MIN_PERCENT}
    if drawn:
        blocks = (_chart(draft, drawn, list(weeks)), *blocks)
    few = bool(rows) and total < MIN_PERCENT
    notes = (draft.line("share.few"),) if few else ()
    if drawn and len(drawn) < len(weeks) and not few:
        notes = (draft.line("share.blank"),)
    return draft.section("share", *blocks, notes=notes)


def shares(draft: Draft) -> Weeks:
    """Return the rows by week, up to the brief's own."""
    weeks: dict[date, list[Share]] = defaultdict(list)
    for row in draft.rows(SHARE):
        if row.week <= draft.week:
            weeks[row.week].append(row)
    return dict(sorted(weeks.items()))


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


HEADING = Heading(
    key="share", write=section, queries=(SHARE,), periods=("week",), printed=_printed
)
