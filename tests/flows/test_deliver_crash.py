"""Whoever is killed, and whatever receivers do: every alert arrives, and arrives once."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def crash(monkeypatch):
    """The harness of benchmarks/, which is a folder of scripts."""
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    import alerts_crash  # noqa: PLC0415  there only now

    yield alerts_crash
    for name in ("alerts_crash", "alerts_delivery", "killed"):
        sys.modules.pop(name, None)


@pytest.mark.crash
def test_no_kill_loses_or_doubles_an_alert(crash, tmp_path):
    """Some boundaries and moments here; benchmarks/alerts_crash.py tries all of them.

    Receivers fail three posts in ten. To who honours the key, each alert comes once.
    """
    chance = random.Random(6)
    log = tmp_path / "log"
    with crash.receivers(log, "--fail", crash.FAIL) as port:
        trial = crash.Trial(tmp_path, f"http://127.0.0.1:{port}", chance)
        trial.set_up()
        crash.at_boundaries(trial, sorted(chance.sample(range(1, 26), 3)))
        crash.at_moments(trial, 3, longest=1)
        trial.finish()
        books = trial.books(log)
        trial.close()

    assert trial.kills.total() >= 6
    assert books.is_well, books
