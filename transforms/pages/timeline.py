"""The timeline: who acted against whom by month, as a picture and as the lists below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import NamedTuple

from transforms.brief.model import Bar, Chart
from transforms.grouping import grouped
from transforms.models import Query
from transforms.models.measures import SIDES
from transforms.pages.words import Link, PageWords

# Who acts against whom, in the order in which the timeline tells it.
LANES = ("against", "answers", "eases", "supports", "own", "answered")
# The lane that the picture tells by side, and the one that counts companies.
AGAINST, ABROAD = "against", "abroad"
# Where no mark stands for more, one for so many is of full size.
FULL = 5
# Colours of marks: what hits China and what China does, what eases or supports, who grows.
HUES = {AGAINST: 1, "answered": 1, "eases": 2, "supports": 2, ABROAD: 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthAct:
    """One of the acts of a month and lane that most articles tell of.

    ``acts`` are all of the lane, ``acts_of_side`` those of them that are of its side.
    """

    month: date
    lane: str
    acts: int
    acts_of_side: int
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
    """A company, ranked by how many stories of a month report its growth abroad.

    ``subject_id`` is the subject of most of these stories; ``companies`` counts all firms.
    """

    month: date
    company_id: str
    subject_id: str
    place: int
    companies: int


TIMELINE = Query(
    name="pages.timeline",
    row=MonthAct,
    relations=("new_measures_between", "articles"),
    counts="acts of a month and lane, of which it shows the first",
)
GROWTH = Query(
    name="pages.abroad",
    row=Abroad,
    relations=("coverage", "companies"),
    counts="companies of which stories treat growth abroad",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SideActs:
    """Acts of one side in a month and lane: their number, and a link to them."""

    side: str
    acts: int
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """Acts of a month on one side of the conflict: their number, and the first of them."""

    lane: str
    acts: int
    href: str
    sides: Sequence[SideActs]
    shown: Sequence[MonthAct]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineMonth:
    """A month of the timeline; of its ``companies`` that grow the first are shown."""

    first: date
    lanes: Sequence[Lane]
    abroad: Sequence[Link]
    companies: int


def months(
    words: PageWords, acts: Iterable[MonthAct], growth: Iterable[Abroad]
) -> list[TimelineMonth]:
    """Return the months that have an act or growth abroad, newest first."""
    of_lanes = grouped(acts, attrgetter("month", "lane"))
    grown = grouped(growth, attrgetter("month"))
    return [
        TimelineMonth(
            first=first,
            lanes=[
                _lane(words, first, lane, of_lanes[first, lane])
                for lane in LANES
                if (first, lane) in of_lanes
            ],
            abroad=[_abroad(words, each) for each in grown[first]],
            companies=max((each.companies for each in grown[first]), default=0),
        )
        for first in sorted({*grown, *(month for month, _ in of_lanes)}, reverse=True)
    ]


def _lane(words: PageWords, first: date, lane: str, shown: Sequence[MonthAct]) -> Lane:
    asked = {"lane": lane, **_days(first), "all": "1"}
    of_sides = {act.side: act.acts_of_side for act in shown}
    return Lane(
        lane=lane,
        acts=shown[0].acts,
        href=words.href("/measures", **asked),
        sides=[
            SideActs(side=side, acts=n, href=words.href("/measures", side=side, **asked))
            for side in SIDES
            if (n := of_sides.get(side, 0))
        ],
        shown=sorted(shown, key=attrgetter("first_reported_at"), reverse=True),
    )


def _abroad(words: PageWords, told: Abroad) -> Link:
    asked = {"with": told.company_id, **_days(told.month)}
    stories = words.href(f"/topics/{told.subject_id}", **asked)
    return Link(text=words.name(told.company_id), href=f"{stories}#stories")


def _days(first: date) -> dict[str, date]:
    return {"since": first, "until": following(first) - timedelta(days=1)}


def following(first: date) -> date:
    """Return the first day of the next month."""
    return (first + timedelta(days=31)).replace(day=1)


def axis(since: date, last: date) -> list[date]:
    """Return the first day of each month from that of *since* to that of *last*."""
    found = [since.replace(day=1)]
    while (after := following(found[-1])) <= last:
        found.append(after)
    return found


def picture(
    words: PageWords,
    told: Sequence[TimelineMonth],
    places: Sequence[date],
    *,
    unseen: Container[date],
    grows: bool,
) -> Chart:
    """Return the months as marks in lanes; acts against China have one lane for each side.

    *unseen* are months in which nothing was watched; *grows* tells whether the beat says
    what growth abroad is.
    """
    rows = dict(_rows(words, told, grows=grows))
    named = {place: words.day(place, form="date.axis") for place in places}
    marks = [mark for month in told for mark in _marks(month)]
    most = {
        is_abroad: max(FULL, 0, *(m.n for m in marks if (m.lane == ABROAD) is is_abroad))
        for is_abroad in (True, False)
    }
    sums: Counter[str] = Counter()
    for mark in marks:
        if mark.lane != ABROAD:
            sums[rows[mark.lane, mark.side]] += mark.n
    return Chart(
        kind="lanes",
        title=words.word("timeline.title"),
        alt=words.word(
            "timeline.alt",
            first=words.day(places[0], form="date.month"),
            last=words.day(places[-1], form="date.month"),
            rows=words.joined(f"{row} {sums[row]}" for row in rows.values() if sums[row]),
        ),
        bars=tuple(
            Bar(
                bar=named[mark.first],
                series=rows[mark.lane, mark.side],
                value=mark.n / most[mark.lane == ABROAD],
                stories=mark.n,
                hue=HUES.get(mark.lane, 0),
                href=mark.href,
                label=words.word(
                    "timeline.mark",
                    row=rows[mark.lane, mark.side],
                    month=words.day(mark.first, form="date.month"),
                    n=words.count("company.n" if mark.lane == ABROAD else "act", mark.n),
                ),
            )
            for mark in marks
        ),
        series=tuple(rows.values()),
        positions=tuple(named.values()),
        unseen=tuple(named[place] for place in places if place in unseen),
    )


def _rows(
    words: PageWords, told: Sequence[TimelineMonth], *, grows: bool
) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield the rows of the picture: lane and side, with what they are called."""
    lanes = [lane for month in told for lane in month.lanes if lane.lane == AGAINST]
    acting = {side.side for lane in lanes for side in lane.sides}
    for side in SIDES:
        if side in acting:
            called = words.label("side", side)
            row = words.word("timeline.by", side=called[:1].upper() + called[1:])
            yield (AGAINST, side), row
    for lane in LANES[1:] if acting else LANES:
        yield (lane, ""), words.word(f"lane.{lane}")
    if grows:
        yield (ABROAD, ""), words.word("timeline.growth")


class _Mark(NamedTuple):
    """So many acts, or companies, of a month and row; what it opens."""

    first: date
    lane: str
    side: str
    n: int
    href: str


def _marks(month: TimelineMonth) -> Iterator[_Mark]:
    for lane in month.lanes:
        if lane.lane == AGAINST:
            for side in lane.sides:
                yield _Mark(month.first, AGAINST, side.side, side.acts, side.href)
        else:
            yield _Mark(month.first, lane.lane, "", lane.acts, lane.href)
    if month.companies:
        href = f"#{ABROAD}-{month.first}"
        yield _Mark(month.first, ABROAD, "", month.companies, href)
