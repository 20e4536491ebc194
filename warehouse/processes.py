"""Processes of this host: whether they live, stand still or work, and an end to them.

Linux tells it in ``/proc``. Where there is none, a process counts as alive by its number,
as at work, and is never ended by us.
"""

from __future__ import annotations

import os
import signal
import socket
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

# Of another machine's process nothing can be known; a run takes minutes, not days.
_FOREIGN_AFTER = timedelta(days=1)
# Stopped by a signal, or by a debugger.
_STOPPED = frozenset("Tt")
# It ended, and its parent has not heard yet.
_ENDED = frozenset("ZX")
# The fields of /proc/PID/stat after the command, which may hold spaces and brackets.
_STATE, _CPU, _BIRTH = 0, slice(11, 13), 19


class Life(NamedTuple):
    """State of a live process: stopped or not, and the CPU time that it used."""

    is_stopped: bool = False
    cpu: int | None = None


def process_of(pid: int) -> str:
    """Return an id of process *pid*, unique across machines and restarts."""
    # Numbers are given out again, so its birth is a part of the id.
    fields = _stat(pid)
    return f"{socket.gethostname()} {pid} {fields[_BIRTH] if fields else ''}"


def is_gone(process: str, started_at: datetime, now: datetime) -> bool:
    """Tell whether a process has ended; on another machine, assume so after a day."""
    if process.partition(" ")[0] != socket.gethostname():
        return abs(now - started_at) > _FOREIGN_AFTER
    return life_of(process) is None


def life_of(process: str) -> Life | None:
    """Return the state of a process by its id; None if it is gone or elsewhere.

    Its number may be another process's by now: that one has another birth.
    """
    host, pid, birth = _parts(process)
    if host != socket.gethostname() or not pid or not is_alive(pid):
        return None
    fields = _stat(pid)
    if not fields:
        # No /proc on this system: the number alone must do, and nothing is known.
        return None if birth else Life()
    if fields[_BIRTH] != birth or fields[_STATE] in _ENDED:
        return None
    return Life(fields[_STATE] in _STOPPED, sum(map(int, fields[_CPU])))


def end(process: str) -> bool:
    """Kill a process of this user by its id; tell whether it was.

    Between look and signal its number could become another's, so it is signalled by a
    descriptor, which cannot. Where the system has none, it is left alone.
    """
    _, pid, birth = _parts(process)
    if not (pid and birth and hasattr(os, "pidfd_open")):
        return False
    with suppress(OSError):
        descriptor = os.pidfd_open(pid)
        try:
            if life_of(process) is not None:
                signal.pidfd_send_signal(descriptor, signal.SIGKILL)
                return True
        finally:
            os.close(descriptor)
    return False


def _parts(process: str) -> tuple[str, int, str]:
    host, _, rest = process.partition(" ")
    pid, _, birth = rest.partition(" ")
    return host, int(pid) if pid.isdigit() else 0, birth


def is_alive(pid: int) -> bool:
    """Tell whether a process with this number lives, whosever it is."""
    try:
        os.kill(pid, 0)
    except OSError as exc:
        return isinstance(exc, PermissionError)
    return True


def _stat(pid: int) -> list[str]:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return stat.rpartition(")")[2].split()
