"""The sections that follow something over time: themes, wording, the crackdown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from transforms.brief.desk import Desk
from transforms.brief.measures import MIN_PERCENT, percent
from transforms.brief.model import Bar, Block, Chart, Line, Section, Table, Text
from transforms.brief.plots import FIRM
from transforms.brief.values import Row, link, whole

THEMES = (
    "startups",
    "crackdown",
    "support",
    "us_pressure",
    "overseas",
    "facial_recognition",
    "supercomputing",
    "research",
)
WEEKS_BEFORE = 4
MONTHS = 6
DAYS = 56
RULINGS = 8

Weeks = Mapping[tuple[str, date], Row]


def themes(desk: Desk) -> Section:
    """The long themes of the beat, each as a part of all stories, by week."""
    found: Weeks = {
        (str(row.get("theme")), day): row
        for row in desk.rows("themes")
        if (day := desk.local_day(row.get("week")))
        and day <= desk.week
        and row.get("theme") in THEMES
        and whole(row.get("all_stories")) >= MIN_PERCENT
    }
    any_stories = any(whole(row.get("stories")) for row in found.values())
    blocks: tuple[Block, ...] = (_theme_table(desk, found),) if any_stories else ()
    if any_stories and len({week for _, week in found}) > 1:
        blocks = (_theme_chart(desk, found), *blocks)
    return Section(
        key="themes",
        title=desk.word("section.themes"),
        blocks=blocks,
        queries=desk.queries("themes"),
    )


def _theme_table(desk: Desk, found: Weeks) -> Table:
    return Table(
        desk.word("caption.themes", week=desk.day(desk.week)),
        desk.columns("theme", "#stories", "#share.all", "#mean"),
        tuple(_theme_row(desk, theme, found) for theme in THEMES),
    )


def _theme_row(desk: Desk, theme: str, found: Weeks) -> tuple[Line, ...]:
    now = found.get((theme, desk.week), {})
    weeks = [desk.week - timedelta(weeks=n) for n in range(1, WEEKS_BEFORE + 1)]
    before = [
        whole(found[theme, week].get("stories")) for week in weeks if (theme, week) in found
    ]
    mean = f"{sum(before) / WEEKS_BEFORE:.1f}" if len(before) == WEEKS_BEFORE else ""
    return (
        (Text(desk.label("theme", theme), style="strong"),),
        (Text(f"{whole(now.get('stories')):,}"),),
        (Text(percent(whole(now.get("stories")), whole(now.get("all_stories")))),),
        (Text(mean),),
    )


def _theme_chart(desk: Desk, found: Weeks) -> Chart:
    first, last = min(week for _, week in found), max(week for _, week in found)
    weeks = [first + timedelta(days=n) for n in range(0, (last - first).days + 1, 7)]
    bars = tuple(
        Bar(
            desk.day(week, form="date.short"),
            desk.label("theme", theme),
            100 * whole(row.get("stories")) / whole(row.get("all_stories")),
            whole(row.get("stories")),
        )
        for (theme, week), row in found.items()
    )
    most = max(bars, key=lambda bar: bar.value)
    return Chart(
        kind="themes",
        title=desk.word("chart.themes"),
        alt=desk.word(
            "chart.themes.alt",
            weeks=len(weeks),
            theme=most.series,
            share=f"{most.value:.1f}",
            week=most.bar,
        ),
        bars=bars,
        series=tuple(desk.label("theme", theme) for theme in THEMES),
        positions=tuple(desk.day(week, form="date.short") for week in weeks),
    )


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
    return Section(
        key="wording",
        title=desk.word("section.wording"),
        blocks=blocks,
        notes=(desk.line("wording.few", n=FIRM, least=MIN_PERCENT),) if firm else (),
        queries=desk.queries("wording"),
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
        (link(row.get("headline"), row.get("url")),),
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
