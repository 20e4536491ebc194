"""Retention of raw documents and backups: the last few are kept, in order of creation.

Files of a series are called NAME-NUMBER-DAY. The number gives the order, so a wrong clock
cannot make a file seem older or newer than it is. DAY is for people; a second file of the
same day replaces the first. Documents are addressed by their content, compressed.
"""

from __future__ import annotations

import gzip
import os
import re
from datetime import date
from pathlib import Path

from isal import igzip

from warehouse.file.lock import naming, private_folder

# As small as gzip's own fastest level, at a third of its price; a document is read back
# only to be parsed again.
LEVEL = 1
# Of each day a list of what had come, in a folder of their own.
_LISTS, _LIST, _SUFFIX = "days", "kept", ".txt"
KEPT_BACKUPS = 7
# Files without a number come from earlier releases, so they are the oldest.
_NAME = re.compile(r".*?-(?:(\d+)-)?(\d{8})(\.txt|\.duckdb|\.duckdb\.gz)")


def keep_document(data: Path, body_hash: str, body: bytes) -> Path:
    """Store *body* under its hash, once; return its path."""
    path = data / "raw" / body_hash[:2] / f"{body_hash}.gz"
    if path.exists():
        return path
    private_folder(data / "raw")
    path.parent.mkdir(exist_ok=True)
    # Atomic: a killed run leaves a stray part, never half a document by that name.
    part = path.with_suffix(f".{os.getpid()}.part")
    with naming(path):
        part.write_bytes(igzip.compress(body, LEVEL, mtime=0))
        part.replace(path)
    return path


def read_document(data: Path, body_hash: str) -> bytes:
    """Return a stored document.

    Raises:
        FileNotFoundError: It was never kept, or its retention is over.
    """
    return gzip.decompress((data / "raw" / body_hash[:2] / f"{body_hash}.gz").read_bytes())


def forget_documents(data: Path, *, day: date, keep: int) -> int:
    """Delete all documents but those of the last *keep* days; return how many.

    Only days count on which this was called and documents had come. Each gets a list, and
    the documents of the oldest lists are deleted. So no wrong clock makes a document old.
    """
    raw = data / "raw"
    _list_new(raw, place(raw / _LISTS, _LIST, _SUFFIX, day))
    gone = 0
    for old in beyond(in_order(raw / _LISTS, _LIST), keep):
        for name in _names(old):
            (raw / name).unlink(missing_ok=True)
            gone += 1
        old.unlink()
    return gone


def _list_new(raw: Path, today: Path) -> None:
    listed = {name for made in in_order(today.parent, _LIST) for name in _names(made)}
    new = {f"{path.parent.name}/{path.name}" for path in raw.glob("??/*")} - listed
    if not new:
        return
    today.parent.mkdir(exist_ok=True)
    names = sorted(new | set(_names(today) if today.exists() else ()))
    part = today.with_name("next.part")
    with naming(today):
        part.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
        part.replace(today)


def _names(made: Path) -> list[str]:
    return made.read_text(encoding="utf-8").split()


def place(folder: Path, name: str, suffix: str, day: date) -> Path:
    """Return the path for the file of *day*: today's again, or the next number."""
    files = in_order(folder, name)
    stamp = f"{day:%Y%m%d}"
    if files and files[-1].name.endswith(f"-{stamp}{suffix}"):
        return files[-1]
    number = _order(files[-1])[0] + 1 if files else 1
    return folder / f"{name}-{number:06}-{stamp}{suffix}"


def in_order(folder: Path, name: str) -> list[Path]:
    """Return the files of that name, the oldest first, however they end."""
    files = (file for file in folder.glob(f"{name}-*") if _NAME.fullmatch(file.name))
    return sorted(files, key=_order)


def beyond(files: list[Path], keep: int) -> list[Path]:
    """Return those of *files*, oldest first, before the last *keep*."""
    return files[: max(0, len(files) - keep)]


def _order(file: Path) -> tuple[int, str]:
    parts = _NAME.fullmatch(file.name)
    return (int(parts[1] or 0), parts[2]) if parts else (0, "")
