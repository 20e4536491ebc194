"""When a reader is to be warned of the data."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from transforms.freshness import doubts_of, warnings
from transforms.models import Freshness

NOON = datetime(2026, 8, 4, 12, tzinfo=UTC)
PATIENCE = timedelta(hours=6)


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (Freshness(as_of=NOON - PATIENCE, asked=20, answered=19), []),
        (
            Freshness(as_of=NOON - PATIENCE * 1.1, asked=20, answered=20),
            ["the data are old: nothing came since 2026-08-04 05:24 UTC"],
        ),
        (
            Freshness(as_of=NOON, asked=20, answered=18),
            ["only 18 of 20 feeds answered"],
        ),
        (
            Freshness(as_of=None, asked=2, answered=0),
            [
                "there are no data: no poll has succeeded and nothing was imported",
                "only 0 of 2 feeds answered",
            ],
        ),
    ],
)
def test_what_is_warned_of(known, said):
    """Data older than patience allows, and more than one feed of twenty that failed."""
    doubts = doubts_of(known, at=NOON, patience=PATIENCE)

    assert warnings(doubts) == said
    assert bool(doubts) == bool(said)
