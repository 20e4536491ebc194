"""DuckDB: all SQL, migrations, the file, the lake and the published copy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os

    import duckdb


def read(home: str | os.PathLike[str] = ".") -> duckdb.DuckDBPyConnection:
    """Return a read-only connection to what the home at that folder published last.

    For notebooks and scripts: ``read("china-tech").sql("from share_of_voice").df()``. Runs
    replace the published copy, and a connection stays with the one that it opened: call
    this again where newer data is wanted, it takes a tenth of a second. The pipeline is
    never disturbed. Moments are in UTC, and frames of yours can be joined by their names.

    Raises:
        WarehouseError: The folder is no home, nothing is published yet, or the copy cannot
            be read; the message names the file and what to do.
    """
    # DuckDB takes time to load, which commands that read nothing need not spend.
    from warehouse.file.connect import PUBLISHED_NAME  # noqa: PLC0415
    from warehouse.file.open_publication import open_publication  # noqa: PLC0415

    path = Path(home).expanduser().absolute() / "data" / PUBLISHED_NAME
    _, con = open_publication(path, is_sealed=False)
    return con
