"""Logistic regression with a normal prior around each weight, folds, and AUC."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]

STEPS = 200
SMALL = 1e-9


def fitted(
    lines: Array,
    truth: Array,
    counts: Array,
    expected: Array,
    spread: Array,
    bounds: tuple[Array, Array] | None = None,
) -> Array:
    """Return the weights of the highest posterior density, within *bounds*.

    Newton's method; a weight at its bound that would go beyond stays there, and a step
    that gains nothing is halved. A *spread* without end is no prior.
    """
    least, most = bounds or (
        np.full_like(expected, -np.inf),
        np.full_like(expected, np.inf),
    )
    now = np.clip(expected, least, most)
    signs, strength = 2 * truth - 1, 1 / spread**2

    def loss(at: Array) -> float:
        prior = (strength * (at - expected) ** 2).sum() / 2
        return float((counts * np.logaddexp(0, -signs * (lines @ at))).sum() + prior)

    for _ in range(STEPS):
        odds = 1 / (1 + np.exp(-(lines @ now)))
        slope = lines.T @ (counts * (odds - truth)) + strength * (now - expected)
        held = ((now <= least) & (slope > 0)) | ((now >= most) & (slope < 0))
        free = np.flatnonzero(~held)
        bend = (lines.T * (counts * odds * (1 - odds))) @ lines + np.diag(strength)
        step = np.zeros_like(now)
        step[free] = np.linalg.solve(bend[np.ix_(free, free)], slope[free])
        size, before = 1.0, loss(now)
        while loss(ahead := np.clip(now - size * step, least, most)) > before:
            size /= 2
            if size < SMALL:
                return now
        if np.abs(ahead - now).max() < SMALL:
            break
        now = ahead
    return now


def fold_of(name: str, folds: int) -> int:
    """Return the fold that an item belongs to, whatever else is there."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % folds


def auc(some: Sequence[float], others: Sequence[float]) -> float:
    """Return how often one of *some* stands above one of *others*; a tie counts half."""
    if not some or not others:
        return 0.0
    low = np.sort(np.array(others))
    below, up_to = (np.searchsorted(low, some, side) for side in ("left", "right"))
    return float((below + up_to).sum() / 2 / (len(some) * len(others)))
