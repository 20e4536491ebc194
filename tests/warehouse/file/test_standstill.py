"""A process that stands still with the lock: named, ended in time, and no other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from processes import eventually

from warehouse.errors import WarehouseBusy
from warehouse.file import signature, standstill
from warehouse.file.lock import LOCK_NAME, turn
from warehouse.file.standstill import (
    FOLDER,
    StandStillWatch,
    at_work,
    end_stopped,
    keeps_host,
    running,
    standing_still,
)

pytestmark = pytest.mark.slow

HOLD = """
import sys
from pathlib import Path
from warehouse.file import signature
from warehouse.file.lock import turn

signature.WORD_SECONDS = 0.1
with turn(Path(sys.argv[1]), command="sinowire hold", wait=0):
    print("in", flush=True)
    {work}
"""
WAIT = "sys.stdin.readline()"
# In C, and Python's other threads wait for it: asleep, or at work.
HANG = "import ctypes; ctypes.PyDLL(None).sleep(600)"
COMPUTE = "import re; re.match('(a|a)*b', 'a' * 60)"


@pytest.fixture
def limit(monkeypatch):
    """The seconds after which a process that stands still is ended, with haste."""
    monkeypatch.setattr(signature, "WORD_SECONDS", 0.1)
    monkeypatch.setattr(standstill, "WORD_SECONDS", 0.1)
    return 1.5


@contextmanager
def holding(data, work=WAIT):
    command = [sys.executable, "-c", HOLD.format(work=work), str(data)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as process:
        try:
            assert process.stdout.readline() == "in\n"
            yield process
        finally:
            process.kill()


def is_free(data):
    try:
        with turn(data, command="next", wait=0):
            return True
    except WarehouseBusy:
        return False


def test_a_stopped_holder_is_named_at_once(data, limit):
    """With the time at which it was heard of last, and what to do about it."""
    with holding(data) as process:
        assert standing_still(data, limit) == []
        process.send_signal(signal.SIGSTOP)
        [still] = eventually(lambda: standing_still(data, limit))
        assert str(still).startswith(f"`sinowire hold` (process {process.pid}, since ")
        assert " is stopped since " in str(still)
        assert f"`kill -CONT {process.pid}` lets it go on" in still.remedy
        assert keeps_host(still, 60)
        with pytest.raises(WarehouseBusy, match=r"sinowire hold.*; stopped since"):
            turn(data, command="next", wait=0).__enter__()
        process.send_signal(signal.SIGCONT)
        eventually(lambda: standing_still(data, limit) == [])
        end_stopped(data, limit, print)
        process.communicate("\n", timeout=30)
    assert process.returncode == 0
    assert is_free(data)


def test_a_stopped_holder_is_ended_in_time_and_not_before(data, limit):
    """The next one has the turn."""
    said = []
    with holding(data) as process:
        process.send_signal(signal.SIGSTOP)
        eventually(lambda: standing_still(data, limit))
        end_stopped(data, 600, said.append)
        assert (process.poll(), said) == (None, [])
        eventually(lambda: end_stopped(data, limit, said.append) or said, 30)
        assert process.wait(30) == -signal.SIGKILL
        assert eventually(lambda: is_free(data))
    assert "ended it, so that others can write" in said[0]


def test_who_speaks_is_let_be_however_long_it_holds(data, limit):
    """Heartbeats are of a thread: the main one does nothing."""
    said = []
    watch = StandStillWatch(data, limit, said.append)
    with holding(data) as process:
        end = time.monotonic() + 3 * limit
        while time.monotonic() < end:
            watch.look()
            end_stopped(data, limit, said.append)
            time.sleep(0.1)
        assert process.poll() is None
        assert not is_free(data)
    assert not any("ended" in line for line in said)


def test_who_neither_speaks_nor_works_is_ended(data, limit):
    """It was not stopped by anybody: a call hangs in it."""
    said = []
    watch = StandStillWatch(data, limit, said.append)
    with holding(data, HANG) as process:
        eventually(lambda: watch.look() or process.poll() is not None, 60)
        assert process.returncode == -signal.SIGKILL
    assert "has said nothing since" in said[0]
    assert "ended it" in said[1]


def test_who_works_is_not_ended_though_it_says_nothing(data, limit):
    """Deep in a computation no thread of it has a say; doctor names it."""
    said = []
    watch = StandStillWatch(data, limit, said.append)
    with holding(data, COMPUTE) as process:
        eventually(lambda: watch.look() or said, 60)
        end = time.monotonic() + 3 * limit
        while time.monotonic() < end:
            watch.look()
            time.sleep(0.1)
        assert process.poll() is None
        [still] = standing_still(data, limit)
        assert not still.is_stopped
    assert len(said) == 1


def test_what_a_process_is_stopped_in_is_told_once_and_so_is_its_end(data, limit):
    """And not another time while it stands."""
    said = []
    watch = StandStillWatch(data, 60, said.append)
    with holding(data) as process:
        process.send_signal(signal.SIGSTOP)
        eventually(lambda: watch.look() or said)
        watch.look()
        process.send_signal(signal.SIGCONT)
        eventually(lambda: watch.look() or len(said) > 1)
    assert ["is stopped" in said[0], "goes on" in said[1], len(said)] == [True, True, 2]


def test_a_signature_that_was_left_is_nobody_s(data, limit):
    """Of one that was killed, whose number another process has: that one is let be."""
    with holding(data) as process:
        process.kill()
        process.wait()
    text = (data / LOCK_NAME).read_text().replace(str(process.pid), str(os.getppid()))
    (data / LOCK_NAME).write_text(text)
    assert list(at_work(data)) == []


def test_a_pass_is_there_while_it_runs(data):
    """Also without the lock; files of those that were killed go with the next one."""
    folder = data / FOLDER
    with running(data, "sinowire run"):
        [(path, holder, _)] = at_work(data)
        assert (path.parent, holder.command) == (folder, "sinowire run")
        assert path.stat().st_mode & 0o077 == 0
        left = path.read_text().replace(str(os.getpid()), "999999999")
    assert list(folder.iterdir()) == []
    (folder / "run-999999999").write_text(left)
    with running(data, "sinowire run"):
        assert [path.name for path in folder.iterdir()] == [f"run-{os.getpid()}"]


def test_an_older_version_s_signature_names_it_and_no_more(data):
    """It has no id, by which it could be told from another process."""
    data.mkdir()
    (data / LOCK_NAME).write_text('{"pid": 1, "command": "sinowire run", "since": "x"}')
    assert list(at_work(data)) == []
