from __future__ import annotations

import os
import socket
import subprocess
import sys
from datetime import timedelta

import pytest

from warehouse.runs import (
    begin_run,
    end_stale_runs,
    finish_run,
    last_run,
    reporting_zone,
    set_reporting_zone,
)


def outcomes(con):
    return dict(con.execute("select run_id, outcome from runs").fetchall())


def test_run_is_recorded_from_start_to_end(warehouse, make_run, noon):
    """A run shows while it goes on, and what it did once it is over."""
    begin_run(warehouse, make_run("r1", shard="1/2", home="news 1f"))
    assert [socket.gethostname()] == [
        host for (host,) in warehouse.execute("select host from runs").fetchall()
    ]
    assert last_run(warehouse).outcome == "running"

    finish_run(
        warehouse,
        "r1",
        ended_at=noon + timedelta(minutes=1),
        outcome="completed",
        feeds=3,
        new_articles=20,
        alerts=2,
    )

    assert last_run(warehouse) == make_run(
        "r1",
        shard="1/2",
        home="news 1f",
        ended_at=noon + timedelta(minutes=1),
        outcome="completed",
        feeds=3,
        new_articles=20,
        alerts=2,
    )


def test_beginning_twice_is_one_run(warehouse, make_run):
    """A run that is begun again after a retry is the same run."""
    begin_run(warehouse, make_run("r1"))
    begin_run(warehouse, make_run("r1"))

    assert outcomes(warehouse) == {"r1": "running"}


def test_last_run_is_the_one_that_began_last(warehouse, make_run, noon):
    """The clock of a replay may go back; the order of runs does not."""
    begin_run(warehouse, make_run("r1"))
    begin_run(warehouse, make_run("r2", started_at=noon - timedelta(days=30)))

    assert last_run(warehouse).run_id == "r2"


def test_without_runs_there_is_no_last(warehouse):
    """An empty warehouse has no last run."""
    assert last_run(warehouse) is None


def test_run_of_a_dead_process_crashed(warehouse, make_run, noon):
    """Only a run whose process is gone is ended; ours goes on."""
    gone = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"],
        capture_output=True,
        check=True,
        text=True,
    )
    begin_run(warehouse, make_run("dead"), pid=int(gone.stdout))
    begin_run(warehouse, make_run("ours"))

    assert end_stale_runs(warehouse, noon) == ["dead"]
    assert outcomes(warehouse) == {"dead": "crashed", "ours": "running"}
    assert end_stale_runs(warehouse, noon) == []


def test_number_given_out_again_is_not_our_process(warehouse, make_run, noon):
    """A process of the same number that started at another time is another one."""
    begin_run(warehouse, make_run("r1"))
    warehouse.execute("update runs set process = regexp_replace(process, '\\d+$', '1')")

    assert end_stale_runs(warehouse, noon) == ["r1"]


def test_somebody_elses_process_lives(warehouse, make_run, noon):
    """A process that we may not signal is alive all the same."""
    if os.geteuid() == 0:
        pytest.skip("the superuser may signal every process")
    begin_run(warehouse, make_run("r1"), pid=1)

    assert end_stale_runs(warehouse, noon) == []


def test_run_of_another_machine_is_given_a_day(warehouse, make_run, noon):
    """Nothing is known of another machine's process, but a day is too long for a run."""
    begin_run(warehouse, make_run("r1"))
    warehouse.execute("update runs set process = 'elsewhere 1 1'")

    assert end_stale_runs(warehouse, noon + timedelta(hours=23)) == []
    assert end_stale_runs(warehouse, noon + timedelta(hours=25)) == ["r1"]


def test_reporting_zone_can_be_set(warehouse):
    """Shanghai by default, and what it is set to afterwards."""
    assert reporting_zone(warehouse) == "Asia/Shanghai"

    set_reporting_zone(warehouse, "Europe/Berlin")
    set_reporting_zone(warehouse, "Europe/Berlin")

    assert reporting_zone(warehouse) == "Europe/Berlin"
