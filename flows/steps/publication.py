"""Publish what a pass changed, and a pass that changed nothing once an hour."""

from __future__ import annotations

import json
import time
from pathlib import Path

from flows.settings import Settings
from flows.steps.published import published
from flows.steps.warehouse import publish
from transforms.freshness import PUBLISHED_EVERY
from warehouse.file.connect import PUBLISHED_NAME
from warehouse.file.private import private_folder
from warehouse.upkeep.changes import reader_state

# In the data folder: which file was published, and what a reader sees in it.
FOLDER, RECORD = "cache", "publication.json"


def publish_pass(settings: Settings, state: str | None = None) -> bool:
    """Publish unless the copy already shows *state*, and is of this hour; return whether.

    *state* is the warehouse's, as :func:`reader_state` has it; without one it is published
    in any case. A lake is always published: other hosts write to it as well.

    Raises:
        PublishError: It could not; the old copy stands.
        WarehouseBusy: A writer kept the warehouse for too long.
    """
    target = settings.data / PUBLISHED_NAME
    record = settings.data / FOLDER / RECORD
    if settings.lake_address:
        return publish(settings)
    may_stay = state and _is_fresh(target)
    if may_stay and _recorded(record) == _row(target, settings, state):
        return False
    is_changed = publish(settings)
    if state is None:
        with published(settings) as con:
            state = reader_state(con)
    private_folder(record.parent)
    record.write_text(json.dumps(_row(target, settings, state)), encoding="utf-8")
    return is_changed


def _row(target: Path, settings: Settings, state: str | None) -> list[str | None]:
    """Return what is recorded: a file that another command published is another one."""
    found = target.stat()
    which = f"{found.st_ino} {found.st_size} {found.st_mtime_ns}"
    return [which, settings.published_mode, state]


def _recorded(record: Path) -> object:
    try:
        return json.loads(record.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        # None yet, or cut off: what is published is then published anew.
        return None


def _is_fresh(target: Path) -> bool:
    """Return whether what *target* shows was written within the hour."""
    try:
        age = time.time() - target.stat().st_mtime
    except FileNotFoundError:
        return False
    return 0 <= age < PUBLISHED_EVERY.total_seconds()
