"""Parts of a subject's page: each board with its queries, values and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from flows.web.asked import DAY
from flows.web.page import Reading
from flows.web.pages.subject_asked import FILTERS, STORIES, Asked
from flows.web.pages.subjects import SubjectList
from transforms.pages import subject
from transforms.pages.lists import CLAIMS_ON, HITS, record
from transforms.pages.rows import subjects as rows
from transforms.pages.rows.desk import LOOKED_AT
from transforms.pages.stories import ToldStory, card
from transforms.pages.voice import VOICE, WEEKS, points, week_starts
from transforms.pages.words import DataTable

# Acts that hit a company, and claims on it, that its page shows.
LEDGER = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePart:
    """A part of the page: what its template gets, its data, and stories for a feed."""

    given: Mapping[str, Any]
    tables: Sequence[DataTable] = ()
    feed: Sequence[ToldStory] = ()


def about(asked: Asked) -> PagePart:
    """Return who or what the subject is."""
    publication, subject_id = asked.reading.publication, asked.subject_id
    if asked.section != "companies":
        known: dict[str, Any] = {
            "members": [],
            "aliases": [],
            "person": publication.people.get(subject_id),
        }
    else:
        known = {
            "entity": publication.entities[subject_id],
            "members": asked.params["ids"][1:],
            "aliases": asked.reading.rows(rows.ALIASES, ids=[subject_id]),
            "people": [
                person
                for person in publication.people.values()
                if person.company_id == subject_id
            ],
        }
    return PagePart(
        given={
            "subject_id": subject_id,
            "kind": asked.kind,
            "path": asked.path,
            "period": asked.period,
            "days_known": _days_known(asked),
            "kept": asked.kept,
            "about": known,
            "query": dict(asked.reading.ask.query),
        }
    )


def _days_known(asked: Asked) -> int:
    """Return how many days of the period are not before the first with data."""
    first, last = asked.reading.publication.first_day, asked.period.last
    if first is None or not asked.period.first < first <= last:
        return asked.period.days
    return (last - first).days + 1


def stories(asked: Asked) -> PagePart:
    """Return its stories, a page of them."""
    reading, place = asked.reading, asked.place
    listed = reading.rows(rows.STORIES, **asked.listed)
    found = listed[0].found if listed else 0
    told = reading.stories(
        [story.story_id for story in listed], late=asked.period.since
    ).values()
    return PagePart(
        given={
            "cards": [card(reading.words, story) for story in told],
            "why_none": "" if told else _none(reading, asked.section, asked.period),
            "found": found,
            "place": place,
            "first_place": STORIES * (place - 1) + 1,
            "more": found > STORIES * place,
            "sort": asked.listed["sort"],
            "filters": subject.active_filters(
                reading.words, asked.path, reading.ask.query, FILTERS
            ),
            "stories_sql": reading.sql(rows.STORIES, of=asked.of, **asked.listed),
        },
        tables=[DataTable(name="stories", rows=[story.record() for story in told])],
        feed=list(told),
    )


def days(asked: Asked) -> PagePart:
    """Return its stories by day, with bursts and shifts, and their sums."""
    reading, params = asked.reading, asked.params
    counted = reading.rows(rows.DAYS, **params)
    [sums] = reading.rows(rows.SUMS, **params)
    [told_in] = reading.rows(rows.BEGAN, **params)
    gaps = reading.rows(rows.GAPS, began=told_in.began_at)
    bursts = reading.rows(rows.BURSTS, **params)
    shifts = reading.rows(rows.SHIFTS, **params)
    return PagePart(
        given={
            "bars": subject.bars(
                reading.words,
                asked.path,
                counted,
                bursts,
                shifts,
                asked.period,
                current=reading.ask.day("day"),
                began=reading.publication.first_day,
                kept=asked.kept,
            ),
            "days": [day for day in reversed(counted) if day.stories],
            "burst_days": {burst.day: burst for burst in bursts},
            "shifts": shifts,
            "sums": sums,
            "is_unfinished": asked.period.last == reading.day_of(reading.until),
            "few": asked.kind == "topic" and sums.is_hardly_covered,
            "summary": subject.summary(gaps),
            "days_sql": reading.sql(rows.DAYS, of=asked.of, **params),
            "bursts_sql": reading.sql(rows.BURSTS, **params),
        },
        tables=[DataTable(name="days", rows=[asdict(day) for day in counted])],
    )


def events(asked: Asked) -> PagePart:
    """Return the events of a company by kind and week; none of a few days."""
    if asked.section != "companies" or asked.period.days <= subject.WEEK:
        return PagePart(given={"events": None})
    reading, params = asked.reading, asked.params
    found = reading.rows(rows.EVENTS, **params)
    return PagePart(
        given={
            "events": subject.events(
                reading.words,
                asked.path,
                found,
                asked.period,
                began=reading.publication.first_day,
                kept=asked.kept,
            ),
            "events_sql": reading.sql(rows.EVENTS, of=asked.of, **params),
        },
        tables=[DataTable(name="events", rows=[asdict(row) for row in found])],
    )


def ledger(asked: Asked) -> PagePart:
    """Return the acts of states that hit a company, and the claims on it."""
    if asked.section != "companies":
        return PagePart(given={"ledger": {}})
    reading, params = asked.reading, {**asked.params, "limit": LEDGER}
    found: dict[str, Sequence[Any]] = {
        "measures": reading.rows(HITS, **params),
        "claims": reading.rows(CLAIMS_ON, **params),
    }
    statements = {
        "hits_sql": reading.sql(HITS, of=asked.of, **params),
        "claims_sql": reading.sql(CLAIMS_ON, of=asked.of, **params),
    }
    return PagePart(
        given={"ledger": {**found, **statements}},
        tables=[
            DataTable(name=name, rows=[record(row) for row in listed])
            for name, listed in found.items()
        ],
    )


def boards(asked: Asked) -> PagePart:
    """Return the tables of companies, topics and outlets that it appears with."""
    reading = asked.reading
    sort = {k: v for k, v in reading.ask.query.items() if k == "sort"}
    # A company is named with others by its stories, a topic's companies by articles.
    without = "with" if asked.section == "topics" else "companies"
    ranked = [
        subject.board(
            reading.words,
            key,
            reading.rows(query, **asked.params),
            path=asked.path,
            filtered=filtered,
            kept={**asked.kept, **sort},
            sql=reading.sql(query, of=asked.of, **asked.params),
        )
        for key, query, filtered in (
            ("with", rows.WITH, "with"),
            ("companies", rows.COMPANIES, "company"),
            ("topics", rows.TOPICS, "topic"),
            ("outlets", rows.OUTLETS, "outlet"),
        )
        if key != without
    ]
    return PagePart(
        given={"boards": ranked},
        tables=[board.table for board in ranked if board.table],
    )


def texts(asked: Asked) -> PagePart:
    """Return the names that articles use for a company, or the headlines with a person."""
    reading, params = asked.reading, asked.params
    used = reading.rows(rows.WORDS, **params) if asked.section == "companies" else []
    named = reading.rows(rows.HEADLINES, **params) if asked.section == "people" else []
    return PagePart(
        given={"used": used, "said": named},
        tables=[DataTable(name="headlines", rows=list(map(asdict, named)))]
        if named
        else [],
    )


def shares(asked: Asked) -> PagePart:
    """Return the shares of a group in spans of seven days, empty for other subjects.

    Where only others were told of, it is 0.
    """
    reading, subject_id = asked.reading, asked.subject_id
    entity = reading.publication.entities.get(subject_id)
    competes = entity is not None and entity.kind in ("company", "brand")
    if asked.section != "companies" or not competes:
        return PagePart(given={"shares": []})
    weeks = week_starts(asked.period.last, WEEKS)
    until = asked.period.last + DAY
    voices = reading.shared(VOICE, first_day=weeks[0], last_day=until)
    is_group = any(voice.company_id == subject_id for voice in voices)
    told = points(reading.words, voices, [subject_id], weeks) if is_group else []
    return PagePart(given={"shares": told})


# In the order of the page's tables.
PARTS = (about, stories, days, events, ledger, boards, texts, shares)


def _none(reading: Reading, section: SubjectList, period: subject.SubjectPeriod) -> str:
    """Return why a page has no stories: nothing was told, or not by its names."""
    if any(reading.ask.text(name) for name in FILTERS):
        return reading.words.word("subject.none.filtered")
    [seen] = reading.rows(LOOKED_AT, since=period.since, until=period.until)
    if not seen.articles:
        return reading.words.word("subject.none.days")
    articles = reading.words.count("article", seen.articles)
    return reading.words.word(f"subject.none.{section}", articles=articles)
