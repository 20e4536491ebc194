"""What regulators did: Chinese bodies left, American and European ones right."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.brief.draft import (
    Draft,
    Event,
    Heading,
    board,
    event_line,
    first_lines,
    named_first,
)
from transforms.brief.model import Items, Section
from transforms.models import Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Event):
    """What a regulator did, and the side that acts: china, us_eu or unclear."""

    side: str


POLICY = Query(
    name="brief.policy",
    row=Measure,
    relations=(
        "topics",
        "article_days",
        "tags",
        "events_on",
        "headline_facts",
        "companies",
        "mentions",
        "articles",
        "company_coverage",
    ),
    counts="the outlets of a measure put it in order",
)


def section(draft: Draft) -> Section:
    """Put the sides beside each other, and below what names no body that acts.

    No place is better than a wrong one.
    """
    china, us_eu, unclear = (_side(draft, side) for side in ("china", "us_eu", "unclear"))
    sides = board(draft, china, us_eu)
    blocks = (sides, unclear) if unclear.lines else (sides,)
    return draft.section(
        "policy", *(blocks if china.lines or us_eu.lines or unclear.lines else ())
    )


def _side(draft: Draft, side: str) -> Items:
    measures = [row for row in named_first(draft.rows(POLICY)) if row.side == side]
    lines = first_lines(draft, [event_line(draft, row) for row in measures])
    return Items(lines, heading=draft.word(f"policy.{side}"))


HEADING = Heading(key="policy", write=section, queries=(POLICY,), is_front=True)
