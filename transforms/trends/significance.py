"""Significance: tails of over-dispersed counts, and multiple testing.

Counts of a known mean are negative binomial. Where the mean is an estimate from a few
weeks, a wider negative binomial has the right variance but too thin a tail: one in a
thousand is then twice as frequent as it says. The predictive distribution proper is the
beta negative binomial, the conjugate one: Johnson, Kemp & Kotz 2005, *Univariate
Discrete Distributions*, 3rd edition, section 6.2.3.

Benjamini & Hochberg 1995, *Controlling the false discovery rate: a practical and
powerful approach to multiple testing*, J. R. Stat. Soc. B 57, 289-300.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from math import exp, lgamma, log, log1p

# A tail's terms end where they no longer move a p-value, or a budget of alarms.
NO_DIGIT = 1e-15
NO_ALARM = 1e-5
# A smaller dispersion or doubt counts as zero, since gamma functions lose its digits.
NONE = 1e-4


def survival(count: int, *, mean: float, dispersion: float, doubt: float = 0.0) -> float:
    """Return P(X >= count) of a count whose variance is mean + dispersion·mean².

    *doubt* is the relative variance of an estimated mean. The smaller tail is summed, so
    that tails far below machine precision keep their digits. Dispersion 0 is the Poisson
    distribution.
    """
    if count <= 0:
        return 1.0
    if mean <= 0:
        return 0.0
    if count <= mean:
        return max(0.0, 1.0 - sum(_terms(0, count, mean, dispersion, doubt)))
    total = 0.0
    for term in _terms(count, None, mean, dispersion, doubt):
        total += term
        if term <= total * NO_DIGIT:
            break
    return min(1.0, total)


def upper_tail(
    start: int, *, mean: float, dispersion: float, doubt: float = 0.0
) -> list[tuple[float, float]]:
    """Return (P(X >= k), P(X = k)) for every k from *start* until it vanishes."""
    if mean <= 0:
        return []
    terms, total = [], 0.0
    for term in _terms(start, None, mean, dispersion, doubt):
        total += term
        terms.append(term)
        if term <= total * NO_ALARM and len(terms) + start > mean:
            break
    # Summed from the far end, the small ones first, so that they keep their digits.
    tails = list(accumulate(reversed(terms)))
    return list(zip(reversed(tails), terms, strict=True))


def q_values(p_values: Sequence[float], *, tests: int) -> list[float]:
    """Return the Benjamini–Hochberg q-value of each p, in the order given.

    *tests* is the size of the family; tests not listed have a p near 1.
    """
    order = sorted(range(len(p_values)), key=p_values.__getitem__, reverse=True)
    found = [1.0] * len(p_values)
    smallest = 1.0
    for rank, index in zip(range(len(order), 0, -1), order, strict=True):
        smallest = min(smallest, p_values[index] * tests / rank)
        found[index] = smallest
    return found


def _terms(
    start: int, stop: int | None, mean: float, dispersion: float, doubt: float
) -> Iterator[float]:
    """Yield P(X = k) for k from *start*, each from the one before."""
    if dispersion <= NONE or doubt <= NONE:
        # Without one of the two, the other one alone widens a Poisson distribution.
        return _negative_binomial(start, stop, mean, max(dispersion, doubt))
    return _beta_negative_binomial(start, stop, mean, dispersion, doubt)


def _negative_binomial(
    start: int, stop: int | None, mean: float, dispersion: float
) -> Iterator[float]:
    k, term = start, exp(_log_pmf(start, mean, dispersion))
    ratio = mean / (1 + dispersion * mean)
    while stop is None or k < stop:
        yield term
        term *= ratio * (1 + dispersion * k) / (k + 1)
        k += 1


def _log_pmf(count: int, mean: float, dispersion: float) -> float:
    # log Γ(k + 1/d) - log Γ(1/d) loses all digits as d goes to 0; the same product,
    # written factor by factor, runs smoothly into the Poisson distribution.
    rising = sum(log1p(dispersion * i) for i in range(count))
    spread = log1p(dispersion * mean)
    none = spread / dispersion if dispersion > 0 else mean
    return rising - lgamma(count + 1) + count * (log(mean) - spread) - none


def _beta_negative_binomial(
    start: int, stop: int | None, mean: float, dispersion: float, doubt: float
) -> Iterator[float]:
    """Yield the terms of a negative binomial whose odds are beta prime distributed.

    Its size is 1/dispersion; the odds' two parameters are those that give the mean and,
    as 1/a + 1/b, its doubt.
    """
    size = 1 / dispersion
    a = (1 + dispersion * mean) / (dispersion * mean * doubt) + 1
    b = mean * (a - 1) * dispersion
    k, end = start, a + b + size
    term = exp(
        lgamma(size + k) - lgamma(size) - lgamma(k + 1)
        + lgamma(a + size) - lgamma(a)
        + lgamma(b + k) - lgamma(b)
        + lgamma(a + b) - lgamma(end + k)
    )  # fmt: skip
    while stop is None or k < stop:
        yield term
        term *= (size + k) * (b + k) / ((k + 1) * (end + k))
        k += 1
