"""The ledger: acts of states, and what is told of firms with what became of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any

from transforms.models import Query
from transforms.pages.words import Link, PageWords

# Who acts against whom, in the order in which the timeline tells it.
LANES = ("against", "answers", "eases", "supports", "own", "answered")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActRow:
    """An act of a state, with its place in a thread of ``steps`` acts."""

    measure_id: str
    story_id: str
    first_reported_at: datetime
    day: date
    side: str
    actor: str
    instrument: str
    status: str
    direction: str
    targets: tuple[str, ...]
    target_class: str
    target_side: str
    thing: str
    effective_on: date | None
    amount: float | None
    currency: str
    answers: str | None
    sentence: str
    language: str
    article_id: str
    first_publisher: str
    articles: int
    stories: tuple[str, ...]
    thread_id: str
    step: int
    steps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow:
    """What was told of a firm, and what became of it."""

    claim_id: str
    story_id: str
    subject: str
    first_reported_at: datetime
    first_publisher: str
    basis: str
    modality: str
    outcome: str
    settled_at: datetime | None
    settled_by: str | None
    settled_headline: str | None
    settled_language: str | None
    settled_story: str | None
    sentence: str
    language: str
    cue: str
    publishers: int
    article_id: str
    age_hours: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthAct:
    """One of the acts of a month and lane that most articles tell of; ``acts`` are all."""

    month: date
    lane: str
    acts: int
    measure_id: str
    story_id: str
    side: str
    status: str
    sentence: str
    language: str
    first_reported_at: datetime
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Abroad:
    """A company by its place among those whose growth abroad a month tells of most."""

    month: date
    company_id: str
    place: int


MEASURES = Query(
    name="pages.measures", row=ActRow, relations=("new_measures_between", "articles")
)
TIMELINE = Query(
    name="pages.timeline",
    row=MonthAct,
    relations=("new_measure_acts_between", "articles"),
    counts="acts of a month and lane, of which it shows the first",
)
GROWTH = Query(
    name="pages.abroad",
    row=Abroad,
    relations=("coverage", "companies"),
    counts="stories of a company of those that treat growth abroad",
)
HITS = Query(
    name="pages.hits",
    row=ActRow,
    relations=("measures_of", "covered", "article_measures", "articles"),
)
OPEN = Query(
    name="pages.open_claims",
    row=ClaimRow,
    relations=("claims_of", "covered", "article_claims", "articles"),
)
CLAIMS = Query(name="pages.claims", row=ClaimRow, relations=("claims_between", "articles"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """Acts of a month on one side of the conflict: their number, and the first of them."""

    lane: str
    acts: int
    href: str
    shown: Sequence[MonthAct]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineMonth:
    """A month of the timeline."""

    first: date
    lanes: Sequence[Lane]
    abroad: Sequence[Link]


def months(
    words: PageWords, acts: Iterable[MonthAct], growth: Iterable[Abroad]
) -> list[TimelineMonth]:
    """Return the months that have an act or growth abroad, newest first."""
    by_month: defaultdict[date, defaultdict[str, list[MonthAct]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for act in acts:
        by_month[act.month][act.lane].append(act)
    grown: defaultdict[date, list[Link]] = defaultdict(list)
    for each in growth:
        link = words.subject("company", each.company_id)
        grown[each.month].append(link)
    return [
        TimelineMonth(
            first=first,
            lanes=[
                _lane(words, first, lane, by_month[first][lane])
                for lane in LANES
                if by_month[first][lane]
            ],
            abroad=grown[first],
        )
        for first in sorted({*by_month, *grown}, reverse=True)
    ]


def _lane(words: PageWords, first: date, lane: str, shown: Sequence[MonthAct]) -> Lane:
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    href = words.href("/measures", lane=lane, since=first, until=last, all="1")
    newest_first = sorted(shown, key=attrgetter("first_reported_at"), reverse=True)
    return Lane(lane=lane, acts=shown[0].acts, href=href, shown=newest_first)


def record(row: ActRow | ClaimRow | MonthAct) -> dict[str, Any]:
    """Return a row as one of the page's data table."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(row).items()
    }


def choices(
    words: PageWords,
    path: str,
    name: str,
    values: tuple[str, ...],
    query: Mapping[str, str],
) -> list[Link]:
    """Return a link for each value of the filter *name*; the current one lifts it."""
    return [
        Link(
            text=words.label(name, each),
            href=words.href(path, **{**query, name: "" if query[name] == each else each}),
            is_current=query[name] == each,
        )
        for each in values
    ]
