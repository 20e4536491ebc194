"""Put a brief together from rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from transforms.brief.desk import Desk
from transforms.brief.measures import THIN_COVERAGE, percent
from transforms.brief.model import Brief, Line, Period
from transforms.brief.opening import opening, publishers
from transforms.brief.phrases import LANGUAGES
from transforms.brief.sections import (
    ahead,
    alerts,
    arcs,
    companies,
    languages,
    matrix,
    policy,
    share,
    stories,
    themes,
    wording,
)
from transforms.brief.titles import title
from transforms.brief.values import Row, instant, number, whole
from transforms.freshness import PATIENCE, doubts_of
from transforms.models import Freshness

DAILY = (
    stories.stories,
    companies.companies,
    stories.movers,
    policy.policy,
    policy.money,
    policy.gaps,
    alerts.alerts,
    alerts.sources,
)
WEEKLY = (
    stories.stories,
    share.share,
    share.topics,
    arcs.shifts,
    arcs.arcs,
    matrix.topics_of_companies,
    themes.themes,
    companies.companies,
    stories.movers,
    wording.wording,
    matrix.overseas,
    languages.languages,
    share.co_mentions,
    share.emerging,
    wording.crackdown,
    policy.policy,
    policy.money,
    policy.gaps,
    languages.first_reporters,
    ahead.next_week,
    alerts.alerts,
    alerts.sources,
)


def compose_brief(
    data: Mapping[str, Any],
    *,
    period: Period = "day",
    since: date | datetime,
    until: date | datetime,
    as_of: datetime | None,
    now: datetime,
    language: str = "en",
    zone: str = "Asia/Shanghai",
    patience: timedelta = PATIENCE,
) -> Brief:
    """Write the brief of [*since*, *until*) from *data*, rows by the name of their query.

    Dates mean midnight in *zone*. Data on which nothing came for longer than *patience*
    before the end are said to be old.

    Raises:
        ValueError: There is no wording for *language*.
    """
    if language not in LANGUAGES:
        raise ValueError(
            f"no brief in {language!r}; known languages are {', '.join(LANGUAGES)}"
        )
    local = ZoneInfo(zone)
    desk = Desk(
        data=data,
        period=period,
        since=_midnight(since, local),
        until=_midnight(until, local),
        zone=local,
        language=language,
        names=_names(data, language),
        as_of=as_of,
    )
    return Brief(
        period=period,
        language=language,
        title=title(desk),
        basis=_basis(desk, as_of, now, zone),
        notices=(*_warnings(desk, as_of or now, patience), *_notices(desk)),
        opening=opening(desk),
        sections=tuple(write(desk) for write in (DAILY if period == "day" else WEEKLY)),
        queries=desk.queries("as_of", "window", "warming_up", "freshness", "uncomputed"),
    )


def _midnight(value: date | datetime, zone: tzinfo) -> datetime:
    if isinstance(value, datetime):
        return value
    return datetime.combine(value, time(), zone)


def _names(data: Mapping[str, Any], language: str) -> dict[str, str]:
    """Return the name of every company and topic that any row knows."""
    names: dict[str, str] = {}
    for key, subject in (
        ("names", "id"),
        ("topics", "topic_id"),
        ("share", "company_id"),
        ("companies", "company_id"),
    ):
        for row in data.get(key) or ():
            own = (row.get("name_zh") if language == "zh" else None) or row.get("name")
            if own and row.get(subject):
                names[str(row[subject])] = str(own)
    return names


def _basis(
    desk: Desk, as_of: datetime | None, now: datetime, zone: str
) -> tuple[Line, ...]:
    key = "basis.as_of" if as_of else "basis.written"
    written = desk.line(key, now=desk.stamp(now), as_of=desk.stamp(as_of or now))
    written += _as_of(desk)
    window = _window(desk)
    if not window:
        return (written,)
    covered = desk.line(
        "basis.window",
        articles=desk.count("article", window.get("articles")),
        stories=desk.count("story", window.get("stories")),
        publishers=desk.count("publisher", publishers(window)),
        since=desk.stamp(desk.since),
        until=desk.stamp(desk.until),
        zone=zone,
    )
    return (covered, written)


def _known(desk: Desk) -> Freshness | None:
    """Return how new the data are; None where the rows do not say."""
    row = next(iter(desk.rows("freshness")), None)
    if row is None:
        return None
    return Freshness(
        as_of=instant(row.get("as_of")),
        asked=whole(row.get("asked")),
        answered=whole(row.get("answered")),
    )


def _as_of(desk: Desk) -> Line:
    """Say of when the data are, and how many feeds they come from."""
    known = _known(desk)
    if known is None:
        return ()
    if known.as_of is None:
        return desk.line("basis.empty")
    newest = desk.line("basis.newest", as_of=desk.stamp(known.as_of))
    if not known.asked:
        return newest
    return newest + desk.line("basis.feeds", answered=known.answered, asked=known.asked)


def _warnings(desk: Desk, now: datetime, patience: timedelta) -> tuple[Line, ...]:
    known = _known(desk)
    if known is None:
        return ()
    doubts = doubts_of(known, at=min(now, desk.until), patience=patience)
    lines = []
    if doubts.is_late and known.as_of is not None:
        lines.append(desk.line("notice.late", as_of=desk.stamp(known.as_of)))
    elif doubts.is_late:
        lines.append(desk.line("notice.never"))
    if doubts.has_failures:
        counts = {"answered": known.answered, "asked": known.asked}
        lines.append(desk.line("notice.feeds", **counts))
    return tuple(lines)


def _notices(desk: Desk) -> tuple[Line, ...]:
    window = _window(desk)
    usual, stories = number(window.get("usual_stories")), whole(window.get("stories"))
    notices = _warming_up(desk)
    if not desk.is_warm:
        notices = (desk.warming, *notices)
    if window and usual <= 0 and not notices:
        notices = (desk.line("notice.warming"),)
    if stories >= THIN_COVERAGE * usual:
        return notices
    part = percent(stories, usual)
    thin = desk.line(
        "notice.coverage" if part else "notice.coverage.few",
        stories=desk.count("story", stories),
        usual=f"{usual:,.0f}",
        percent=part,
    )
    return (thin, *notices)


def _warming_up(desk: Desk) -> tuple[Line, ...]:
    parts = [
        desk.line(
            "notice.warming.part",
            relation=desk.label("relation", row.get("relation")),
            days=whole(row.get("days")),
            needed=whole(row.get("needed")),
        )
        for row in desk.rows("warming_up")
    ]
    return (desk.line("notice.warming.parts", parts=desk.joined(parts)),) if parts else ()


def _window(desk: Desk) -> Row:
    return next(iter(desk.rows("window")), {})
