"""Logistic regression with a prior on known weights, by coordinate descent.

A normal prior keeps each weight near its known value: few verdicts move it little, and
weights without verdicts stay (Chelba and Acero 2006, Adaptation of maximum entropy
capitalizer). Weights are updated one by one (Genkin, Lewis and Madigan 2007, Large-scale
Bayesian logistic regression for text categorization). Cross-validation chooses the spread
of the prior.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import exp, log, sqrt
from typing import NamedTuple, TypeVar

T = TypeVar("T")
FOLDS = 8
# How far a weight may go from what is known: standard deviations that are tried.
SPREADS = (0.12, 0.25, 0.5, 1.0)
# A sign that fewer verdicts bear is not weighed: chance would decide.
LEAST = 3
_SWEEPS, _STILL, _STRIDE = 60, 1e-3, 1.5
_LARGEST = 30.0
_CERTAIN = 1e-6


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

    @property
    def is_yes(self) -> bool:
        """The label as a Boolean."""
        return self.truth > 0.5  # noqa: PLR2004  the middle

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


def best_spreads(
    rows: Sequence[Labelled], prior: Weights, beside: Sequence[Labelled] = ()
) -> list[float]:
    """Return the spreads of the prior, best cross-validated loss first.

    *beside* takes part in the fit but not in the loss.
    """

    def loss(spread: float) -> float:
        made = folds(rows, lambda known: fitted([*known, *beside], prior, spread))
        return sum(_loss(rows[n], rows[n].total(by)) for by, seen in made for n in seen)

    return sorted(SPREADS, key=loss)


def folds(
    rows: Sequence[Labelled], fit: Callable[[Sequence[Labelled]], T]
) -> Iterator[tuple[T, list[int]]]:
    """Yield each fold's fit without it, with the indices of its rows."""
    of_row = [_fold_of(row.group) for row in rows]
    for fold in sorted(set(of_row)):
        unseen = [n for n, f in enumerate(of_row) if f == fold]
        yield fit([row for row, f in zip(rows, of_row, strict=True) if f != fold]), unseen


def borne_often(rows: Iterable[Labelled]) -> list[str]:
    """Return the signs that occur in enough rows for a weight."""
    borne = Counter(name for row in rows for name, value in row.values.items() if value)
    return sorted(name for name, times in borne.items() if times >= LEAST)


def chance(total: float) -> float:
    """Return the probability of log-odds *total*."""
    return 1 / (1 + exp(-max(-_LARGEST, min(_LARGEST, total))))


def upper_bound(part: int, whole: int, z: float) -> float:
    """Return the upper bound of the share *part* / *whole* (Wilson)."""
    middle = part + z * z / 2
    reach = z * sqrt(part * (whole - part) / whole + z * z / 4)
    return min(1.0, (middle + reach) / (whole + z * z))


def _loss(row: Labelled, total: float) -> float:
    share = min(1 - _CERTAIN, max(_CERTAIN, chance(total)))
    return -(row.truth * log(share) + (1 - row.truth) * log(1 - share))


def _fold_of(group: str) -> int:
    """Return the fold that a group belongs to, whatever else there is."""
    return int(hashlib.sha256(group.encode()).hexdigest(), 16) % FOLDS
