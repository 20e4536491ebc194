"""Keep raw documents: content-addressed, compressed, with a retention."""

from __future__ import annotations

import gzip
import os
from datetime import datetime, timedelta
from pathlib import Path

from isal import igzip

from warehouse.private import private_folder

# As small as gzip's own fastest level, at a third of its price; a document is read back
# only to be parsed again.
LEVEL = 1


def keep_document(data: Path, body_hash: str, body: bytes) -> Path:
    """Store *body* under its hash, once; return where it lies."""
    path = data / "raw" / body_hash[:2] / f"{body_hash}.gz"
    if path.exists():
        return path
    private_folder(data / "raw")
    path.parent.mkdir(exist_ok=True)
    # Atomic: a killed run leaves a stray part, never half a document by that name.
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(igzip.compress(body, LEVEL, mtime=0))
    part.replace(path)
    return path


def read_document(data: Path, body_hash: str) -> bytes:
    """Return a stored document.

    Raises:
        FileNotFoundError: It was never kept, or its retention is over.
    """
    return gzip.decompress((data / "raw" / body_hash[:2] / f"{body_hash}.gz").read_bytes())


def forget_documents(data: Path, *, now: datetime, keep: timedelta) -> int:
    """Remove documents older than *keep*; return how many went."""
    oldest = (now - keep).timestamp()
    old = [
        path
        for path in (data / "raw").glob("*/*")
        if path.is_file() and path.stat().st_mtime < oldest
    ]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
