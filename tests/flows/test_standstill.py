"""A stopped run of this home: told by doctor and metrics, and its host takes no runs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from processes import eventually

from flows.orchestration.worker import Host
from flows.settings import load_settings
from flows.steps.warehouse import open_writer
from flows.web.metrics import Counts, Metrics
from warehouse.errors import WarehouseBusy

pytestmark = pytest.mark.slow

HOLD = """
import sys
from pathlib import Path
from flows.settings import load_settings
from flows.steps.warehouse import open_writer

with open_writer(load_settings(Path(sys.argv[1])), "hold"):
    print("in", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def hasty(home, monkeypatch):
    """A home whose commands wait a second for their turn."""
    monkeypatch.setenv("SINOWIRE_WRITER_WAIT_SECONDS", "1")
    return load_settings(home)


@pytest.fixture
def holder(hasty):
    """A process of that home that has the turn to write."""
    command = [sys.executable, "-c", HOLD, str(hasty.home)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as process:
        assert "in\n" in iter(process.stdout.readline, "")
        yield process
        process.kill()


def findings(sinowire):
    """Return the exit code of doctor, and what it does not find good."""
    code, said, *_ = sinowire("doctor", "--quick", "--format", "json")
    rows = [row for row in json.loads(said) if row["state"] != "good"]
    return code, {row["what"]: (row["state"], row["detail"]) for row in rows}


def metrics(settings):
    now = datetime.now(UTC)
    told = Metrics(Counts(), settings.data).answer(None, pages=0, used=0, now=now)
    lines = (line.rpartition(" ") for line in told.body.decode().splitlines())
    return {name: float(value) for name, _, value in lines if not name.startswith("#")}


def test_a_stopped_run_is_told_ended_and_its_host_rests_till_then(hasty, holder, sinowire):
    """In the home of a file, too, where it kept all others from writing for ever."""
    said = []
    host = Host(hasty, said.append)
    assert host.can_work()
    holder.send_signal(signal.SIGSTOP)
    assert eventually(lambda: not host.can_work())
    code, found = findings(sinowire)
    assert code == 1
    state, detail = found["process"]
    assert (state, f"(process {holder.pid}, since " in detail) == ("bad", True)
    assert " is stopped since " in detail
    assert "holds the lock" in detail
    assert found["warehouse"][0] == "bad"
    assert "takes no runs, others do: `sinowire hold`" in said[0]
    with pytest.raises(WarehouseBusy, match="stopped since"), open_writer(hasty, "next"):
        pass
    name = (
        f'sinowire_process_silent_seconds{{command="sinowire hold",host="{os.uname()[1]}"}}'
    )
    assert eventually(lambda: metrics(hasty)[name] > 6)
    told = []
    six_seconds = hasty.model_copy(update={"lake_silent_minutes": 0.1})
    with open_writer(six_seconds, "next", told.append) as con:
        assert con.execute("select count(*) from runs").fetchone() == (0,)
    assert holder.wait(10) == -signal.SIGKILL
    assert "ended it, so that others can write" in told[0]
    assert host.can_work()
    assert "takes runs again" in said[1]
    assert "process" not in findings(sinowire)[1]


def test_who_goes_on_in_time_ends_its_work(hasty, holder, sinowire):
    """Stopped for a moment, as by Ctrl-Z: nothing is ended, and all is well again."""
    host = Host(hasty, [].append)
    holder.send_signal(signal.SIGSTOP)
    eventually(lambda: not host.can_work())
    holder.send_signal(signal.SIGCONT)
    assert eventually(host.can_work)
    holder.communicate("\n", timeout=60)
    assert holder.returncode == 0
    assert "process" not in findings(sinowire)[1]
