"""Connections to a lake, sealed off from other files and hosts."""

from __future__ import annotations

import ctypes
import os
import re
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import duckdb

from warehouse import queries
from warehouse.dialect import LAKE
from warehouse.errors import LakeFolderAway, LakeUnavailable
from warehouse.file.connect import THREADS
from warehouse.lake.address import (
    LONGEST_NAME,
    SINCE_17,
    BucketKeys,
    LakeAddress,
    plain_name,
)
from warehouse.queries import Connection

# Beyond what appends keep in a file, Parquet is written from memory, a table at a time.
LEAST_MEMORY = "256MB"
# Of the catalog's tables: all hosts read it, until all have an extension that reads more.
CATALOG_VERSION = "1.0"
# What a file is called that is attached beside it.
REPLICA = "replica"
_SPILL = "warehouse.spill"
_PATTERN = re.compile(r"[*?\[\\]")
_CATALOG = "asked"
_VERSION_17 = 170000
_VERSION = "select current_setting('server_version_num')::integer as version"
# What it keeps of each column's least and greatest value are words of news.
_ENCODINGS = ("UTF8", "SQL_ASCII")
# By the connection string of each catalog; asked once a process, for it takes a connection.
_versions: dict[str, int] = {}
_left_open: list[Connection] = []
# The catalog's first: DuckLake asks for it by name and would look for it elsewhere.
_NAMES = ("postgres_scanner", "ducklake")
_REMEDY = "install them in the clone of sinowire: pip install '.[lake]'"


@contextmanager
def engine(data: Path, memory: str) -> Iterator[Connection]:
    """Open a DuckDB that can attach a lake; its temporary files go into *data*."""
    con = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            # They are looked at once, by `load_extensions`, which loads no others.
            "allow_unsigned_extensions": True,
            # Secrets in the user's own directory are not used.
            "secret_directory": str(data / _SPILL / "secrets"),
            "memory_limit": memory,
            "threads": THREADS,
            "temp_directory": str(data / _SPILL),
        },
    )
    try:
        load_extensions(con)
        con.execute("set TimeZone = 'UTC'")
        yield con
    finally:
        if not any(con is left for left in _left_open):
            con.close()


def leave_open(con: Connection) -> None:
    """Never close *con*, whose PostgreSQL does not answer.

    What it has begun there cannot be rolled back, for which DuckDB aborts the process.
    """
    _left_open.append(con)
    # Nor when Python ends and forgets all modules.
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(con))


def attach(
    con: Connection, address: LakeAddress, *, command: str, read_only: bool = False
) -> None:
    """Attach the lake, creating it unless *read_only*; then seal *con*.

    Raises:
        LakeUnavailable: Its folder is missing or cannot be used.
    """
    if isinstance(address.folder, str):
        _open_bucket(con, address.folder, address.keys or BucketKeys())
    else:
        _check_folder(address.folder, read_only=read_only)
    options = f"data_path {queries.text(f'{address.folder}/')}, data_inlining_row_limit 0"
    # Where a host mounts the folder is its own affair.
    options += f", override_data_path true, {_version(con)}"
    if read_only:
        options += ", read_only"
    source = queries.text(f"ducklake:postgres:{connection(con, address, command)}")
    con.execute(f"attach {source} as {LAKE} ({options})")
    seal(con, address.folder)


def attach_file(con: Connection, path: Path, *, read_only: bool = False) -> None:
    """Attach the warehouse file at *path*; call it before ``attach``."""
    mode = " (read_only)" if read_only else ""
    con.execute(f"attach {queries.text(str(path))} as {REPLICA}{mode}")


def seal(con: Connection, *folders: Path | str) -> None:
    """Restrict *con* to these folders from now on."""
    listed = ", ".join(queries.text(f"{folder}/") for folder in folders)
    con.execute(f"set allowed_directories = [{listed}]")
    con.execute("set enable_external_access = false")


def is_empty(con: Connection, folder: Path | str) -> bool:
    """Tell whether a lake's folder or bucket is empty."""
    if isinstance(folder, str):
        found = con.execute("from glob($files) limit 1", {"files": f"{folder}/**"})
        return not found.fetchall()
    return all(path.name == "lost+found" for path in folder.iterdir())


def _version(con: Connection) -> str:
    """Return the options by which a catalog keeps the form that all hosts read.

    DuckDB's extension of today knows no other; a later one would begin a lake in its own.
    """
    later = "select name from duckdb_settings() where name = 'ducklake_default_version'"
    is_later = bool(con.execute(later).fetchall())
    pinned = f", ducklake_version {queries.text(CATALOG_VERSION)}" if is_later else ""
    return f"automatic_migration false{pinned}"


def _open_bucket(con: Connection, bucket: str, keys: BucketKeys) -> None:
    """Let *con* read and write what is below *bucket*.

    Raises:
        LakeUnavailable: The extension for it is missing.
    """
    load_extension(con, "httpfs")
    options = {
        "key_id": keys.key_id,
        "secret": keys.secret,
        "session_token": keys.token,
        "region": keys.region,
        "scope": f"{bucket}/",
    }
    if keys.endpoint:
        address = urlsplit(keys.endpoint)
        # A service of one's own has no name for each bucket.
        options |= {"endpoint": address.netloc, "url_style": "path"}
        options["use_ssl"] = str(address.scheme == "https").lower()
    said = ", ".join(f"{name} {queries.text(value)}" for name, value in options.items())
    con.execute(f"create secret lake_bucket (type s3, {said})")


def _check_folder(folder: Path, *, read_only: bool) -> None:
    if signs := _PATTERN.findall(str(folder)):
        raise LakeUnavailable(
            f"{folder}, the lake's folder, has {' '.join(dict.fromkeys(signs))} in its "
            "path, which DuckDB reads as a pattern: upkeep would look for its files in "
            "other folders; rename it, or name another, and run again"
        )
    if not folder.is_dir():
        raise LakeFolderAway(
            f"{folder}, the lake's folder, is not there; mount it on this host, or create "
            "it if the lake is new, and run again"
        )
    if not read_only and os.statvfs(folder).f_flag & os.ST_RDONLY:
        raise LakeFolderAway(
            f"{folder}, the lake's folder, is mounted read-only, for this process at "
            "least: mount it writable, or add it to ReadWritePaths= of the service's unit, "
            "which names all folders that it may write; then run again"
        )
    if not os.access(folder, os.R_OK | os.X_OK | (0 if read_only else os.W_OK)):
        raise LakeFolderAway(
            f"{folder}, the lake's folder, cannot be {'read' if read_only else 'written'} "
            "by this user; give the user that right, and run again"
        )


def connection(con: Connection, address: LakeAddress, command: str) -> str:
    """Return the libpq connection string of *command* in this process."""
    since_17 = _server_version(con, address) >= _VERSION_17
    return address.connection(name_of(command), SINCE_17 if since_17 else None)


def name_of(command: str) -> str:
    """Return the application name of the connections of *command* in this process.

    A long host name is cut; the process id is kept, so that connections can be found by it.
    """
    process = f" ({os.getpid()})"
    name = plain_name(f"{command} on {socket.gethostname()}")
    return name[: LONGEST_NAME - len(process)] + process


def check_server(
    address: LakeAddress, *, is_standby: bool, is_read_only: bool, encoding: str
) -> None:
    """Refuse a server that cannot host a lake's catalog, before the first write.

    Raises:
        LakeUnavailable: It is read-only, or its encoding cannot store all news text.
    """
    if is_standby:
        raise LakeUnavailable(
            f"the PostgreSQL of {address} is a standby, which can only be read; name its "
            "primary in `warehouse` in sinowire.toml, and run again"
        )
    if is_read_only:
        raise read_only(address)
    if encoding not in _ENCODINGS:
        raise foreign_signs(address, encoding)


def read_only(address: LakeAddress, _reason: str = "") -> LakeUnavailable:
    """Return the error for a PostgreSQL that refuses writes."""
    return LakeUnavailable(
        f"the PostgreSQL of {address} lets nothing be written; name its primary in "
        "`warehouse` in sinowire.toml, or set `default_transaction_read_only` off for "
        "this role and database, and run again"
    )


def foreign_signs(address: LakeAddress, reason: str) -> LakeUnavailable:
    """Return the error for a database whose encoding cannot store all news text."""
    return LakeUnavailable(
        f"the database of {address} cannot hold all signs of news ({reason}); name one "
        "made with `createdb --encoding=UTF8 --template=template0` in `warehouse` in "
        "sinowire.toml, with another folder, and run again"
    )


def _server_version(con: Connection, address: LakeAddress) -> int:
    found = _versions.get(address.catalog)
    if found is None:
        source = queries.text(address.connection("sinowire"))
        con.execute(f"attach {source} as {_CATALOG} (type postgres, read_only)")
        try:
            asked = f"{queries.text(_CATALOG)}, {queries.text(_VERSION)}"
            [(found,)] = con.execute(f"from postgres_query({asked})").fetchall()
        finally:
            con.execute(f"detach {_CATALOG}")
        _versions[address.catalog] = int(found)
    return int(found)


def load_extensions(con: Connection) -> None:
    """Load a lake's extensions into *con*, which may skip their signatures.

    Raises:
        LakeUnavailable: A package is missing, or is for another version of DuckDB.
    """
    for name in _NAMES:
        load_extension(con, name)


def load_extension(con: Connection, name: str) -> None:
    """Load one extension; see :func:`load_extensions`."""
    check_signature(name)
    con.execute(f"load {queries.text(str(_file_of(name)))}")


@cache
def check_signature(name: str) -> None:
    """Let DuckDB verify an extension's signature, once a process.

    It takes a sixth of a second, and a run opens the lake often.
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
