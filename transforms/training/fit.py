"""Logistic regression with a prior on known weights, by coordinate descent.

A normal prior keeps each weight near its known value: few labels move it little, and
weights without labels stay (Chelba and Acero 2006, Adaptation of maximum entropy
capitalizer). Weights are updated one by one (Genkin, Lewis and Madigan 2007, Large-scale
Bayesian logistic regression for text categorization).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import exp
from typing import NamedTuple, TypeVar

T = TypeVar("T")
FOLDS = 8
_SWEEPS, _STILL, _STRIDE = 60, 1e-3, 1.5
_LARGEST = 30.0


class Labelled(NamedTuple):
    """A judged example: the values of its signs, and its label.

    Examples of one ``group`` stay in one fold. ``known`` is a fixed offset in log-odds, and
    ``times`` the example's weight.
    """

    values: Mapping[str, float]
    truth: float
    group: str = ""
    known: float = 0.0
    times: float = 1.0

    def total(self, weights: Weights) -> float:
        """Return its log-odds under *weights*."""
        return self.known + sum(v * weights.get(k, 0.0) for k, v in self.values.items())


Weights = Mapping[str, float]


def fitted(rows: Sequence[Labelled], prior: Weights, spread: float) -> dict[str, float]:
    """Return the maximum a posteriori weights of the names in *prior*, given *rows*."""
    weights = dict(prior)
    columns: dict[str, list[tuple[int, float]]] = {name: [] for name in prior}
    for n, row in enumerate(rows):
        for name, value in row.values.items():
            if name in columns:
                columns[name].append((n, value))
    totals = [row.total(weights) for row in rows]
    for _ in range(_SWEEPS):
        farthest = 0.0
        for name, column in columns.items():
            slope, bend = (weights[name] - prior[name]) / spread**2, 1 / spread**2
            for n, value in column:
                share = chance(totals[n])
                slope += rows[n].times * value * (share - rows[n].truth)
                bend += rows[n].times * value * value * share * (1 - share)
            step = max(-_STRIDE, min(_STRIDE, -slope / bend))
            weights[name] += step
            farthest = max(farthest, abs(step))
            for n, value in column:
                totals[n] += value * step
        if farthest < _STILL:
            break
    return weights


def folds(
    rows: Sequence[Labelled], fit: Callable[[Sequence[Labelled]], T]
) -> Iterator[tuple[T, list[int]]]:
    """Yield each fold's fit without it, with the indices of its rows."""
    of_row = [_fold_of(row.group) for row in rows]
    for fold in sorted(set(of_row)):
        unseen = [n for n, f in enumerate(of_row) if f == fold]
        yield fit([row for row, f in zip(rows, of_row, strict=True) if f != fold]), unseen


def chance(total: float) -> float:
    """Return the probability of log-odds *total*."""
    return 1 / (1 + exp(-max(-_LARGEST, min(_LARGEST, total))))


def _fold_of(group: str) -> int:
    """Return the fold that a group belongs to, whatever else there is."""
    return int(hashlib.sha256(group.encode()).hexdigest(), 16) % FOLDS
