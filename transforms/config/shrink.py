"""Reduce a copy of the shipped file to its differences."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import Any

from transforms.config.copies import EntryName, compare
from transforms.config.extends import entries_of
from transforms.config.inherited import inherited
from transforms.config.pieces import Piece, cut

_BLANK_LINES = re.compile(r"\n[ \t]*+\n\s*+")
_DIFFERS = """
# What differs from the shipped file. An entry of a shipped name stands in its place: if you
# did not change it yourself, it is older than the shipped one; delete it to follow that.
"""
_WITHOUT = """\
# What you did not take out yourself is newer than your copy was: delete its line, and you
# follow it.
without = [
{lines}]
"""
# The starter's own example of it.
_EXAMPLE = re.compile(r"^#without = .*\n", re.MULTILINE)


def shrink(text: str, default: str, *, starter: str) -> str:
    """Return *starter*, which extends *default*, with what *text* says otherwise.

    Tables that differ stay as they are written, in their order, each with the comment
    above it; comments that stand apart stay unless the shipped file has them.
    """
    own, shipped = tomllib.loads(text), tomllib.loads(default)
    differs = _differing(own, shipped)
    kept = "".join(_kept(cut(text), differs, frozenset(default.splitlines())))
    gone = compare(own, shipped).missing
    return (_leave_out(gone, starter) if gone else starter) + (kept and _DIFFERS + kept)


def _leave_out(names: Iterable[EntryName], starter: str) -> str:
    lines = "".join(f'  "{section}.{key}",\n' for section, key in names)
    return _EXAMPLE.sub(lambda _: _WITHOUT.format(lines=lines), starter)


def _differing(
    own: Mapping[str, Any], shipped: Mapping[str, Any]
) -> Callable[[Piece], bool]:
    mine, theirs = entries_of(inherited(own, shipped)), entries_of(shipped)

    def differs(piece: Piece) -> bool:
        if len(piece.path) == 1:
            return own.get(piece.path[0]) != shipped.get(piece.path[0])
        name = piece.path[:2]
        return name not in mine or mine[name] != theirs.get(name)

    return differs


def _kept(
    pieces: Iterable[Piece], differs: Callable[[Piece], bool], shipped: Container[str]
) -> Iterator[str]:
    for piece in pieces:
        apart, near = _comments(piece)
        for paragraph in apart:
            if not _is_shipped(paragraph.splitlines(), shipped):
                yield f"\n{paragraph}\n"
        if piece.text and differs(piece):
            yield f"\n{near}{piece.text.rstrip()}\n"


def _comments(piece: Piece) -> tuple[list[str], str]:
    """Return the paragraphs of comments before a table, and that right above it."""
    *apart, near = _BLANK_LINES.split(f"\n\n{piece.lead}")
    if not piece.text:
        return [text.strip() for text in (*apart, near) if text.strip()], ""
    return [text.strip() for text in apart if text.strip()], near


def _is_shipped(lines: list[str], shipped: Container[str]) -> bool:
    """Tell whether most lines stand in the shipped file: an earlier one had others."""
    return 2 * sum(line in shipped for line in lines) >= len(lines)
