"""Keep raw documents: content-addressed, compressed, with a retention."""

from __future__ import annotations

import gzip
import os
from datetime import date
from pathlib import Path

from isal import igzip

from flows.steps.retention import beyond, in_order, place
from warehouse.file.naming import naming
from warehouse.file.private import private_folder

# As small as gzip's own fastest level, at a third of its price; a document is read back
# only to be parsed again.
LEVEL = 1
# Of each day a list of what had come, in a folder of their own.
_LISTS, _LIST, _SUFFIX = "days", "kept", ".txt"


def keep_document(data: Path, body_hash: str, body: bytes) -> Path:
    """Store *body* under its hash, once; return where it lies."""
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
    """Remove all documents but those of the last *keep* days; return how many went.

    A day is one on which this was called and documents had come: each gets a list of
    them, and what is on the oldest lists goes. So no clock can make a document old.
    """
    raw = data / "raw"
    _list_new(raw, place(raw / _LISTS, _LIST, _SUFFIX, day))
    gone = 0
    for old in beyond(in_order(raw / _LISTS, _LIST, _SUFFIX), keep):
        for name in _names(old):
            (raw / name).unlink(missing_ok=True)
            gone += 1
        old.unlink()
    return gone


def _list_new(raw: Path, today: Path) -> None:
    listed = {
        name for made in in_order(today.parent, _LIST, _SUFFIX) for name in _names(made)
    }
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
