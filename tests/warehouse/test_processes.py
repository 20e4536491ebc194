"""Whether a process lives, was stopped or works, and an end to the right one only."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from warehouse import processes
from warehouse.processes import Life, end, life_of, process_of

WORK = "import sys\nprint('at work', flush=True)\nwhile True: pass"
WAIT = "print('waiting', flush=True)\ninput()"


@pytest.fixture
def start():
    """Start Python on some code; yields the process once it said something."""
    started = []

    def start(code):
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        process = subprocess.Popen([sys.executable, "-c", code], text=True, **pipes)
        started.append(process)
        process.stdout.readline()
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_a_stopped_process_is_one_until_it_goes_on(start):
    """As `kill -STOP` and Ctrl-Z leave it."""
    waiting = process_of(start(WAIT).pid)
    pid = int(waiting.split()[1])
    assert not life_of(waiting).is_stopped
    os.kill(pid, signal.SIGSTOP)
    while not life_of(waiting).is_stopped:
        time.sleep(0.01)
    os.kill(pid, signal.SIGCONT)
    while life_of(waiting).is_stopped:
        time.sleep(0.01)


def test_work_is_seen_by_the_processor_s_time(start):
    """Of one that waits it stands, and of one that works it goes on."""
    working, waiting = process_of(start(WORK).pid), process_of(start(WAIT).pid)
    before = life_of(working).cpu, life_of(waiting).cpu
    deadline = time.monotonic() + 60
    while life_of(working).cpu == before[0]:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert life_of(waiting).cpu == before[1]


def test_nobody_but_the_process_itself_is_ended(start):
    """Its number may be another's by now, or one of another machine."""
    process = start(WAIT)
    host, pid, birth = process_of(process.pid).split()
    for other in (f"{host} {pid} {int(birth) - 1}", f"elsewhere {pid} {birth}", "", host):
        assert life_of(other) is None
        assert not end(other)
    assert process.poll() is None
    assert end(f"{host} {pid} {birth}")
    assert process.wait(30) == -signal.SIGKILL


def test_one_that_ended_is_gone_before_its_parent_heard(start):
    """Its number is kept until then."""
    process = start(WAIT)
    found = process_of(process.pid)
    process.kill()
    while life_of(found) is not None:
        time.sleep(0.01)
    assert process.returncode is None


def test_where_the_system_tells_nothing_nothing_is_ended(start, monkeypatch):
    """As on macOS, and in containers without /proc: a process counts as at work."""
    process = start(WAIT)
    monkeypatch.setattr(processes, "_stat", lambda _pid: [])
    found = process_of(process.pid)
    assert life_of(found) == Life()
    assert not end(found)
    assert process.poll() is None
