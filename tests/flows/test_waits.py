"""Who waits for the turn to write, or gave up, is on record before it can write."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import UTC, datetime

import pytest

from flows.home import load_config
from flows.settings import load_settings
from flows.steps.cycle import run
from flows.steps.warehouse import open_writer, warehouse_of
from flows.web.metrics import Counts, Metrics
from warehouse.errors import WarehouseBusy
from warehouse.file.connect import PUBLISHED_NAME, open_published
from warehouse.runs import FOLDER, turn_waits

pytestmark = pytest.mark.slow

NOW = datetime(2026, 8, 4, 4, tzinfo=UTC)
WAIT = """
import sys
from pathlib import Path
from flows.settings import load_settings
from flows.steps.warehouse import open_writer

def say(text):
    print(text, flush=True)

with open_writer(load_settings(Path(sys.argv[1])), "wait", say):
    pass
"""


@pytest.fixture
def hasty(home, monkeypatch):
    """A home whose commands give up after a second or so."""
    monkeypatch.setenv("SINOWIRE_WRITER_WAIT_SECONDS", "1.2")
    return load_settings(home)


def go(settings, report=lambda _: None):
    config = load_config(settings)
    return run(config, now=NOW, report=report, progress=lambda _: None)


def found(sinowire):
    rows = json.loads(sinowire("doctor", "--quick", "--format", "json")[1])
    return [row["detail"] for row in rows if row["what"] == "waits for the turn"]


def metric(settings):
    told = Metrics(Counts(), settings.data).answer(None, pages=0, used=0, now=NOW)
    [line] = [
        line
        for line in told.body.decode().splitlines()
        if line.startswith("sinowire_turn_wait_seconds{")
    ]
    return float(line.split()[-1])


def test_a_run_that_gave_up_is_on_record(hasty, web, subscribe, sinowire):
    """At once for doctor and metrics, and among runs once this host has its turn again."""
    web.feed("/good", ("https://x.example/1", "Baidu opens a lab", NOW))
    subscribe("/good")
    assert found(sinowire) == []
    with warehouse_of(hasty).writer(command="sinowire hold", wait=0):
        with pytest.raises(WarehouseBusy):
            go(hasty)
        with pytest.raises(WarehouseBusy), open_writer(hasty, "deliver"):
            pass
        [said] = found(sinowire)
        assert said.startswith("2 commands gave up since ")
        assert (
            "the last, `sinowire deliver`, after 1 s of waiting for `sinowire hold`" in said
        )
        assert metric(hasty) >= 1.2

    go(hasty)
    assert found(sinowire) == []
    assert metric(hasty) == 0
    with closing(open_published(hasty.data / PUBLISHED_NAME)) as con:
        told = con.execute(
            "select outcome, waited_seconds > 1, held_seconds > 0, started_at from runs"
            " order by seq"
        ).fetchall()
    assert told == [("failed", True, False, NOW), ("completed", False, True, NOW)]


def test_who_waits_is_told_while_he_waits(hasty, home, sinowire):
    """And one that was killed meanwhile waits no more."""
    with warehouse_of(hasty).writer(command="sinowire hold", wait=0):
        command = [sys.executable, "-c", WAIT, str(home)]
        env = {**os.environ, "SINOWIRE_WRITER_WAIT_SECONDS": "60"}
        pipe = {"stdout": subprocess.PIPE, "text": True}
        with subprocess.Popen(command, env=env, **pipe) as waiter:
            assert waiter.stdout.readline().startswith("waiting for `sinowire hold`")
            [said] = found(sinowire)
            assert said.startswith("`sinowire wait` has waited ")
            assert metric(hasty) >= 1
            waiter.send_signal(signal.SIGKILL)
        assert turn_waits(hasty.data) == []
    with open_writer(hasty, "next"):
        assert list((hasty.data / FOLDER).iterdir()) == []


def test_a_batch_that_waits_is_told(home, web, subscribe):
    """As its whole run says nothing else: who it waits for may be stopped, for minutes."""
    web.feed("/good", ("https://x.example/1", "Baidu opens a lab", NOW))
    subscribe("/good")
    web.delay = 3.0
    settings, said = load_settings(home), []
    passing = threading.Thread(target=go, args=(settings, said.append))
    passing.start()
    while not web.requests:
        time.sleep(0.05)
    with warehouse_of(settings).writer(command="sinowire hold", wait=30):
        assert said == []
        deadline = time.monotonic() + 20
        while not said and time.monotonic() < deadline:
            time.sleep(0.05)
    passing.join()
    assert said[0].startswith("waiting for `sinowire hold`")


def test_what_another_version_kept_of_a_wait_stops_nothing(home):
    """A file that cannot be read is no wait of ours; runs and the desk go on."""
    folder = load_settings(home).data / FOLDER
    folder.mkdir(parents=True)
    (folder / "other.json").write_text('{"command": 1}')
    (folder / "cut.json").write_text("{")

    assert turn_waits(folder.parent) == []
    with open_writer(load_settings(home), "ask", lambda _: None) as con:
        assert con.execute("select count(*) from runs").fetchone() == (0,)
