"""How much of a text was found, and how much of what was found is text."""

from __future__ import annotations

from typing import NamedTuple

# Characters, spaces left out, of the pieces that are compared.
PIECE = 8


class Score(NamedTuple):
    """Shares of pieces, 0 to 1."""

    recall: float
    precision: float


def scored(meant: str, found: str) -> Score:
    """Compare two texts by their pieces of eight characters."""
    wanted, made = pieces(meant), pieces(found)
    both = len(wanted & made)
    return Score(both / max(1, len(wanted)), both / max(1, len(made)))


def pieces(text: str) -> set[str]:
    """Return the pieces of *text*."""
    joined = "".join(text.split())
    return {joined[at : at + PIECE] for at in range(max(1, len(joined) - PIECE + 1))}
