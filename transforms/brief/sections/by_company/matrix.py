"""What each group's stories are about, as parts of its own stories."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from transforms.brief.draft import Draft, Heading
from transforms.brief.measures import percent
from transforms.brief.model import Cell, Column, Mark, Section, Table, Text
from transforms.models import Query

MIN_CELL = 3  # stories; below, a cell is one editor's whim
BLANK = Mark("", 0.0, "heat")


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupTopic:
    """Stories of a group on a topic, and all stories of the group."""

    company_id: str
    name: str
    name_zh: str
    topic_id: str
    stories: int
    company_stories: int


Places = Mapping[tuple[str, str], GroupTopic]
MATRIX = Query(
    name="brief_week.matrix",
    row=GroupTopic,
    relations=("matrix_between", "companies"),
    counts="no relation has a group's stories by topic",
)


def section(draft: Draft) -> Section:
    """Set topics against groups, the busiest of both first."""
    rows = [row for row in draft.rows(MATRIX) if row.stories >= MIN_CELL]
    groups = dict.fromkeys(row.company_id for row in rows)
    places = {(row.topic_id, row.company_id): row for row in rows}
    heads = (Column(draft.name(group), narrow=True) for group in groups)
    table = Table(
        draft.word("caption.matrix"),
        (*draft.columns("topic"), *heads),
        tuple(_row(draft, topic, groups, places) for topic in _widest(rows)),
    )
    notes = (draft.line("matrix.few"),) if rows else ()
    return draft.section("matrix", *((table,) if rows else ()), notes=notes)


def _widest(rows: Iterable[GroupTopic]) -> list[str]:
    counts: Counter[str] = Counter()
    for row in rows:
        counts[row.topic_id] += row.stories
    return sorted(counts, key=lambda topic: (-counts[topic], topic))


def _row(
    draft: Draft, topic: str, groups: Iterable[str], places: Places
) -> tuple[Cell, ...]:
    marks = (_share(places.get((topic, group))) for group in groups)
    return ((Text(draft.name(topic), style="strong"),), *marks)


def _share(row: GroupTopic | None) -> Mark:
    part = percent(row.stories, row.company_stories) if row else ""
    return Mark(part, row.stories / row.company_stories, "heat") if row and part else BLANK


HEADING = Heading(key="matrix", write=section, queries=(MATRIX,), periods=("week",))
