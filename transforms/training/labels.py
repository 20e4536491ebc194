"""Labelled headlines, and weights of a beat fitted to them near those that it expects.

The fit is :mod:`transforms.training.fit`: a logistic regression in which each weight stays
near what is expected, as far as the labels do not say otherwise. Caps are no part of the
fit, and of every score.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from transforms.config import ConfigError
from transforms.relevance.score import BeatWeights, Evidence, reweighed, weighed
from transforms.training.fit import Labelled, fitted

# How far a weight may go from what is expected: a standard deviation. The intercept may go
# farther, so many times.
SPREAD = 0.6
_ROOM = 3.0
_INTERCEPT = "(intercept)"
# So many labels, and so many of each kind, are needed to tell anything.
LEAST, OF_EACH = 60, 15
# More tell nothing new: each is read in every fold.
MOST = 10_000
_KEYS = ("title", "on", "language", "source", "summary")


class Label(NamedTuple):
    """A headline that a person judged."""

    title: str
    is_on: bool
    language: str = ""
    source: str = ""
    summary: str = ""


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


def read_labels(text: str, source: str) -> list[Label]:
    """Return the labels of JSON lines; a title that comes twice counts once.

    Raises:
        ConfigError: A line is no label; names it.
    """
    labels: dict[str, Label] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            label = _label(line, source, number)
            before = labels.setdefault(label.title, label)
            if before.is_on != label.is_on:
                problem = f"{label.title!r} is labelled on and off"
                raise ConfigError(source, problem, "decide for one", line=number)
    return list(labels.values())


def lacking(labels: Sequence[Label]) -> str:
    """Return what keeps the labels from fitting anything; "" if nothing does."""
    if len(labels) > MOST:
        return f"has more than {MOST:,} labels; take a sample of them (200 are good)"
    on = sum(label.is_on for label in labels)
    off = len(labels) - on
    counts = f"{len(labels)} headlines are labelled, {on} on and {off} off"
    if on and off and len(labels) >= LEAST and min(on, off) >= OF_EACH:
        return ""
    if on and off:
        return f"{counts}: too few; label {LEAST} or more, {OF_EACH} of each (200 are good)"
    side = "off" if on else "on"
    return f"{counts}: none is {side}, so nothing tells them apart; label some that are"


def fit(
    examples: Sequence[Example], weights: BeatWeights, spread: float = SPREAD
) -> BeatWeights:
    """Return *weights* fitted to *examples*; each stays near its expected value."""
    prior = {term.name: term.expected for term in weights.terms}
    rows = [_row(example, weights) for example in examples]
    found = fitted(rows, prior | {_INTERCEPT: weights.intercept / _ROOM}, spread)
    return reweighed(weights, found, intercept=_ROOM * found[_INTERCEPT])


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


def _label(line: str, source: str, number: int) -> Label:
    remedy = 'write {"title": "…", "on": true}, with language, source or summary beside it'
    try:
        row: Any = json.loads(line)
    except ValueError as exc:
        raise ConfigError(source, "no JSON", remedy, line=number) from exc
    if not isinstance(row, dict):
        raise ConfigError(source, "no JSON object", remedy, line=number)
    title, on = row.get("title"), row.get("on")
    if not isinstance(title, str) or not title.strip():
        raise ConfigError(source, "no title", remedy, line=number)
    if not isinstance(on, bool):
        raise ConfigError(source, f"on is {on!r}", "write true or false", line=number)
    texts = (row.get(key) or "" for key in _KEYS[2:])
    return Label(title.strip(), on, *(str(text) for text in texts))
