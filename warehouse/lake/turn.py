"""The turn on a lake: one writer of all hosts at a time.

It is an advisory lock of the catalog's PostgreSQL, held by a transaction on a connection of
its own: the server gives it to the next as soon as that connection ends, however its holder
dies, and within half a minute where the link is cut.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

import duckdb

from warehouse import queries
from warehouse.errors import ClockOff, WarehouseBusy
from warehouse.lake.address import LakeAddress, plain_name
from warehouse.lake.server import check_server, connection

# "sino" and "wire" as numbers: whoever else locks something in this database, not that.
_KEY = (0x73696E6F, 0x77697265)
# The name is told once more: of a pooler's connection it is not the one that we asked for.
_TRY = (
    f"select pg_try_advisory_xact_lock({_KEY[0]}, {_KEY[1]}) as got,"
    " set_config('application_name', {name}, true) as name"
)
_HOLDER = (
    "select application_name, host(client_addr) as address,"  # noqa: S608  (our numbers)
    " extract(epoch from clock_timestamp() - xact_start)::float8 as seconds"
    " from pg_locks join pg_stat_activity using (pid)"
    f" where locktype = 'advisory' and granted"
    f" and classid = {_KEY[0]} and objid = {_KEY[1]}"
    " and database = (select oid from pg_database where datname = current_database())"
)
_SERVER = (
    "select extract(epoch from clock_timestamp())::float8 as now,"
    " pg_is_in_recovery() as is_standby,"
    " current_setting('default_transaction_read_only')::boolean as is_read_only,"
    " current_setting('server_encoding') as encoding"
)
# Further than a clock is that somebody looks after. Of two hosts one may be so much early
# and one late: twice this is less than the lease of an alert has to spare, or the one would
# send what the other has in hand.
_MOST_SECONDS_OFF = 30
_CATALOG = "turn"
_POLL_SECONDS = 0.1
_TELL_AFTER_SECONDS = 1.0


class Holder(NamedTuple):
    """Who has the turn, and for how many seconds."""

    who: str
    seconds: float

    def __str__(self) -> str:
        minutes = int(self.seconds // 60)
        return f"{self.who}, for {minutes} min" if minutes else self.who


@contextmanager
def turn(
    con: duckdb.DuckDBPyConnection,
    address: LakeAddress,
    *,
    command: str,
    wait: float,
    on_wait: Callable[[str], object] | None = None,
) -> Iterator[None]:
    """Hold the turn; *on_wait* hears once who has it, when the wait gets noticeable.

    Raises:
        WarehouseBusy: The turn did not come within *wait* seconds.
        ClockOff: This host's clock is not PostgreSQL's.
        LakeUnavailable: That PostgreSQL cannot keep a lake.
    """
    name = name_of(command)
    source = queries.text(connection(con, address, name))
    con.execute(f"attach {source} as {_CATALOG} (type postgres, read_only)")
    holding = con.cursor()
    try:
        _acquire(holding, name, wait, on_wait)
        _check(holding, address)
        yield
    finally:
        # The transaction's end gives it back, and so does the connection's. Where that is
        # gone, DuckDB would end this process if the transaction were left to `close`.
        with suppress(duckdb.Error):
            holding.rollback()
        holding.close()


def look_who(con: duckdb.DuckDBPyConnection, address: LakeAddress) -> Holder | None:
    """Return who has the turn, None where nobody has; it is not waited for."""
    source = queries.text(connection(con, address, name_of("sinowire doctor")))
    con.execute(f"attach {source} as {_CATALOG} (type postgres, read_only)")
    return _find_holder(con)


def name_of(command: str) -> str:
    """Return what others read who wait for *command* of this process."""
    return f"{command} on {socket.gethostname()} ({os.getpid()})"


def _acquire(
    con: duckdb.DuckDBPyConnection,
    name: str,
    wait: float,
    on_wait: Callable[[str], object] | None,
) -> None:
    tried = _TRY.format(name=queries.text(plain_name(name)))
    start = time.monotonic()
    told = False
    while True:
        con.begin()
        [(is_ours, _)] = _ask(con, tried)
        if is_ours:
            return
        # What PostgreSQL says of connections stands still within a transaction.
        con.rollback()
        waited = time.monotonic() - start
        if waited >= wait:
            raise WarehouseBusy(_holder(con), waited)
        if on_wait and not told and waited >= _TELL_AFTER_SECONDS:
            on_wait(_holder(con))
            told = True
        time.sleep(_POLL_SECONDS)


def _check(con: duckdb.DuckDBPyConnection, address: LakeAddress) -> None:
    [(theirs, is_standby, is_read_only, encoding)] = _ask(con, _SERVER)
    check_server(
        address,
        is_standby=bool(is_standby),
        is_read_only=bool(is_read_only),
        encoding=str(encoding),
    )
    off = time.time() - float(str(theirs))
    if abs(off) > _MOST_SECONDS_OFF:
        raise ClockOff(address, off)


def _holder(con: duckdb.DuckDBPyConnection) -> str:
    return str(_find_holder(con) or "another host, which is just letting go")


def _find_holder(con: duckdb.DuckDBPyConnection) -> Holder | None:
    for name, address, seconds in _ask(con, _HOLDER):
        at = f" at {address}" if address else ""
        return Holder(f"`{name}`{at}", float(str(seconds)))
    return None


def _ask(con: duckdb.DuckDBPyConnection, question: str) -> list[tuple[object, ...]]:
    asked = queries.text(question)
    return con.execute(f"from postgres_query({queries.text(_CATALOG)}, {asked})").fetchall()
