"""Fitting of a table to a width: long cells wrap, then the last columns are dropped.

Cells without a break (an id, a time, a number) are shown whole or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size

GAP = 2
# A headline needs so many cells to be read, and more lines than these are a paragraph.
_NARROWEST = 24
_MOST_LINES = 3
_BREAKABLE = re.compile(r"\s|[\u2e80-\u9fff\uf900-\uffef]")
# A word with the spaces behind it, or a letter of a script without them.
_PIECE = re.compile(r"[\u2e80-\u9fff\uf900-\uffef]\s*|[^\s\u2e80-\u9fff\uf900-\uffef]+\s*")

_Line = Sequence[str]


@dataclass(frozen=True, slots=True)
class Fitted:
    """Widths of the shown columns, which are the first ones."""

    widths: tuple[int, ...]

    def cells(self, line: _Line) -> list[list[str]]:
        """Return the lines of each shown cell."""
        return [wrap(text, width) for text, width in zip(line, self.widths, strict=False)]


def fit(lines: Sequence[_Line], width: int | None, whole: Sequence[bool]) -> Fitted:
    """Return the fit of *lines*, column names first, into *width* cells.

    The first column is always shown; a *whole* column is not narrowed. Without a *width*
    all columns fit.
    """
    columns = list(zip(*lines, strict=True))
    natural = [max(map(cell_len, column)) for column in columns]
    if width is None:
        return Fitted(tuple(natural))
    least = [
        min(size, max(_NARROWEST, cell_len(column[0])))
        if not is_whole and any(map(_BREAKABLE.search, column[1:]))
        else size
        for size, column, is_whole in zip(natural, columns, whole, strict=True)
    ]
    shown = len(columns)
    while shown > 1 and _total(least[:shown]) > width:
        shown -= 1
    widths = _shrunk(natural[:shown], least[:shown], width)
    return Fitted(tuple(min(size, width) for size in widths))


def wrap(text: str, width: int) -> list[str]:
    """Return *text* in up to three lines of *width* cells; the third may be cut."""
    lines = folded_lines(text, width)
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], " ".join(lines[_MOST_LINES - 1 :])]
    return [cut_cells(line, width) for line in lines]


def folded_lines(text: str, width: int) -> list[str]:
    """Return *text* in lines of *width* cells; longer words stay whole."""
    if cell_len(text) <= width:
        return [text]
    lines, line = [], ""
    for piece in _PIECE.findall(text):
        if line and cell_len(line + piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return [*lines, line.rstrip()]


def cut_cells(text: str, width: int) -> str:
    """Return *text* in one line of *width* cells, cut with an ellipsis."""
    return (
        text if cell_len(text) <= width else set_cell_size(text, width - 1).rstrip() + "…"
    )


def _shrunk(natural: list[int], least: list[int], width: int) -> list[int]:
    """Take from the widest until they fit; none becomes narrower than its *least*."""
    widths = list(natural)
    while _total(widths) > width:
        at = max(
            (n for n in range(len(widths)) if widths[n] > least[n]),
            key=lambda n: widths[n],
            default=None,
        )
        if at is None:
            break
        widths[at] -= 1
    return widths


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + GAP * (len(widths) - 1)
