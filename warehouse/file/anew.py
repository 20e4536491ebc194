"""Start an empty warehouse where one existed, only on request."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb

from warehouse.errors import WarehouseExists
from warehouse.file.aside import is_there, set_aside
from warehouse.file.connect import PRIVATE_NAME, PUBLISHED_NAME, SEALED
from warehouse.file.lock import turn
from warehouse.file.migrate import migrate
from warehouse.file.publish import PART, put_in_place, remove_parts


def begin_anew(
    data: Path,
    *,
    command: str = "sinowire run --new",
    wait: float = 60.0,
    on_wait: Callable[[str], object] | None = None,
) -> Path | None:
    """Put an empty warehouse in *data*, whole or not at all.

    Returns where the published copy is kept, since the next publication replaces it.

    Raises:
        WarehouseExists: There is a warehouse; it is left as it is.
    """
    with turn(data, command=command, wait=wait, on_wait=on_wait):
        path = data / PRIVATE_NAME
        if is_there(path):
            raise WarehouseExists(path)
        remove_parts(path)
        part = path.with_name(f"{path.name}.{os.getpid()}{PART}")
        with closing(duckdb.connect(part, config=SEALED)) as con:
            migrate(con, path)
        set_aside(path)
        kept = set_aside(data / PUBLISHED_NAME, of=path)
        put_in_place(part, path)
    return kept
