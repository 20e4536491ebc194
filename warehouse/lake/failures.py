"""Failures of a lake, each with its remedy and without the password."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse.errors import (
    CatalogAway,
    CatalogRefused,
    LakeFolderAway,
    LakeUnavailable,
    TurnLost,
    WarehouseCramped,
    WarehouseError,
    WarehouseFull,
    WarehouseNewer,
)
from warehouse.file.connect import CRAMPED, FULL, INTERRUPTED
from warehouse.lake.address import LakeAddress
from warehouse.lake.attach import foreign_signs, read_only

_REFUSED = re.compile(
    r"authentication failed|no password supplied|no pg_hba.conf entry|"
    r'(database|role) "[^"\n]{1,63}" does not exist'
)
# Over TLS libpq says it in other words, and of a commit DuckLake keeps but that it failed.
_ENDED = re.compile(
    r"SSL connection has been closed|SSL SYSCALL error|server closed the connection|"
    r'terminating connection|Failed to commit: Failed to execute query "ROLLBACK"'
)
ENDED = "it ended the connection, as where it is stopped or restarted"
_AWAY = re.compile(
    r"SSL (connection|SYSCALL|error)|"
    r"[Cc]onnection refused|[Cc]ould not (connect|translate)|timeout expired|timed out|"
    r"server closed the connection|terminating connection|the database system is|"
    r"[Nn]o route to host|[Nn]etwork is unreachable|Connection reset|Broken pipe|"
    r"no connection to the server|could not receive data|could not send data|"
    r"connection to server|Unable to connect|Failed to (get data|execute query|copy)"
)
# A file of the lake's is not there, or is not as it was written.
_LOST = re.compile(
    r"""\.parquet["']: No such file|\.parquet' too small|"""
    r"No files found that match the pattern [^\n]{0,1000}\.parquet|"
    r"(magic bytes|footer length) [^\n]{0,1000}\.parquet|"
    r"\.parquet['\" ][^\n]{0,1000}HTTP 404"
)
_FOLDER = re.compile(
    r"Read-only file system|Permission denied|No such file|Cannot open file"
)
# What DuckDB puts before libpq's words is all that we gave to libpq, a screen of it.
_GIVEN_TO_LIBPQ = 'Unable to connect to Postgres at "'
_SAID_BY_LIBPQ = ("connection to server ", "could not ", "invalid ")
_SAID = re.compile(
    r"(?:FATAL|ERROR|connection to server)[^\n]*|^[^\n]*refused[^\n]*", re.MULTILINE
)
_Meaning = Callable[[LakeAddress, str], WarehouseError]
_OF_THE_LAKE = (
    duckdb.IOException,
    duckdb.FatalException,
    duckdb.InternalException,
    duckdb.TransactionException,
    duckdb.ConnectionException,
)


@contextmanager
def explained(address: LakeAddress) -> Iterator[None]:
    """Replace DuckDB's errors on the lake by ones with a remedy."""
    try:
        yield
    except RuntimeError as exc:
        if str(exc) == INTERRUPTED:
            raise KeyboardInterrupt from exc
        raise
    except duckdb.Error as exc:
        made = explain(address, exc)
        # A mistake in a query is the caller's, unless it repeats the catalog's address.
        if type(made) is WarehouseError and not isinstance(exc, _OF_THE_LAKE):
            if address.hide(str(exc)) == str(exc):
                raise
            raise made from None
        # What it was made from may show the password.
        raise made from None


def explain(address: LakeAddress, exc: duckdb.Error) -> WarehouseError:
    """Return the error with a remedy for DuckDB's *exc* on the lake."""
    whole = address.hide(str(exc))
    text = _libpq_alone(whole)
    found = _SAID.search(text)
    reason = " ".join((found[0] if found else text.strip().splitlines()[0]).split())
    if _ENDED.search(whole):
        reason = ENDED
    for pattern, made in _MEANINGS:
        if pattern.search(whole):
            return made(address, reason)
    return WarehouseError(
        f"{address} cannot be used: {reason}; nothing that was committed is lost: see to "
        "PostgreSQL and to the lake's folder and run again"
    )


def _libpq_alone(text: str) -> str:
    """Return *text* without the screen of options before what libpq says."""
    before, _, after = text.partition(_GIVEN_TO_LIBPQ)
    said = [at for words in _SAID_BY_LIBPQ if (at := after.find(words)) >= 0]
    return before.removesuffix("IO Error: ") + after[min(said) :] if said else text


def _full(address: LakeAddress, reason: str) -> WarehouseError:
    if isinstance(address.folder, str):
        return _bucket(address, reason)
    return WarehouseFull(address.folder, shutil.disk_usage(address.folder).free)


def _lost(address: LakeAddress, reason: str) -> WarehouseError:
    find = "mount all of it"
    if isinstance(address.folder, str):
        find = "see that AWS_ENDPOINT_URL leads to the service that has this bucket"
    return LakeFolderAway(
        f"{address.folder} lacks a file of {address}, or has a damaged one: {reason}; "
        f"{find}, or bring that file back; else name another database and folder "
        "in sinowire.toml of each host, and on one: `sinowire restore FILE` with a backup"
    )


def _told(sentence: str, kind: type[WarehouseError] = LakeUnavailable) -> _Meaning:
    """Return what makes an error of *sentence*, in which are an address and a reason."""
    return lambda address, reason: kind(sentence.format(address=address, reason=reason))


_folder = _told(
    "{address.folder} cannot be used: {reason}; mount it, or give this user the right to "
    "write there, and run again",
    LakeFolderAway,
)
_no_right = _told(
    "the role of {address} may not do there what a lake needs ({reason}); let it own that "
    "database (`alter database … owner to …`) and the tables in it, and run again"
)
_locked = _told(
    "the tables of {address} have been locked for a minute by somebody who has not the "
    "turn; see who in pg_locks and pg_stat_activity, end that, and run again"
)
_slow = _told(
    "the PostgreSQL of {address} worked for ten minutes on one statement, the longest that "
    "one may take; nothing of it is in the lake: see what it is short of, and run again"
)
_pooler = _told(
    "{address} is behind a pooler such as PgBouncer, which does not take all settings of a "
    "connection ({reason}); name PostgreSQL's own host and port in `warehouse` in "
    "sinowire.toml, and run again"
)
_no_schema = _told(
    "the database of {address} has no schema `public`, where the catalog is to be; "
    "`create schema public` there, and run again"
)
_server = _told(
    "the PostgreSQL of {address} could not do its part ({reason}); nothing half written is "
    "in the lake: see to what it says, and run again"
)
_not_begun = _told("{address} has not been begun: `sinowire run` begins it")
_bucket = _told(
    "{address.folder}, the lake's bucket, cannot be used: {reason}; see that it is there, "
    "that AWS_ENDPOINT_URL leads to its service, and that AWS_ACCESS_KEY_ID and "
    "AWS_SECRET_ACCESS_KEY may list, read, write and delete in it, and run again"
)

# What PostgreSQL, libpq and DuckLake say, and what it means; no codes come with it.
_MEANINGS: tuple[tuple[re.Pattern[str], _Meaning], ...] = (
    (_LOST, _lost),
    (re.compile(r"HTTP |s3://"), _bucket),
    # Of what PostgreSQL itself keeps; the lake's own folder is another.
    (re.compile(r"ERROR: [^\n]{0,1000}No space left on device"), _server),
    (FULL, _full),
    (re.compile("creating a new DuckLake is explicitly disabled"), _not_begun),
    (re.compile('Schema with name "public" not found'), _no_schema),
    (re.compile(r"Transaction conflict"), TurnLost),
    (re.compile(r"permission denied for|must be owner of"), _no_right),
    (_REFUSED, CatalogRefused),
    (re.compile(r"unsupported startup parameter"), _pooler),
    (re.compile(r"too many clients|too many connections|connection slots"), CatalogAway),
    (re.compile(r"DuckLake (catalog )?[Vv]ersion|newer version"), WarehouseNewer),
    (re.compile(r"in a read-only transaction|during recovery"), read_only),
    (re.compile(r"(byte sequence|character with byte) [^\n]* encoding"), foreign_signs),
    (re.compile(r"due to lock timeout"), _locked),
    (re.compile(r"due to statement timeout"), _slow),
    (re.compile(r"ERROR: "), _server),
    (_AWAY, CatalogAway),
    (_FOLDER, _folder),
    (CRAMPED, lambda address, reason: WarehouseCramped(Path(address.folder), reason)),
)
