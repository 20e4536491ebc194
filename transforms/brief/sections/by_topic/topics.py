"""Topics of the week against their mean of the four before, risen first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from transforms.brief.draft import Draft, Heading
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
    return Section(
        key="topics",
        title=draft.word("section.topics"),
        blocks=(_chart(draft, rows), _table(draft, rows)) if rows else (),
        queries=draft.evidence("topics"),
    )


def _table(draft: Draft, topics: Sequence[TopicStories]) -> Table:
    rows = tuple(
        (
            (Text(draft.name(row.topic_id), style="strong"),),
            (Text(f"{row.stories:,}"),),
            (Text(f"{row.previous_mean:.1f}"),),
            (Text(f"{row.lift:.2f} ×"),),
        )
        for row in topics
    )
    columns = draft.columns("topic", "#stories", "#mean", "#lift")
    return draft.folded(Table(draft.word("caption.topics"), columns, rows), show=6)


def _counted(draft: Draft) -> Section:
    """Return the topics of a warehouse too young to say what rose."""
    found = [row for row in draft.rows(TOPICS) if row.stories >= MIN_ARROW]
    found.sort(key=lambda row: -row.stories)
    rows = tuple(
        ((Text(draft.name(row.topic_id), style="strong"),), (Text(f"{row.stories:,}"),))
        for row in found
    )
    table = Table(
        draft.word("caption.topics.young"), draft.columns("topic", "#stories"), rows
    )
    return Section(
        key="topics",
        title=draft.word("section.topics"),
        blocks=(draft.folded(table),) if rows else (),
        notes=(draft.warming,),
        queries=draft.evidence("topics"),
    )


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
