"""Topics of the week against their mean of the four before, risen first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from transforms.brief.desk import Desk
from transforms.brief.heading import Heading
from transforms.brief.measures import MIN_ARROW, lift, log_lift
from transforms.brief.model import Bar, Chart, Section, Table, Text
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


def section(desk: Desk) -> Section:
    """Draw both ends above a table of all topics that have a few stories."""
    if not desk.is_warm:
        return _counted(desk)
    rows = [
        row for row in desk.rows(TOPICS) if max(row.stories, row.previous_mean) >= MIN_ARROW
    ]
    rows.sort(key=lambda row: -row.lift)
    return Section(
        key="topics",
        title=desk.word("section.topics"),
        blocks=(_chart(desk, rows), _table(desk, rows)) if rows else (),
        queries=desk.evidence("topics"),
    )


def _table(desk: Desk, topics: Sequence[TopicStories]) -> Table:
    rows = tuple(
        (
            (Text(desk.name(row.topic_id), style="strong"),),
            (Text(f"{row.stories:,}"),),
            (Text(f"{row.previous_mean:.1f}"),),
            (Text(f"{row.lift:.2f} ×"),),
        )
        for row in topics
    )
    columns = desk.columns("topic", "#stories", "#mean", "#lift")
    return desk.folded(Table(desk.word("caption.topics"), columns, rows), show=6)


def _counted(desk: Desk) -> Section:
    """Return the topics of a warehouse too young to say what rose."""
    found = [row for row in desk.rows(TOPICS) if row.stories >= MIN_ARROW]
    found.sort(key=lambda row: -row.stories)
    rows = tuple(
        ((Text(desk.name(row.topic_id), style="strong"),), (Text(f"{row.stories:,}"),))
        for row in found
    )
    table = Table(
        desk.word("caption.topics.young"), desk.columns("topic", "#stories"), rows
    )
    return Section(
        key="topics",
        title=desk.word("section.topics"),
        blocks=(desk.folded(table),) if rows else (),
        notes=(desk.warming,),
        queries=desk.evidence("topics"),
    )


def _chart(desk: Desk, rows: list[TopicStories]) -> Chart:
    # Both ends of the order are news; the middle is what was as usual.
    shown = rows if len(rows) <= BARS else [*rows[: BARS - 5], *rows[-5:]]
    bars = tuple(
        Bar(
            desk.name(row.topic_id),
            "",
            log_lift(row.stories, row.previous_mean),
            row.stories,
        )
        for row in shown
    )
    ends = [f"{bar.bar} {2**bar.value:.2f} ×" for bar in (bars[0], bars[-1])]
    alt = desk.word("chart.lift.alt", highest=ends[0], lowest=ends[1])
    axis = (desk.word("chart.lift.axis"),)
    return Chart("lift", desk.word("chart.lift"), alt, bars, axis)


HEADING = Heading(key="topics", write=section, queries=(TOPICS,), periods=("week",))
