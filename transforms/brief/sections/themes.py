"""The long themes of the beat, each as a part of all stories, over half a year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from transforms.brief.desk import Desk
from transforms.brief.measures import MIN_PERCENT, percent
from transforms.brief.model import Bar, Block, Chart, Line, Section, Table, Text
from transforms.brief.values import Row, whole

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
        desk.word("caption.themes", week=desk.week_of(desk.week, form="date")),
        desk.columns("theme", "#stories", "#share.all", "#mean"),
        tuple(_theme_row(desk, theme, found) for theme in THEMES),
    )


def _theme_row(desk: Desk, theme: str, found: Weeks) -> tuple[Line, ...]:
    now = found.get((theme, desk.week), {})
    weeks = [desk.week - timedelta(weeks=n) for n in range(1, WEEKS_BEFORE + 1)]
    before = [
        whole(found[theme, week].get("stories")) for week in weeks if (theme, week) in found
    ]
    is_whole = desk.is_warm and len(before) == WEEKS_BEFORE
    mean = f"{sum(before) / WEEKS_BEFORE:.1f}" if is_whole else ""
    return (
        (Text(desk.label("theme", theme), style="strong"),),
        (Text(f"{whole(now.get('stories')):,}"),),
        (Text(percent(whole(now.get("stories")), whole(now.get("all_stories")))),),
        (Text(mean),),
    )


def _part(row: Row) -> float:
    return 100 * whole(row.get("stories")) / whole(row.get("all_stories"))


def _theme_chart(desk: Desk, found: Weeks) -> Chart:
    first, last = min(week for _, week in found), max(week for _, week in found)
    weeks = [first + timedelta(days=n) for n in range(0, (last - first).days + 1, 7)]
    bars = tuple(
        Bar(
            desk.day(week, form="date.short"),
            desk.label("theme", theme),
            _part(row),
            whole(row.get("stories")),
        )
        for (theme, week), row in found.items()
    )
    most = max(bars, key=lambda bar: bar.value)
    day = max(found, key=lambda place: _part(found[place]))[1]
    return Chart(
        kind="themes",
        title=desk.word("chart.themes"),
        alt=desk.word(
            "chart.themes.alt",
            weeks=len(weeks),
            theme=most.series,
            share=f"{most.value:.1f}",
            week=desk.week_of(day),
        ),
        bars=bars,
        series=tuple(desk.label("theme", theme) for theme in THEMES),
        positions=tuple(desk.day(week, form="date.short") for week in weeks),
    )
