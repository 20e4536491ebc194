"""The long themes of the beat, each as a part of all stories, over half a year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from transforms.brief.draft import Draft, Heading
from transforms.brief.measures import MIN_PERCENT, percent
from transforms.brief.model import Bar, Block, Chart, Section, Table, Text
from transforms.brief.tables import Columns, table
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


def section(draft: Draft) -> Section:
    """Draw a line a theme above the table of the last week."""
    found: Weeks = {
        (row.theme, row.week): row
        for row in draft.rows(THEME_WEEKS)
        if row.week <= draft.week and row.theme in THEMES and row.all_stories >= MIN_PERCENT
    }
    any_stories = any(row.stories for row in found.values())
    blocks: tuple[Block, ...] = (_table(draft, found),) if any_stories else ()
    if any_stories and len({week for _, week in found}) > 1:
        blocks = (_chart(draft, found), *blocks)
    return draft.section("themes", *blocks)


def _table(draft: Draft, found: Weeks) -> Table:
    now = {theme: found.get((theme, draft.week)) for theme in THEMES}
    columns: Columns[str] = {
        "theme": lambda draft, theme: Text(draft.label("theme", theme), style="strong"),
        "#stories": lambda _draft, theme: (
            f"{row.stories:,}" if (row := now[theme]) else "0"
        ),
        "#share.all": lambda _draft, theme: (
            percent(row.stories, row.all_stories) if (row := now[theme]) else ""
        ),
        "#mean": lambda draft, theme: _mean(draft, theme, found),
    }
    week = draft.week_of(draft.week, form="date")
    return table(draft, "caption.themes", columns, THEMES, week=week)


def _mean(draft: Draft, theme: str, found: Weeks) -> str:
    weeks = [draft.week - timedelta(weeks=n) for n in range(1, WEEKS_BEFORE + 1)]
    before = [found[theme, week].stories for week in weeks if (theme, week) in found]
    is_whole = draft.is_warm and len(before) == WEEKS_BEFORE
    return f"{sum(before) / WEEKS_BEFORE:.1f}" if is_whole else ""


def _chart(draft: Draft, found: Weeks) -> Chart:
    first, last = min(week for _, week in found), max(week for _, week in found)
    weeks = [first + timedelta(days=n) for n in range(0, (last - first).days + 1, 7)]
    bars = tuple(
        Bar(
            draft.day(week, form="date.short"),
            draft.label("theme", theme),
            row.part,
            row.stories,
        )
        for (theme, week), row in found.items()
    )
    most = max(bars, key=lambda bar: bar.value)
    day = max(found, key=lambda place: found[place].part)[1]
    return Chart(
        kind="themes",
        title=draft.word("chart.themes"),
        alt=draft.word(
            "chart.themes.alt",
            weeks=len(weeks),
            theme=most.series,
            share=f"{most.value:.1f}",
            week=draft.week_of(day),
        ),
        bars=bars,
        series=tuple(draft.label("theme", theme) for theme in THEMES),
        positions=tuple(draft.day(week, form="date.short") for week in weeks),
    )


HEADING = Heading(key="themes", write=section, queries=(THEME_WEEKS,), periods=("week",))
