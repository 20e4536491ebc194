"""Earnings, funding, listings and takeovers, grouped by event."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.brief.boards import Event, event_line, first_lines, named_first
from transforms.brief.desk import Desk
from transforms.brief.heading import Heading
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


def section(desk: Desk) -> Section:
    """List the stories of each event."""
    groups: dict[str, list[Line]] = {}
    for row in named_first(desk.rows(MONEY)):
        line = event_line(desk, row, amount=row.amount or "", named=False)
        groups.setdefault(row.event, []).append(line)
    return Section(
        key="money",
        title=desk.word("section.money"),
        blocks=tuple(
            Items(first_lines(desk, lines), heading=_capital(desk.listed([event])))
            for event, lines in groups.items()
        ),
        queries=desk.evidence("money"),
    )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


HEADING = Heading(key="money", write=section, queries=(MONEY,))
