"""Since when subjects of the period stay in the news, and when they were in before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, cast

from transforms.brief.draft import Draft, Heading, spark
from transforms.brief.model import Section, Text
from transforms.brief.tables import Columns, name, table
from transforms.bursts import Interval, intervals, usual_days
from transforms.models import DayCount, Query

SUBJECTS = 8
SHOWN = 56  # days of the sparkline, and of the intervals that are told
DAY = timedelta(days=1)

Kind = Literal["company", "topic"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectDay:
    """Stories of a company or topic on a day; days without any have no row."""

    subject_id: str
    kind: str
    day: date
    stories: int


@dataclass(frozen=True, slots=True)
class Arc:
    """A subject's days, what is usual of them, and its intervals in the news."""

    subject: str
    stories: tuple[int, ...]
    usual: tuple[float, ...]
    intervals: tuple[Interval, ...]


ARCS = Query(
    name="brief_week.arcs",
    row=SubjectDay,
    relations=("subject_days_between",),
)


def section(draft: Draft) -> Section:
    """Draw each subject's days beside its interval in the news."""
    counts = [
        DayCount(
            subject_id=row.subject_id,
            kind=cast("Kind", row.kind),
            day=row.day,
            stories=row.stories,
        )
        for row in draft.rows(ARCS)
    ]
    found = _arcs(draft, counts) if counts else []
    last = max((count.day for count in counts), default=draft.week)
    columns: Columns[Arc] = {
        "subject": name("subject"),
        "weeks": lambda draft, arc: spark(draft, arc.stories[-SHOWN:]),
        "arc": lambda draft, arc: _days(draft, arc, arc.intervals[-1], last),
        "#stories": lambda _draft, arc: f"{_within(arc, arc.stories):,}",
        "#usual": lambda _draft, arc: f"{_within(arc, arc.usual):.1f}",
        "earlier": lambda draft, arc: _earlier(draft, arc, last),
    }
    return draft.section("arcs", table(draft, "caption.arcs", columns, found))


def _arcs(draft: Draft, counts: list[DayCount]) -> list[Arc]:
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
    before = (i for i in arc.intervals[:-1] if len(arc.stories) - i.end < SHOWN)
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


HEADING = Heading(key="arcs", write=section, queries=(ARCS,), periods=("week",))
