"""Rows of a brief from what a test says of them; the rest of a row is blank."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, get_args, get_origin, get_type_hints

from transforms.brief.basis import NAMES
from transforms.brief.compose import queries_of
from transforms.brief.ranking import EARLIER
from transforms.models import Answers
from warehouse.numbers.brief import brief_data

QUERIES = {query.key: query for query in (*queries_of("day"), *queries_of("week"))}
# Asked afterwards, of the stories that lead.
ANSWERED = QUERIES | {EARLIER.key: EARLIER}
DAY = date(2026, 11, 20)
BLANK = {
    str: "", int: 0, float: 0.0, bool: True, date: DAY, Decimal: Decimal(),
    datetime: datetime(2026, 11, 20, tzinfo=UTC),
}  # fmt: skip
# A blank here would say that nothing came, or that nothing can be compared.
USUAL = {
    "articles": 9, "days_on_record": 180, "relevance": 1.0, "is_hardly_covered": False,
}  # fmt: skip
# Of a subject with a name of its own, as the watchlist has them all.
SUBJECTS = ("company_id", "topic_id", "subject_id")


def answers(data: dict[str, Any]) -> Answers:
    """Return rows by query, and the SQL under ``queries``, as a brief is written from.

    Times and days may be text. What a row names is named in all of the brief.
    """
    rows = {
        key: tuple(record(ANSWERED[key].row, row) for row in given)
        for key, given in data.items()
        if key != "queries"
    }
    given = [row for key in rows for row in data[key]]
    named = [
        {"id": subject_of(row), "name": row["name"], "name_zh": row.get("name_zh") or ""}
        for row in given
        if row.get("name") and subject_of(row)
    ]
    names = (*(record(NAMES.row, row) for row in named), *rows.get("names", ()))
    return Answers(rows | {"names": names}, data.get("queries", {}))


def subject_of(row: dict[str, Any]) -> str | None:
    """Return the company or topic that a row's name belongs to."""
    return next((row[key] for key in SUBJECTS if row.get(key)), None)


def record(row_type: type, given: dict[str, Any]) -> Any:
    """Return a record with the values *given*, and blanks in its other fields."""
    hints = get_type_hints(row_type)
    assert set(given) <= set(hints), set(given) - set(hints)
    given = {name: USUAL[name] for name in USUAL if name in hints} | given
    values = {f.name: value_of(hints[f.name], given.get(f.name)) for f in fields(row_type)}
    return row_type(**values)


def value_of(hint: Any, value: Any) -> Any:
    """Return *value* as a field of type *hint* has it; None becomes its blank."""
    is_list = get_origin(hint) is tuple
    kinds = {hint} if is_list else {*(get_args(hint) or (hint,))}
    if value is None:
        return () if is_list else None if type(None) in kinds else BLANK[hint]
    if is_list:
        return tuple(value)
    if datetime in kinds and isinstance(value, str):
        at = datetime.fromisoformat(value)
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    return date.fromisoformat(value) if date in kinds and isinstance(value, str) else value


def asked_of(con: Any, *keys: str, **terms: Any) -> dict[str, Any]:
    """Return the rows of queries, or of all, as mappings; under ``queries`` the SQL."""
    asked = [QUERIES[key] for key in keys if key in QUERIES] or QUERIES.values()
    found = brief_data(con, asked, **terms)
    rows = {key: [columns_of(row) for row in given] for key, given in found.rows.items()}
    return {**rows, "queries": found.sql}


def columns_of(row: Any) -> dict[str, Any]:
    """Return a record as DuckDB gives its row, with lists."""
    return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(row).items()}
