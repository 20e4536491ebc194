"""Pages of the ledger: ``/measures`` of states, and ``/claims`` with their outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta
from functools import partial
from typing import Any

from flows.web.page import Page, PageView, Reading
from transforms.brief.render.charts import draw_alone
from transforms.models import Query
from transforms.models.measures import INSTRUMENTS, SIDES, STATUSES
from transforms.models.verdicts import BASES, OUTCOMES
from transforms.pages import ledger, timeline
from transforms.pages.ledger import CLAIMS, MEASURES
from transforms.pages.rows.desk import LOOKED_AT
from transforms.pages.stories import headlines
from transforms.pages.timeline import GROWTH, LANES, TIMELINE
from transforms.pages.words import DataTable, Link

SHOWN = 200
# Without other words a page tells of so many days; what is older has an address, or SQL.
DAYS = 90
# Of the timeline: months, acts of each that are shown, and companies that grow abroad.
MONTHS, LONGEST = 12, 60
ACTS, FIRMS = 3, 5
# Of a month with fewer articles nothing is said, not even that nothing happened.
FEW = 5
_OF_MEASURES = ("lane", "target", "thing", "thread")
_OF_CLAIMS = ("company",)
_OF_TIME = ("since", "until", "hours")


def measures_page(reading: Reading) -> PageView:
    """Return acts of states, newest first: of China or against it, or on the beat."""
    ask, words = reading.ask, reading.words
    query = {
        "side": ask.one_of("side", *SIDES) or "",
        "instrument": ask.one_of("instrument", *INSTRUMENTS) or "",
        "status": ask.one_of("status", *STATUSES) or "",
        "lane": ask.one_of("lane", *LANES) or "",
        **{name: ask.text(name) or "" for name in _OF_MEASURES[1:]},
        "all": ask.one_of("all", "1") or "",
        **{name: ask.text(name) or "" for name in _OF_TIME},
    }
    params = {
        **query,
        **_period(reading),
        "all": bool(query["all"]),
        "limit": SHOWN,
        "ids": reading.publication.members(query["target"]),
    }
    acts = reading.rows(MEASURES, **params)
    stories = reading.stories(list(dict.fromkeys(act.story_id for act in acts)))
    choices = {
        name: ledger.choices(words, "/measures", name, values, query)
        for name, values in (
            ("side", SIDES),
            ("instrument", INSTRUMENTS),
            ("status", STATUSES),
        )
    }
    return PageView(
        template="measures.html.j2",
        title=words.word("measures.title"),
        section="measures",
        given={
            "acts": acts,
            "body_of": partial(ledger.body_of, words),
            "choices": choices,
            "all": _switch(reading, "/measures", query),
            "on": _lifted(reading, "/measures", query, _OF_MEASURES),
            "query": query,
            **_foot(reading, MEASURES, params, len(acts)),
        },
        tables=(DataTable(name="measures", rows=[ledger.record(act) for act in acts]),),
        feed=[*dict.fromkeys(stories.values())],
        feed_title=words.word("measures.title"),
    )


def claims_page(reading: Reading) -> PageView:
    """Return what was told of firms without a name or as possible, the open ones first."""
    ask, words = reading.ask, reading.words
    query = {
        "outcome": ask.one_of("outcome", *OUTCOMES) or "",
        "basis": ask.one_of("basis", *BASES) or "",
        **{name: ask.text(name) or "" for name in _OF_CLAIMS},
        **{name: ask.text(name) or "" for name in ("since", "until")},
    }
    params = {
        **query,
        **_period(reading),
        "limit": SHOWN,
        "ids": reading.publication.members(query["company"]),
    }
    claims = reading.rows(CLAIMS, **params)
    stories = reading.stories(list(dict.fromkeys(claim.story_id for claim in claims)))
    choices = {
        name: ledger.choices(words, "/claims", name, values, query)
        for name, values in (("outcome", OUTCOMES), ("basis", BASES))
    }
    return PageView(
        template="claims.html.j2",
        title=words.word("claims.title"),
        section="claims",
        given={
            "claims": claims,
            "choices": choices,
            "on": _lifted(reading, "/claims", query, _OF_CLAIMS),
            **_foot(reading, CLAIMS, params, len(claims)),
        },
        tables=(DataTable(name="claims", rows=[ledger.record(each) for each in claims]),),
        feed=[*dict.fromkeys(stories.values())],
        feed_title=words.word("claims.title"),
    )


def timeline_page(reading: Reading) -> PageView:
    """Return month by month who acted against whom, and who grew abroad meanwhile."""
    words = reading.words
    span = reading.ask.number("months", default=MONTHS, most=LONGEST)
    last = reading.day_of(reading.until)
    years, month = divmod(12 * last.year + last.month - span, 12)
    since = date(years, month + 1, 1)
    period: dict[str, Any] = {
        "since": reading.start_of(since),
        "until": reading.until + timedelta(days=1),
    }
    acts = reading.rows(TIMELINE, **period, shown=ACTS)
    abroad = list(reading.publication.rules.ranking.abroad)
    growth = reading.rows(GROWTH, **period, subjects=abroad, shown=FIRMS)
    stories = reading.stories(list(dict.fromkeys(act.story_id for act in acts)))
    told = timeline.months(words, acts, growth)
    began = reading.publication.first_day or last
    places = timeline.axis(max(since, began), last)
    unseen = _unseen(reading, places, {month.first for month in told})
    while places[0] in unseen and len(places) > 1:
        places = places[1:]
    picture = timeline.picture(words, told, places, unseen=unseen, grows=bool(abroad))
    return PageView(
        template="timeline.html.j2",
        title=words.word("timeline.title"),
        section="measures",
        given={
            "months": told,
            "picture": picture,
            "began": began if began >= places[0] else None,
            "titles": {key: headlines(words, each)[0] for key, each in stories.items()},
            "sql": reading.sql(TIMELINE, **period, shown=ACTS),
        },
        tables=(
            DataTable(name="acts", rows=[asdict(act) for act in acts]),
            DataTable(name="abroad", rows=[asdict(each) for each in growth]),
        ),
        drawing=draw_alone(picture) if reading.ask.form == "svg" else "",
    )


def _unseen(reading: Reading, places: list[date], marked: set[date]) -> set[date]:
    """Return the months in which hardly an article came: nothing there is no zero."""
    return {
        first
        for first in places
        if first not in marked
        for [seen] in [
            reading.rows(
                LOOKED_AT,
                since=reading.start_of(first),
                until=reading.start_of(timeline.following(first)),
            )
        ]
        if seen.articles < FEW
    }


def _period(reading: Reading) -> dict[str, Any]:
    """Return the moments between which the page tells: days, or hours up to the newest."""
    if hours := reading.ask.text("hours") and reading.ask.number(
        "hours", default=0, most=24 * DAYS
    ):
        end = reading.until + timedelta.resolution
        return {"since": end - timedelta(hours=hours), "until": end}
    ask, newest = reading.ask, reading.until + timedelta(days=1)
    since, last = ask.day("since"), ask.day("until")
    until = newest if last is None else reading.start_of(last + timedelta(days=1))
    if since is None:
        return {"since": until - timedelta(days=1 + DAYS), "until": until}
    return {"since": reading.start_of(since), "until": until}


def _switch(reading: Reading, path: str, query: Mapping[str, str]) -> Link:
    """Return the link that also shows acts that do not concern the beat."""
    words, is_all = reading.words, bool(query["all"])
    href = words.href(path, **{**query, "all": "" if is_all else "1"})
    return Link(text=words.word("measures.all"), href=href, is_current=is_all)


def _lifted(
    reading: Reading, path: str, query: Mapping[str, str], names: tuple[str, ...]
) -> list[Link]:
    """Return a link for each filter by words, which lifts it."""
    words = reading.words
    return [
        Link(
            text=_said(reading, name, query[name]),
            href=words.href(path, **{**query, name: ""}),
        )
        for name in names
        if query[name]
    ]


def _said(reading: Reading, name: str, value: str) -> str:
    words = reading.words
    match name:
        case "target" | "company":
            return words.name(value)
        case "thread":
            return words.word("measures.thread")
        case "lane":
            return words.word(f"lane.{value}")
        case _:
            return words.label(name, value)


def _foot(
    reading: Reading, query: Query[Any], params: Mapping[str, Any], n: int
) -> dict[str, Any]:
    return {
        "is_full": n == SHOWN,
        "shown": SHOWN,
        "days": DAYS,
        "since": params["since"],
        "until": params["until"],
        "sql": reading.sql(query, **params),
    }


PAGES = (
    Page(
        path="/timeline",
        view=timeline_page,
        known=frozenset({"months"}),
        forms=("json", "csv", "svg"),
    ),
    Page(
        path="/measures",
        nav="measures",
        view=measures_page,
        known=frozenset({"side", "instrument", "status", *_OF_MEASURES, *_OF_TIME, "all"}),
        forms=("json", "csv", "atom"),
    ),
    Page(
        path="/claims",
        nav="claims",
        view=claims_page,
        known=frozenset({"outcome", "basis", *_OF_CLAIMS, "since", "until"}),
        forms=("json", "csv", "atom"),
    ),
)
