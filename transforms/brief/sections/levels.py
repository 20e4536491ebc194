"""Levels of coverage: topics against their mean, level shifts, days in the news."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from transforms.brief.draft import Draft, Heading, spark
from transforms.brief.model import Bar, Chart, Items, Line, Section, Text
from transforms.brief.tables import (
    Columns,
    decimal,
    lift,
    lift_chart,
    log_lift,
    name,
    stories_of,
    table,
)
from transforms.bursts.find import Interval, intervals, usual_days
from transforms.models import DayCount, Levels, Query, SubjectName
from transforms.words import MIN_ARROW

BARS = 16
SHIFTS_SHOWN = 6
SUBJECTS = 8
ARC_DAYS = 56  # days of the sparkline, and of the intervals that are told
DAY = timedelta(days=1)
Kind = Literal["company", "topic"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicStories:
    """Stories of a topic in the period, and their mean in the four before."""

    topic_id: str
    name: str
    name_zh: str
    stories: int
    previous_mean: float
    is_hardly_covered: bool

    @property
    def lift(self) -> float:
        """Ratio to the usual count."""
        return lift(self.stories, self.previous_mean)


TOPICS = Query(
    name="brief.topics",
    row=TopicStories,
    relations=("subjects", "changes_between", "subjects_between"),
)

YOUNG_COLUMNS: Columns[TopicStories] = {
    "topic": name("topic_id"),
    "#stories": stories_of,
}

COLUMNS: Columns[TopicStories] = {
    **YOUNG_COLUMNS,
    "#mean": decimal("previous_mean", ".1f"),
    "#lift": lambda _draft, row: "" if row.is_hardly_covered else f"{row.lift:.2f} ×",
}


def topics_section(draft: Draft) -> Section:
    """Draw both extremes above a table of all topics with a few stories."""
    if not draft.is_warm:
        return _counted(draft)
    rows = [
        row
        for row in draft.rows(TOPICS)
        if max(row.stories, row.previous_mean) >= MIN_ARROW
    ]
    # Of what is hardly covered a fall says nothing: it is in the table alone, at its end.
    rows.sort(key=lambda row: (row.is_hardly_covered, -row.lift))
    drawn = [row for row in rows if not row.is_hardly_covered]
    ends = table(draft, "caption.topics", COLUMNS, rows, show=6)
    charts = (_chart(draft, drawn),) if drawn else ()
    return draft.section("topics", *((*charts, ends) if rows else ()))


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
    return lift_chart(draft, "lift", bars)


TOPICS_SECTION = Heading(
    key="topics", write=topics_section, queries=(TOPICS,), periods=("week",)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift(Levels, SubjectName):
    """A level shift: stories a week before and after, and their ratio."""


SHIFTS = Query(name="brief_week.shifts", row=Shift, relations=("subjects", "level_shifts"))


def shifts_section(draft: Draft) -> Section:
    """Describe each level shift in a sentence."""
    lines = tuple(_line(draft, row) for row in draft.rows(SHIFTS)[:SHIFTS_SHOWN])
    return draft.section("shifts", *((Items(lines),) if lines else ()))


def _line(draft: Draft, row: Shift) -> Line:
    return draft.line(
        "shift",
        name=Text(draft.name(row.subject_id), style="strong"),
        since=draft.day(row.since, form="date.short"),
        ratio=f"{row.ratio:.1f}",
        low=f"{row.low:.1f}",
        high=f"{row.high:.1f}",
        before=f"{row.before:.1f}",
        after=f"{row.after:.1f}",
    )


SHIFTS_SECTION = Heading(
    key="shifts", write=shifts_section, queries=(SHIFTS,), periods=("week",)
)


@dataclass(frozen=True, slots=True)
class Arc:
    """Daily counts of a subject, the usual counts, and its intervals in the news."""

    subject: str
    stories: tuple[int, ...]
    usual: tuple[float, ...]
    intervals: tuple[Interval, ...]


ARCS = Query(name="brief_week.arcs", row=DayCount, relations=("subject_days_between",))


def arcs_section(draft: Draft) -> Section:
    """Draw each subject's days next to its interval in the news."""
    counts = draft.rows(ARCS)
    found = _arcs(draft, counts) if counts else []
    last = max((count.day for count in counts), default=draft.week)
    columns: Columns[Arc] = {
        "subject": name("subject"),
        "weeks": lambda draft, arc: spark(draft, arc.stories[-ARC_DAYS:]),
        "arc": lambda draft, arc: _days(draft, arc, arc.intervals[-1], last),
        "#stories": lambda _draft, arc: f"{_within(arc, arc.stories):,}",
        "#usual": lambda _draft, arc: f"{_within(arc, arc.usual):.1f}",
        "earlier": lambda draft, arc: _earlier(draft, arc, last),
    }
    return draft.section("arcs", table(draft, "caption.arcs", columns, found))


def _arcs(draft: Draft, counts: Sequence[DayCount]) -> list[Arc]:
    first, last = min(c.day for c in counts), max(c.day for c in counts)
    usual = usual_days(counts, first_day=first, until=last + DAY)
    series: dict[tuple[Kind, str], dict[date, int]] = defaultdict(dict)
    for count in counts:
        series[count.kind, count.subject_id][count.day] = count.stories
    since = (last - draft.since.astimezone(draft.zone).date()).days + 1
    found = []
    for (kind, subject), means in usual.items():
        # Of days without a history before them nothing is usual, and nothing is said.
        known = _known(means)
        days = [last - (len(known) - 1 - n) * DAY for n in range(len(known))]
        stories = [series[kind, subject].get(day, 0) for day in days]
        raised = intervals(stories, known)
        if raised and raised[-1].end > len(known) - since:
            found.append(Arc(subject, tuple(stories), tuple(known), tuple(raised)))
    found.sort(key=lambda arc: (-arc.intervals[-1].weight, arc.subject))
    return found[:SUBJECTS]


def _known(means: Sequence[float | None]) -> list[float]:
    known: list[float] = []
    for mean in reversed(means):
        if mean is None:
            break
        known.append(mean)
    return known[::-1]


def _within(arc: Arc, days: Sequence[float]) -> float:
    """Return the sum of *days* over the last interval."""
    now = arc.intervals[-1]
    return sum(days[now.start : now.end])


def _earlier(draft: Draft, arc: Arc, last: date) -> Text:
    before = (i for i in arc.intervals[:-1] if len(arc.stories) - i.end < ARC_DAYS)
    return Text(draft.joined(_days(draft, arc, i, last) for i in before), style="muted")


def _days(draft: Draft, arc: Arc, interval: Interval, last: date) -> str:
    end = last - (len(arc.stories) - interval.end) * DAY
    start = last - (len(arc.stories) - 1 - interval.start) * DAY
    first, until = (draft.day(day, form="date.short") for day in (start, end))
    if interval.end - interval.start == 1:
        return first
    if interval.end == len(arc.stories):
        return draft.word("arc.since", day=first)
    return draft.word("arc.span", first=first, last=until)


ARCS_SECTION = Heading(key="arcs", write=arcs_section, queries=(ARCS,), periods=("week",))
