"""A query that takes too long is stopped by Ctrl-C, and the shell goes on."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest

pytestmark = pytest.mark.slow

# Hours of work in a single step, which heeds no interruption.
LONG = "select levenshtein(repeat('ab', 2000000), repeat('ba', 2000000))"


@pytest.fixture
def published(home, sinowire):
    """A home with something to ask."""
    assert sinowire("run")[0] == 0
    return home


def read_until(stream, words):
    """Read lines up to one that says *words*; fail where the stream ends before."""
    for line in iter(stream.readline, ""):
        if words in line:
            return
    pytest.fail(f"{words!r} was never said")


@contextmanager
def asking(*args, stdin=None):
    """`sinowire sql` in a process of its own, which is at its end with the test."""
    command = [sys.executable, "-m", "flows.console.cli", "sql", *args]
    out = subprocess.PIPE
    with subprocess.Popen(
        command, text=True, stdin=stdin, stdout=out, stderr=out
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_ctrl_c_ends_the_command(published):
    """At once, also in a single long expression; it exits as shells expect."""
    with asking(f"select 41 + 1 as a; {LONG}") as process:
        read_until(process.stdout, "42")
        threading.Event().wait(1)
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
        assert process.wait(timeout=60) == 130

    assert said.strip() == "the query was stopped; nothing was changed"


def test_shell_goes_on_after_ctrl_c(published):
    """A query that is stopped or wrong gives the prompt back."""
    ours, theirs = pty.openpty()
    with (
        asking(stdin=theirs) as process,
        os.fdopen(ours, "wb", buffering=0) as keys,
    ):
        os.close(theirs)
        keys.write(b"select 41 + 1 as a; select 1 as b;\n")
        read_until(process.stdout, "42")
        keys.write(b"selec;\nset threads = 1;\n")
        read_until(process.stderr, "SET is not allowed")
        keys.write(f"{LONG};\n".encode())
        threading.Event().wait(2)
        process.send_signal(signal.SIGINT)
        read_until(process.stderr, "was stopped")
        keys.write(b"select 6 * 7 + 1 as a;\nexit\n")
        assert "43" in process.stdout.read()
        assert process.wait(timeout=60) == 0
