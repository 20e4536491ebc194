"""Files set aside before a replacement, and traces of a former warehouse."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from warehouse.errors import WarehouseMissing

BACKUPS_NAME = "backups"


def is_there(path: Path) -> bool:
    """Tell whether the file at *path* exists and is not empty."""
    return path.exists() and (path.is_dir() or path.stat().st_size > 0)


def log_of(path: Path) -> Path:
    """Return the path of the write-ahead log of the DuckDB file at *path*."""
    return path.with_name(f"{path.name}.wal")


def check_may_begin(path: Path, published: Path) -> None:
    """Refuse to create a warehouse at *path* where a former one left traces.

    Its publication would replace the last good copy by an empty one.

    Raises:
        WarehouseMissing: There is a published copy, a former warehouse, a backup or a log.
    """
    former = [file for file in _former(path, published) if is_there(file)]
    if former:
        # The last commit: a copy bears the time of its original.
        raise WarehouseMissing(path, max(former, key=lambda file: file.stat().st_mtime_ns))
    if log_of(path).exists():
        # DuckDB would delete it, with all that it holds.
        raise WarehouseMissing(path, None)


def set_aside(path: Path, *, of: Path | None = None) -> Path | None:
    """Keep the file at *path*, and its log, as ``NAME.before-N``; return that name.

    NAME is that of the file *of*, or its own. A hard link keeps the file at *path* as well
    until its replacement; without hard links the file is moved.
    """
    log = log_of(path)
    if not is_there(path) and not log.exists():
        return None
    kept = _free_name(of or path)
    if path.exists():
        _link_or_move(path, kept)
    if log.exists():
        # It belongs to this file and to no other: DuckDB replays it over any.
        log.replace(log_of(kept))
    return kept


def put_back(kept: Path, path: Path) -> None:
    """Undo :func:`set_aside`."""
    if log_of(kept).exists():
        log_of(kept).replace(log_of(path))
    if kept.exists():
        kept.replace(path)
    # To rename one of two names of a file to the other does nothing.
    kept.unlink(missing_ok=True)


def _former(path: Path, published: Path) -> Iterator[Path]:
    yield published
    for kept in path.parent.glob(f"{path.name}.before-*"):
        if kept.suffix != ".wal":
            yield kept
    for pattern in ("*.duckdb", "*.duckdb.gz"):
        yield from (path.parent / BACKUPS_NAME).glob(pattern)


def _free_name(path: Path) -> Path:
    number = 1
    while (kept := path.with_name(f"{path.name}.before-{number}")).exists() or log_of(
        kept
    ).exists():
        number += 1
    return kept


def _link_or_move(path: Path, kept: Path) -> None:
    try:
        os.link(path, kept)
    except OSError:
        path.rename(kept)
