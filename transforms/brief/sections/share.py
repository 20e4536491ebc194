"""The sections that need a week: share of voice, topics, pairs, new words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta

from transforms.brief.desk import Desk
from transforms.brief.measures import (
    MIN_ARROW,
    MIN_PERCENT,
    lift,
    log_lift,
    percent,
    span,
)
from transforms.brief.model import Bar, Block, Chart, Section, Table, Text
from transforms.brief.values import Row, link, number, share_of, whole

SIX = timedelta(days=6)  # from a Monday to its Sunday
GROUPS = 8  # more colours than this cannot be told apart
BARS = 16
PAIRS = 30
MIN_PAIR = 3  # stories; below, two companies met by chance


def share(desk: Desk) -> Section:
    """Each group's share of all company-stories, by week."""
    weeks = desk.shares()
    rows = sorted(weeks.get(desk.week, ()), key=lambda row: -whole(row.get("stories")))
    total = _total(rows)
    blocks: tuple[Block, ...] = (_share_table(desk, rows, total),) if rows else ()
    drawn = {week: rows for week, rows in weeks.items() if _total(rows) >= MIN_PERCENT}
    if drawn:
        blocks = (_share_chart(desk, drawn, list(weeks)), *blocks)
    few = bool(rows) and total < MIN_PERCENT
    notes = (desk.line("share.few"),) if few else ()
    if drawn and len(drawn) < len(weeks) and not few:
        notes = (desk.line("share.blank"),)
    return Section(
        key="share",
        title=desk.word("section.share"),
        blocks=blocks,
        notes=notes,
        queries=desk.queries("share"),
    )


def _total(rows: list[Row] | tuple[Row, ...]) -> int:
    return sum(whole(row.get("stories")) for row in rows)


def _share_table(desk: Desk, rows: list[Row], total: int) -> Table:
    table = Table(
        desk.word("caption.share", week=desk.week_of(desk.week, form="date")),
        desk.columns("company", "#stories", "#share", "#interval"),
        tuple(
            (
                (Text(desk.name(row), style="strong"),),
                (Text(f"{whole(row.get('stories')):,}"),),
                (Text(percent(share_of(row, total) * total, total)),),
                (Text(_interval(row, total)),),
            )
            for row in rows
        ),
    )
    return desk.folded(table, show=GROUPS + 2)


def _interval(row: Row, total: int) -> str:
    if row.get("low") is None or row.get("high") is None:
        return ""
    return span(number(row["low"]), number(row["high"]), total)


def _share_chart(desk: Desk, drawn: Mapping[date, list[Row]], weeks: list[date]) -> Chart:
    stories: dict[str, int] = defaultdict(int)
    for rows in drawn.values():
        for row in rows:
            stories[desk.name(row)] += whole(row.get("stories"))
    leaders = sorted(stories, key=lambda name: (-stories[name], name))[:GROUPS]
    other = desk.word("chart.other")
    bars = []
    for week in weeks:
        counts = dict.fromkeys([*leaders, other], 0)
        shares = dict.fromkeys(counts, 0.0)
        rows = drawn.get(week, [])
        for row in rows:
            name = desk.name(row) if desk.name(row) in leaders else other
            counts[name] += whole(row.get("stories"))
            shares[name] += share_of(row, _total(rows))
        day = desk.day(week, form="date.short")
        bars += [Bar(day, name, shares[name], count) for name, count in counts.items()]
    series = tuple(leaders) + ((other,) if len(stories) > len(leaders) else ())
    return Chart(
        kind="share",
        title=desk.word("chart.share"),
        alt=_share_alt(desk, bars, len(drawn)),
        bars=tuple(bar for bar in bars if bar.series in series),
        series=series,
    )


def _share_alt(desk: Desk, bars: list[Bar], weeks: int) -> str:
    drawn = [bar for bar in bars if bar.stories]
    last = sorted((b for b in drawn if b.bar == drawn[-1].bar), key=lambda b: -b.stories)
    leaders = desk.word("list.and").join(f"{b.series} {b.value:.0%}" for b in last[:4])
    return desk.word("chart.share.alt", weeks=weeks, leaders=leaders)


def topics(desk: Desk) -> Section:
    """Topics of the week against their mean of the four before, risen first."""
    if not desk.is_warm:
        return _counted_topics(desk)
    lifts = sorted(
        (
            (lift(whole(row.get("stories")), number(row.get("previous_mean"))), row)
            for row in desk.rows("topics")
            if max(whole(row.get("stories")), number(row.get("previous_mean"))) >= MIN_ARROW
        ),
        key=lambda pair: -pair[0],
    )
    rows = tuple(
        (
            (Text(desk.name(row, "topic_id"), style="strong"),),
            (Text(f"{whole(row.get('stories')):,}"),),
            (Text(f"{number(row.get('previous_mean')):.1f}"),),
            (Text(f"{times:.2f} ×"),),
        )
        for times, row in lifts
    )
    columns = desk.columns("topic", "#stories", "#mean", "#lift")
    table = desk.folded(Table(desk.word("caption.topics"), columns, rows), show=6)
    return Section(
        key="topics",
        title=desk.word("section.topics"),
        blocks=(_lift_chart(desk, [row for _, row in lifts]), table) if rows else (),
        queries=desk.queries("topics"),
    )


def _counted_topics(desk: Desk) -> Section:
    """Return the topics of a warehouse too young to say what rose."""
    rows = [row for row in desk.rows("topics") if whole(row.get("stories")) >= MIN_ARROW]
    rows.sort(key=lambda row: -whole(row.get("stories")))
    table = Table(
        desk.word("caption.topics.young"),
        desk.columns("topic", "#stories"),
        tuple(
            (
                (Text(desk.name(row, "topic_id"), style="strong"),),
                (Text(f"{whole(row.get('stories')):,}"),),
            )
            for row in rows
        ),
    )
    return Section(
        key="topics",
        title=desk.word("section.topics"),
        blocks=(desk.folded(table),) if rows else (),
        notes=(desk.warming,),
        queries=desk.queries("topics"),
    )


def _lift_chart(desk: Desk, rows: list[Row]) -> Chart:
    # Both ends of the order are news; the middle is what was as usual.
    shown = rows if len(rows) <= BARS else [*rows[: BARS - 5], *rows[-5:]]
    bars = tuple(
        Bar(
            desk.name(row, "topic_id"),
            "",
            log_lift(whole(row.get("stories")), number(row.get("previous_mean"))),
            whole(row.get("stories")),
        )
        for row in shown
    )
    ends = [f"{bar.bar} {2**bar.value:.2f} ×" for bar in (bars[0], bars[-1])]
    alt = desk.word("chart.lift.alt", highest=ends[0], lowest=ends[1])
    axis = (desk.word("chart.lift.axis"),)
    return Chart("lift", desk.word("chart.lift"), alt, bars, axis)


def co_mentions(desk: Desk) -> Section:
    """Pairs of companies in the same stories; a table, since graphs of names tangle."""
    pairs = [
        row for row in desk.rows("co_mentions") if whole(row.get("stories")) >= MIN_PAIR
    ]
    rows = tuple(
        (
            (Text(f"{_named(desk, row, 'a')} · {_named(desk, row, 'b')}"),),
            (Text(f"{whole(row.get('stories')):,}"),),
            (Text(f"{number(row.get('npmi')):.2f}"),),
        )
        for row in pairs[:PAIRS]
    )
    columns = desk.columns("pair", "#stories", "#npmi")
    table = desk.folded(Table(desk.word("caption.pairs"), columns, rows))
    return Section(
        key="co_mentions",
        title=desk.word("section.co_mentions"),
        blocks=(table,) if rows else (),
        queries=desk.queries("co_mentions"),
    )


def _named(desk: Desk, row: Row, side: str) -> str:
    company = str(row.get(f"company_{side}") or "")
    return desk.names.get(company) or str(row.get(f"name_{side}") or company)


def emerging(desk: Desk) -> Section:
    """Words of the week that the weeks before did not use."""
    rows = tuple(
        (
            (link(row.get("term"), row.get("url"), style="strong"),),
            (Text(desk.label("language", row.get("language"))),),
            (Text(f"{whole(row.get('count')):,}"),),
            (Text(f"{number(row.get('z')):.1f}"),),
        )
        for row in desk.rows("emerging")
    )
    columns = desk.columns("term", "language", "#count", "#z.terms")
    table = desk.folded(Table(_emerging_caption(desk), columns, rows))
    return Section(
        key="emerging",
        title=desk.word("section.emerging"),
        blocks=(table,) if rows else (),
        queries=desk.queries("emerging"),
    )


def _emerging_caption(desk: Desk) -> str:
    weeks = (desk.local_day(row.get("week")) for row in desk.rows("emerging"))
    monday = next(filter(None, weeks), None)
    if monday is None:
        return desk.word("caption.emerging")
    # Terms are of a week of the calendar, which may go on behind the brief's last day.
    last = (desk.until - timedelta.resolution).astimezone(desk.zone).date()
    key = "caption.emerging.week" if monday + SIX <= last else "caption.emerging.so_far"
    return desk.word(key, day=desk.day(monday, form="date.short"))
