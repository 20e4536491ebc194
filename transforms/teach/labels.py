"""Weights of a beat fitted to labelled headlines, near those that its file expects.

The fit is that of verdicts, :mod:`transforms.teach.fit`: a logistic regression in which
each weight stays near what is expected, as far as the labels do not say otherwise. Caps are
no part of the fit, and of every score.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from transforms.beat.evidence import Evidence
from transforms.beat.score import score, weighed
from transforms.beat.weights import BeatWeights, reweighed
from transforms.teach.fit import Labelled, fitted, folds

# How far a weight may go from what is expected: a standard deviation. The intercept may go
# farther, so many times.
SPREAD = 0.6
_ROOM = 3.0
_INTERCEPT = "(intercept)"
Fit = Callable[[Sequence["Example"]], BeatWeights]


class Example(NamedTuple):
    """A labelled headline with its evidence; ``times`` is its weight in the fit."""

    example_id: str
    evidence: Mapping[str, Evidence]
    is_on: bool
    times: float = 1.0


class Accuracy(NamedTuple):
    """How many examples are on and off the beat, and how well they are told apart."""

    on: int
    off: int
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def fit(
    examples: Sequence[Example], weights: BeatWeights, spread: float = SPREAD
) -> BeatWeights:
    """Return *weights* fitted to *examples*, each near what it is expected to be."""
    prior = {term.name: term.expected for term in weights.terms}
    rows = [_row(example, weights) for example in examples]
    found = fitted(rows, prior | {_INTERCEPT: weights.intercept / _ROOM}, spread)
    return reweighed(weights, found, intercept=_ROOM * found[_INTERCEPT])


def cross_validated(examples: Sequence[Example], fit_to: Fit) -> list[float]:
    """Return the relevance of each example by weights fitted to the other folds."""
    rows = [Labelled({}, float(e.is_on), e.example_id) for e in examples]
    by_id = {e.example_id: e for e in examples}
    relevance = [0.0] * len(examples)
    for weights, unseen in folds(
        rows, lambda known: fit_to([by_id[r.group] for r in known])
    ):
        for n in unseen:
            relevance[n] = score(examples[n].evidence, weights).relevance
    return relevance


def accuracy(
    examples: Sequence[Example], relevance: Sequence[float], threshold: float
) -> Accuracy:
    """Return how well *relevance* tells the examples apart from *threshold* on."""
    said = [each >= threshold for each in relevance]
    on = sum(example.is_on for example in examples)
    right = sum(yes and e.is_on for yes, e in zip(said, examples, strict=True))
    return Accuracy(
        on=on,
        off=len(examples) - on,
        precision=right / sum(said) if any(said) else 0.0,
        recall=right / on if on else 0.0,
    )


def _row(example: Example, weights: BeatWeights) -> Labelled:
    values = {w.term.name: w.value for w in weighed(example.evidence, weights)}
    values[_INTERCEPT] = _ROOM
    return Labelled(values, float(example.is_on), example.example_id, 0.0, example.times)
