"""Whoever is killed, and whatever receivers do: every alert arrives, and arrives once."""

from __future__ import annotations

import random

import alert_trials
import pytest
from receivers import receivers


@pytest.mark.crash
@pytest.mark.parametrize(
    ("boundaries", "moments"),
    [
        (random.Random(6).sample(range(1, 26), 1), 1),
        pytest.param(
            None, 60, marks=[pytest.mark.long, pytest.mark.timeout(1800)], id="all"
        ),
    ],
)
def test_no_kill_loses_or_doubles_an_alert(tmp_path, boundaries, moments):
    """At some boundaries and moments, and in the long run at every boundary.

    Receivers fail three posts in ten. To who honours the key, each alert comes once.
    """
    log = tmp_path / "log"
    with receivers(log, "--fail", alert_trials.FAIL) as port:
        address = f"http://127.0.0.1:{port}"
        trial = alert_trials.Trial(tmp_path, address, random.Random(6))
        trial.set_up()
        alert_trials.at_boundaries(trial, boundaries)
        alert_trials.at_moments(trial, moments, longest=3 if boundaries is None else 1)
        trial.finish()
        books = trial.books(log)
        trial.close()

    assert trial.kills.total() >= 2 * moments
    assert books.is_well, books
