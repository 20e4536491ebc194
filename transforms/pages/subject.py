"""Pages of a company or topic, and of all: days, boards and a summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from transforms.brief.model import Bar, Chart
from transforms.models import Burst, Facet, LevelShift
from transforms.pages.render import DayBar
from transforms.pages.rows.subjects import (
    CoveredDay,
    CoveredEvent,
    CoveredGap,
    SubjectOfLate,
)
from transforms.pages.stories import SECONDS, TOGETHER_HOURS
from transforms.pages.timeline import FULL
from transforms.pages.voice import week_starts
from transforms.pages.words import DataTable, Link, PageWords, Ranking, ranked
from transforms.words import level

WEEK = 7
# Kinds of events that have a row.
KINDS = 8
# Filters whose values have names.
NAMED = frozenset({"topic", "event", "with", "company"})
# Columns of boards and lists, where they are not of companies.
COLUMNS = {"topics": "topic_id", "outlets": "publisher"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectPeriod:
    """The days of a page, both included, with the moments of their start and end."""

    first: date
    last: date
    since: datetime
    until: datetime

    @property
    def middle(self) -> date:
        """The day in the middle of the period."""
        return self.first + (self.last - self.first) / 2

    @property
    def days(self) -> int:
        """How many days they are."""
        return (self.last - self.first).days + 1

    @property
    def week(self) -> dict[str, date]:
        """The last seven days, as parameters of an address."""
        return {"since": self.last - timedelta(days=WEEK - 1), "until": self.last}


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectSummary:
    """Which language was first with the stories of a page, and by how much."""

    zh_first: int
    en_first: int
    gap_hours: float | None


def bars(
    words: PageWords,
    path: str,
    days: Sequence[CoveredDay],
    bursts: Sequence[Burst],
    shifts: Sequence[LevelShift],
    period: SubjectPeriod,
    *,
    current: date | None,
    began: date | None,
    kept: Mapping[str, str],
) -> list[DayBar]:
    """Return a bar for each day of the period, linked to the day's stories.

    The record *began* on a day, before which nothing is counted.
    """
    counted = {day.day: day.stories for day in days}
    flagged = {burst.day: burst for burst in bursts}
    changed = {shift.since for shift in shifts}
    made = []
    for n in range((period.last - period.first).days + 1):
        day = period.first + timedelta(days=n)
        if began is None or day < began:
            made.append(DayBar(value=None, label="", href=""))
            continue
        value = counted.get(day, 0)
        label = words.word("bar", day=words.day(day), stories=words.count("story", value))
        if burst := flagged.get(day):
            label += words.word("bar.burst", expected=level(burst.expected))
        made.append(
            DayBar(
                value=value,
                label=label,
                href=words.href(path, **{**kept, "day": day}) + "#stories",
                is_burst=day in flagged,
                is_shift=day in changed,
                is_current=day == current,
            )
        )
    return made


def events(
    words: PageWords,
    path: str,
    rows: Sequence[CoveredEvent],
    period: SubjectPeriod,
    *,
    began: date | None,
    kept: Mapping[str, str],
) -> Chart:
    """Return its events, a row a kind and a mark for seven days, linked to what it counts.

    A mark of one story opens that. Nothing is known of days before the record *began*.
    """
    sums: Counter[str] = Counter()
    for row in rows:
        sums[row.event_id] += row.stories
    shown = {key: words.subject("event", key).text for key, _ in sums.most_common(KINDS)}
    starts = {
        week: max(week, period.first)
        for week in week_starts(period.last, -(-period.days // WEEK))
    }
    named = {week: words.day(day, form="date.short") for week, day in starts.items()}
    most = max(FULL, *(row.stories for row in rows), 0)
    return Chart(
        kind="lanes",
        title=words.word("subject.events"),
        alt=words.joined(f"{name} {sums[key]}" for key, name in shown.items()),
        bars=tuple(
            Bar(
                bar=named[row.week],
                series=shown[row.event_id],
                value=row.stories / most,
                stories=row.stories,
                href=words.href(f"/stories/{row.story_id}")
                if row.stories == 1
                else words.href(
                    path,
                    **{
                        **kept,
                        "event": row.event_id,
                        "since": starts[row.week],
                        "until": row.week + timedelta(days=WEEK - 1),
                    },
                )
                + "#stories",
                label=row.headline
                if row.stories == 1
                else words.word(
                    "timeline.mark",
                    row=shown[row.event_id],
                    month=named[row.week],
                    n=words.count("story", row.stories),
                ),
            )
            for row in rows
            if row.event_id in shown
        ),
        series=tuple(shown.values()),
        positions=tuple(named.values()),
        unseen=tuple(
            name
            for week, name in named.items()
            if began is None or week + timedelta(days=WEEK) <= began
        ),
    )


def summary(gaps: Sequence[CoveredGap]) -> SubjectSummary:
    """Return the summary of the stories of a page."""
    apart = [
        (gap.first_en_at - gap.first_zh_at).total_seconds() / SECONDS
        for gap in gaps
        if gap.first_en_at and gap.first_zh_at
    ]
    led = [hours for hours in apart if abs(hours) >= TOGETHER_HOURS]
    return SubjectSummary(
        zh_first=sum(hours > 0 for hours in led),
        en_first=sum(hours < 0 for hours in led),
        gap_hours=median(abs(hours) for hours in led) if led else None,
    )


def board(
    words: PageWords,
    key: str,
    rows: Sequence[Facet],
    *,
    path: str,
    filtered: str,
    kept: Mapping[str, str],
    sql: str,
) -> Ranking:
    """Return a board whose names link to their pages, and counts to the stories."""
    return Ranking(
        key=key,
        title=words.word(f"board.{key}"),
        rows=ranked(
            words,
            rows,
            lambda row: words.href(path, **{**kept, asked_by(filtered, row): row.id}),
        ),
        sql=sql,
        table=DataTable(
            name=key,
            rows=[
                {COLUMNS.get(key, "company_id"): r.id, "stories": r.stories} for r in rows
            ],
        ),
    )


def asked_by(filtered: str, row: Facet) -> str:
    """Return the parameter for a row's stories: a topic may have an event's id."""
    return row.kind if filtered == "topic" else filtered


def active_filters(
    words: PageWords, path: str, query: Mapping[str, str], names: Iterable[str]
) -> list[Link]:
    """Return the active filters, each with a link to the page without it."""
    found = []
    for name in names:
        if not (value := query.get(name)):
            continue
        shown = words.name(value) if name in NAMED else value
        if name == "language":
            shown = words.label("language", value)
        if name in ("day", "since", "until"):
            shown = words.day(date.fromisoformat(value))
        rest = {k: v for k, v in query.items() if k not in (name, "page")}
        found.append(
            Link(
                text=words.word(f"on.{name}", value=shown),
                href=words.href(path, **rest) + "#stories",
            )
        )
    return found


def subject_record(words: PageWords, section: str, row: SubjectOfLate) -> dict[str, Any]:
    """Return a company or topic as a row of the list's data table."""
    english, chinese = words.names.get(row.id, ("", ""))
    return {
        COLUMNS.get(section, "company_id"): row.id,
        "name": english,
        "name_zh": chinese,
        "kind": row.kind,
        "stories": row.stories,
        "previous": row.previous,
        "days": list(row.days),
    }


def kind_links(
    words: PageWords, section: str, kinds: Iterable[str], current: str | None
) -> list[Link]:
    """Return the links that filter the list by kind."""
    counts = Counter(kinds)
    return [
        Link(
            text=words.label("kind", kind),
            href=words.href(f"/{section}", kind="" if kind == current else kind),
            n=None if kind == current else counts[kind],
            is_current=kind == current,
        )
        for kind, _ in counts.most_common()
    ]
