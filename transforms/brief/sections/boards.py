"""Boards: policy, claims settled, money, gaps between languages, and announced dates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from transforms.brief.draft import (
    Draft,
    Event,
    Heading,
    board,
    event_line,
    first_lines,
    link,
    named_first,
)
from transforms.brief.model import BREAK, Items, Line, Section, Text
from transforms.brief.sections.stories import above
from transforms.brief.tables import Columns, table
from transforms.headlines.facts import SIDES
from transforms.models import ClaimKey, Query, StoryId
from transforms.models.calendar import DueDate


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyAct(Event):
    """An act of a state, and the acting side: china, us_eu or unclear (elsewhere).

    The event is its instrument, the companies are those that it hits.
    """

    measure_id: str
    side: str
    status: str


POLICY = Query(
    name="brief.policy",
    row=PolicyAct,
    relations=("new_measures_between", "articles", "article_measures"),
    counts="the outlets of an act put it in order",
)


def policy_section(draft: Draft) -> Section:
    """Place the two sides next to each other, and acts elsewhere below.

    Those of leading stories stand above.
    """
    china, us_eu, elsewhere = (_acts_of(draft, side) for side in SIDES)
    sides = board(draft, china, us_eu)
    blocks = (sides, elsewhere) if elsewhere.lines else (sides,)
    acts = len(draft.rows(POLICY))
    opened = Text(f"{acts:,}", draft.opens("/measures", draft.since, draft.until))
    notes = (draft.line("policy.acts", n=opened),) if opened.url else ()
    return draft.section("policy", *(blocks if acts else ()), notes=notes if acts else ())


def _acts_of(draft: Draft, side: str) -> Items:
    acts = [row for row in named_first(draft.rows(POLICY)) if row.side == side]
    leading = above(draft)
    rest = [_act_line(draft, row) for row in acts if row.story_id not in leading]
    heading, empty = (draft.word(key) for key in (f"policy.{side}", "policy.above"))
    return Items(first_lines(draft, rest), heading, empty if acts else "")


def _act_line(draft: Draft, row: PolicyAct) -> Line:
    did = (draft.label("instrument", row.event), draft.label("status", row.status))
    return event_line(draft, row, amount=" · ".join(did))


POLICY_SECTION = Heading(
    key="policy", write=policy_section, queries=(POLICY,), is_front=True
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(ClaimKey):
    """A claim on a firm, unsourced or only possible when first told, and its outcome."""

    basis: str
    modality: str
    outcome: str
    first_reported_at: datetime
    first_publisher: str
    sentence: str
    url: str
    settled_at: datetime
    settled_by: str
    settled_story: str
    settled_headline: str
    settled_url: str
    settled_publisher: str


BECAME = Query(
    name="brief.became",
    row=Outcome,
    relations=("articles", "claims_of"),
)


def became_section(draft: Draft) -> Section:
    """List what was denied, given up or confirmed of what had been told before."""
    lines = tuple(_outcome_line(draft, row) for row in draft.rows(BECAME))
    return draft.section("became", *((Items(lines),) if lines else ()))


def _outcome_line(draft: Draft, row: Outcome) -> Line:
    is_unnamed = row.basis == "unnamed"
    how = ("basis", row.basis) if is_unnamed else ("modality", row.modality)
    told = draft.line(
        "became.told",
        publisher=row.first_publisher,
        how=draft.label(*how),
        when=draft.moment(row.first_reported_at),
        then=draft.moment(row.settled_at),
        headline=_of_story(draft, row.settled_headline, row.settled_story, row.settled_url),
    )
    return (
        Text(draft.word(f"became.{row.outcome}"), style="strong"),
        Text(" "),
        replace(
            _of_story(draft, row.sentence, row.story_id, row.url), story_id=row.story_id
        ),
        Text(BREAK),
        *told,
    )


def _of_story(draft: Draft, headline: str, story_id: str, url: str) -> Text:
    """Return a headline that opens its story on the desk, its article elsewhere."""
    href = draft.answers.href
    return Text(headline, href(f"/stories/{story_id}")) if href else link(headline, url)


BECAME_SECTION = Heading(
    key="became", write=became_section, queries=(BECAME,), is_front=True
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal(Event):
    """A story on money, with the first amount in its headline."""

    amount: str | None


MONEY = Query(
    name="brief.money",
    row=Deal,
    relations=(
        "tags",
        "articles",
        "article_days",
        "events_on",
        "company_coverage",
        "headline_facts",
    ),
    counts="the outlets of a deal put it in order",
)


def money_section(draft: Draft) -> Section:
    """List the stories of each event."""
    groups: dict[str, list[Line]] = {}
    for row in named_first(draft.rows(MONEY)):
        line = event_line(draft, row, amount=row.amount or "")
        groups.setdefault(row.event, []).append(line)
    return draft.section(
        "money",
        *(
            Items(first_lines(draft, lines), heading=_capital(draft.listed([event])))
            for event, lines in groups.items()
        ),
    )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


MONEY_SECTION = Heading(key="money", write=money_section, queries=(MONEY,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap(StoryId):
    """A story still in one language after 24 hours."""

    language: str
    headline: str | None
    url: str | None
    publishers: int
    first_published_at: datetime


GAPS = Query(
    name="brief.gaps", row=Gap, relations=("gaps_between", "headlines_of", "story_affairs")
)


def gaps_section(draft: Draft) -> Section:
    """Place stories in Chinese only next to stories in English only."""
    chinese, english = (_gaps_in(draft, language) for language in ("zh", "en"))
    found = chinese.lines or english.lines
    return draft.section("gaps", *((board(draft, chinese, english),) if found else ()))


def _gaps_in(draft: Draft, language: str) -> Items:
    own = [_gap_line(draft, row) for row in draft.rows(GAPS) if row.language == language]
    return Items(first_lines(draft, own), heading=draft.word(f"gaps.{language}"))


def _gap_line(draft: Draft, row: Gap) -> Line:
    about = draft.word(
        "gaps.first",
        publishers=draft.count("publisher", row.publishers),
        when=draft.moment(row.first_published_at),
    )
    return (link(row.headline, row.url), Text(BREAK), Text(about, style="muted"))


GAPS_SECTION = Heading(key="gaps", write=gaps_section, queries=(GAPS,))


AHEAD = Query(name="brief_week.ahead", row=DueDate, relations=("dates_due",))


def ahead_section(draft: Draft) -> Section:
    """List what headlines and official notices announce for the days that follow."""
    found = draft.rows(AHEAD)
    return draft.section(
        "ahead",
        table(draft, "caption.ahead", COLUMNS, found),
        notes=(draft.line("ahead.unchecked"),) if found else (),
    )


def _day(draft: Draft, row: DueDate) -> str:
    day = draft.day(row.due_on, form="date.short")
    return day if row.precision == "day" else draft.word("ahead.week", day=day)


COLUMNS: Columns[DueDate] = {
    "due": _day,
    "event": lambda draft, row: draft.label("occasion", row.occasion),
    "alert": lambda _draft, row: link(row.headline, row.url),
    "source": lambda _draft, row: Text(row.first_publisher, style="muted"),
}

AHEAD_SECTION = Heading(
    key="ahead",
    write=ahead_section,
    queries=(AHEAD,),
    periods=("week",),
    is_front=True,
)
