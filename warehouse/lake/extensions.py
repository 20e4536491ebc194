"""DuckDB's extensions for a lake, from ``sinowire[lake]`` and never the network."""

from __future__ import annotations

from contextlib import closing
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import duckdb

from warehouse import queries
from warehouse.errors import LakeUnavailable

# The catalog's first: DuckLake asks for it by name and would look for it elsewhere.
_NAMES = ("postgres_scanner", "ducklake")
_REMEDY = "install them with: pip install 'sinowire[lake]'"


def load_extensions(con: duckdb.DuckDBPyConnection) -> None:
    """Load what a lake needs into *con*, which need not look at signatures again.

    Raises:
        LakeUnavailable: A package is missing, or is for another version of DuckDB.
    """
    for name in _NAMES:
        load_extension(con, name)


def load_extension(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Load one; see :func:`load_extensions`."""
    check_signature(name)
    con.execute(f"load {queries.text(str(_file_of(name)))}")


@cache
def check_signature(name: str) -> None:
    """Let DuckDB see once a process that the file is as its makers signed it.

    It takes a sixth of a second, each time, and a run opens the lake often.
    """
    with closing(duckdb.connect(":memory:")) as con:
        con.execute(f"load {queries.text(str(_file_of(name)))}")


def _file_of(name: str) -> Path:
    spec = find_spec(f"duckdb_extension_{name}")
    if spec is None or spec.origin is None:
        raise LakeUnavailable(
            f"a lake needs DuckDB's extension {name}, which is not installed; {_REMEDY}"
        )
    folder = Path(spec.origin).parent / "extensions"
    file = folder / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"
    if not file.exists():
        found = ", ".join(sorted(path.name for path in folder.glob("v*"))) or "none"
        raise LakeUnavailable(
            f"a lake needs DuckDB's extension {name} for DuckDB {duckdb.__version__}, and "
            f"the one here is for {found}; {_REMEDY}"
        )
    return file
