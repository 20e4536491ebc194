"""Tails of the negative binomial, and many tests at once."""

from __future__ import annotations

from fractions import Fraction
from math import comb, exp, factorial, lgamma

import pytest

from transforms.trends.significance import q_values, survival, upper_tail


def by_binomial(count: int, mean: Fraction, size: int) -> float:
    """P(X >= count) by another road, exactly.

    The size-th success needs size + count - 1 trials or more to leave room for
    *count* failures, so the tail is a binomial with few successes.
    """
    success = size / (size + mean)
    trials = size + count - 1
    return float(
        sum(
            comb(trials, i) * success**i * (1 - success) ** (trials - i)
            for i in range(size)
        )
    )


@pytest.mark.parametrize("size", [1, 2, 5, 40])
@pytest.mark.parametrize(
    "mean", [Fraction(1, 50), Fraction(3, 4), Fraction(5), Fraction(60)]
)
@pytest.mark.parametrize("count", [1, 3, 9, 70, 400])
def test_survival_is_exact(count, mean, size):
    """The tail agrees with exact rational arithmetic to twelve digits, however small."""
    exact = by_binomial(count, mean, size)

    found = survival(count, mean=float(mean), dispersion=1 / size)

    assert found == pytest.approx(exact, rel=1e-11, abs=1e-300)


@pytest.mark.parametrize("dispersion", [0.0, 1e-14, 1e-9])
def test_survival_runs_into_poisson(dispersion):
    """With a vanishing dispersion the distribution is Poisson, without lost digits."""
    exact = sum(exp(-2.5) * 2.5**k / factorial(k) for k in range(12, 60))

    assert survival(12, mean=2.5, dispersion=dispersion) == pytest.approx(exact, rel=1e-6)


def test_survival_at_the_edges():
    """No story is certain, any story is impossible at level zero, far tails are zero."""
    assert survival(0, mean=3.0, dispersion=0.2) == 1.0
    assert survival(1, mean=0.0, dispersion=0.2) == 0.0
    assert survival(5000, mean=0.01, dispersion=0.0) == 0.0
    assert survival(1, mean=0.001, dispersion=0.0) == pytest.approx(0.00099950016662)


def test_q_values_of_a_worked_example():
    """The step-up rule: each p times tests over rank, never above a larger p's q."""
    p_values = [0.01, 0.001, 0.5, 0.039, 0.04]

    qs = q_values(p_values, tests=5)

    assert qs == pytest.approx([0.025, 0.005, 0.5, 0.05, 0.05])


def test_unlisted_tests_count_in_the_family():
    """A p-value among many tests weighs less, and a q-value is never above one."""
    assert q_values([0.001], tests=100) == pytest.approx([0.1])
    assert q_values([0.2], tests=100) == [1.0]
    assert q_values([], tests=100) == []


def mixed(count, mean, dispersion, doubt):
    """P(X >= count) by integration over what the mean may be."""
    size = 1 / dispersion
    a = (1 + dispersion * mean) / (dispersion * mean * doubt) + 1
    b = mean * (a - 1) * dispersion
    steps = 4000
    total = 0.0
    for step in range(steps):
        part = (step + 0.5) / steps
        beta = exp(lgamma(a + b) - lgamma(a) - lgamma(b))
        density = beta * part ** (a - 1) * (1 - part) ** (b - 1)
        mean_here = size * (1 - part) / part
        total += density * survival(count, mean=mean_here, dispersion=dispersion)
    return total / steps


@pytest.mark.parametrize(
    ("count", "mean", "dispersion", "doubt"),
    [(3, 1.0, 0.4, 0.2), (20, 6.0, 0.3, 0.05), (9, 10.0, 1.0, 0.1), (40, 9.0, 0.8, 0.08)],
)
def test_doubt_mixes_over_the_mean(count, mean, dispersion, doubt):
    """The tail with a doubtful mean is that of its mixture of negative binomials."""
    found = survival(count, mean=mean, dispersion=dispersion, doubt=doubt)

    assert found == pytest.approx(mixed(count, mean, dispersion, doubt), rel=5e-3)


def test_doubt_keeps_the_mean_and_widens_the_tail():
    """The mean is the sum of all tails; a doubtful one makes far counts likelier."""
    tail = upper_tail(1, mean=4.0, dispersion=0.3, doubt=0.1)

    assert sum(p for p, _ in tail) == pytest.approx(4.0, rel=1e-2)
    certain = survival(20, mean=4.0, dispersion=0.3)
    assert survival(20, mean=4.0, dispersion=0.3, doubt=0.1) > 2 * certain


def test_upper_tail_lists_every_count():
    """Each pair is the p of a count and its own chance; nothing comes of no stories."""
    tail = upper_tail(5, mean=2.0, dispersion=0.5)

    for count, (p, chance) in enumerate(tail[:8], 5):
        assert p == pytest.approx(survival(count, mean=2.0, dispersion=0.5), rel=5e-3)
        assert p - tail[count - 4][0] == pytest.approx(chance)
    assert upper_tail(1, mean=0.0, dispersion=0.5) == []
