"""How evidence is weighed: a logistic regression a kind of pair, fitted by hand-labels.

``python benchmarks/calibrate.py`` fits the numbers of ``weights.toml`` anew.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp
from operator import mul
from typing import Literal

from transforms.stories.crossing import Crossing
from transforms.stories.evidence import PairEvidence
from transforms.stories.meaning import MeaningEvidence

PairKind = Literal["latin", "han", "cross"]
FIELDS: dict[PairKind, tuple[str, ...]] = {
    "latin": PairEvidence._fields + MeaningEvidence._fields,
    "han": PairEvidence._fields + MeaningEvidence._fields,
    "cross": Crossing._fields + MeaningEvidence._fields,
}
_LARGEST = 30.0


@dataclass(frozen=True, slots=True)
class PairWeights:
    """The weights of one kind of pair, in the order of the evidence's fields."""

    bias: float
    weights: tuple[float, ...]

    def probability(self, evidence: Sequence[float]) -> float:
        """Return how likely it is that two headlines with *evidence* report one event."""
        total = self.bias + sum(map(mul, self.weights, evidence))
        return 1 / (1 + exp(-max(-_LARGEST, min(_LARGEST, total))))


@cache
def weights_of(kind: PairKind) -> PairWeights:
    """Return the shipped weights of one kind of pair."""
    source = files(__package__).joinpath("weights.toml").read_text(encoding="utf-8")
    table = tomllib.loads(source)[kind]
    return PairWeights(table["bias"], tuple(table[name] for name in FIELDS[kind]))
