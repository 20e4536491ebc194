"""Topics of the week against their mean of the four before, risen first."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.brief.draft import Draft, Heading
from transforms.brief.measures import MIN_ARROW, lift, log_lift
from transforms.brief.model import Bar, Chart, Section
from transforms.brief.tables import Columns, decimal, name, number, table
from transforms.models import Query

BARS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicStories:
    """Stories of a topic in the period, and their mean of the four periods before."""

    topic_id: str
    name: str
    name_zh: str
    stories: int
    previous_mean: float

    @property
    def lift(self) -> float:
        """How many times the usual it is."""
        return lift(self.stories, self.previous_mean)


TOPICS = Query(
    name="brief.topics",
    row=TopicStories,
    relations=("subjects", "changes_between"),
)

YOUNG_COLUMNS: Columns[TopicStories] = {
    "topic": name("topic_id"),
    "#stories": number("stories"),
}
COLUMNS: Columns[TopicStories] = {
    **YOUNG_COLUMNS,
    "#mean": decimal("previous_mean", ".1f"),
    "#lift": lambda _draft, row: f"{row.lift:.2f} ×",
}


def section(draft: Draft) -> Section:
    """Draw both ends above a table of all topics that have a few stories."""
    if not draft.is_warm:
        return _counted(draft)
    rows = [
        row
        for row in draft.rows(TOPICS)
        if max(row.stories, row.previous_mean) >= MIN_ARROW
    ]
    rows.sort(key=lambda row: -row.lift)
    ends = table(draft, "caption.topics", COLUMNS, rows, show=6)
    return draft.section("topics", *((_chart(draft, rows), ends) if rows else ()))


def _counted(draft: Draft) -> Section:
    """Return the topics of a warehouse too young to say what rose."""
    found = [row for row in draft.rows(TOPICS) if row.stories >= MIN_ARROW]
    found.sort(key=lambda row: -row.stories)
    young = table(draft, "caption.topics.young", YOUNG_COLUMNS, found)
    return draft.section("topics", young, notes=(draft.warming,))


def _chart(draft: Draft, rows: list[TopicStories]) -> Chart:
    # Both ends of the order are news; the middle is what was as usual.
    shown = rows if len(rows) <= BARS else [*rows[: BARS - 5], *rows[-5:]]
    bars = tuple(
        Bar(
            draft.name(row.topic_id),
            "",
            log_lift(row.stories, row.previous_mean),
            row.stories,
        )
        for row in shown
    )
    ends = [f"{bar.bar} {2**bar.value:.2f} ×" for bar in (bars[0], bars[-1])]
    alt = draft.word("chart.lift.alt", highest=ends[0], lowest=ends[1])
    axis = (draft.word("chart.lift.axis"),)
    return Chart("lift", draft.word("chart.lift"), alt, bars, axis)


HEADING = Heading(key="topics", write=section, queries=(TOPICS,), periods=("week",))
