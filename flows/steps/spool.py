"""Spool of verdicts given at the desk: stored at once, applied under the next lock.

Each click is a file of its own in the data folder, which outlives whoever is killed.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from transforms.models.verdicts import GivenVerdict
from warehouse.file.lock import private_folder
from warehouse.file.publish import write_durably

FOLDER = "verdicts"
WAITING, REFUSED = ".json", ".refused"
# Limits: clicks that may wait, and refused ones that are shown.
MOST, MOST_REFUSED = 200, 50


class SpoolFull(Exception):  # noqa: N818  named for the state
    """Too many verdicts wait to be applied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    """The verdicts of one click; ``refused`` is the reason of a refusal."""

    key: str
    made_at: datetime
    verdicts: tuple[GivenVerdict, ...]
    refused: str = ""


def keep(data: Path, verdicts: Sequence[GivenVerdict], made_at: datetime) -> str:
    """Store a click durably until it is applied; return its key.

    Raises:
        SpoolFull: Too many wait.
    """
    folder = private_folder(data / FOLDER)
    if len(list(folder.glob(f"*{WAITING}"))) >= MOST:
        raise SpoolFull
    key = f"{made_at:%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}"
    click = Click(key=key, made_at=made_at, verdicts=tuple(verdicts))
    _write(folder / f"{key}{WAITING}", click)
    return key


def waiting(data: Path) -> list[Click]:
    """Return the waiting clicks, in the order of their making."""
    return _read(data, WAITING)


def refused(data: Path) -> list[Click]:
    """Return the last refused clicks, in the same order."""
    return _read(data, REFUSED)


def is_any_waiting(data: Path) -> bool:
    """Tell whether any click waits."""
    return next((data / FOLDER).glob(f"*{WAITING}"), None) is not None


def is_waiting(data: Path, key: str) -> bool:
    """Tell whether the click with *key* waits."""
    return (data / FOLDER / f"{key}{WAITING}").exists()


def is_refused(data: Path, key: str) -> bool:
    """Tell whether the click with *key* was refused."""
    return (data / FOLDER / f"{key}{REFUSED}").exists()


def done(data: Path, click: Click) -> None:
    """Delete a click that is in the warehouse."""
    (data / FOLDER / f"{click.key}{WAITING}").unlink(missing_ok=True)


def refuse(data: Path, click: Click, why: str) -> None:
    """Mark a click as refused, with the reason."""
    folder = data / FOLDER
    refusal = Click(
        key=click.key, made_at=click.made_at, verdicts=click.verdicts, refused=why
    )
    _write(folder / f"{click.key}{REFUSED}", refusal)
    done(data, click)
    for old in sorted(folder.glob(f"*{REFUSED}"))[:-MOST_REFUSED]:
        old.unlink(missing_ok=True)


def _write(path: Path, click: Click) -> None:
    record = {**asdict(click), "made_at": click.made_at.isoformat()}
    write_durably(path, json.dumps(record, ensure_ascii=False).encode())


def _read(data: Path, ending: str) -> list[Click]:
    clicks = []
    for path in sorted((data / FOLDER).glob(f"*{ending}")):
        # Applied by another process meanwhile.
        with suppress(FileNotFoundError):
            try:
                clicks.append(_click(path))
            except (ValueError, TypeError, KeyError):
                # No click of this version: it stays, and keeps no other from its turn.
                path.replace(path.with_suffix(".unread"))
    return clicks


def _click(path: Path) -> Click:
    record = json.loads(path.read_text(encoding="utf-8"))
    if not record["verdicts"]:
        raise ValueError(path)
    return Click(
        key=record["key"],
        made_at=datetime.fromisoformat(record["made_at"]),
        verdicts=tuple(GivenVerdict(**each) for each in record["verdicts"]),
        refused=record["refused"],
    )
