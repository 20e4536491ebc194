"""The brief as a page of the desk: its own words and tables, its charts in small bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from transforms.brief.model import Board, Brief, Chart, Items, Mark, Section, Spark, Table
from transforms.pages.words import PageWords

# Bars of a chart are whole numbers of this many parts of the highest.
FINE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Multiple:
    """One small chart of several: what it is of, its bars, and the last value in words."""

    label: str
    values: tuple[int, ...]
    last: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionPart:
    """A section of the brief, its blocks by kind."""

    section: Section
    blocks: tuple[tuple[str, Any], ...]


def parts(words: PageWords, brief: Brief) -> dict[str, list[EditionPart]]:
    """Return the sections of the front page and those of the numbers."""
    return {
        "front": [_part(words, section) for section in brief.front],
        "numbers": [_part(words, section) for section in brief.sections],
    }


def _part(words: PageWords, section: Section) -> EditionPart:
    return EditionPart(
        section=section, blocks=tuple(_block(words, block) for block in section.blocks)
    )


def _block(words: PageWords, block: Table | Items | Board | Chart) -> tuple[str, Any]:
    if isinstance(block, Chart):
        return "multiples", multiples(words, block)
    return {Table: "table", Items: "items", Board: "board"}[type(block)], block


def multiples(words: PageWords, chart: Chart) -> Sequence[Multiple]:
    """Return a small chart for each series; a chart of one series is one."""
    places = list(chart.positions) or list(dict.fromkeys(bar.bar for bar in chart.bars))
    found = {(bar.series, bar.bar): bar.value for bar in chart.bars}
    high = max((abs(bar.value) for bar in chart.bars), default=0) or 1
    names = list(dict.fromkeys(bar.series for bar in chart.bars))
    made = []
    for name in names:
        values = [found.get((name, place), 0.0) for place in places]
        made.append(
            Multiple(
                label=name or chart.title,
                values=tuple(round(FINE * max(value, 0.0) / high) for value in values),
                last=words.word("multiple", place=places[-1], value=_short(values[-1])),
            )
        )
    return made


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def kind_of(cell: object) -> str:
    """Return what a cell of a table is: words, a line of bars or a mark."""
    if isinstance(cell, Spark):
        return "spark"
    return "mark" if isinstance(cell, Mark) else "words"
