"""Brief of a period, made from the published file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

import duckdb

from flows.home import Config
from flows.steps.published import published
from flows.steps.statistics import look_back
from transforms.brief import Brief, compose_brief, queries_of
from transforms.brief.basis import NAMES
from transforms.brief.model import Line, Text, with_lines
from transforms.brief.ranking import EARLIER
from transforms.brief.rules import BriefRules
from transforms.brief.sections.stories import leading_ids
from transforms.models import Answers, NamedResult
from transforms.pages.own_words import TAGS_OF, own_words
from transforms.pages.words import PageWords
from transforms.search.named import NamedSearch
from warehouse.news.search import search
from warehouse.numbers.brief import EVER, brief_data
from warehouse.numbers.trends import today
from warehouse.queries import read
from warehouse.runs import reporting_zone

Period = Literal["day", "week"]
DAYS = {"day": 1, "week": 7}
# A story that goes on began so long before at most.
LOOK_BACK = timedelta(days=7)
# So many stories of a search stand in a brief; the desk has all.
FOUND = 12


class BriefContents(NamedTuple):
    """What a brief has beside the beat's own sections, and which sections it keeps.

    On the desk, whose pages ``href`` addresses, its numbers open what they count.
    """

    searches: Sequence[NamedSearch] = ()
    only: Collection[str] = ()
    href: Callable[..., str] | None = None


WHOLE = BriefContents()


def make_brief(
    config: Config,
    *,
    now: datetime,
    period: Period = "day",
    last: date | None = None,
    as_of: datetime | None = None,
    until: datetime | None = None,
    language: str = "en",
    searches: Sequence[NamedSearch] = (),
    only: Collection[str] = (),
) -> Brief:
    """Return the brief of the *period* up to *until*, or of whole days up to *last*.

    Without either it ends *now*. With *as_of* it is the brief that could have been written
    then. Results of *searches* in that time are a section of it; of its sections it keeps
    *only*, if there are some.
    """
    with published(config.settings) as con:
        return read_brief(
            con,
            config.writing,
            now=now,
            period=period,
            last=last,
            as_of=as_of,
            until=until,
            language=language,
            contents=BriefContents(searches, only),
        )


def read_brief(
    con: duckdb.DuckDBPyConnection,
    rules: BriefRules,
    *,
    now: datetime,
    period: Period = "day",
    last: date | None = None,
    as_of: datetime | None = None,
    until: datetime | None = None,
    language: str = "en",
    contents: BriefContents = WHOLE,
) -> Brief:
    """Return the brief from an open file; arguments as of ``make_brief``."""
    zone = reporting_zone(con)
    since, end = window(period, now=until or as_of or now, last=last, zone=zone)
    hindsight = None
    if as_of is not None:
        first, final = (today(con, at) for at in (since, end - timedelta.resolution))
        hindsight = look_back(
            con,
            since=first,
            until=final,
            as_of=as_of,
            false_alarms_a_week=rules.false_alarms,
        )
    answers = brief_data(
        con, queries_of(period), since=since, until=end, as_of=as_of, found=hindsight
    )
    answers = _with_earlier(con, answers, rules, since, end, as_of)
    results = [_found(con, each, since, end) for each in contents.searches]
    brief = compose_brief(
        replace(answers, found=results, only=contents.only, href=contents.href),
        rules,
        period=period,
        since=since,
        until=end,
        as_of=as_of,
        now=now,
        language=language,
        zone=zone,
    )
    names = {row.id: (row.name, row.name_zh or "") for row in answers.of(NAMES)}
    words = PageWords(language=language, zone=ZoneInfo(zone), names=names, until=end)
    return _with_own_words(con, brief, words)


def own_words_of(
    con: duckdb.DuckDBPyConnection,
    words: PageWords,
    headlines: Mapping[str, str],
    *,
    since: datetime,
    until: datetime,
) -> dict[tuple[str, str], str]:
    """Return lines of ours on *headlines* of stories, by story and headline.

    Those in the words' own language have none. Their articles came out in that time.
    """
    asked = {
        "story_ids": list(headlines),
        "titles": list(set(headlines.values())),
        "language": words.language,
        "since": since,
        "until": until,
    }
    tags = read(con, TAGS_OF, asked)
    return {(each.story_id, each.title): own_words(words, each) for each in tags}


def _with_own_words(
    con: duckdb.DuckDBPyConnection, brief: Brief, words: PageWords
) -> Brief:
    """Return *brief* with lines of ours behind headlines in another language."""
    shown: dict[str, str] = {}

    def note(line: Line) -> Line:
        shown.update((piece.story_id, piece.text) for piece in line if piece.story_id)
        return line

    with_lines(brief, note)
    since, until = brief.since - LOOK_BACK, brief.until
    lines = own_words_of(con, words, shown, since=since, until=until)

    def explain(line: Line) -> Line:
        pieces: list[Text] = []
        for piece in line:
            pieces.append(piece)
            own = lines.get((piece.story_id, piece.text))
            # One matter's headlines say the same: it is told behind the first.
            if own and all(own not in each.text for each in pieces):
                said = words.word("ours.behind", line=own)
                pieces.append(Text(said, style="muted"))
        return tuple(pieces)

    return with_lines(brief, explain)


def _with_earlier(
    con: duckdb.DuckDBPyConnection,
    answers: Answers,
    rules: BriefRules,
    since: datetime,
    until: datetime,
    as_of: datetime | None,
) -> Answers:
    """Return *answers* with earlier articles on the leads in the other language."""
    params = {
        "story_ids": leading_ids(answers, rules.ranking),
        "since": since,
        "until": until,
        "as_of": as_of or EVER,
    }
    earlier = read(con, EARLIER, params)
    return replace(answers, rows={**answers.rows, EARLIER.key: earlier})


def _found(
    con: duckdb.DuckDBPyConnection, named: NamedSearch, since: datetime, until: datetime
) -> NamedResult:
    """Return the results of a search within the period, as many as a brief shows."""
    filters = replace(named.query.filters, since=since, until=until)
    results = search(con, replace(named.query, filters=filters), limit=FOUND)
    return NamedResult(
        search_id=named.search_id,
        name=named.name,
        stories=results.stories,
        total=results.total,
    )


def window(
    period: Period, *, now: datetime, last: date | None, zone: str
) -> tuple[datetime, datetime]:
    """Return start and end: 24 hours a day up to *now*, or whole days up to *last*.

    If *last* is not over, the period ends now.
    """
    days = timedelta(days=DAYS[period])
    if last is None:
        return now - days, now
    after = last + timedelta(days=1)
    return _midnight(after - days, zone), min(_midnight(after, zone), now)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
