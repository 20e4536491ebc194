"""What a run tells Prefect's page of its feeds."""

from __future__ import annotations

import json

import pytest

from flows.orchestration.runs import COLUMNS, in_trouble

pytestmark = pytest.mark.prefect


def row(number, state):
    told = {"feed_id": f"f{number}", "state": state, "reason": "Has never answered: " * 5}
    return dict.fromkeys(COLUMNS) | told


def test_feeds_in_trouble_are_listed_and_the_others_counted():
    """Those that do well are no rows of Prefect's database, run after run."""
    states = ["dead", "failing", "quiet", "healthy", "healthy", "paused"]

    table, said = in_trouble([row(n, state) for n, state in enumerate(states)])

    assert [each["state"] for each in table] == states[:3]
    assert said == "Of 6 feeds 1 dead, 1 failing, 1 quiet."
    assert in_trouble([row(0, "healthy")]) == ([], "Of 1 feed none is in trouble.")


def test_ten_thousand_feeds_in_trouble_are_two_hundred_rows():
    """And a sentence that says how many there are."""
    table, said = in_trouble([row(n, "failing") for n in range(10_000)])

    assert len(table) == 200
    assert len(json.dumps(table)) < 100_000
    assert said == (
        "Of 10,000 feeds 10,000 failing. "
        "The first 200 of 10,000; all: sinowire feeds health"
    )
