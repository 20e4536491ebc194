"""Child processes that end with this one, and rotation of their logs."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from connectors.process import die_with_parent, follow
from flows import logs
from warehouse.file.lock import PRIVATE_FILE
from warehouse.file.publish import copy_file

GRACE_SECONDS = 15.0
FOLLOW = "_SINOWIRE_FOLLOW_PARENT"
# Weeks of warnings, or a few thousand tracebacks; as much again is kept in ``.1``.
LARGEST_BYTES = 5_000_000


def follow_parent() -> None:
    """End this process once its parent is gone, where the environment asks for it.

    A process that our child starts for itself has no death signal set, and would
    go on after us: it watches instead.
    """
    if FOLLOW in os.environ:
        follow(os.getppid())


@contextlib.contextmanager
def child(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    log: Path,
    umask: int = -1,
    say: Callable[[str], None] | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run *command* in its own process group; on exit no member is left.

    Its output goes to the end of the file *log*, which its owner alone can read, and
    *say* is told each line. Its *umask* is ours, unless it is given.
    """
    rotate(log)
    log.touch(PRIVATE_FILE)
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603  our own commands, no shell
            command,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if say else output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            umask=umask,
            preexec_fn=die_with_parent,  # noqa: PLW1509  no thread runs yet
        )
    teller = threading.Thread(target=_pass_on, args=(process, log, say), daemon=True)
    if say:
        teller.start()
    try:
        yield process
    finally:
        stop_group(process)
        if say:
            teller.join(GRACE_SECONDS)


def _pass_on(
    process: subprocess.Popen[bytes], log: Path, say: Callable[[str], None]
) -> None:
    """Write each line of the process into *log*, and report it through *say*.

    If one of the two fails, as on a full disk, the other one still gets the line.
    """
    assert process.stdout is not None  # noqa: S101  for the checker of types
    with process.stdout, log.open("ab", buffering=0) as kept:
        said = (line.decode("utf-8", "replace").rstrip("\n") for line in process.stdout)
        for line in logs.records(said) if logs.is_json() else said:
            with contextlib.suppress(OSError):
                kept.write(f"{line}\n".encode())
            with contextlib.suppress(OSError):
                say(line)


def stop_group(process: subprocess.Popen[bytes]) -> None:
    """Terminate the process, wait, then kill the rest of its group."""
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GRACE_SECONDS)
    # The leader may be gone and a grandchild still there: the group outlives it.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until(
    ready: Callable[[], bool], process: subprocess.Popen[bytes], *, seconds: float
) -> bool:
    """Wait until *ready*; return False after *seconds*, or where *process* ends."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        if ready():
            return True
        time.sleep(0.25)
    return False


def rotate(log: Path, *, largest: int = LARGEST_BYTES) -> bool:
    """Move *log* to ``<log>.1`` once it is too large; return whether it was.

    Its writers keep the file open for appending, so it is copied and truncated, and they
    go on at its new end. A line that is written in between is lost.
    """
    if not log.exists() or log.stat().st_size <= largest:
        return False
    copy_file(log, log.with_name(f"{log.name}.1"))
    os.truncate(log, 0)
    return True
