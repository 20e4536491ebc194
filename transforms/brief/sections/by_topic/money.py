"""Earnings, funding, listings and takeovers, grouped by event."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.brief.draft import (
    Draft,
    Event,
    Heading,
    event_line,
    first_lines,
    named_first,
)
from transforms.brief.model import Items, Line, Section
from transforms.models import Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal(Event):
    """A story of money, with the first amount that its headline names."""

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


def section(draft: Draft) -> Section:
    """List the stories of each event."""
    groups: dict[str, list[Line]] = {}
    for row in named_first(draft.rows(MONEY)):
        line = event_line(draft, row, amount=row.amount or "", named=False)
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


HEADING = Heading(key="money", write=section, queries=(MONEY,))
