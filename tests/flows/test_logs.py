"""Logs of processes that run for months do not grow for months."""

from __future__ import annotations

import json
import logging
import os
import stat
import subprocess
import sys

from flows import logs
from flows.orchestration.children import child, rotate

WRITER = """
import sys
for line in sys.stdin:
    print(line, end="", flush=True)
"""


def test_a_large_log_is_moved_and_its_writer_goes_on(tmp_path):
    """What it held is beside it, and what comes next stands alone at its beginning."""
    log = tmp_path / "server.log"
    with (
        log.open("ab") as output,
        subprocess.Popen(
            [sys.executable, "-c", WRITER],
            stdin=subprocess.PIPE,
            stdout=output,
            text=True,
        ) as writer,
    ):

        def say(line):
            size = log.stat().st_size
            writer.stdin.write(f"{line}\n")
            writer.stdin.flush()
            while log.stat().st_size == size:
                assert writer.poll() is None

        say("first")
        assert not rotate(log, largest=10)
        say("second")
        assert rotate(log, largest=10)
        say("third")

    assert log.read_text() == "third\n"
    assert (tmp_path / "server.log.1").read_text() == "first\nsecond\n"


def test_only_one_former_log_is_kept(tmp_path):
    """Twice the largest size is all that a log may take."""
    log = tmp_path / "server.log"
    for text in ("one", "two"):
        log.write_text(text)
        assert rotate(log, largest=2)

    assert {path.name for path in tmp_path.iterdir()} == {"server.log", "server.log.1"}
    assert (tmp_path / "server.log.1").read_text() == "two"


def test_a_log_that_is_not_there_is_left_so(tmp_path):
    """A process that was never started has none."""
    assert not rotate(tmp_path / "server.log")
    assert list(tmp_path.iterdir()) == []


FAILS = """
import httpx
print('{"time": "2026-08-04", "message": "begun"}', flush=True)
print("warning: of a library", flush=True)
try:
    httpx.get("http://127.0.0.1:9/", trust_env=False)
finally:
    print("and so on", flush=True)
"""


def test_a_traceback_is_one_json_line(tmp_path, monkeypatch):
    """With causes and all, in the log and where it is told; each other line is one, too."""
    monkeypatch.setattr(logs.log, "handlers", [logging.NullHandler()])
    log, said = tmp_path / "worker.log", []
    with child(
        [sys.executable, "-c", FAILS], env=os.environ, log=log, say=said.append
    ) as process:
        process.wait(60)

    assert log.read_text("utf-8").splitlines() == said
    begun, warned, went_on, failed = map(json.loads, said)
    assert begun == {"time": "2026-08-04", "message": "begun"}
    assert (warned["level"], warned["message"]) == ("warning", "of a library")
    assert (went_on["level"], went_on["message"]) == ("info", "and so on")
    assert (failed["level"], failed["message"][:20]) == ("error", "httpx.ConnectError: ")
    assert failed["exception"].count("Traceback (most recent call last)") > 1


def test_log_of_a_child_is_its_owners_alone(tmp_path):
    """Whatever a process says there, and whatever the umask of the process is."""
    log = tmp_path / "child.log"
    print_mask = "import os; print(oct(os.umask(0)))"
    with child([sys.executable, "-c", print_mask], env={}, log=log, umask=0o077) as process:
        process.wait()

    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert log.read_text() == "0o77\n"
