from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from warehouse.errors import WarehouseBusy
from warehouse.file.lock import LOCK_NAME, turn
from warehouse.file.signature import signature_of


def test_turn_names_its_holder(data):
    """During a turn the file says who has it, since when; afterwards nobody."""
    with turn(data, command="sinowire run", wait=0):
        assert signature_of(data / LOCK_NAME).pid == os.getpid()
        assert signature_of(data / LOCK_NAME).command == "sinowire run"
        assert f"process {os.getpid()}" in str(signature_of(data / LOCK_NAME))

    assert signature_of(data / LOCK_NAME) is None


def test_turn_is_given_back_after_an_error(data):
    """An error in the body does not keep the next one waiting."""
    with pytest.raises(RuntimeError), turn(data, command="first", wait=0):
        raise RuntimeError

    with turn(data, command="second", wait=0):
        assert signature_of(data / LOCK_NAME).command == "second"


@pytest.mark.parametrize("text", ["", "not json", "[]", '{"pid": 1}'])
def test_unsigned_lock_is_somebody_elses_still(data, text):
    """A holder whose name cannot be read is waited for all the same."""
    with turn(data, command="first", wait=0):
        (data / LOCK_NAME).write_text(text)
        assert signature_of(data / LOCK_NAME) is None
        with (
            pytest.raises(WarehouseBusy, match="another process"),
            turn(data, command="second", wait=0),
        ):
            pass


def lock_descriptor(data):
    """Return our own descriptor of the lock, as a forked child would have it."""
    for link in Path("/proc/self/fd").iterdir():
        if link.is_symlink() and link.readlink() == data / LOCK_NAME:
            return int(link.name)
    raise LookupError(data)


def test_child_that_outlives_a_turn_does_not_keep_it(data):
    """A worker process that inherited the open lock holds up nobody."""
    with turn(data, command="first", wait=0):
        child = subprocess.Popen(
            [sys.executable, "-c", "import signal; signal.pause()"],
            pass_fds=[lock_descriptor(data)],
        )
    try:
        with turn(data, command="second", wait=0):
            assert signature_of(data / LOCK_NAME).command == "second"
    finally:
        child.kill()
        child.wait()
