"""Links of pages: one alone, and boards of rows that open what they count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A text and where it leads: a page of ours, or an address of the web."""

    text: str
    href: str
    note: str = ""
    is_current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A row of a board: a name that has a page, and a count that opens its stories."""

    link: Link
    count: int
    opens: str
    level: float = 0.0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """A board: a title, its rows, and the SQL that gives them."""

    key: str
    title: str
    rows: Sequence[Ranked]
    sql: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataTable:
    """Rows for programs: the ``.json`` and ``.csv`` of a page."""

    name: str
    rows: Sequence[Mapping[str, Any]]
    columns: Sequence[str] = field(default=())


def levels(counts: Sequence[int]) -> list[float]:
    """Return each count as a part of the largest, 0 to 1."""
    high = max(counts, default=0)
    return [count / high if high else 0.0 for count in counts]
