"""A query that takes too long is stopped by Ctrl-C, and the shell goes on."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager

import duckdb
import pytest

from flows.console.output import sentence
from flows.console.shell import answer

# Hours of work, in steps that heed an interruption.
LONG = "select count(*) from range(3000000000) t(a), range(1000) u(b) where a * b % 7 = 3"
# Hours of work in a single step, which heeds none.
DEAF = "select levenshtein(repeat('ab', 2000000), repeat('ba', 2000000))"


@pytest.fixture
def published(home, sinowire):
    """A home with something to ask."""
    assert sinowire("run")[0] == 0
    return home


def press_soon():
    """Press Ctrl-C in a moment."""
    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    return timer


def test_stopped_query_leaves_its_connection_free():
    """The next statement is answered as if nothing had been."""
    with duckdb.connect() as con:
        pressed = press_soon()
        with pytest.raises(KeyboardInterrupt):
            answer(con, LONG)
        pressed.join()

        assert answer(con, "select 1 as a") == [{"a": 1}]


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


@contextmanager
def busy(statement):
    """A command that has answered one statement and is at work on the next."""
    with asking(f"select 41 + 1 as a; {statement}") as process:
        while "42" not in process.stdout.readline():
            pass
        threading.Event().wait(1)
        yield process


def test_ctrl_c_ends_the_command(published):
    """It says what happened, without a traceback, and exits as shells expect."""
    with busy(LONG) as process:
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
        assert process.wait(timeout=60) == 130

    assert said.strip().splitlines() == [
        "stopping the query; Ctrl-C again leaves at once",
        "the query was stopped; nothing was changed",
    ]


def test_second_ctrl_c_leaves_at_once(published):
    """Where DuckDB heeds no interruption we do not wait for it."""
    with busy(DEAF) as process:
        process.send_signal(signal.SIGINT)
        while "stopping" not in process.stderr.readline():
            pass
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 130
        assert "Traceback" not in process.stderr.read()


def test_shell_goes_on_after_ctrl_c(published):
    """A query that is stopped gives the prompt back."""
    ours, theirs = pty.openpty()
    with (
        asking(stdin=theirs) as process,
        os.fdopen(ours, "wb", buffering=0) as keys,
    ):
        os.close(theirs)
        keys.write(b"select 41 + 1 as a;\n")
        while "42" not in process.stdout.readline():
            pass
        keys.write(f"{LONG};\n".encode())
        threading.Event().wait(2)
        process.send_signal(signal.SIGINT)
        while "was stopped" not in process.stderr.readline():
            pass
        keys.write(b"select 6 * 7 + 1 as a;\nexit\n")
        assert "43" in process.stdout.read()
        assert process.wait(timeout=60) == 0


def test_too_much_for_memory_is_a_sentence():
    """What to do about it, not DuckDB's settings."""
    with (
        duckdb.connect(config={"memory_limit": "10MB", "temp_directory": ""}) as con,
        pytest.raises(duckdb.OutOfMemoryException) as said,
    ):
        answer(con, "select distinct md5(a::varchar) as a from range(3000000) t(a)")

    assert "fewer days or columns" in sentence(said.value)
