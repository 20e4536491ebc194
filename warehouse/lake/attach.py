"""Open DuckDB on a lake, and let nothing that it runs reach anything else."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import duckdb

from warehouse import queries
from warehouse.dialect import LAKE
from warehouse.errors import LakeFolderAway, LakeUnavailable
from warehouse.file.connect import THREADS
from warehouse.lake.address import LakeAddress
from warehouse.lake.bucket import BucketKeys
from warehouse.lake.extensions import load_extension, load_extensions
from warehouse.lake.server import connection

# Beyond what appends keep in a file, Parquet is written from memory, a table at a time.
LEAST_MEMORY = "256MB"
# Of the catalog's tables: all hosts read it, until all have an extension that reads more.
CATALOG_VERSION = "1.0"
# What a file is called that is attached beside it.
REPLICA = "replica"
_SPILL = "warehouse.spill"
_PATTERN = re.compile(r"[*?\[\\]")


@contextmanager
def engine(data: Path, memory: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a DuckDB that can attach a lake; it spills into *data*."""
    con = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            # They are looked at once, by `load_extensions`, which loads no others.
            "allow_unsigned_extensions": True,
            # None of those that this user keeps in his own is ours.
            "secret_directory": str(data / _SPILL / "secrets"),
            "memory_limit": memory,
            "threads": THREADS,
            "temp_directory": str(data / _SPILL),
        },
    )
    with closing(con):
        load_extensions(con)
        con.execute("set TimeZone = 'UTC'")
        yield con


def attach(
    con: duckdb.DuckDBPyConnection,
    address: LakeAddress,
    *,
    command: str,
    read_only: bool = False,
) -> None:
    """Attach the lake, made where there is none yet unless *read_only*; then seal *con*.

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


def attach_file(
    con: duckdb.DuckDBPyConnection, path: Path, *, read_only: bool = False
) -> None:
    """Attach a warehouse's file as well, before the lake."""
    mode = " (read_only)" if read_only else ""
    con.execute(f"attach {queries.text(str(path))} as {REPLICA}{mode}")


def seal(con: duckdb.DuckDBPyConnection, *folders: Path | str) -> None:
    """Let nothing that *con* runs from now on reach beyond these folders."""
    listed = ", ".join(queries.text(f"{folder}/") for folder in folders)
    con.execute(f"set allowed_directories = [{listed}]")
    con.execute("set enable_external_access = false")


def is_empty(con: duckdb.DuckDBPyConnection, folder: Path | str) -> bool:
    """Return whether nothing lies where a lake's rows are to be."""
    if isinstance(folder, str):
        found = con.execute("from glob($files) limit 1", {"files": f"{folder}/**"})
        return not found.fetchall()
    return all(path.name == "lost+found" for path in folder.iterdir())


def _version(con: duckdb.DuckDBPyConnection) -> str:
    """Return the options by which a catalog keeps the form that all hosts read.

    DuckDB's extension of today knows no other; a later one would begin a lake in its own.
    """
    later = "select name from duckdb_settings() where name = 'ducklake_default_version'"
    is_later = bool(con.execute(later).fetchall())
    pinned = f", ducklake_version {queries.text(CATALOG_VERSION)}" if is_later else ""
    return f"automatic_migration false{pinned}"


def _open_bucket(con: duckdb.DuckDBPyConnection, bucket: str, keys: BucketKeys) -> None:
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
            f"{folder}, the lake's folder, is not there; mount it on this host, or make it "
            "where the lake is to begin, and run again"
        )
    if not read_only and os.statvfs(folder).f_flag & os.ST_RDONLY:
        raise LakeFolderAway(
            f"{folder}, the lake's folder, is mounted read-only, for this process at "
            "least: mount it to be written, or name it in ReadWritePaths= of the service's "
            "unit, which lets it write nowhere else; then run again"
        )
    if not os.access(folder, os.R_OK | os.X_OK | (0 if read_only else os.W_OK)):
        raise LakeFolderAway(
            f"{folder}, the lake's folder, cannot be {'read' if read_only else 'written'} "
            "by this user; give the right to, and run again"
        )
