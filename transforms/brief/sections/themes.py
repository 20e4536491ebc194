"""Themes over months, Chinese regulation by day, and emerging terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter

from transforms.brief.draft import Draft, Heading, Headlines, headline
from transforms.brief.model import Bar, Block, Chart, Section, Table, Text
from transforms.brief.tables import (
    Columns,
    Print,
    day,
    decimal,
    label,
    linked,
    number,
    percent,
    stories_of,
    table,
)
from transforms.models import EmergingTerm, Query
from transforms.words import MIN_PERCENT

WEEKS_BEFORE = 4
DAYS = 56
RULINGS = 8
SIX = timedelta(days=6)  # from a Monday to its Sunday


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeWeek:
    """Stories of a theme in seven days, and all stories of these days."""

    theme: str
    week: date
    stories: int
    all_stories: int
    is_hardly_covered: bool

    @property
    def part(self) -> float:
        """Share of all stories, in percent."""
        return 100 * self.stories / self.all_stories


Weeks = Mapping[tuple[str, date], ThemeWeek]

THEME_WEEKS = Query(name="brief_week.themes", row=ThemeWeek, relations=("themes_every",))


def themes_section(draft: Draft) -> Section:
    """Draw a line per theme of the beat above the table of the last week."""
    themes = draft.rules.themes
    found: Weeks = {
        (row.theme, row.week): row
        for row in draft.rows(THEME_WEEKS)
        if row.week <= draft.week and row.theme in themes and row.all_stories >= MIN_PERCENT
    }
    any_stories = any(row.stories for row in found.values())
    blocks: tuple[Block, ...] = (_table(draft, found),) if any_stories else ()
    # A line has a gap where feeds hardly cover a theme: that is no zero.
    drawn = {place: row for place, row in found.items() if not row.is_hardly_covered}
    if any_stories and len({week for _, week in drawn}) > 1:
        blocks = (_chart(draft, drawn), *blocks)
    return draft.section("themes", *blocks)


def _table(draft: Draft, found: Weeks) -> Table:
    now = {theme: found.get((theme, draft.week)) for theme in draft.rules.themes}
    columns: Columns[str] = {
        "theme": lambda draft, theme: Text(_name(draft, theme), style="strong"),
        "#stories": lambda draft, theme: (
            stories_of(draft, row)
            if (row := now[theme])
            else Text(draft.word("hardly_covered"), style="muted")
        ),
        "#share.all": lambda _draft, theme: (
            percent(row.stories, row.all_stories)
            if (row := now[theme]) and not row.is_hardly_covered
            else ""
        ),
        "#mean": lambda draft, theme: _mean(draft, theme, found),
    }
    week = draft.week_of(draft.week, form="date")
    return table(draft, "caption.themes", columns, list(draft.rules.themes), week=week)


def _name(draft: Draft, theme: str) -> str:
    return draft.rules.themes[theme][draft.language]


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
            _name(draft, theme),
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
        series=tuple(_name(draft, theme) for theme in draft.rules.themes),
        positions=tuple(draft.day(week, form="date.short") for week in weeks),
    )


THEMES_SECTION = Heading(
    key="themes", write=themes_section, queries=(THEME_WEEKS,), periods=("week",)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegulationDay(Headlines):
    """Acts by which China rules at home (events) or supports its own, first told on a day.

    ``stories`` tell of them; the headline is that of the most widely told.
    """

    day: date
    stories: int
    events: int
    supports: int


CRACKDOWN = Query(
    name="brief_week.crackdown",
    row=RegulationDay,
    relations=("article_days", "new_measures_between", "headlines_of", "articles"),
    counts="acts of a day of those of the ledger",
)


def _acts(field: str, lane: str) -> Print[RegulationDay]:
    """Print the acts of a day in a lane of the ledger, which they open."""
    value = attrgetter(field)

    def shown(draft: Draft, row: RegulationDay) -> Text:
        opened = draft.opens("/measures", row.day, row.day, lane=lane, all="1")
        return Text(f"{value(row):,}", opened if value(row) else "")

    return shown


DAY_COLUMNS: Columns[RegulationDay] = {
    "day": day("day"),
    "#events": _acts("events", "own"),
    "#supports": _acts("supports", "supports"),
    "top": headline,
}


def crackdown_section(draft: Draft) -> Section:
    """Draw eight weeks of days above the table of those with an act."""
    days = sorted(draft.rows(CRACKDOWN), key=lambda row: row.day)
    acting = [row for row in reversed(days) if row.events or row.supports]
    acts = table(draft, "caption.crackdown", DAY_COLUMNS, acting, show=RULINGS)
    drawn = (_day_chart(draft, days),) if len(acting) > 1 else ()
    return draft.section("crackdown", *((*drawn, acts) if acting else ()))


def _day_chart(draft: Draft, days: Sequence[RegulationDay]) -> Chart:
    first, last = days[0].day, days[-1].day
    line = [last - timedelta(days=n) for n in reversed(range((last - first).days + 1))]
    rules, supports = draft.word("column.events"), draft.word("column.supports")
    bars = tuple(
        Bar(draft.day(row.day, form="date.short"), name, acts, abs(acts))
        for row in days
        for name, acts in ((rules, row.events), (supports, -row.supports))
        if acts
    )
    return Chart(
        kind="crackdown",
        title=draft.word("chart.crackdown"),
        alt=draft.word(
            "chart.crackdown.alt",
            days=len(line),
            events=draft.count("act", sum(row.events for row in days)),
            supports=draft.count("act", sum(row.supports for row in days)),
        ),
        bars=bars,
        series=(rules, supports),
        positions=tuple(draft.day(day, form="date.short") for day in line[-DAYS:]),
    )


CRACKDOWN_SECTION = Heading(
    key="crackdown", write=crackdown_section, queries=(CRACKDOWN,), periods=("week",)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRow(EmergingTerm):
    """An emerging term, with the newest article that has it."""

    url: str | None


EMERGING = Query(
    name="brief.emerging",
    row=TermRow,
    relations=("emerging_terms", "article_days", "articles"),
)

TERM_COLUMNS: Columns[TermRow] = {
    "term": linked("term", "url", style="strong"),
    "language": label("language", "language"),
    "#count": number("count"),
    "#z.terms": decimal("z", ".1f"),
}


def emerging_section(draft: Draft) -> Section:
    """List the emerging terms, highest z-score first."""
    caption, week = _caption(draft)
    terms = table(draft, caption, TERM_COLUMNS, draft.rows(EMERGING), day=week)
    return draft.section("emerging", terms)


def _caption(draft: Draft) -> tuple[str, str]:
    term = draft.first(EMERGING)
    if term is None:
        return "caption.emerging", ""
    # Terms are of a week of the calendar, which may go on behind the brief's last day.
    last = (draft.until - timedelta.resolution).astimezone(draft.zone).date()
    is_over = term.week + SIX <= last
    key = "caption.emerging.week" if is_over else "caption.emerging.so_far"
    return key, draft.day(term.week, form="date.short")


EMERGING_SECTION = Heading(
    key="emerging", write=emerging_section, queries=(EMERGING,), periods=("week",)
)
