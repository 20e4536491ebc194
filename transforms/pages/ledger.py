"""The ledger: acts of states, what is told of firms and its outcome, developing stories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from transforms.models import Query
from transforms.models.measures import Measure
from transforms.pages.words import PageWords


@dataclass(frozen=True, kw_only=True)
class _FirstReport:
    measure_id: str
    story_id: str
    first_reported_at: datetime
    day: date


@dataclass(frozen=True, kw_only=True)
class ActRow(Measure, _FirstReport):
    """An act of a state, with its place in a thread of ``steps`` acts.

    Its first report comes first, since the last base of a dataclass has the first fields.
    """

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


MEASURES = Query(
    name="pages.measures", row=ActRow, relations=("new_measures_between", "articles")
)
HITS = Query(
    name="pages.hits",
    row=ActRow,
    relations=("measures_of", "covered", "article_measures", "articles"),
)
CLAIMS_ON = Query(
    name="pages.claims_on",
    row=ClaimRow,
    relations=("claims_of", "covered", "article_claims", "articles"),
)
SETTLED = Query(
    name="pages.settled_claims", row=ClaimRow, relations=("claims_of", "articles")
)
CLAIMS = Query(name="pages.claims", row=ClaimRow, relations=("claims_between", "articles"))


def body_of(words: PageWords, states: Mapping[str, frozenset[str]], act: ActRow) -> str:
    """Return the body that acts for a side; "" if it is the state itself.

    *states* is what the state of each side is called.
    """
    return "" if act.actor.lower() in states.get(act.side, ()) else words.name(act.actor)


def record(row: Any) -> dict[str, Any]:
    """Return a row as one of the page's data table."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(row).items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Development:
    """A developing story of ``turns`` stories, by the newest of them."""

    affair_id: str
    story_id: str
    company: str | None
    topic: str | None
    turns: int
    turned_at: datetime
    headline: str
    language: str
    first_publisher: str
    publishers: int
    began_at: datetime
    first_story: str
    first_headline: str


DEVELOPING = Query(
    name="pages.developing",
    row=Development,
    relations=("story_affairs", "stories", "articles"),
)
