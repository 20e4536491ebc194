"""Companies and topics whose coverage settled at a new level, most recent first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from transforms.brief.draft import Draft, Heading
from transforms.brief.model import Items, Line, Section, Text
from transforms.models import Query

SHOWN = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A change of level: stories a week before and after, and how many times as many."""

    subject_id: str
    kind: str
    name: str
    name_zh: str
    since: date
    before: float
    after: float
    ratio: float
    low: float
    high: float


SHIFTS = Query(name="brief_week.shifts", row=Shift, relations=("subjects", "level_shifts"))


def section(draft: Draft) -> Section:
    """Tell each change of level in a sentence."""
    lines = tuple(_line(draft, row) for row in draft.rows(SHIFTS)[:SHOWN])
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


HEADING = Heading(key="shifts", write=section, queries=(SHIFTS,), periods=("week",))
