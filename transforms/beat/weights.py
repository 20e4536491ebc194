"""Read ``weights.toml``: what each piece of evidence weighs, in words and numbers."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_AND = " & "
_NOT = "not "


class Part(NamedTuple):
    """One condition of a term: a piece of evidence, or its absence."""

    name: str
    is_absent: bool


@dataclass(frozen=True, slots=True)
class Term:
    """A piece of evidence or several together, and what they weigh.

    ``expected`` is what a person would have said; fitting does not go far from it
    where the labels say little.
    """

    name: str
    parts: tuple[Part, ...]
    weight: float
    expected: float
    says: str


@dataclass(frozen=True, slots=True)
class Weights:
    """The terms, what speaks before any of them, and from where on it is the beat."""

    intercept: float
    threshold: float
    single: Mapping[str, Term]
    joint: tuple[Term, ...]

    @property
    def terms(self) -> tuple[Term, ...]:
        """Every term, single ones first."""
        return (*self.single.values(), *self.joint)


@cache
def shipped_weights() -> Weights:
    """Return the weights of ``weights.toml``."""
    return read_weights((files(__package__) / "weights.toml").read_text(encoding="utf-8"))


def read_weights(text: str) -> Weights:
    """Return the weights of a TOML text."""
    data = tomllib.loads(text)
    terms = [
        Term(
            name=name,
            parts=tuple(map(_part, name.split(_AND))),
            weight=float(entry["weight"]),
            expected=float(entry["expected"]),
            says=entry["says"],
        )
        for name, entry in data["evidence"].items()
    ]
    return Weights(
        intercept=float(data["decision"]["intercept"]),
        threshold=float(data["decision"]["threshold"]),
        single={term.name: term for term in terms if len(term.parts) == 1},
        joint=tuple(term for term in terms if len(term.parts) > 1),
    )


def _part(text: str) -> Part:
    return Part(text.removeprefix(_NOT), text.startswith(_NOT))
