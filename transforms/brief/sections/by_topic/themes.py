"""The long themes of the beat, each as a part of all stories, over half a year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from transforms.brief.desk import Desk
from transforms.brief.heading import Heading
from transforms.brief.measures import MIN_PERCENT, percent
from transforms.brief.model import Bar, Block, Chart, Line, Section, Table, Text
from transforms.models import Query

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeWeek:
    """Stories of a theme in seven days, and all stories of them."""

    theme: str
    week: date
    stories: int
    all_stories: int

    @property
    def part(self) -> float:
        """The theme's part of all stories, in percent."""
        return 100 * self.stories / self.all_stories


Weeks = Mapping[tuple[str, date], ThemeWeek]
THEME_WEEKS = Query(
    name="brief_week.themes",
    row=ThemeWeek,
    relations=("themes_every",),
)


def section(desk: Desk) -> Section:
    """Draw a line a theme above the table of the last week."""
    found: Weeks = {
        (row.theme, row.week): row
        for row in desk.rows(THEME_WEEKS)
        if row.week <= desk.week and row.theme in THEMES and row.all_stories >= MIN_PERCENT
    }
    any_stories = any(row.stories for row in found.values())
    blocks: tuple[Block, ...] = (_table(desk, found),) if any_stories else ()
    if any_stories and len({week for _, week in found}) > 1:
        blocks = (_chart(desk, found), *blocks)
    return Section(
        key="themes",
        title=desk.word("section.themes"),
        blocks=blocks,
        queries=desk.evidence("themes"),
    )


def _table(desk: Desk, found: Weeks) -> Table:
    return Table(
        desk.word("caption.themes", week=desk.week_of(desk.week, form="date")),
        desk.columns("theme", "#stories", "#share.all", "#mean"),
        tuple(_row(desk, theme, found) for theme in THEMES),
    )


def _row(desk: Desk, theme: str, found: Weeks) -> tuple[Line, ...]:
    now = found.get((theme, desk.week))
    weeks = [desk.week - timedelta(weeks=n) for n in range(1, WEEKS_BEFORE + 1)]
    before = [found[theme, week].stories for week in weeks if (theme, week) in found]
    is_whole = desk.is_warm and len(before) == WEEKS_BEFORE
    mean = f"{sum(before) / WEEKS_BEFORE:.1f}" if is_whole else ""
    return (
        (Text(desk.label("theme", theme), style="strong"),),
        (Text(f"{now.stories:,}" if now else "0"),),
        (Text(percent(now.stories, now.all_stories) if now else ""),),
        (Text(mean),),
    )


def _chart(desk: Desk, found: Weeks) -> Chart:
    first, last = min(week for _, week in found), max(week for _, week in found)
    weeks = [first + timedelta(days=n) for n in range(0, (last - first).days + 1, 7)]
    bars = tuple(
        Bar(
            desk.day(week, form="date.short"),
            desk.label("theme", theme),
            row.part,
            row.stories,
        )
        for (theme, week), row in found.items()
    )
    most = max(bars, key=lambda bar: bar.value)
    day = max(found, key=lambda place: found[place].part)[1]
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


HEADING = Heading(key="themes", write=section, queries=(THEME_WEEKS,), periods=("week",))
