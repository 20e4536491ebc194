"""What a brief is based on: how much there was, how new it is, and what to doubt of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from transforms.brief.desk import Desk
from transforms.brief.measures import THIN_COVERAGE, percent
from transforms.brief.model import Line
from transforms.freshness import doubts_of
from transforms.models import Freshness, Query


@dataclass(frozen=True, slots=True, kw_only=True)
class NameById:
    """What a company or topic is called."""

    id: str
    name: str
    name_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """How much there was in the period, and how much there usually is in one as long."""

    articles: int
    stories: int
    publishers: int
    usual_stories: float | None
    days_on_record: int
    is_comparable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Warming:
    """A relation that lacks the history that it needs."""

    relation: str
    state: str
    days: int
    needed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """How new and complete the data are, as the view freshness has it."""

    as_of: datetime | None
    newest_poll_at: datetime | None
    newest_import_at: datetime | None
    feeds: int
    asked: int
    answered: int
    computed_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncomputed:
    """A day with articles that nobody looked at for bursts."""

    day: date


NAMES = Query(name="brief.names", row=NameById, relations=("subjects",))
WINDOW = Query(
    name="brief.window",
    row=Window,
    relations=("article_days", "days_on_record"),
    counts="the period is of hours, and no relation counts by the hour",
)
WARMING_UP = Query(name="brief.warming_up", row=Warming, relations=("readiness",))
NOW = Query(name="freshness.now", row=Newest, relations=("freshness",))
FRESHNESS = Query(name="freshness.freshness", row=Newest, relations=("freshness_at",))
UNCOMPUTED = Query(
    name="freshness.uncomputed",
    row=Uncomputed,
    relations=("computed_days", "dated_articles"),
)
BASIS = (NAMES, WINDOW, WARMING_UP, FRESHNESS, UNCOMPUTED)


def basis(desk: Desk, now: datetime, zone: str) -> tuple[Line, ...]:
    """Return what was counted, when the brief was written and of when the data are."""
    key = "basis.as_of" if desk.as_of else "basis.written"
    as_of = desk.stamp(desk.as_of or now)
    written = desk.line(key, now=desk.stamp(now), as_of=as_of) + _as_of(desk)
    window = desk.first(WINDOW)
    if window is None:
        return (written,)
    covered = desk.line(
        "basis.window",
        articles=desk.count("article", window.articles),
        stories=desk.count("story", window.stories),
        publishers=desk.count("publisher", window.publishers),
        since=desk.stamp(desk.since),
        until=desk.stamp(desk.until),
        zone=zone,
    )
    return (covered, written)


def known(desk: Desk) -> Freshness | None:
    """Return how new the data are; None where the rows do not say."""
    row = desk.first(FRESHNESS)
    if row is None:
        return None
    return Freshness(
        as_of=row.as_of,
        asked=row.asked,
        answered=row.answered,
        computed_until=row.computed_until,
    )


def notices(desk: Desk, now: datetime, patience: timedelta) -> tuple[Line, ...]:
    """Return what to doubt: old data, failed feeds, thin coverage, too little history."""
    return (*_warnings(desk, desk.as_of or now, patience), *_coverage(desk))


def _as_of(desk: Desk) -> Line:
    """Say of when the data are, and how many feeds they come from."""
    data = known(desk)
    if data is None:
        return ()
    if data.as_of is None:
        return desk.line("basis.empty")
    newest = desk.line("basis.newest", as_of=desk.stamp(data.as_of))
    if not data.asked:
        return newest
    return newest + desk.line("basis.feeds", answered=data.answered, asked=data.asked)


def _warnings(desk: Desk, now: datetime, patience: timedelta) -> tuple[Line, ...]:
    data = known(desk)
    if data is None:
        return ()
    doubts = doubts_of(data, at=min(now, desk.until), patience=patience)
    lines = []
    if doubts.is_late and data.as_of is not None:
        lines.append(desk.line("notice.late", as_of=desk.stamp(data.as_of)))
    elif doubts.is_late:
        lines.append(desk.line("notice.never"))
    if doubts.has_failures:
        counts = {"answered": data.answered, "asked": data.asked}
        lines.append(desk.line("notice.feeds", **counts))
    return tuple(lines)


def _coverage(desk: Desk) -> tuple[Line, ...]:
    window = desk.first(WINDOW)
    lines = _warming_up(desk)
    if not desk.is_warm:
        lines = (desk.warming, *lines)
    if window is None:
        return lines
    usual = window.usual_stories or 0.0
    if usual <= 0 and not lines:
        lines = (desk.line("notice.warming"),)
    if window.stories >= THIN_COVERAGE * usual:
        return lines
    part = percent(window.stories, usual)
    thin = desk.line(
        "notice.coverage" if part else "notice.coverage.few",
        stories=desk.count("story", window.stories),
        usual=f"{usual:,.0f}",
        percent=part,
    )
    return (thin, *lines)


def _warming_up(desk: Desk) -> tuple[Line, ...]:
    parts = [
        desk.line(
            "notice.warming.part",
            relation=desk.label("relation", row.relation),
            days=row.days,
            needed=row.needed,
        )
        for row in desk.rows(WARMING_UP)
    ]
    return (
        (desk.line("notice.warming.parts", parts=desk.enumerated(parts)),) if parts else ()
    )
