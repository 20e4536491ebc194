"""Parts of a subject's page: what is asked, and each board with its queries and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from flows.web.asked import DAY
from flows.web.errors import BadRequest
from flows.web.page import Reading
from flows.web.pages.subjects import SubjectList
from transforms.pages import subject
from transforms.pages.ledger import HITS, OPEN, record
from transforms.pages.rows import subjects as rows
from transforms.pages.rows.desk import LOOKED_AT
from transforms.pages.stories import ToldStory, card
from transforms.pages.voice import VOICE
from transforms.pages.words import DataTable

DAYS = 90
LONGEST = 366
TREATED = ("topic", "event")
FILTERS = ("day", "hours", "beat", *TREATED, "outlet", "language", "with", "company")
# What a page's own links keep of its address: its period, and whose it is.
KEPT = ("kind", "since", "until")
STORIES = 30
BOARD = 12
# Acts that hit a company, and claims on it, that its page shows.
LEDGER = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of a subject: whose coverage, of which days, by which filters.

    ``params`` are those of every query of its coverage, ``listed`` those of its stories,
    ``kept`` what links of the page keep of its address.
    """

    reading: Reading
    section: SubjectList
    subject_id: str
    kind: str
    period: subject.SubjectPeriod
    params: Mapping[str, Any]
    listed: Mapping[str, Any]
    kept: Mapping[str, str]

    @property
    def path(self) -> str:
        """The path of the page."""
        return f"/{self.section}/{self.subject_id}"

    @property
    def of(self) -> str:
        """The name of the query of its articles."""
        return rows.COVERED[self.section]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the page: what its template gets, its data, and stories for a feed."""

    given: Mapping[str, Any]
    tables: Sequence[DataTable] = ()
    feed: Sequence[ToldStory] = ()


def read_asked(
    reading: Reading,
    section: SubjectList,
    subject_id: str,
    kind: str,
    whose: Mapping[str, Any],
) -> Asked:
    """Return what an address asks of a subject.

    Raises:
        BadRequest: Its days or filters are none.
    """
    period = asked_period(reading)
    params = {
        **whose,
        "ids": list(whose.get("ids", [subject_id])),
        "id": subject_id,
        "kind": kind,
        "since": period.since,
        "until": period.until,
        "first_day": period.first,
        "last_day": period.last,
        "limit": BOARD,
    }
    listed = {
        **params,
        **asked_stories(reading),
        "sort": reading.ask.one_of("sort", "new", "wide") or "new",
        "limit": STORIES,
        "skip": STORIES * (_place(reading) - 1),
    }
    return Asked(
        reading=reading,
        section=section,
        subject_id=subject_id,
        kind=kind,
        period=period,
        params=params,
        listed=listed,
        kept=_kept(reading, period),
    )


def asked_period(reading: Reading) -> subject.SubjectPeriod:
    """Return the requested period, by default 90 days up to the newest data.

    Raises:
        BadRequest: It is too long, or none.
    """
    period = reading.ask.period()
    if period is None:
        last = reading.day_of(reading.until)
        day = reading.ask.day("day")
        if day is not None and day < last - timedelta(days=DAYS - 1):
            last = day
        period = (last - timedelta(days=DAYS - 1), last)
    first, last = period
    if (last - first).days >= LONGEST:
        raise BadRequest(f"a period has at most {LONGEST} days; ask for fewer")
    return subject.SubjectPeriod(
        first=first,
        last=last,
        since=reading.start_of(first),
        until=reading.start_of(last + DAY),
    )


def asked_stories(reading: Reading) -> dict[str, Any]:
    """Return the filters of the stories, None for absent ones."""
    ask = reading.ask
    until = reading.until + timedelta.resolution
    hours = ask.number("hours", default=0, most=24 * LONGEST) if ask.text("hours") else 0
    return {
        "from": until - timedelta(hours=hours) if hours else None,
        "to": until if hours else None,
        "day": ask.day("day"),
        "outlet": ask.text("outlet"),
        "language": ask.one_of("language", "en", "zh"),
        "on_beat": ask.one_of("beat", "1") is not None,
        "topic": ask.text("event") or ask.text("topic"),
        "treated_kind": _treated_kind(reading),
        "named": ask.text("company"),
        "with": ask.text("with"),
    }


def _treated_kind(reading: Reading) -> str | None:
    """Return which kind a filter by topic means, None where its id says it."""
    if reading.ask.text("event"):
        return "event"
    return "topic" if reading.ask.text("topic") in reading.publication.twins else None


def about(asked: Asked) -> Part:
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
    return Part(
        given={
            "subject_id": subject_id,
            "kind": asked.kind,
            "path": asked.path,
            "period": asked.period,
            "kept": asked.kept,
            "about": known,
            "query": dict(asked.reading.ask.query),
        }
    )


def stories(asked: Asked) -> Part:
    """Return its stories, a page of them."""
    reading, place = asked.reading, _place(asked.reading)
    listed = reading.rows(rows.STORIES, **asked.listed)
    found = listed[0].found if listed else 0
    told = reading.stories(
        [story.story_id for story in listed], late=asked.period.since
    ).values()
    return Part(
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


def days(asked: Asked) -> Part:
    """Return its stories by day, with bursts and shifts, and their sums."""
    reading, params = asked.reading, asked.params
    counted = reading.rows(rows.DAYS, **params)
    [sums] = reading.rows(rows.SUMS, **params)
    [told_in] = reading.rows(rows.BEGAN, **params)
    gaps = reading.rows(rows.GAPS, began=told_in.began_at)
    bursts = reading.rows(rows.BURSTS, **params)
    shifts = reading.rows(rows.SHIFTS, **params)
    return Part(
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
            "few": asked.kind == "topic" and sums.is_hardly_covered,
            "summary": subject.summary(gaps),
            "days_sql": reading.sql(rows.DAYS, of=asked.of, **params),
            "bursts_sql": reading.sql(rows.BURSTS, **params),
        },
        tables=[DataTable(name="days", rows=[asdict(day) for day in counted])],
    )


def ledger(asked: Asked) -> Part:
    """Return the acts of states that hit a company, and the open claims on it."""
    if asked.section != "companies":
        return Part(given={"ledger": {}})
    reading, params = asked.reading, {**asked.params, "limit": LEDGER}
    found: dict[str, Sequence[Any]] = {
        "measures": reading.rows(HITS, **params),
        "claims": reading.rows(OPEN, **params),
    }
    statements = {
        "hits_sql": reading.sql(HITS, of=asked.of, **params),
        "claims_sql": reading.sql(OPEN, of=asked.of, **params),
    }
    return Part(
        given={"ledger": {**found, **statements}},
        tables=[
            DataTable(name=name, rows=[record(row) for row in listed])
            for name, listed in found.items()
        ],
    )


def boards(asked: Asked) -> Part:
    """Return with whom it is named, on what, and by which outlets."""
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
    return Part(
        given={"boards": ranked},
        tables=[board.table for board in ranked if board.table],
    )


def texts(asked: Asked) -> Part:
    """Return the names by which a company is told, or the headlines that name a person."""
    reading, params = asked.reading, asked.params
    used = reading.rows(rows.WORDS, **params) if asked.section == "companies" else []
    named = reading.rows(rows.HEADLINES, **params) if asked.section == "people" else []
    return Part(
        given={"used": used, "said": named},
        tables=[DataTable(name="headlines", rows=list(map(asdict, named)))]
        if named
        else [],
    )


def shares(asked: Asked) -> Part:
    """Return the weekly shares of a company or brand, empty for other subjects."""
    reading, subject_id = asked.reading, asked.subject_id
    entity = reading.publication.entities.get(subject_id)
    competes = entity is not None and entity.kind in ("company", "brand")
    if asked.section != "companies" or not competes:
        return Part(given={"shares": []})
    until = asked.period.last + DAY
    weeks = {"first_day": until - timedelta(days=84), "last_day": until}
    voices = reading.shared(VOICE, **weeks)
    return Part(given={"shares": [w for w in voices if w.company_id == subject_id]})


# In the order of the page's tables.
PARTS = (about, stories, days, ledger, boards, texts, shares)


def _place(reading: Reading) -> int:
    return reading.ask.number("page", default=1, most=100)


def _none(reading: Reading, section: SubjectList, period: subject.SubjectPeriod) -> str:
    """Return why a page has no stories: nothing was told, or not by its names."""
    if any(reading.ask.text(name) for name in FILTERS):
        return reading.words.word("subject.none.filtered")
    [seen] = reading.rows(LOOKED_AT, since=period.since, until=period.until)
    if not seen.articles:
        return reading.words.word("subject.none.days")
    articles = reading.words.count("article", seen.articles)
    return reading.words.word(f"subject.none.{section}", articles=articles)


def _kept(reading: Reading, period: subject.SubjectPeriod) -> dict[str, str]:
    """Return what links keep: of a day long past its period too, or they count another."""
    kept = {name: value for name, value in reading.ask.query.items() if name in KEPT}
    if reading.ask.period() is None and period.last < reading.day_of(reading.until):
        kept |= {"since": str(period.first), "until": str(period.last)}
    return kept
