"""Model of a brief before rendering: tables, lists, charts, sentences.

A brief is sections; a section is blocks; words are runs of text, each of which
may link to its evidence. Renderers decide only how that looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from transforms.models import Freshness

Period = Literal["day", "week"]


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of text; *url* is empty, a web address, ``#section`` or a page of the desk.

    ``story_id`` is that of the story whose headline it is.
    """

    text: str
    url: str = ""
    style: Literal["", "strong", "muted"] = ""
    story_id: str = ""


Line = tuple[Text, ...]
BREAK = "\n"  # a text of this alone ends a line inside an item


@dataclass(frozen=True, slots=True)
class Spark:
    """Sparkline: one number a day, oldest first."""

    values: tuple[int, ...]
    label: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A number with a shape: *level* is its share of the maximum, 0 to 1."""

    text: str
    level: float
    shape: Literal["heat", "dot"]


Cell = Line | Spark | Mark


@dataclass(frozen=True, slots=True)
class Column:
    """Head of a table's column."""

    label: str
    numeric: bool = False
    narrow: bool = False  # one of many: its head may break, its values are centred


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the first cell of each row names it.

    ``folded`` are further rows, hidden until unfolded.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    folded: tuple[tuple[Cell, ...], ...] = ()
    folded_label: str = ""

    @property
    def high(self) -> int:
        """The highest number of its sparklines, which stand on one scale."""
        cells = (cell for row in (*self.rows, *self.folded) for cell in row)
        values = (max(c.values, default=0) for c in cells if isinstance(c, Spark))
        return max(values, default=0)


@dataclass(frozen=True, slots=True)
class Items:
    """A list, with a heading if it is one of several."""

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
    """A bar, a segment of a stacked bar, or a point of a line with its interval.

    A mark of a lane has the number of its colour, and what it opens, with a name for that.
    """

    bar: str
    series: str
    value: float
    stories: int
    low: float | None = None
    high: float | None = None
    hue: int = 0
    href: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Chart of numbers that the section's table holds too.

    ``positions`` are the places along the x axis, those without a bar included; of those
    ``unseen`` nothing is known.
    """

    kind: Literal["share", "lift", "themes", "crackdown", "voice", "lanes"]
    title: str
    alt: str
    bars: tuple[Bar, ...]
    series: tuple[str, ...] = ()
    positions: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()


Block = Table | Items | Board | Chart


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its blocks, and the SQL of its numbers by key.

    Without blocks nothing was notable.
    """

    key: str
    title: str
    blocks: tuple[Block, ...] = ()
    notes: tuple[Line, ...] = ()
    queries: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence on a change, and its story; None if it concerns several."""

    line: Line
    story_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSince:
    """Earlier first article on a story, in the other language."""

    published_at: datetime
    publisher: str
    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopStory:
    """A leading story; the fields are its own, except for its affair's articles.

    ``titles``, ``urls`` and ``story_ids`` are parallel lists of these: the shown article,
    the story's others in order of publication, then those of the affair's other stories.
    """

    rank: int
    story_id: str
    titles: tuple[str, ...]
    urls: tuple[str, ...]
    story_ids: tuple[str, ...]
    companies: tuple[str, ...]
    topics: tuple[str, ...]
    publishers: tuple[str, ...]
    languages: tuple[str, ...]
    score: float
    why: str
    why_here: str
    known_since: KnownSince | None = None


@dataclass(frozen=True, kw_only=True)
class BriefSpan:
    """Which day or week a brief is on, and as of when."""

    period: Period
    since: datetime
    until: datetime
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief(BriefSpan):
    """A day or week of coverage: notices on the data, the front page, the numbers.

    The front page has the first section of ``front``, the changes, and the rest of
    ``front``; ``sections`` are the second part, or ``elsewhere`` says where that is.
    ``rows`` are the printed rows, by query or relation.
    """

    language: str
    title: str
    basis: tuple[Line, ...]
    notices: tuple[Line, ...]
    changed: tuple[Change, ...]
    elsewhere: Line = ()
    front: tuple[Section, ...] = ()
    sections: tuple[Section, ...] = ()
    # SQL by key, of notices and basis; sentences lead to sections.
    queries: Mapping[str, str] = field(default_factory=dict)
    stories: tuple[TopStory, ...] = ()
    freshness: Freshness | None = None
    rows: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    @property
    def opening(self) -> tuple[Line, ...]:
        """Changes as lines."""
        return tuple(change.line for change in self.changed)


def with_lines(brief: Brief, change: Callable[[Line], Line]) -> Brief:
    """Return *brief* with *change* done to the lines of its changes, lists and tables."""

    def rows(some: tuple[tuple[Cell, ...], ...]) -> tuple[tuple[Cell, ...], ...]:
        return tuple(
            tuple(change(cell) if isinstance(cell, tuple) else cell for cell in row)
            for row in some
        )

    def items(some: Items) -> Items:
        return replace(some, lines=tuple(map(change, some.lines)))

    def block(some: Block) -> Block:
        match some:
            case Items():
                return items(some)
            case Board():
                return Board(items(some.left), items(some.right))
            case Table():
                return replace(some, rows=rows(some.rows), folded=rows(some.folded))
        return some

    def sections(some: tuple[Section, ...]) -> tuple[Section, ...]:
        return tuple(replace(s, blocks=tuple(map(block, s.blocks))) for s in some)

    return replace(
        brief,
        changed=tuple(replace(each, line=change(each.line)) for each in brief.changed),
        front=sections(brief.front),
        sections=sections(brief.sections),
    )


def plain(line: Iterable[Text]) -> str:
    """Return the words of *line* without links and styles."""
    return "".join(piece.text for piece in line)
