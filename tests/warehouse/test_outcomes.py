"""What SQL says of outcomes is what the poll's own table says."""

from __future__ import annotations

import pytest

from connectors.feeds.poll.outcomes import FAILURES, WEIGHTS


@pytest.mark.parametrize("outcome", sorted(WEIGHTS))
def test_answered_means_the_same_in_sql(warehouse, outcome):
    """An outcome is an answer to both, or a failure to both."""
    [[answered]] = warehouse.execute("select answered(?)", [outcome]).fetchall()

    assert answered is (outcome not in FAILURES)
