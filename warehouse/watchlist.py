"""The watchlist as the warehouse keeps it, for joins and for people who ask in SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from typing import Any

import duckdb

from transforms.models import AliasRow, CompanyRow, TopicRow
from warehouse import queries

Rows = tuple[Iterable[CompanyRow], Iterable[AliasRow], Iterable[TopicRow]]


def sync_version(
    con: duckdb.DuckDBPyConnection, rules_version: str, rows: Callable[[], Rows]
) -> bool:
    """Record the watchlist unless that very version stands; return whether it changed.

    *rows* makes companies, aliases and topics, and is asked only where they are needed:
    thousands of aliases are a tenth of what a quiet run costs.
    """
    if is_synced(con, rules_version):
        return False
    changed = sync_watchlist(con, *rows())
    queries.run(con, "runs.set_synced_rules", {"rules_version": rules_version})
    return changed


def is_synced(con: duckdb.DuckDBPyConnection, rules_version: str) -> bool:
    """Say whether that very version of the watchlist is recorded."""
    return bool(queries.scalar(con, "runs.synced_rules") == rules_version)


def sync_watchlist(
    con: duckdb.DuckDBPyConnection,
    companies: Iterable[CompanyRow],
    aliases: Iterable[AliasRow],
    topics: Iterable[TopicRow],
) -> bool:
    """Record the watchlist as it now is; return whether anything was different."""
    changed = [
        _replace(con, "companies", CompanyRow, companies),
        _replace(con, "aliases", AliasRow, aliases),
        _replace(con, "topics", TopicRow, topics),
    ]
    return any(changed)


def _replace(
    con: duckdb.DuckDBPyConnection, table: str, kind: Any, records: Iterable[Any]
) -> bool:
    names = tuple(field.name for field in fields(kind))
    wanted = list(dict.fromkeys(records))
    recorded = queries.run(con, f"watchlist.{table}")
    # An unchanged watchlist writes nothing, so that nothing needs publishing for it.
    if sorted(map(_key, recorded)) == sorted(
        _key(getattr(record, name) for name in names) for record in wanted
    ):
        return False
    queries.run(con, f"watchlist.delete_{table}")
    queries.append(con, f"watchlist.append_{table}", wanted, names)
    return True


def _key(values: Iterable[Any]) -> tuple[str, ...]:
    return tuple(
        repr(list(value) if isinstance(value, tuple) else value) for value in values
    )
