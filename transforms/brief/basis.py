"""Title, basis and notices of a brief: volume, freshness and doubts about the data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from transforms.brief.draft import Draft
from transforms.brief.model import Line, Text
from transforms.brief.tables import THIN_COVERAGE, percent
from transforms.freshness import doubts_of
from transforms.models import Freshness, Query
from transforms.words import Words

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
WEEK = 7


def title(draft: Draft) -> str:
    """Return the title of the window: a day, a numbered week, or a span of time."""
    # By the clock on the wall: a day on which clocks change is a day all the same.
    since, until = _wall(draft, draft.since), _wall(draft, draft.until)
    last = (until - timedelta.resolution).date()
    if draft.period == "day":
        return _of_day(draft, since, until, last)
    return _of_week(draft, since, until, last)


def _of_day(draft: Draft, since: datetime, until: datetime, last: date) -> str:
    clock = f"{until:%H:%M}"
    if since != datetime.combine(last, time()):
        hours = round((draft.until - draft.since) / HOUR)
        return _titled(draft, "title.hours", n=hours, last=draft.day(last), clock=clock)
    weekday = draft.word("weekdays").split()[last.weekday()]
    day = draft.word("day.long", weekday=weekday, date=draft.day(last))
    key = "title.day" if until - since == DAY else "title.day.part"
    return _titled(draft, key, day=day, clock=clock)


def _of_week(draft: Draft, since: datetime, until: datetime, last: date) -> str:
    monday = datetime.combine(last - last.weekday() * DAY, time())
    if (since, until) != (monday, monday + WEEK * DAY):
        days = -((since - until) // DAY)
        return _titled(draft, "title.days", n=days, last=draft.day(last))
    year, week, _ = last.isocalendar()
    # "16 to 22 Nov": a month that both ends share is said once.
    in_one = since.month == last.month
    return _titled(
        draft,
        "title.week",
        week=week,
        year=year,
        first=draft.day(since.date(), form="date.day" if in_one else "date.short"),
        last=draft.day(last, form="date.last" if in_one else "date.short"),
    )


def _titled(draft: Draft, key: str, **parts: object) -> str:
    called = draft.called or draft.rules.names[draft.language]
    return draft.word(key, beat=called, **parts)


def _wall(draft: Draft, at: datetime) -> datetime:
    return at.astimezone(draft.zone).replace(tzinfo=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class NameById:
    """Names of a company or topic."""

    id: str
    name: str
    name_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Volume of the period, and the usual volume of one as long."""

    articles: int
    stories: int
    publishers: int
    usual_stories: float | None
    days_on_record: int
    is_comparable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Warming:
    """A relation that lacks history."""

    relation: str
    state: str
    days: int
    needed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest(Freshness):
    """Freshness and completeness of the data, from the view ``freshness``."""

    newest_poll_at: datetime | None
    newest_import_at: datetime | None
    feeds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncomputed:
    """A day with articles but no computed bursts."""

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


def basis(draft: Draft, now: datetime, zone: str) -> tuple[Line, ...]:
    """Return the volume, the time of writing and the freshness of the data, as lines."""
    key = "basis.as_of" if draft.as_of else "basis.written"
    as_of = draft.stamp(draft.as_of or now)
    written = draft.line(key, now=draft.stamp(now), as_of=as_of) + _as_of(draft)
    window = draft.first(WINDOW)
    if window is None:
        return (written,)
    covered = draft.line(
        "basis.window",
        articles=draft.count("article", window.articles),
        stories=draft.count("story", window.stories),
        publishers=draft.count("publisher", window.publishers),
        since=draft.stamp(draft.since),
        until=draft.stamp(draft.until),
        zone=zone,
    )
    return (covered, written)


def known(draft: Draft) -> Freshness | None:
    """Return the freshness of the data; None without its row."""
    row = draft.first(FRESHNESS)
    if row is None:
        return None
    return Freshness(
        as_of=row.as_of,
        asked=row.asked,
        answered=row.answered,
        computed_until=row.computed_until,
    )


def notices(draft: Draft, now: datetime, patience: timedelta) -> tuple[Line, ...]:
    """Return warnings: old data, failed feeds, thin coverage, too little history."""
    warnings = _warnings(draft, draft.as_of or now, patience)
    # How much the beat was told of bears on no search.
    return warnings if draft.called else (*warnings, *_coverage(draft))


def _as_of(draft: Draft) -> Line:
    """Say of when the data are, and how many feeds they come from."""
    data = known(draft)
    if data is None:
        return ()
    if data.as_of is None:
        return draft.line("basis.empty")
    newest = draft.line("basis.newest", as_of=draft.stamp(data.as_of))
    if not data.asked:
        return newest
    return newest + draft.line("basis.feeds", answered=data.answered, asked=data.asked)


def _warnings(draft: Draft, now: datetime, patience: timedelta) -> tuple[Line, ...]:
    data = known(draft)
    # How feeds answer now says nothing of a period that has long been over.
    if data is None or now - draft.until > patience:
        return ()
    doubts = doubts_of(data, at=min(now, draft.until), patience=patience)
    lines = []
    if doubts.is_late and data.as_of is not None:
        lines.append(draft.line("notice.late", as_of=draft.stamp(data.as_of)))
    elif doubts.is_late:
        lines.append(draft.line("notice.never"))
    if doubts.has_failures:
        counts = {"answered": data.answered, "asked": data.asked}
        lines.append(draft.line("notice.feeds", **counts))
    return tuple(lines)


def _coverage(draft: Draft) -> tuple[Line, ...]:
    window = draft.first(WINDOW)
    lines = _warming_up(draft)
    if not draft.is_warm:
        lines = (draft.warming, *lines)
    if window is None:
        return lines
    if not window.usual_stories and not lines:
        lines = (draft.line("notice.warming"),)
    thin = thin_coverage(draft, window)
    return ((Text(thin),), *lines) if thin else lines


def thin_coverage(words: Words, window: Window) -> str:
    """Return how far a period is below its usual number of stories; "" if it is not."""
    usual = window.usual_stories or 0.0
    if window.stories >= THIN_COVERAGE * usual:
        return ""
    part = percent(window.stories, usual)
    return words.word(
        "notice.coverage" if part else "notice.coverage.few",
        stories=words.count("story", window.stories),
        usual=f"{usual:,.0f}",
        percent=part,
    )


def _warming_up(draft: Draft) -> tuple[Line, ...]:
    parts = [
        draft.line(
            "notice.warming.part",
            relation=draft.label("relation", row.relation),
            days=row.days,
            needed=row.needed,
        )
        for row in draft.rows(WARMING_UP)
    ]
    return (
        (draft.line("notice.warming.parts", parts=draft.enumerated(parts)),)
        if parts
        else ()
    )
