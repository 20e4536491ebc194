"""Composition of a brief: sections, sentences on changes, and due times."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from transforms.brief.basis import (
    BASIS,
    NAMES,
    UNCOMPUTED,
    WINDOW,
    basis,
    known,
    notices,
    title,
)
from transforms.brief.draft import MONTH, Draft, headline
from transforms.brief.model import Brief, Change, Line, Period, Text
from transforms.brief.rules import BriefRules
from transforms.brief.sections import searches as of_searches
from transforms.brief.sections import sections_of
from transforms.brief.sections.companies import (
    BURSTS,
    COMPANIES,
    ENTRANTS,
    MOVERS,
    BurstRow,
)
from transforms.brief.sections.stories import ARTICLES, above, top_stories
from transforms.dates.zones import start_of
from transforms.models import Answers, Query, ScheduledBrief
from transforms.words import LANGUAGES, MIN_ARROW, level, say

OF_SEARCHES = frozenset({of_searches.KEY})
# More than this and an opening is a table in prose; the numbers have the rest.
MOST = 6
BURSTS_TOLD = 3
RISES_TOLD = 2
# A q from here on: of ten such days, one or more are chance.
WEAK = 0.1
MOST_NAMES = 4
ENTRANT = 2  # stories; a name that was dropped once is not yet news
LATEST = timedelta(hours=6)


def queries_of(period: Period) -> tuple[Query[Any], ...]:
    """Return the queries of a brief of *period*."""
    of_sections = (query for heading in sections_of(period) for query in heading.queries)
    return (*BASIS, *of_sections, ARTICLES)


def compose_brief(
    answers: Answers,
    rules: BriefRules,
    *,
    period: Period = "day",
    since: date | datetime,
    until: date | datetime,
    as_of: datetime | None,
    now: datetime,
    language: str = "en",
    zone: str = "Asia/Shanghai",
) -> Brief:
    """Write the brief of [*since*, *until*) from the *answers* to its queries, by *rules*.

    Dates mean midnight in *zone*. A brief that keeps to its searches is called by them.

    Raises:
        ValueError: There is no wording for *language*.
    """
    if language not in LANGUAGES:
        raise ValueError(
            f"no brief in {language!r}; known languages are {', '.join(LANGUAGES)}"
        )
    local = ZoneInfo(zone)
    window = answers.first(WINDOW)
    draft = Draft(
        answers=answers,
        rules=rules,
        period=period,
        since=start_of(since, local),
        until=start_of(until, local),
        zone=local,
        language=language,
        names={
            row.id: (row.name_zh if language == "zh" else "") or row.name
            for row in answers.of(NAMES)
        },
        called=" + ".join(found.name for found in answers.found)
        if set(answers.only) == OF_SEARCHES
        else "",
        as_of=as_of,
        days_on_record=window.days_on_record if window else MONTH,
        is_comparable=window.is_comparable if window else True,
    )
    return keep_sections(_written(draft, now, zone), answers.only)


def keep_sections(brief: Brief, only: Collection[str]) -> Brief:
    """Return *brief* with the sections *only*; with all if it is empty.

    What changed is of the whole beat: a brief that keeps to its searches has none of it.
    """
    if not only:
        return brief
    is_of_searches = set(only) == OF_SEARCHES
    return replace(
        brief,
        changed=() if is_of_searches else brief.changed,
        stories=() if is_of_searches else brief.stories,
        front=tuple(section for section in brief.front if section.key in only),
        sections=tuple(section for section in brief.sections if section.key in only),
    )


def without_numbers(brief: Brief, url: str, command: str) -> Brief:
    """Return the front page of *brief*, which says at which *url* its numbers are.

    Without one it says which *command* prints them.
    """
    key = "mail.numbers.at" if url else "mail.numbers"
    said = Text(say(key, brief.language, command=command), url)
    return replace(brief, sections=(), elsewhere=(said,))


def _written(draft: Draft, now: datetime, zone: str) -> Brief:
    headings = sections_of(
        draft.period, side=draft.rules.side, in_chinese=draft.rules.in_chinese
    )
    # Headings without content are left out.
    written = [(heading, heading.write(draft)) for heading in headings]
    told = [(heading, part) for heading, part in written if part.blocks or part.notes]
    freshness = known(draft)
    return Brief(
        period=draft.period,
        since=draft.since,
        until=draft.until,
        as_of=draft.as_of or (freshness.as_of if freshness else None),
        language=draft.language,
        title=title(draft),
        basis=basis(draft, now, zone),
        notices=notices(draft, now, draft.rules.patience),
        changed=opening(draft),
        front=tuple(part for heading, part in told if heading.is_front),
        sections=tuple(part for heading, part in told if not heading.is_front),
        queries=draft.evidence("as_of", "window", "warming_up", "freshness", "uncomputed"),
        stories=top_stories(draft),
        freshness=freshness,
        rows={k: v for heading in headings for k, v in heading.rows(draft).items()},
    )


def opening(draft: Draft) -> tuple[Change, ...]:
    """Return the changes, most certain first, or the reason for having none."""
    # What is not known well enough to compare with makes everything a change.
    changes = [*_bursts(draft)] if draft.is_warm else []
    changes += [*_entrants(draft), *(_rises(draft, changes) if draft.is_comparable else ())]
    unknown = _unknown(draft)
    if not changes and not unknown:
        unknown = (
            Change(draft.line("opening.quiet" if draft.is_warm else "opening.young")),
        )
    return (*changes[: MOST - len(unknown)], *unknown)


def _unknown(draft: Draft) -> tuple[Change, ...]:
    """Say what was not looked at, which may hold what stands out."""
    window = draft.first(WINDOW)
    if window and window.articles == 0:
        return (Change(draft.line("opening.empty")),)
    days = [row.day for row in draft.rows(UNCOMPUTED)]
    named = draft.enumerated(draft.day(day, form="date.short") for day in days)
    return (Change(draft.line("opening.uncomputed", days=named)),) if days else ()


def _bursts(draft: Draft) -> Iterator[Change]:
    bursts = sorted(draft.rows(BURSTS), key=lambda row: row.q)
    # A company and its topic burst over one story: told once, it leaves room for another.
    causes = [row.headline or number for number, row in enumerate(bursts)]
    told = [row for n, row in enumerate(bursts) if causes.index(causes[n]) == n]
    leading = above(draft)
    for row in told[:BURSTS_TOLD]:
        sentence = draft.line(
            "opening.burst" if row.q < WEAK else "opening.burst.weak",
            name=Text(draft.name(row.subject_id), "#movers", "strong"),
            stories=draft.count("story", row.observed),
            day=draft.day(row.day, form="date.short"),
            expected=level(row.expected),
        )
        yield Change(sentence + _because(draft, row, leading), row.story_id)


def _because(draft: Draft, row: BurstRow, leading: Collection[str]) -> Line:
    """Return the headline behind a burst, unless that leads."""
    if row.story_id in leading:
        return (Text(" "), *draft.line("policy.above"))
    because = draft.line("opening.because", headline=headline(draft, row))
    return because if row.headline else ()


def _entrants(draft: Draft) -> Iterator[Change]:
    rows = [row for row in draft.rows(ENTRANTS) if row.stories >= ENTRANT]
    rows.sort(key=lambda row: -row.stories)
    if not rows:
        return
    is_young = rows[0].is_of_short_record
    sentence = draft.line(
        "opening.entrants.young" if is_young else "opening.entrants",
        days=rows[0].days_on_record,
        names=draft.enumerated(
            draft.line(
                "opening.entrant",
                name=Text(draft.name(row.company_id), "#movers", "strong"),
                stories=draft.count("story", row.stories),
            )
            for row in rows[:MOST_NAMES]
        ),
    )
    yield Change(sentence)


def _rises(draft: Draft, told: Sequence[Change]) -> Iterator[Change]:
    """Yield whose part of the news is far above that of four periods, and with what."""
    moved = [row for row in draft.rows(MOVERS) if row.state == "up"]
    tops = {row.company_id: row.top for row in draft.rows(COMPANIES) if row.top_headline}
    said = {piece.text for change in told for piece in change.line}
    news = [
        row
        for row in moved
        if row.stories >= MIN_ARROW
        and row.company_id in tops
        and draft.name(row.company_id) not in said
    ]
    for row in news[:RISES_TOLD]:
        sentence = draft.line(
            "opening.up",
            name=Text(draft.name(row.company_id), "#companies", "strong"),
            now=draft.count("story", row.stories),
            expected=level(row.expected),
            before=draft.word(f"before.{draft.period}"),
        )
        because = draft.line(
            "opening.because", headline=headline(draft, tops[row.company_id])
        )
        yield Change(sentence + because)


def due_at(
    brief: ScheduledBrief, *, told_at: datetime | None, now: datetime
) -> datetime | None:
    """Return the scheduled time for which *brief* is due *now*; None if not due.

    That is its last scheduled time, unless it was sent at or after it (*told_at*), or is
    more than LATEST ago. A time skipped by daylight saving keeps standard time; of a
    repeated time the first counts.
    """
    moment = last_time(brief, now)
    if now - moment > LATEST or (told_at is not None and told_at >= moment):
        return None
    return moment


def last_time(brief: ScheduledBrief, now: datetime) -> datetime:
    """Return the last scheduled time of *brief* up to *now*, in UTC."""
    zone = ZoneInfo(brief.zone)
    # The clock may say an hour less than it did at the moment: begin a day later.
    day = now.astimezone(zone).date() + timedelta(days=1)
    while True:
        moment = datetime.combine(day, brief.at, zone).astimezone(UTC)
        if moment <= now and brief.weekday in (None, day.weekday()):
            return moment
        day -= timedelta(days=1)
