"""Look at Parquet files of others before their rows are read.

A footer says how each column is packed. DuckDB's reader brings along a Brotli in which a
made-up page can write beyond its memory; nothing of ours is packed by it.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

_FIND = """
    select file_name
    from parquet_metadata($files)
    where compression = 'BROTLI'
    limit 1
"""


def find_brotli(con: duckdb.DuckDBPyConnection, files: Sequence[str]) -> str | None:
    """Return one of *files* in which something is packed by Brotli; reads footers alone."""
    if not files:
        return None
    found = con.execute(_FIND, {"files": list(files)}).fetchall()
    return str(found[0][0]) if found else None
