"""Each group's share of all company-stories, by week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from transforms.brief.desk import Desk
from transforms.brief.heading import Heading, Rows
from transforms.brief.measures import MIN_PERCENT, percent, span
from transforms.brief.model import Bar, Block, Chart, Section, Table, Text
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


def section(desk: Desk) -> Section:
    """Draw twelve weeks above the table of the last."""
    weeks = shares(desk)
    rows = leaders(desk)
    total = _total(rows)
    blocks: tuple[Block, ...] = (_table(desk, rows, total),) if rows else ()
    drawn = {week: rows for week, rows in weeks.items() if _total(rows) >= MIN_PERCENT}
    if drawn:
        blocks = (_chart(desk, drawn, list(weeks)), *blocks)
    few = bool(rows) and total < MIN_PERCENT
    notes = (desk.line("share.few"),) if few else ()
    if drawn and len(drawn) < len(weeks) and not few:
        notes = (desk.line("share.blank"),)
    return Section(
        key="share",
        title=desk.word("section.share"),
        blocks=blocks,
        notes=notes,
        queries=desk.evidence("share"),
    )


def shares(desk: Desk) -> Weeks:
    """Return the rows by week, up to the brief's own."""
    weeks: dict[date, list[Share]] = defaultdict(list)
    for row in desk.rows(SHARE):
        if row.week <= desk.week:
            weeks[row.week].append(row)
    return dict(sorted(weeks.items()))


def leaders(desk: Desk) -> list[Share]:
    """Return the rows of the brief's own week, most stories first."""
    return sorted(shares(desk).get(desk.week, ()), key=lambda row: -row.stories)


def _printed(desk: Desk) -> Rows:
    drawn = [row for rows in shares(desk).values() for row in rows]
    return {"share": leaders(desk), "share_weeks": drawn}


def _total(rows: Sequence[Share]) -> int:
    return sum(row.stories for row in rows)


def _table(desk: Desk, rows: Sequence[Share], total: int) -> Table:
    table = Table(
        desk.word("caption.share", week=desk.week_of(desk.week, form="date")),
        desk.columns("company", "#stories", "#share", "#interval"),
        tuple(
            (
                (Text(desk.name(row.company_id), style="strong"),),
                (Text(f"{row.stories:,}"),),
                (Text(percent(row.share * total, total)),),
                (Text(span(row.low, row.high, total)),),
            )
            for row in rows
        ),
    )
    return desk.folded(table, show=GROUPS + 2)


def _chart(desk: Desk, drawn: Weeks, weeks: list[date]) -> Chart:
    stories: dict[str, int] = defaultdict(int)
    for rows in drawn.values():
        for row in rows:
            stories[desk.name(row.company_id)] += row.stories
    most = sorted(stories, key=lambda name: (-stories[name], name))[:GROUPS]
    other = desk.word("chart.other")
    bars = [bar for week in weeks for bar in _bars(desk, week, drawn, [*most, other])]
    series = tuple(most) + ((other,) if len(stories) > len(most) else ())
    return Chart(
        kind="share",
        title=desk.word("chart.share"),
        alt=_alt(desk, bars, len(drawn)),
        bars=tuple(bar for bar in bars if bar.series in series),
        series=series,
    )


def _bars(desk: Desk, week: date, drawn: Weeks, series: list[str]) -> list[Bar]:
    counts = dict.fromkeys(series, 0)
    parts = dict.fromkeys(series, 0.0)
    for row in drawn.get(week, ()):
        name = desk.name(row.company_id)
        name = name if name in series[:-1] else series[-1]
        counts[name] += row.stories
        parts[name] += row.share
    day = desk.day(week, form="date.short")
    return [Bar(day, name, parts[name], count) for name, count in counts.items()]


def _alt(desk: Desk, bars: list[Bar], weeks: int) -> str:
    drawn = [bar for bar in bars if bar.stories]
    last = sorted((b for b in drawn if b.bar == drawn[-1].bar), key=lambda b: -b.stories)
    named = desk.word("list.and").join(f"{b.series} {b.value:.0%}" for b in last[:4])
    return desk.word("chart.share.alt", weeks=weeks, leaders=named)


HEADING = Heading(
    key="share", write=section, queries=(SHARE,), periods=("week",), printed=_printed
)
