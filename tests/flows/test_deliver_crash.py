"""Whoever is killed, and whatever receivers do: every alert arrives, and arrives once."""

from __future__ import annotations

import random

import alerts
import pytest


@pytest.mark.crash
def test_no_kill_loses_or_doubles_an_alert(tmp_path):
    """Some boundaries and moments here; benchmarks/alerts.py tries all of them.

    Receivers fail three posts in ten. To who honours the key, each alert comes once.
    """
    chance = random.Random(6)
    log = tmp_path / "log"
    with alerts.receivers(log, "--fail", alerts.FAIL) as port:
        trial = alerts.Trial(tmp_path, f"http://127.0.0.1:{port}", chance)
        trial.set_up()
        alerts.at_boundaries(trial, sorted(chance.sample(range(1, 26), 3)))
        alerts.at_moments(trial, 3, longest=1)
        trial.finish()
        books = trial.books(log)
        trial.close()

    assert trial.kills.total() >= 6
    assert books.is_well, books
