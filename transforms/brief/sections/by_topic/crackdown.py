"""Stories on Chinese regulation by day, with the penalties and rules among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from transforms.brief.draft import Draft, Heading, Headlines
from transforms.brief.measures import MIN_PERCENT
from transforms.brief.model import Bar, Block, Chart, Section
from transforms.brief.tables import Columns, day, number, table, told
from transforms.models import Query

DAYS = 56
RULINGS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class RegulationDay(Headlines):
    """Stories of a day, its penalties and rules, and the most widely told of these."""

    day: date
    stories: int
    events: int


CRACKDOWN = Query(
    name="brief_week.crackdown",
    row=RegulationDay,
    relations=(
        "article_days",
        "topic_coverage",
        "topics_on",
        "tags",
        "events_on",
        "headlines_of",
        "articles",
    ),
    counts="it is several topics, and a story on two of them is one",
)

COLUMNS: Columns[RegulationDay] = {
    "day": day("day"),
    "#stories": number("stories"),
    "#events": number("events"),
    "top": told,
}


def section(draft: Draft) -> Section:
    """Draw eight weeks of days above the table of those with a penalty or rule."""
    days = sorted(draft.rows(CRACKDOWN), key=lambda row: row.day)
    ruled = [row for row in reversed(days) if row.events]
    acts = table(draft, "caption.crackdown", COLUMNS, ruled, show=RULINGS)
    blocks: tuple[Block, ...] = (acts,) if ruled else ()
    if sum(row.stories for row in days) >= MIN_PERCENT:
        blocks = (_chart(draft, days), *blocks)
    return draft.section("crackdown", *blocks)


def _chart(draft: Draft, days: Sequence[RegulationDay]) -> Chart:
    first, last = days[0].day, days[-1].day
    line = [last - timedelta(days=n) for n in reversed(range((last - first).days + 1))]
    bars = tuple(
        Bar(draft.day(row.day, form="date.short"), "", row.events, row.stories)
        for row in days
    )
    return Chart(
        kind="crackdown",
        title=draft.word("chart.crackdown"),
        alt=draft.word(
            "chart.crackdown.alt",
            stories=draft.count("story", sum(bar.stories for bar in bars)),
            days=len(line),
            events=f"{sum(row.events for row in days):,}",
        ),
        bars=bars,
        positions=tuple(draft.day(day, form="date.short") for day in line[-DAYS:]),
    )


HEADING = Heading(key="crackdown", write=section, queries=(CRACKDOWN,), periods=("week",))
