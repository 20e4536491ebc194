"""Put a brief together from rows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from transforms.brief.basis import BASIS, NAMES, WINDOW, basis, known, notices
from transforms.brief.desk import MONTH, Desk
from transforms.brief.model import Brief, Period
from transforms.brief.opening import opening
from transforms.brief.sections import section_queries, sections_of
from transforms.brief.sections.stories import top_stories
from transforms.brief.sections.story_rows import ARTICLES
from transforms.brief.titles import title
from transforms.freshness import PATIENCE
from transforms.models import Answers, Query
from transforms.words import LANGUAGES


def queries_of(period: Period) -> tuple[Query[Any], ...]:
    """Return the queries whose rows a brief of *period* is written from."""
    return (*BASIS, *section_queries(period), ARTICLES)


def compose_brief(
    answers: Answers,
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
    """Write the brief of [*since*, *until*) from the *answers* to its queries.

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
    window = answers.first(WINDOW)
    desk = Desk(
        answers=answers,
        period=period,
        since=_midnight(since, local),
        until=_midnight(until, local),
        zone=local,
        language=language,
        names=_names(answers, language),
        as_of=as_of,
        days_on_record=window.days_on_record if window else MONTH,
        is_comparable=window.is_comparable if window else True,
    )
    return _written(desk, now, zone, patience)


def keep_sections(brief: Brief, only: Collection[str]) -> Brief:
    """Return *brief* with the sections *only*; with all where it is empty."""
    if not only:
        return brief
    return replace(
        brief,
        front=tuple(section for section in brief.front if section.key in only),
        sections=tuple(section for section in brief.sections if section.key in only),
    )


def _written(desk: Desk, now: datetime, zone: str, patience: timedelta) -> Brief:
    headings = sections_of(desk.period)
    # A heading over nothing is a line that somebody reads in vain.
    written = [(heading, heading.write(desk)) for heading in headings]
    told = [(heading, part) for heading, part in written if part.blocks or part.notes]
    freshness = known(desk)
    return Brief(
        period=desk.period,
        since=desk.since,
        until=desk.until,
        as_of=desk.as_of or (freshness.as_of if freshness else None),
        language=desk.language,
        title=title(desk),
        basis=basis(desk, now, zone),
        notices=notices(desk, now, patience),
        changed=opening(desk),
        front=tuple(part for heading, part in told if heading.is_front),
        sections=tuple(part for heading, part in told if not heading.is_front),
        queries=desk.evidence("as_of", "window", "warming_up", "freshness", "uncomputed"),
        stories=top_stories(desk),
        freshness=freshness,
        rows={k: v for heading in headings for k, v in heading.rows(desk).items()},
    )


def _midnight(value: date | datetime, zone: tzinfo) -> datetime:
    if isinstance(value, datetime):
        return value
    return datetime.combine(value, time(), zone)


def _names(answers: Answers, language: str) -> dict[str, str]:
    """Return what every company and topic is called in *language*."""
    in_chinese = language == "zh"
    return {
        row.id: (row.name_zh if in_chinese else "") or row.name for row in answers.of(NAMES)
    }
