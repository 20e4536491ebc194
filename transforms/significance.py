"""Tell chance from change: tails of the negative binomial, and many tests at once.

Benjamini & Hochberg 1995, *Controlling the false discovery rate: a practical and
powerful approach to multiple testing*, J. R. Stat. Soc. B 57, 289-300.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import exp, lgamma, log, log1p


def survival(count: int, *, mean: float, dispersion: float) -> float:
    """Return P(X >= count) of a negative binomial, variance mean + dispersion·mean².

    The smaller side is the one that is summed, so that tails far below machine
    precision keep their digits. Dispersion 0 is the Poisson distribution.
    """
    if count <= 0:
        return 1.0
    if mean <= 0:
        return 0.0
    if count <= mean:
        return max(0.0, 1.0 - sum(_terms(0, count, mean, dispersion)))
    total = 0.0
    for term in _terms(count, None, mean, dispersion):
        total += term
        # Above the mean the terms fall at least geometrically.
        if term <= total * 1e-17:
            break
    return min(1.0, total)


def q_values(p_values: Sequence[float], *, tests: int) -> list[float]:
    """Return the Benjamini–Hochberg q-value of each p, in the order given.

    *tests* is the size of the family; those not listed had a p near 1.
    """
    order = sorted(range(len(p_values)), key=p_values.__getitem__, reverse=True)
    found = [1.0] * len(p_values)
    smallest = 1.0
    for rank, index in zip(range(len(order), 0, -1), order, strict=True):
        smallest = min(smallest, p_values[index] * tests / rank)
        found[index] = smallest
    return found


def _terms(start: int, stop: int | None, mean: float, dispersion: float) -> Iterator[float]:
    """Yield P(X = k) for k from *start*, each from the one before."""
    k, term = start, exp(_log_pmf(start, mean, dispersion))
    while stop is None or k < stop:
        yield term
        term *= mean * (1 + dispersion * k) / ((k + 1) * (1 + dispersion * mean))
        k += 1


def _log_pmf(count: int, mean: float, dispersion: float) -> float:
    # log Γ(k + 1/d) - log Γ(1/d) loses all digits as d goes to 0; the same product,
    # written factor by factor, runs smoothly into the Poisson distribution.
    rising = sum(log1p(dispersion * i) for i in range(count))
    spread = log1p(dispersion * mean)
    none = spread / dispersion if dispersion > 0 else mean
    return rising - lgamma(count + 1) + count * (log(mean) - spread) - none
