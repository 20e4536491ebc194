"""The sections that follow something over time: the wording, the crackdown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from transforms.brief.desk import Desk
from transforms.brief.measures import MIN_PERCENT, percent, span
from transforms.brief.model import Bar, Block, Chart, Line, Section, Table, Text
from transforms.brief.opening import headline
from transforms.brief.render.plots import FIRM
from transforms.brief.values import Row, number, whole

MONTHS = 6
DAYS = 56
RULINGS = 8


def wording(desk: Desk) -> Section:
    """Whether headlines speak of companies as leaders or as followers, by month."""
    months = {
        day: row
        for row in desk.rows("wording")
        if (day := desk.local_day(row.get("month")))
    }
    months = dict(sorted(months.items(), reverse=True))
    firm = {day: row for day, row in months.items() if _worded(row) >= MIN_PERCENT}
    table = Table(
        desk.word("caption.wording"),
        desk.columns("month", "#leader", "#follower", "#leader.share"),
        tuple(_month_row(desk, day, row) for day, row in months.items()),
    )
    blocks: tuple[Block, ...] = (desk.folded(table, show=MONTHS),) if firm else ()
    if len(firm) > 1:
        blocks = (_wording_chart(desk, firm), *blocks)
    pairs = _pairs(desk)
    blocks += (pairs,) if pairs.rows else ()
    return Section(
        key="wording",
        title=desk.word("section.wording"),
        blocks=blocks,
        notes=(desk.line("wording.few", n=FIRM, least=MIN_PERCENT),) if firm else (),
        queries=desk.queries("wording", "frames"),
    )


def _pairs(desk: Desk) -> Table:
    return Table(
        desk.word("caption.frames"),
        desk.columns(
            "wording", "language", "#of.first", "#of.second", "#share.first", "#interval"
        ),
        tuple(
            _pair_row(desk, row, whole(row.get("left_stories")), either)
            for row in desk.rows("frames")
            if (either := whole(row.get("either_stories"))) >= MIN_PERCENT
        ),
    )


def _pair_row(desk: Desk, row: Row, left: int, either: int) -> tuple[Line, ...]:
    chinese = "_zh" if desk.language == "zh" else ""
    names = {side: row.get(f"{side}_name{chinese}") for side in ("left", "right")}
    return (
        (Text(desk.word("wording.pair", **names), style="strong"),),
        (Text(desk.label("language", row.get("language"))),),
        (Text(f"{left:,}"),),
        (Text(f"{either - left:,}"),),
        (Text(percent(left, either)),),
        (Text(span(number(row.get("low")), number(row.get("high")), either)),),
    )


def _worded(row: Row) -> int:
    return whole(row.get("leader")) + whole(row.get("follower"))


def _month_row(desk: Desk, day: date, row: Row) -> tuple[Line, ...]:
    share = percent(whole(row.get("leader")), _worded(row))
    return (
        (Text(desk.day(day, form="date.month")),),
        (Text(f"{whole(row.get('leader')):,}"),),
        (Text(f"{whole(row.get('follower')):,}"),),
        (Text(share, style="muted" if _worded(row) < FIRM else ""),),
    )


def _wording_chart(desk: Desk, firm: Mapping[date, Row]) -> Chart:
    first, last = min(firm), max(firm)
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    start = first.year * 12 + first.month - 1
    months = [date((start + n) // 12, (start + n) % 12 + 1, 1) for n in range(count)]
    bars = tuple(
        Bar(
            desk.day(day, form="date.month"),
            "",
            whole(row.get("leader")) / _worded(row),
            _worded(row),
        )
        for day, row in sorted(firm.items())
    )
    return Chart(
        kind="wording",
        title=desk.word("chart.wording"),
        alt=desk.word(
            "chart.wording.alt",
            month=bars[-1].bar,
            share=f"{bars[-1].value:.0%}",
            n=bars[-1].stories,
        ),
        bars=bars,
        positions=tuple(desk.day(day, form="date.month") for day in months),
    )


def crackdown(desk: Desk) -> Section:
    """Stories on Chinese regulation by day, with the penalties and rules among them."""
    days = {
        day: row
        for row in desk.rows("crackdown")
        if (day := desk.local_day(row.get("day")))
    }
    ruled = [day for day in sorted(days, reverse=True) if whole(days[day].get("events"))]
    table = Table(
        desk.word("caption.crackdown"),
        desk.columns("day", "#stories", "#events", "top"),
        tuple(_ruling_row(desk, day, days[day]) for day in ruled),
    )
    blocks: tuple[Block, ...] = (desk.folded(table, show=RULINGS),) if ruled else ()
    if sum(whole(row.get("stories")) for row in days.values()) >= MIN_PERCENT:
        blocks = (_crackdown_chart(desk, days), *blocks)
    return Section(
        key="crackdown",
        title=desk.word("section.crackdown"),
        blocks=blocks,
        queries=desk.queries("crackdown"),
    )


def _ruling_row(desk: Desk, day: date, row: Row) -> tuple[Line, ...]:
    return (
        (Text(desk.day(day, form="date.short")),),
        (Text(f"{whole(row.get('stories')):,}"),),
        (Text(f"{whole(row.get('events')):,}"),),
        (headline(desk, row),),
    )


def _crackdown_chart(desk: Desk, days: Mapping[date, Row]) -> Chart:
    last = max(days)
    line = [last - timedelta(days=n) for n in reversed(range((last - min(days)).days + 1))]
    bars = tuple(
        Bar(
            desk.day(day, form="date.short"),
            "",
            whole(row.get("events")),
            whole(row.get("stories")),
        )
        for day, row in sorted(days.items())
    )
    return Chart(
        kind="crackdown",
        title=desk.word("chart.crackdown"),
        alt=desk.word(
            "chart.crackdown.alt",
            stories=desk.count("story", sum(bar.stories for bar in bars)),
            days=len(line),
            events=f"{sum(whole(row.get('events')) for row in days.values()):,}",
        ),
        bars=bars,
        positions=tuple(desk.day(day, form="date.short") for day in line[-DAYS:]),
    )
