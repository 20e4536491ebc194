"""Stories of the demo's invented history against what its addresses are known to tell."""

from __future__ import annotations

import pytest
from clusters import MOMENTS, assigned, score

from connectors.samples.history import history

PRECISION, RECALL = 0.93, 0.96
MIXED, MIXED_ACROSS = 12, 7

pytestmark = pytest.mark.no_cover  # thousands of comparisons of what other tests cover


@pytest.mark.parametrize(
    "moment",
    [MOMENTS[0], *(pytest.param(each, marks=pytest.mark.long) for each in MOMENTS[1:])],
    ids=str,
)
def test_stories_are_events(moment):
    """Pairs that are joined, those that should be, and stories of several events.

    Whoever opens the demo sees these stories first.
    """
    articles = history(moment)

    made = score(articles, assigned(articles))

    assert made.right > 200
    assert made.precision >= PRECISION
    assert made.recall >= RECALL
    assert made.mixed <= MIXED
    assert made.mixed_across <= MIXED_ACROSS


def test_addresses_are_no_evidence():
    """The engine is scored by them, so it may not read them."""
    articles = history(MOMENTS[0])[:300]
    hidden = [
        row | {"url": f"https://hidden.example/{n}"} for n, row in enumerate(articles)
    ]

    told, untold = assigned(articles), assigned(hidden)

    names = [
        (told[row["url"]], untold[other["url"]])
        for row, other in zip(articles, hidden, strict=True)
    ]
    assert len(set(names)) == len(set(told.values())) == len(set(untold.values()))
