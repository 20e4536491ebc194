"""What a brief is made of, before it is Markdown or HTML.

A brief is sections; a section is blocks; words are runs of text, each of which
may link to its evidence. Renderers decide only how that looks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Period = Literal["day", "week"]


@dataclass(frozen=True, slots=True)
class Text:
    """A run of words; *url* is empty, a web address or ``#section``."""

    text: str
    url: str = ""
    style: Literal["", "strong", "muted"] = ""


Line = tuple[Text, ...]
BREAK = "\n"  # a text of this alone ends a line inside an item


@dataclass(frozen=True, slots=True)
class Spark:
    """One number a day, oldest first, drawn in the height of a line."""

    values: tuple[int, ...]
    label: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A number that is also shown by its shape: *level* is 0 to 1 of the strongest."""

    text: str
    level: float
    shape: Literal["heat", "dot"]


Cell = Line | Spark | Mark


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a table's column."""

    label: str
    numeric: bool = False
    narrow: bool = False  # one of many: its head may break, its values are centred


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the first cell of each row names it.

    ``folded`` are further rows, not worth their room unless asked for.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    folded: tuple[tuple[Cell, ...], ...] = ()
    folded_label: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    """A list, with a heading where it is one of several."""

    lines: tuple[Line, ...]
    heading: str = ""
    empty: str = ""
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """Two lists side by side."""

    left: Items
    right: Items


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, or one piece of a stacked bar."""

    bar: str
    series: str
    value: float
    stories: int


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of numbers that the section's table holds too.

    ``positions`` are the places along the x axis, those without a bar included.
    """

    kind: Literal["share", "lift", "themes", "wording", "crackdown"]
    title: str
    alt: str
    bars: tuple[Bar, ...]
    series: tuple[str, ...] = ()
    positions: tuple[str, ...] = ()


Block = Table | Items | Board | Chart


@dataclass(frozen=True, slots=True)
class Query:
    """The SQL that a section's numbers came from."""

    key: str
    sql: str


@dataclass(frozen=True, slots=True)
class Section:
    """One heading; without blocks it says that there was nothing notable."""

    key: str
    title: str
    blocks: tuple[Block, ...] = ()
    notes: tuple[Line, ...] = ()
    queries: tuple[Query, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """A day or a week of coverage: notices on the data, what changed, sections."""

    period: Period
    language: str
    title: str
    basis: tuple[Line, ...]
    notices: tuple[Line, ...]
    opening: tuple[Line, ...]
    sections: tuple[Section, ...]
    queries: tuple[Query, ...] = ()  # of notices and basis; sentences lead to sections


def plain(line: Iterable[Text]) -> str:
    """Return the words of *line* without links and styles."""
    return "".join(piece.text for piece in line)
