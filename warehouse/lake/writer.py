"""Open a lake to write: in this host's turn, and in the turn of all hosts."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse.dialect import LAKE, has_fence
from warehouse.errors import LakeUnavailable
from warehouse.file.aside import is_there
from warehouse.file.connect import APPENDING, PUBLISHED_NAME, REWRITING, with_memory
from warehouse.file.lock import turn as turn_of_this_host
from warehouse.file.migrate import migrate
from warehouse.lake.address import LakeAddress
from warehouse.lake.attach import LEAST_MEMORY, attach, attach_file, engine, is_empty
from warehouse.lake.copying import tables_of
from warehouse.lake.failures import explained
from warehouse.lake.turn import turn


@contextmanager
def writer(
    data: Path,
    address: LakeAddress,
    *,
    command: str,
    wait: float = 60.0,
    on_wait: Callable[[str], object] | None = None,
    on_turn: Callable[[], object] | None = None,
    memory: str = APPENDING,
    may_begin: bool = False,
    beside: Path | None = None,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the lake to write, up to date and for us alone.

    An empty lake begins here unless something was published from *data*: what readers
    have would be replaced by nothing. *may_begin* says that it is to begin all the same.
    The file *beside* can be read beside it.

    Raises:
        CatalogAway: PostgreSQL does not answer, or ended the connection.
        CatalogRefused: It does not let us in.
        LakeUnavailable: A package, this DuckDB or the folder is not what a lake needs.
        TurnLost: Another host wrote while we had lost the turn; ours is not in the lake.
        WarehouseBusy: The turn did not come within *wait* seconds.
        WarehouseNewer: A later version wrote the lake; it is left as it is.
    """
    start = time.monotonic()
    with (
        turn_of_this_host(data, command=command, wait=wait, on_wait=on_wait),
        explained(address),
        engine(data, LEAST_MEMORY if memory == APPENDING else memory) as con,
    ):
        rest = max(0.0, start + wait - time.monotonic())
        with turn(con, address, command=command, wait=rest, on_wait=on_wait):
            if on_turn:
                on_turn()
            if beside is not None:
                attach_file(con, beside, read_only=True)
            attach(con, address, command=command)
            con.execute(f"use {LAKE}")
            _check_may_begin(con, data, address, is_told=may_begin)
            with with_memory(con, REWRITING):
                migrate(con, address)
            yield con


def _check_may_begin(
    con: duckdb.DuckDBPyConnection, data: Path, address: LakeAddress, *, is_told: bool
) -> None:
    published = data / PUBLISHED_NAME
    # Its tables tell that it was begun, also where that was killed before the first record.
    if not tables_of(con, LAKE) and not is_empty(con, address.folder):
        # What a lake does not know in its folder, its upkeep removes.
        raise LakeUnavailable(
            f"{address} is to begin, and {address.folder} is not empty; name a folder for "
            "it alone, or empty that one if nothing there is needed"
        )
    # Also where a move made the tables, and ended before it filled them.
    if not is_told and is_there(published) and not has_fence(con):
        raise LakeUnavailable(
            f"{address} is empty, and {published} is of another warehouse: bring that one "
            "there with `sinowire move`, or begin anew with `sinowire run --new`"
        )
