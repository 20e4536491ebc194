"""Process of the sandbox: it answers one statement and imports no module of ours.

It reads one JSON object from standard input and writes JSON lines: ``ready``, then
``columns`` and ``rows`` (as many lines as it takes) and ``end``, or ``failed`` or ``full``;
or else ``closed``, where the file cannot be opened.
It ends when standard input does, which our end of the pipe keeps open.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import threading
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import Any

# Rows that cross over at once.
CHUNK = 500
ALLOWED = frozenset({"SELECT", "EXPLAIN"})
_MICROSECOND = timedelta(microseconds=1)


def main() -> None:
    """Answer the statement on standard input."""
    asked = json.loads(sys.stdin.readline())
    _be_small(asked)
    # In place of a parent that dies, whatever kills it.
    threading.Thread(target=_follow_parent, daemon=True).start()
    try:
        _answer(asked)
    except MemoryError:
        _say(full=True)


def _be_small(asked: dict[str, Any]) -> None:
    os.nice(10)
    limits = {
        resource.RLIMIT_AS: asked["address_space"],
        resource.RLIMIT_CPU: asked["cpu_seconds"],
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for limit, value in limits.items():
        if value is not None:
            _, most = resource.getrlimit(limit)
            least = value if most == resource.RLIM_INFINITY else min(value, most)
            resource.setrlimit(limit, (least, least))


def _follow_parent() -> None:
    sys.stdin.read()
    os._exit(1)


def _answer(asked: dict[str, Any]) -> None:
    import duckdb  # noqa: PLC0415  under the limits

    try:
        con = sealed(asked["file"], asked["config"])
    except duckdb.Error as exc:
        return _say(closed=str(exc))
    _say(ready=True)
    try:
        statement = only_one(con.extract_statements(asked["sql"]))
        _send(con.execute(statement, asked["params"] or None), asked["rows"])
    except duckdb.OutOfMemoryException:
        _say(full=True)
    except (duckdb.CatalogException, duckdb.BinderException) as exc:
        _say(**_told(exc), is_of_another=not _has_views(con, asked["views"]))
    except (RefusedError, duckdb.Error, RuntimeError, ValueError) as exc:
        _say(**_told(exc))


def _told(exc: Exception) -> dict[str, Any]:
    """Return what failed, and at which byte of the statement where DuckDB knows it."""
    kind, _, rest = str(exc).partition("{")
    try:
        said = json.loads(f"{{{rest}")
        message = f"{kind}{said['exception_message']}"
    except (ValueError, KeyError):
        return {"failed": str(exc)}
    return {"failed": message, "at": int(said["position"]) if "position" in said else None}


def _has_views(con: Any, checksum: str) -> bool:
    """Tell whether the file has the views of the version that asks."""
    import duckdb  # noqa: PLC0415

    try:
        recorded = con.execute(
            "select checksum from schema_migrations where name = 'views'"
        )
    except duckdb.Error:
        return False
    return (checksum,) in recorded.fetchall()


class RefusedError(Exception):
    """The statement is not allowed."""


def sealed(file: str, config: dict[str, Any]) -> Any:
    """Open *file* read-only; statements cannot change *config*."""
    import duckdb  # noqa: PLC0415

    con = duckdb.connect(file, read_only=True, config=config)
    con.execute("set TimeZone = 'UTC'")
    con.execute("set errors_as_json = true")
    con.execute("set lock_configuration = true")
    return con


def only_one(statements: list[Any]) -> Any:
    """Return the single statement, which only reads.

    Raises:
        RefusedError: There are others, or it does more than read.
    """
    if not statements:
        raise RefusedError("there is no statement; write one SELECT")
    if len(statements) > 1:
        raise RefusedError(
            f"there are {len(statements)} statements; write one (PIVOT needs its IN list)"
        )
    kind = _kind_of(statements[0])
    if kind not in ALLOWED:
        raise RefusedError(f"{kind} is not allowed; write one SELECT, or EXPLAIN it")
    return statements[0]


def _kind_of(statement: Any) -> str:
    try:
        return str(statement.type.name)
    except ValueError:  # DuckDB 2 has kinds for which its Python package has no name
        return "this kind of statement"


def _send(cursor: Any, most: int | None) -> None:
    _say(columns=[[column[0], str(column[1])] for column in cursor.description or []])
    left = most
    while True:
        rows = cursor.fetchmany(CHUNK if left is None else min(CHUNK, left + 1))
        if not rows:
            return _say(end=True, more=False)
        more = left is not None and len(rows) > left
        _say(rows=[[_plain(value) for value in row] for row in rows[:left]])
        if more:
            return _say(end=True, more=True)
        left = None if left is None else left - len(rows)


def _say(**what: Any) -> None:
    sys.stdout.write(json.dumps(what, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _plain(value: Any) -> Any:
    """Return *value* as JSON has it; what JSON has not is an object of kind and value."""
    if value is None or isinstance(value, bool | int):
        return value
    for kinds, write in _WRITERS:
        if isinstance(value, kinds):
            return write(value)
    return str(value)


_WRITERS: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    (str, lambda value: value.encode("utf-8", "replace").decode()),
    (float, lambda value: value if isfinite(value) else {"float": repr(value)}),
    ((list, tuple), lambda value: [_plain(item) for item in value]),
    (dict, lambda value: {"struct": [[_plain(k), _plain(v)] for k, v in value.items()]}),
    (timedelta, lambda value: {"interval": value // _MICROSECOND}),
    (Decimal, lambda value: {"decimal": str(value)}),
    (bytes, lambda value: {"blob": value.hex()}),
    (datetime, lambda value: {"timestamp": value.isoformat()}),
    (date, lambda value: {"date": value.isoformat()}),
    (time, lambda value: {"time": value.isoformat()}),
)


if __name__ == "__main__":
    main()
