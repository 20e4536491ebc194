"""Who of this host waits for the turn to write, and who gave up: a file each.

Who gives up cannot write that into the warehouse. So it stands in the data folder, where
the desk and ``doctor`` read it at once, until this host has its next turn.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from pydantic import TypeAdapter, ValidationError

from transforms.models import Run
from warehouse.errors import WarehouseBusy
from warehouse.file.connect import transaction
from warehouse.file.private import private_folder
from warehouse.runs import give_up_run, is_gone, process_of

FOLDER = "warehouse.waits"


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnWait:
    """One wait: of which process and run, for whom, and when it gave up if it did."""

    command: str
    process: str
    began_at: datetime
    holder: str = ""
    gave_up_at: datetime | None = None
    run: Run | None = None

    def seconds(self, now: datetime) -> float:
        """Return how long it took until *now*."""
        return ((self.gave_up_at or now) - self.began_at).total_seconds()

    def is_over(self, now: datetime) -> bool:
        """Say whether nobody waits any more: it gave up, or was killed."""
        return bool(self.gave_up_at) or is_gone(self.process, self.began_at, now)


_FORM = TypeAdapter(TurnWait)


@contextmanager
def waiting(data: Path, command: str, run: Run | None) -> Iterator[Callable[[str], None]]:
    """Keep on record that *command* waits, once what this yields is told for whom.

    Who gives up stays on record; nothing is kept of a wait that ended well.
    """
    began = datetime.now(UTC)
    wait = TurnWait(
        command=command, process=process_of(os.getpid()), began_at=began, run=run
    )
    path = data / FOLDER / f"{began:%Y%m%dT%H%M%S.%f}-{os.getpid()}.json"

    def tell(holder: str) -> None:
        _write(path, replace(wait, holder=holder))

    try:
        yield tell
    except WarehouseBusy as exc:
        _write(path, replace(wait, holder=exc.holder, gave_up_at=datetime.now(UTC)))
        raise
    except BaseException:
        _forget(path)
        raise
    _forget(path)


def turn_waits(data: Path) -> list[TurnWait]:
    """Return who waits, and who gave up since this host had its last turn."""
    now = datetime.now(UTC)
    found = (wait for _, wait in _read(data))
    return [wait for wait in found if wait.gave_up_at or not wait.is_over(now)]


def settle_waits(con: duckdb.DuckDBPyConnection, data: Path) -> None:
    """Write down the runs that gave up, now that the turn is ours; the files go."""
    now = datetime.now(UTC)
    over = [(path, wait) for path, wait in _read(data) if wait.is_over(now)]
    runs = [wait for _, wait in over if wait.run and wait.gave_up_at]
    if runs:
        with transaction(con):
            for wait in runs:
                _give_up(con, wait)
    for path, _ in over:
        path.unlink(missing_ok=True)


def _give_up(con: duckdb.DuckDBPyConnection, wait: TurnWait) -> None:
    if wait.run is not None and wait.gave_up_at is not None:
        seconds = wait.seconds(wait.gave_up_at)
        give_up_run(con, wait.run, wait.process, at=wait.gave_up_at, waited_seconds=seconds)


def _read(data: Path) -> Iterator[tuple[Path, TurnWait]]:
    for path in sorted((data / FOLDER).glob("*.json")):
        # Its wait may be over by now; what another version wrote says nothing to this one.
        with suppress(FileNotFoundError, ValidationError):
            yield path, _FORM.validate_json(path.read_bytes())


def _forget(path: Path) -> None:
    # Where the data folder is none, nothing was kept in it.
    with suppress(FileNotFoundError, NotADirectoryError):
        path.unlink()


def _write(path: Path, wait: TurnWait) -> None:
    private_folder(path.parent)
    part = path.with_suffix(".part")
    part.write_bytes(_FORM.dump_json(wait))
    part.replace(path)
