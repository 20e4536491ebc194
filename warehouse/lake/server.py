"""What the lake's PostgreSQL is: whether it can keep a lake, and which words it knows."""

from __future__ import annotations

import os
import socket

import duckdb

from warehouse import queries
from warehouse.errors import LakeUnavailable
from warehouse.lake.address import LONGEST_NAME, SINCE_17, LakeAddress, plain_name

_CATALOG = "asked"
_VERSION_17 = 170000
_VERSION = "select current_setting('server_version_num')::integer as version"
# What it keeps of each column's least and greatest value are words of news.
_ENCODINGS = ("UTF8", "SQL_ASCII")
# By the connection string of each catalog; asked once a process, for it takes a connection.
_versions: dict[str, int] = {}


def connection(con: duckdb.DuckDBPyConnection, address: LakeAddress, command: str) -> str:
    """Return libpq's words for a connection of *command* of this process."""
    since_17 = _version(con, address) >= _VERSION_17
    return address.connection(name_of(command), SINCE_17 if since_17 else None)


def name_of(command: str) -> str:
    """Return what all connections of *command* are called: by it they are found again.

    So the number of the process is kept, however long the host's name.
    """
    process = f" ({os.getpid()})"
    name = plain_name(f"{command} on {socket.gethostname()}")
    return name[: LONGEST_NAME - len(process)] + process


def check_server(
    address: LakeAddress, *, is_standby: bool, is_read_only: bool, encoding: str
) -> None:
    """Refuse a server that cannot keep a lake, before anything is written.

    Raises:
        LakeUnavailable: It can only be read, or not hold what news say.
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
    """Return what is told where its transactions may write nothing."""
    return LakeUnavailable(
        f"the PostgreSQL of {address} lets nothing be written; name its primary in "
        "`warehouse` in sinowire.toml, or set `default_transaction_read_only` off for "
        "this role and database, and run again"
    )


def foreign_signs(address: LakeAddress, reason: str) -> LakeUnavailable:
    """Return what is told where a database cannot hold what news say."""
    return LakeUnavailable(
        f"the database of {address} cannot hold all signs of news ({reason}); name one "
        "made with `createdb --encoding=UTF8 --template=template0` in `warehouse` in "
        "sinowire.toml, with another folder, and run again"
    )


def _version(con: duckdb.DuckDBPyConnection, address: LakeAddress) -> int:
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
