"""How evidence is weighed: a logistic regression a kind of pair, fitted by hand-labels.

``python benchmarks/calibrate.py`` fits the numbers of ``weights.toml`` anew.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp, log
from operator import mul
from typing import Literal

from transforms.models.taught import Taught, of_part
from transforms.stories.pairs.across_languages import Crossing
from transforms.stories.pairs.ceiling import Ceiling, ceiling_of
from transforms.stories.pairs.meaning import MeaningEvidence
from transforms.stories.pairs.same_language import PairEvidence

PairKind = Literal["latin", "han", "cross"]
FIELDS: dict[PairKind, tuple[str, ...]] = {
    "latin": PairEvidence._fields + MeaningEvidence._fields,
    "han": PairEvidence._fields + MeaningEvidence._fields,
    "cross": Crossing._fields + MeaningEvidence._fields,
}
_LARGEST = 30.0
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class PairWeights:
    """The weights of one kind of pair, in the order of the evidence's fields.

    ``meaning`` is what the last of these can come to.
    """

    bias: float
    weights: tuple[float, ...]
    meaning: Ceiling

    def probability(self, evidence: Sequence[float]) -> float:
        """Return how likely it is that two headlines with *evidence* report one event."""
        return 1 / (1 + exp(-max(-_LARGEST, min(_LARGEST, self.sum_of(evidence)))))

    def sum_of(self, evidence: Iterable[float]) -> float:
        """Return what *evidence*, the first of all or all of it, comes to."""
        return self.bias + float(sum(map(mul, self.weights, evidence)))


@cache
def weights_of(kind: PairKind) -> PairWeights:
    """Return the shipped weights of one kind of pair."""
    source = files(__package__).joinpath("weights.toml").read_text(encoding="utf-8")
    table = tomllib.loads(source)[kind]
    weights = tuple(table[name] for name in FIELDS[kind])
    return PairWeights(table["bias"], weights, ceiling_of(table))


# The weights of each kind of pair, as shipped or as readers taught them.
Weigher = Callable[[PairKind], PairWeights]


@cache
def weigher_of(taught: Taught) -> Weigher:
    """Return the weights of pairs as verdicts *taught* them."""
    return {kind: _taught_weights(kind, taught) for kind in FIELDS}.__getitem__


def _taught_weights(kind: PairKind, taught: Taught) -> PairWeights:
    shipped, given = weights_of(kind), of_part(taught, kind)
    if not given:
        return shipped
    table = dict(zip(FIELDS[kind], shipped.weights, strict=True)) | given
    weights = tuple(table[name] for name in FIELDS[kind])
    return PairWeights(shipped.bias, weights, ceiling_of(table))


@cache
def least_sum(likelihood: float) -> float:
    """Return a little less than the sum that makes two headlines so likely one event."""
    return log(likelihood / (1 - likelihood)) - _ROUNDING if likelihood else -_LARGEST
