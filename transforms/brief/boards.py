"""Lists of stories, by themselves or side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from transforms.brief.desk import Desk
from transforms.brief.headlines import Headlines, headline
from transforms.brief.model import BREAK, Board, Items, Line, Text

BOARD_ROWS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Headlines):
    """A story in which something happened, and whom of those we follow it names."""

    story_id: str
    event: str
    publisher: str
    published_at: datetime
    publishers: int
    companies: tuple[str, ...]


E = TypeVar("E", bound=Event)


def named_first(events: Iterable[E]) -> list[E]:
    """Return *events* with those that name someone we follow in front."""
    return sorted(events, key=lambda event: not event.companies)


def event_line(desk: Desk, row: Event, *, amount: str = "", named: bool = True) -> Line:
    """Return a headline, and below it what is known of the event."""
    event = [row.event] if named and row.event else []
    known = [
        amount,
        desk.listed([*event, *row.companies]),
        row.publisher,
        desk.moment(row.published_at),
    ]
    after = " · ".join(part for part in known if part)
    return (headline(desk, row), Text(BREAK), Text(after, style="muted"))


def first_lines(desk: Desk, lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return the first lines, and how many more there are."""
    more = len(lines) - BOARD_ROWS
    rest = [(Text(desk.word("fold.rows", n=more), style="muted"),)] if more > 0 else []
    return (*lines[:BOARD_ROWS], *rest)


def board(desk: Desk, left: Items, right: Items) -> Board:
    """Return two lists side by side; an empty one says so."""
    empty = desk.word("nothing")
    return Board(
        Items(left.lines, heading=left.heading, empty=empty),
        Items(right.lines, heading=right.heading, empty=empty),
    )
