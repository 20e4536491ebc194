"""Pages of a company or topic, and of all: days, boards and a summary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any, Protocol

from transforms.pages.render import DayBar
from transforms.pages.rows.subjects import BurstDay, CoveredDay, CoveredGap, LastingChange
from transforms.pages.stories import SECONDS, TOGETHER_HOURS
from transforms.pages.words import DataTable, Link, PageWords, Ranked, Ranking, levels
from transforms.words import change, level

WEEK = 7
WEEKS_KEPT = 28


class PageDays(Protocol):
    """The days of a page, both included."""

    @property
    def first(self) -> date:
        """The first day."""
        ...

    @property
    def last(self) -> date:
        """The last day."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectSummary:
    """Summary of the days: the last seven, the seven before, and both languages."""

    stories: int
    week: int
    before: int
    change: str
    en: int
    zh: int
    zh_first: int
    en_first: int
    both: int
    gap_hours: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectRow:
    """A company or topic in the list of all."""

    link: Link
    other: str
    kind: str
    sector: str
    stories: int
    opens: str
    change: str
    days: tuple[int, ...]


def bars(
    words: PageWords,
    path: str,
    days: Sequence[CoveredDay],
    bursts: Sequence[BurstDay],
    shifts: Sequence[LastingChange],
    period: PageDays,
    *,
    current: date | None,
) -> list[DayBar]:
    """Return a bar for each day of the period, linked to the day's stories."""
    counted = {day.day: day.stories for day in days}
    flagged = {burst.day: burst for burst in bursts}
    changed = {shift.since for shift in shifts}
    made = []
    for day in _days(period):
        value = counted.get(day, 0)
        label = words.word("bar", day=words.day(day), stories=words.count("story", value))
        if burst := flagged.get(day):
            label += words.word("bar.burst", expected=level(burst.expected))
        made.append(
            DayBar(
                value=value,
                label=label,
                href=words.href(path, day=day) + "#stories",
                is_burst=day in flagged,
                is_shift=day in changed,
                is_current=day == current,
            )
        )
    return made


def summary(
    days: Sequence[CoveredDay], gaps: Sequence[CoveredGap], period: PageDays
) -> SubjectSummary:
    """Return the summary of a page's days; stories of the week are summed by day."""
    week = sum(d.stories for d in days if d.day > period.last - timedelta(days=WEEK))
    before = sum(
        d.stories
        for d in days
        if 0 <= (period.last - timedelta(days=WEEK) - d.day).days < WEEK
    )
    apart = [
        (gap.first_en_at - gap.first_zh_at).total_seconds() / SECONDS
        for gap in gaps
        if gap.first_en_at and gap.first_zh_at
    ]
    led = [hours for hours in apart if abs(hours) >= TOGETHER_HOURS]
    return SubjectSummary(
        stories=len(gaps),
        week=week,
        before=before,
        change=change(week, before),
        en=sum(gap.first_en_at is not None for gap in gaps),
        zh=sum(gap.first_zh_at is not None for gap in gaps),
        zh_first=sum(hours > 0 for hours in led),
        en_first=sum(hours < 0 for hours in led),
        both=len(apart),
        gap_hours=median(abs(hours) for hours in led) if led else None,
    )


def id_of(row: Any) -> str:
    """Return the id of a board's row."""
    for name in ("company_id", "topic_id", "publisher"):
        if found := getattr(row, name, None):
            return str(found)
    raise TypeError(f"{type(row).__name__} is about nothing that a board knows")


def board(
    words: PageWords,
    key: str,
    rows: Sequence[Any],
    *,
    path: str,
    section: str,
    filtered: str,
    query: Mapping[str, str],
    sql: str,
) -> Ranking:
    """Return a board whose names link to their pages, and counts to the stories."""
    parts = levels([row.stories for row in rows])
    kept = {k: v for k, v in query.items() if k in ("since", "until", "sort")}
    ranked = tuple(
        Ranked(
            link=Link(
                text=words.name(id_of(row)) if section else id_of(row),
                href=words.href(f"/{section}/{id_of(row)}")
                if section
                else words.href("/", outlet=id_of(row)),
            ),
            count=row.stories,
            opens=words.href(path, **{**kept, filtered: id_of(row)}) + "#stories",
            level=part,
            note=words.word("kind.event.short")
            if getattr(row, "kind", "") == "event"
            else "",
        )
        for row, part in zip(rows, parts, strict=True)
    )
    records = [{key_of(row): id_of(row), "stories": row.stories} for row in rows]
    return Ranking(
        key=key,
        title=words.word(f"board.{key}"),
        rows=ranked,
        sql=sql,
        table=DataTable(name=key, rows=records),
    )


def key_of(row: Any) -> str:
    """Return the name of a row's id column."""
    return next(n for n in ("company_id", "topic_id", "publisher") if hasattr(row, n))


def active_filters(
    words: PageWords, path: str, query: Mapping[str, str], names: Iterable[str]
) -> list[Link]:
    """Return the active filters, each with a link to the page without it."""
    found = []
    for name in names:
        if not (value := query.get(name)):
            continue
        shown = words.name(value) if name in ("topic", "with", "company") else value
        if name == "language":
            shown = words.label("language", value)
        if name == "day":
            shown = words.day(date.fromisoformat(value))
        rest = {k: v for k, v in query.items() if k not in (name, "page")}
        found.append(
            Link(
                text=words.word(f"on.{name}", value=shown),
                href=words.href(path, **rest) + "#stories",
            )
        )
    return found


def subject_rows(words: PageWords, section: str, rows: Sequence[Any]) -> list[SubjectRow]:
    """Return the rows of the list of all companies or topics."""
    return [
        SubjectRow(
            link=Link(
                text=words.name(id_of(row)), href=words.href(f"/{section}/{id_of(row)}")
            ),
            other=words.other_name(id_of(row)),
            kind=row.kind,
            sector=getattr(row, "sector", ""),
            stories=row.stories,
            opens=words.href(f"/{section}/{id_of(row)}", hours=24 * WEEK) + "#stories",
            change=change(row.stories, row.previous),
            days=row.days,
        )
        for row in rows
    ]


def subject_record(words: PageWords, row: Any) -> dict[str, Any]:
    """Return a company or topic as a row of the list's data table."""
    english, chinese = words.names.get(id_of(row), ("", ""))
    return {
        key_of(row): id_of(row),
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
    counts: dict[str, int] = {}
    for kind in kinds:
        counts[kind] = counts.get(kind, 0) + 1
    return [
        Link(
            text=words.label("kind", kind),
            href=words.href(f"/{section}", kind="" if kind == current else kind),
            note=f"{counts[kind]:,}",
            is_current=kind == current,
        )
        for kind in sorted(counts, key=lambda kind: -counts[kind])
    ]


def day_record(day: CoveredDay) -> dict[str, Any]:
    """Return a day as a row of the page's data table."""
    return {
        "day": day.day,
        "stories": day.stories,
        "stories_en": day.stories_en,
        "stories_zh": day.stories_zh,
    }


def _days(period: PageDays) -> list[date]:
    return [
        period.first + timedelta(days=n)
        for n in range((period.last - period.first).days + 1)
    ]
