"""``/companies/ID``, ``/topics/ID``, ``/people/ID``: coverage by day, outlet and topic."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from flows.web.asked import DAY
from flows.web.errors import BadRequest, Moved, NotFound
from flows.web.page import Page, PageView, Reading, hindsight
from flows.web.pages.subjects import SubjectList
from transforms.names.match.people import names_pattern
from transforms.pages import subject
from transforms.pages.ledger import HITS, OPEN, record
from transforms.pages.rows import subjects as rows
from transforms.pages.rows.desk import LOOKED_AT
from transforms.pages.stories import card
from transforms.pages.voice import VOICE, WeekVoice
from transforms.pages.words import DataTable, Link, Ranking, address_of
from transforms.search.named import NEAR_NAMES, NearName, near_params
from transforms.text.fold import search_text
from warehouse.queries import covered

DAYS = 90
LONGEST = 366
TREATED = ("topic", "event")
FILTERS = ("day", "hours", "beat", *TREATED, "outlet", "language", "with", "company")
# What a page's own links keep of its address: its period, and whose it is.
KEPT = ("kind", "since", "until")
KNOWN = frozenset({*FILTERS, *KEPT, "sort", "page", "as_of"})
STORIES = 30
BOARD = 12
NEAR = 12
# Acts that hit a company, and claims on it, that its page shows.
LEDGER = 8


def company_page(reading: Reading) -> PageView:
    """Return a company or body, with its brands and subsidiaries."""
    company_id = reading.ask.place["id"]
    if company_id not in reading.publication.entities:
        raise _absent(reading, reading.publication.entities, "company")
    ids = reading.publication.members(company_id)
    return _page(reading, "companies", company_id, "company", {"ids": ids})


def topic_page(reading: Reading) -> PageView:
    """Return a topic or event type."""
    topic_id = reading.ask.place["id"]
    kind = reading.publication.kinds.get(topic_id)
    if topic_id in reading.publication.twins:
        kind = reading.ask.one_of("kind", "topic", "event") or kind
    if kind is None:
        raise _absent(reading, reading.publication.kinds, "topic", "event")
    return _page(reading, "topics", topic_id, kind, {"id": topic_id, "kind": kind})


def person_page(reading: Reading) -> PageView:
    """Return a person of the watchlist: what is told of them beside their company."""
    person_id = reading.ask.place["id"]
    person = reading.publication.people.get(person_id)
    if person is None:
        raise _absent(reading, reading.publication.people, "person")
    whose = {
        "ids": [person.company_id],
        "company": person.company_id,
        "spelled": names_pattern(person),
    }
    return _page(reading, "people", person_id, "person", whose)


def _absent(reading: Reading, known: Container[str], *kinds: str) -> NotFound | Moved:
    """Return what to raise for an id that is not known, or known in small letters."""
    asked = reading.ask.place["id"]
    if asked.lower() in known:
        return Moved(address_of(kinds[0], asked.lower()))
    said = reading.words.word(f"none.{kinds[0]}", id=asked)
    texts = Link(
        text=reading.words.word("none.search_texts", q=asked),
        href=reading.words.href("/search", q=asked),
    )
    return NotFound(said, [*near_links(reading, *kinds), texts])


def near_names(reading: Reading, asked: Iterable[str]) -> list[NearName]:
    """Return the names that are, begin with or nearly are what was *asked*."""
    people = {key: each.names for key, each in reading.publication.people.items()}
    return reading.rows(NEAR_NAMES, **near_params(asked, people, NEAR))


def near_links(reading: Reading, *kinds: str) -> list[Link]:
    """Return links to subjects of some kinds with names like the requested one."""
    asked = search_text(reading.ask.place["id"])
    return [
        Link(
            text=reading.words.name(each.subject_id),
            href=address_of(each.kind, each.subject_id),
        )
        for each in near_names(reading, [asked])
        if each.kind in kinds
    ]


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


def _page(
    reading: Reading,
    section: SubjectList,
    subject_id: str,
    kind: str,
    whose: Mapping[str, Any],
) -> PageView:
    period = asked_period(reading)
    with reading.as_seen(hindsight(reading, period.first, period.last)):
        return _seen(reading, section, subject_id, kind, whose, period)


def _seen(
    reading: Reading,
    section: SubjectList,
    subject_id: str,
    kind: str,
    whose: Mapping[str, Any],
    period: subject.SubjectPeriod,
) -> PageView:
    ask, words = reading.ask, reading.words
    of = rows.COVERED[section]
    ids = list(whose.get("ids", [subject_id]))
    params = {
        **whose,
        "ids": ids,
        "id": subject_id,
        "kind": kind,
        "since": period.since,
        "until": period.until,
        "first_day": period.first,
        "last_day": period.last,
        "limit": BOARD,
    }
    chosen = asked_stories(reading)
    place = ask.number("page", default=1, most=100)
    listed = {
        **params,
        **chosen,
        "sort": ask.one_of("sort", "new", "wide") or "new",
        "limit": STORIES,
        "skip": STORIES * (place - 1),
    }
    path = f"/{section}/{subject_id}"
    kept = _kept(reading, period)
    with covered(reading.con, of, params):
        days = reading.rows(rows.DAYS, **params)
        [sums] = reading.rows(rows.SUMS, **params)
        listed_rows = reading.rows(rows.STORIES, **listed)
        boards = _boards(reading, section, params, path, of, kept)
        [told_in] = reading.rows(rows.BEGAN, **params)
        gaps = reading.rows(rows.GAPS, began=told_in.began_at)
        ledger = _ledger(reading, section, {**params, "limit": LEDGER}, of)
        used = reading.rows(rows.WORDS, **params) if section == "companies" else []
        said = reading.rows(rows.HEADLINES, **params) if section == "people" else []
    stories = reading.stories([story.story_id for story in listed_rows], late=period.since)
    bursts = reading.rows(rows.BURSTS, **params)
    shifts = reading.rows(rows.SHIFTS, **params)
    bars = subject.bars(
        words,
        path,
        days,
        bursts,
        shifts,
        period,
        current=ask.day("day"),
        began=reading.publication.first_day,
        kept=kept,
    )
    given = {
        "subject_id": subject_id,
        "kind": kind,
        "path": path,
        "period": period,
        "about": _about(reading, section, subject_id, ids),
        "bars": bars,
        "days": [day for day in reversed(days) if day.stories],
        "burst_days": {burst.day: burst for burst in bursts},
        "shifts": shifts,
        "sums": sums,
        "few": kind == "topic" and sums.is_hardly_covered,
        "summary": subject.summary(gaps),
        "kept": kept,
        "shares": _shares(reading, section, subject_id, params),
        "boards": boards,
        "used": used,
        "ledger": ledger,
        "said": said,
        "cards": [card(words, story) for story in stories.values()],
        "why_none": "" if stories else _none(reading, section, period),
        "found": listed_rows[0].found if listed_rows else 0,
        "place": place,
        "first_place": STORIES * (place - 1) + 1,
        "more": bool(listed_rows) and listed_rows[0].found > STORIES * place,
        "sort": listed["sort"],
        "query": dict(ask.query),
        "filters": subject.active_filters(words, path, ask.query, FILTERS),
        "sql": {
            "days": reading.sql(rows.DAYS, of=of, **params),
            "stories": reading.sql(rows.STORIES, of=of, **listed),
            "bursts": reading.sql(rows.BURSTS, **params),
        },
    }
    return PageView(
        template="subject.html.j2",
        title=words.name(subject_id),
        section=section,
        given=given,
        tables=(
            DataTable(name="stories", rows=[s.record() for s in stories.values()]),
            DataTable(name="days", rows=[asdict(day) for day in days]),
            *(
                DataTable(name=name, rows=[record(row) for row in ledger[name]])
                for name in ("measures", "claims")
                if ledger
            ),
            *(board.table for board in boards if board.table),
            *([DataTable(name="headlines", rows=list(map(asdict, said)))] if said else []),
        ),
        feed=list(stories.values()),
        feed_title=words.name(subject_id),
    )


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


def _boards(
    reading: Reading,
    section: SubjectList,
    params: Mapping[str, Any],
    path: str,
    of: str,
    kept: Mapping[str, str],
) -> list[Ranking]:
    words = reading.words
    kept = {**kept, **{k: v for k, v in reading.ask.query.items() if k == "sort"}}
    boards = []
    for key, asked, filtered in (
        ("with", rows.WITH, "with"),
        ("companies", rows.COMPANIES, "company"),
        ("topics", rows.TOPICS, "topic"),
        ("outlets", rows.OUTLETS, "outlet"),
    ):
        # A company is named with others by its stories, a topic's companies by articles.
        if key == ("with" if section == "topics" else "companies"):
            continue
        boards.append(
            subject.board(
                words,
                key,
                reading.rows(asked, **params),
                path=path,
                filtered=filtered,
                kept=kept,
                sql=reading.sql(asked, of=of, **params),
            )
        )
    return boards


def _ledger(
    reading: Reading, section: SubjectList, params: Mapping[str, Any], of: str
) -> dict[str, Any]:
    """Return the acts of states that hit a company, and the open claims on it."""
    if section != "companies":
        return {}
    return {
        "measures": reading.rows(HITS, **params),
        "claims": reading.rows(OPEN, **params),
        "hits_sql": reading.sql(HITS, of=of, **params),
        "claims_sql": reading.sql(OPEN, of=of, **params),
    }


def _shares(
    reading: Reading, section: SubjectList, subject_id: str, params: Mapping[str, Any]
) -> list[WeekVoice]:
    """Return the weekly shares of a company or brand, empty for other subjects."""
    entity = reading.publication.entities.get(subject_id)
    if section != "companies" or entity is None or entity.kind not in ("company", "brand"):
        return []
    until = params["last_day"] + DAY
    weeks = {"first_day": until - timedelta(days=84), "last_day": until}
    shares = reading.shared(VOICE, **weeks)
    return [week for week in shares if week.company_id == subject_id]


def _about(
    reading: Reading, section: SubjectList, subject_id: str, ids: list[str]
) -> dict[str, Any]:
    publication = reading.publication
    if section != "companies":
        return {"members": [], "aliases": [], "person": publication.people.get(subject_id)}
    return {
        "entity": publication.entities[subject_id],
        "members": ids[1:],
        "aliases": reading.rows(rows.ALIASES, ids=[subject_id]),
        "people": [
            person
            for person in publication.people.values()
            if person.company_id == subject_id
        ],
    }


PAGES = (
    Page(
        path="/companies/{id}",
        view=company_page,
        known=KNOWN,
        forms=("json", "csv", "atom"),
    ),
    Page(path="/people/{id}", view=person_page, known=KNOWN, forms=("json", "csv", "atom")),
    Page(path="/topics/{id}", view=topic_page, known=KNOWN, forms=("json", "csv", "atom")),
)
