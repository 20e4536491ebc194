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


class EvidencePart(NamedTuple):
    """One condition of a term: a piece of evidence, or its absence."""

    name: str
    is_absent: bool


@dataclass(frozen=True, slots=True)
class EvidenceTerm:
    """A piece of evidence, or several together of which the first is present.

    ``expected`` is what a person would have said; fitting does not go far from it
    where the labels say little.
    """

    name: str
    parts: tuple[EvidencePart, ...]
    others: tuple[EvidencePart, ...]
    weight: float
    expected: float
    says: str


@dataclass(frozen=True, slots=True)
class BeatWeights:
    """The terms, what speaks before any of them, and from where on it is the beat."""

    intercept: float
    threshold: float
    terms: tuple[EvidenceTerm, ...]
    # By the evidence that a term needs first: what is absent costs no look.
    needing: Mapping[str, tuple[EvidenceTerm, ...]]


@cache
def shipped_weights() -> BeatWeights:
    """Return the weights of ``weights.toml``."""
    return read_weights((files(__package__) / "weights.toml").read_text(encoding="utf-8"))


def read_weights(text: str) -> BeatWeights:
    """Return the weights of a TOML text."""
    data = tomllib.loads(text)
    terms = tuple(
        EvidenceTerm(
            name=name,
            parts=(parts := tuple(map(_part, name.split(_AND)))),
            others=parts[1:],
            weight=float(entry["weight"]),
            expected=float(entry["expected"]),
            says=entry["says"],
        )
        for name, entry in data["evidence"].items()
    )
    needing: dict[str, tuple[EvidenceTerm, ...]] = {}
    for term in terms:
        first = term.parts[0].name
        needing[first] = (*needing.get(first, ()), term)
    return BeatWeights(
        intercept=float(data["decision"]["intercept"]),
        threshold=float(data["decision"]["threshold"]),
        terms=terms,
        needing=needing,
    )


def _part(text: str) -> EvidencePart:
    return EvidencePart(text.removeprefix(_NOT), text.startswith(_NOT))
