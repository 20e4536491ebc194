"""Whether this host can write where its runs have to."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from flows.refusals import refusal
from flows.settings import Settings

# Less is as good as nothing: a run appends, and what Prefect and the desk keep grows too.
LEAST_BYTES = 50_000_000
_PROBE = bytes(4096)


def lacks(settings: Settings) -> str | None:
    """Return what keeps every run here from its work, None where nothing does."""
    # Before its first run a home has no data.
    data = settings.data if settings.data.exists() else settings.home
    folders = [data, Path(tempfile.gettempdir())]
    address = settings.lake_address
    if address is not None and isinstance(address.folder, Path):
        folders.append(address.folder)
    refused = next(filter(None, map(not_writable, folders)), None)
    return refusal(refused) if refused else _room(data)


def not_writable(folder: Path) -> OSError | None:
    """Return why nothing can be written in *folder*, None where something can.

    Only writing tells: permissions show neither a full disk nor one that is read-only.
    """
    try:
        with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
            file.write(_PROBE)
    except OSError as exc:
        return OSError(exc.errno, exc.strerror, str(folder))
    return None


def _room(folder: Path) -> str | None:
    free = shutil.disk_usage(folder).free
    if free >= LEAST_BYTES:
        return None
    return f"{folder} has {free / 1e6:.0f} MB left on its disk; make room there"
