"""Weigh the evidence: relevance from 0 to 1, and what carried it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from transforms.beat.evidence import Evidence
from transforms.beat.weights import Term, Weights

_NOTHING = "no-evidence"
_PLACES = 3


class Relevance(NamedTuple):
    """How surely an article belongs to the beat, whether it counts as so, and why."""

    relevance: float
    is_on_beat: bool
    reason: str


class Weighed(NamedTuple):
    """A term that holds, with what it adds and what in the text made it hold."""

    term: Term
    value: float
    what: str

    @property
    def adds(self) -> float:
        """What it adds to the log-odds."""
        return self.term.weight * self.value


def score(evidence: Mapping[str, Evidence], weights: Weights) -> Relevance:
    """Return the relevance of a text with this evidence."""
    found = list(weighed(evidence, weights))
    total = weights.intercept + sum(w.adds for w in found)
    relevance = round(1 / (1 + math.exp(-total)), _PLACES)
    is_on_beat = relevance >= weights.threshold
    return Relevance(relevance, is_on_beat, _reason(found, is_on_beat=is_on_beat))


def weighed(evidence: Mapping[str, Evidence], weights: Weights) -> Iterator[Weighed]:
    """Yield the terms that hold."""
    for name, found in evidence.items():
        if term := weights.single.get(name):
            yield Weighed(term, found.value, found.what)
    for term in weights.joint:
        if value := _product(term, evidence):
            yield Weighed(term, value, _what(term, evidence))


def _product(term: Term, evidence: Mapping[str, Evidence]) -> float:
    value = 1.0
    for name, is_absent in term.parts:
        found = evidence.get(name)
        if is_absent:
            value *= 1 - found.value if found else 1
        elif found is None:
            return 0.0
        else:
            value *= found.value
    return value


def _what(term: Term, evidence: Mapping[str, Evidence]) -> str:
    held = (evidence[p.name].what for p in term.parts if not p.is_absent)
    return ", ".join(dict.fromkeys(filter(None, held)))


def _reason(found: list[Weighed], *, is_on_beat: bool) -> str:
    """Return the code of the heaviest term on the side that won, and what it was."""
    best = max(found, key=lambda w: w.adds if is_on_beat else -w.adds, default=None)
    if best is None or (best.adds > 0) is not is_on_beat:
        return _NOTHING
    return f"{best.term.name}: {best.what}" if best.what else best.term.name
