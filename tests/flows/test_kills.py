"""Whatever is killed while it changes the files of a warehouse: they are all there."""

from __future__ import annotations

import random

import kills
import pytest

pytestmark = [
    pytest.mark.of_a_file("a lake keeps no file that a command could put aside or lose"),
    pytest.mark.usefixtures("of_any_size"),
    pytest.mark.slow,
]


@pytest.mark.crash
def test_no_kill_loses_or_doubles_anything(tmp_path):
    """Each command once or more here; benchmarks/kills.py kills a hundred."""
    trial = kills.Trial(tmp_path, random.Random(8))
    trial.set_up(60)
    kills.kill_all(trial, len(kills.COMMANDS))

    assert trial.killed.total() == len(kills.COMMANDS)
    assert trial.wrong == []


@pytest.mark.crash
@pytest.mark.long
def test_restore_may_be_killed_at_every_boundary(tmp_path):
    """There is a warehouse at each of them, the former one or the other."""
    trial = kills.Trial(tmp_path, random.Random(8))
    trial.set_up(3)
    trial.run("restore")
    boundaries, _ = trial.lengths["restore"]
    for number in range(1, boundaries + 1):
        trial.kill_at("restore", at=number)
    trial.victims.close()

    # Where there is nothing to put aside it passes fewer.
    assert trial.killed["restore"] > boundaries / 2
    assert trial.wrong == []


def test_harness_sees_what_is_lost(tmp_path):
    """A copy that shrank, an article that is gone and a backup that is damaged."""
    trial = kills.Trial(tmp_path, random.Random(8))
    trial.set_up(3)
    trial.victims.close()
    with kills.writer(trial.data, command="test") as con:
        con.execute("delete from articles where url like '%/1'")
    kills.publish(trial.data)
    trial.look("a loss", floor=len(trial.articles))
    (trial.kept / "first.duckdb").write_bytes(b"damaged" * 1000)
    trial.look("damage", floor=0)

    assert any("articles published" in line for line in trial.wrong)
    assert any("1 articles lost" in line for line in trial.wrong)
    assert any("is damaged" in line for line in trial.wrong)
