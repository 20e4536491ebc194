"""Cut a TOML text into its tables as they are written, with what stands around them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

_HEADER = re.compile(r"[ \t]*+\[++([^\[\]\n]++)\]++[ \t]*+(?:#.*)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A table as it is written; its path is empty for what stands before all tables.

    *lead* are the blank lines and comments above it, *text* goes on to the last line
    that is neither.
    """

    path: tuple[str, ...]
    lead: str
    text: str


def cut(text: str) -> Iterator[Piece]:
    """Yield the tables of a valid TOML text in their order.

    What follows the last one is the lead of a piece without a text.
    """
    lead = ""
    for table in _tables(text.splitlines(keepends=True)):
        end = _end(table)
        yield Piece(path=_path(table), lead=lead, text="".join(table[:end]))
        lead = "".join(table[end:])
    yield Piece(path=(), lead=lead, text="")


def find_table(text: str, *path: str) -> slice | None:
    """Return where the table at *path* stands with those below it, None if nowhere."""
    at, found = 0, None
    for piece in cut(text):
        start, at = at + len(piece.lead), at + len(piece.lead) + len(piece.text)
        if piece.path == path or (found and piece.path[: len(path)] == path):
            found = slice(found.start if found else start, at)
    return found


def _tables(lines: list[str]) -> Iterator[list[str]]:
    """Yield the lines from each header to the next.

    A line inside a multi-line value may look like a header; it is not one, since the lines
    before it are not valid TOML.
    """
    table: list[str] = []
    for line in lines:
        if _HEADER.match(line) and _is_whole("".join(table)):
            yield table
            table = []
        table.append(line)
    yield table


def _is_whole(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _end(table: list[str]) -> int:
    """Return the number of lines up to the last that is neither blank nor a comment."""
    said = (n for n, line in enumerate(table, 1) if _says(line))
    return max(said, default=0)


def _says(line: str) -> bool:
    return not line.lstrip().startswith("#") and not line.isspace()


def _path(table: list[str]) -> tuple[str, ...]:
    found = _HEADER.match(table[0]) if table else None
    return tuple(_names(found[1])) if found else ()


def _names(path: str) -> list[str]:
    return [part.strip().strip("\"'") for part in path.split(".")]
