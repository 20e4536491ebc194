"""What verdicts taught: weights appended, read back, and what they are learnt from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import duckdb
import orjson

from transforms.models import Alert
from transforms.models.verdicts import Taught, TaughtWeight
from warehouse import queries


class ToldAlert(NamedTuple):
    """An alert on record, and whether one was sent of its story before."""

    alert: Alert
    is_again: bool


def standing(con: duckdb.DuckDBPyConnection) -> Taught:
    """Return what verdicts taught and stands."""
    return tuple(TaughtWeight(*row) for row in queries.run(con, "taught.standing"))


def newest(con: duckdb.DuckDBPyConnection) -> queries.Row | None:
    """Return the teaching that stands; None where none does."""
    return next(iter(queries.rows(con, "taught.newest")), None)


def append(
    con: duckdb.DuckDBPyConnection,
    taught: Taught,
    *,
    by: str,
    verdicts: int,
    report: str,
    now: datetime,
) -> int:
    """Append what verdicts taught, in place of what stood; return its number."""
    number = _append(con, by=by, verdicts=verdicts, report=report, now=now)
    columns = queries.columns(taught, TaughtWeight._fields)
    columns["teaching_id"] = orjson.dumps([number] * len(taught)).decode()
    queries.insert_columns(con, "taught_weights", columns)
    return number


def take_back(
    con: duckdb.DuckDBPyConnection, number: int, *, by: str, now: datetime
) -> None:
    """Append that a teaching is taken back: what it stood in place of stands again."""
    _append(con, by=by, verdicts=0, report="", now=now, undoes=number)


def precision(
    con: duckdb.DuckDBPyConnection, since: datetime | None = None
) -> list[queries.Row]:
    """Return how often readers wanted what came, by rule, outlet and event type."""
    return queries.rows(con, "taught.precision", {"since": since})


def given_since(con: duckdb.DuckDBPyConnection, since: datetime) -> set[int]:
    """Return the numbers of the verdicts that stand and were given since then."""
    return {n for (n,) in queries.run(con, "taught.given_since", {"since": since})}


def newest_article(con: duckdb.DuckDBPyConnection) -> datetime | None:
    """Return when the newest article arrived."""
    at: datetime | None = queries.scalar(con, "taught.newest_article")
    return at


def lately(con: duckdb.DuckDBPyConnection, since: datetime, *, most: int) -> list[str]:
    """Return articles that arrived since then, at most so many, whichever they are."""
    params = {"since": since, "most": most}
    return [id_ for (id_,) in queries.run(con, "taught.lately", params)]


def alerts(
    con: duckdb.DuckDBPyConnection, since: datetime, alert_ids: Iterable[str]
) -> list[ToldAlert]:
    """Return alerts decided since then, and these, the newest first."""
    params = {"since": since, "alert_id": sorted(set(alert_ids))}
    return [_told(row) for row in queries.rows(con, "taught.alerts", params)]


def _append(
    con: duckdb.DuckDBPyConnection,
    *,
    by: str,
    verdicts: int,
    report: str,
    now: datetime,
    undoes: int | None = None,
) -> int:
    number = int(queries.scalar(con, "taught.last_id")) + 1
    params = {
        "teaching_id": number,
        "taught_at": now,
        "by": by,
        "verdicts": verdicts,
        "report": report,
        "undoes": undoes,
    }
    queries.run(con, "taught.insert_teaching", params)
    return number


def _told(row: queries.Row) -> ToldAlert:
    is_again = row.pop("is_again")
    lists = {name: tuple(row[name] or ()) for name in ("companies", "languages")}
    return ToldAlert(Alert(**{**row, **lists}), is_again)
