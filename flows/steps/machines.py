"""Signs of life of a pool's other machines, as this machine's worker saw them last.

The worker asks the Prefect server, to which neither the desk nor ``doctor`` have a sign-in,
and keeps the answer in a file of the data folder.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from warehouse.file.lock import private_folder

FILE = "warehouse.machines"
# The worker looks every ten seconds. What it saw before tells nothing of now.
_KNOWN_SECONDS = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Another machine's worker, and when the server heard of it last."""

    name: str
    heard_at: datetime
    is_silent: bool

    def __str__(self) -> str:
        heard = f"{self.heard_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
        return f"{self.name} has shown no sign of life since {heard}"


_FORM = TypeAdapter(tuple[Machine, ...])


def keep_machines(data: Path, machines: tuple[Machine, ...]) -> None:
    """Keep what the worker saw."""
    part = private_folder(data) / f"{FILE}.part"
    part.write_bytes(_FORM.dump_json(machines))
    part.replace(data / FILE)


def known_machines(data: Path) -> tuple[Machine, ...]:
    """Return what the worker of this machine sees; nothing if it does not look."""
    try:
        path = data / FILE
        if time.time() - path.stat().st_mtime > _KNOWN_SECONDS:
            return ()
        return _FORM.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return ()
