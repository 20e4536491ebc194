"""Rows as text: an aligned table, JSON, CSV or Markdown.

All four show instants and dates as ISO 8601 and nothing as nothing; a table for a reader
has them on the reader's clock. Columns are those of the rows, in the order in which they
first appear.
"""

from __future__ import annotations

import csv
import io
import json
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from math import isfinite
from typing import Any

from rich.cells import cell_len

from transforms.text.fit import GAP, Fitted, cut_cells, fit
from transforms.text.harmless import mark_formula

# Longer than this and one headline pushes every other column off the screen.
_MAX_CELL = 72
# Control characters would move the cursor or colour the terminal, and those of direction
# would display another text than there is.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+")
_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]|\r(?!\n)"
)
_CONTROL_IN_JSON = re.compile(r"[\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_NUMBERS = (int, float, Decimal)
# Smaller than this a fixed number of decimals would show only zeros.
_SMALL = 0.001

_Row = Mapping[str, Any]


def render_table(
    rows: Sequence[_Row],
    format: str = "table",  # noqa: A002 the option's own name
    *,
    columns: Sequence[str] = (),
    width: int | None = None,
    zone: tzinfo | None = None,
) -> str:
    """Return *rows* in the *format* called table, json, csv or markdown.

    *columns* are the column names of a result without rows. A table fits into *width* cells
    and has its times in *zone*, if given.

    Raises:
        ValueError: There is no such format.
    """
    if format not in _FORMATS:
        raise ValueError(f"no format {format!r}; known ones are {', '.join(_FORMATS)}")
    seen = (key for row in rows for key in row)
    named = list(dict.fromkeys([*columns, *seen]))
    if format == "table":
        return _table(rows, named, width, zone)
    return _FORMATS[format](rows, named)


def printable(text: str) -> str:
    """Return *text* without control characters except line breaks."""
    return _UNPRINTABLE.sub("\ufffd", text)


def escape_json(text: str) -> str:
    """Return JSON *text* with the control characters escaped that JSON permits."""
    return _CONTROL_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _json(rows: Sequence[_Row], _: Sequence[str]) -> str:
    lines = ",\n ".join(
        json.dumps(jsonable(row), ensure_ascii=False, allow_nan=False) for row in rows
    )
    return escape_json(f"[{lines}]\n") if rows else "[]\n"


def jsonable(value: Any) -> Any:
    """Return *value* in JSON's types: no NaN, times as text."""
    if isinstance(value, Mapping):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [jsonable(item) for item in value]
    if isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float):
        return value if isfinite(value) else None
    return value if value is None or isinstance(value, bool | int | str) else _text(value)


def _csv(rows: Sequence[_Row], columns: Sequence[str]) -> str:
    """Return CSV with the line ends of the shell, in which no text is a formula."""
    # A number may be negative, and is no formula.
    body = (
        [mark_formula(v) if isinstance(v, str) else _text(v) for v in map(row.get, columns)]
        for row in rows
    )
    return "".join(map(_csv_line, [[mark_formula(name) for name in columns], *body]))


def _csv_line(cells: Sequence[str]) -> str:
    out = io.StringIO(newline="")
    # A lone carriage return is quoted only where lines end in one.
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue().removesuffix("\r\n") + "\n"


def _markdown(rows: Sequence[_Row], columns: Sequence[str]) -> str:
    numeric = [_is_numeric(rows, column) for column in columns]
    lines = [
        [_markdown_cell(column) for column in columns],
        ["---:" if number else "---" for number in numeric],
        *([_markdown_cell(_shown(row.get(c))) for c in columns] for row in rows),
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _markdown_cell(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>|~])", r"\\\1", _one_line(text))


def _table(
    rows: Sequence[_Row],
    columns: Sequence[str],
    width: int | None = None,
    zone: tzinfo | None = None,
) -> str:
    if not columns:
        return ""
    body = [[_one_line(_shown(row.get(c), zone)) for c in columns] for row in rows]
    numeric = [_is_numeric(rows, column) for column in columns]
    whole = [
        _is_numeric(rows, c) or any(isinstance(row.get(c), date) for row in rows)
        for c in columns
    ]
    if width is None:
        body = [[cut_cells(text, _MAX_CELL) for text in line] for line in body]
    fitted = fit([columns, *body], width, whole)
    rule = ["─" * size for size in fitted.widths]
    lines = (_aligned(line, fitted, numeric) for line in [list(columns), rule, *body])
    return "".join(lines) + _left_out(columns, fitted, width)


def _aligned(line: Sequence[str], fitted: Fitted, numeric: Sequence[bool]) -> str:
    cells = fitted.cells(line)
    return "".join(
        _joined([cell[n] if n < len(cell) else "" for cell in cells], fitted, numeric)
        for n in range(max(map(len, cells)))
    )


def _joined(texts: Sequence[str], fitted: Fitted, numeric: Sequence[bool]) -> str:
    columns = zip(texts, fitted.widths, numeric, strict=False)
    padded = (_padded(text, size, right=right) for text, size, right in columns)
    return (" " * GAP).join(padded).rstrip() + "\n"


def _padded(text: str, size: int, *, right: bool) -> str:
    # Chinese characters are two cells wide, so str.ljust would not align them.
    space = " " * (size - cell_len(text))
    return space + text if right else text + space


def _left_out(columns: Sequence[str], fitted: Fitted, width: int | None) -> str:
    names = ", ".join(columns[len(fitted.widths) :])
    if not names or width is None:
        return ""
    told = textwrap.wrap(f"(no room for {names}; --format json has all)", width)
    return "\n".join([*told, ""])


def _one_line(text: str) -> str:
    return _CONTROL.sub(" ", text).strip()


def _is_numeric(rows: Sequence[_Row], column: str) -> bool:
    values = [row.get(column) for row in rows]
    known = [value for value in values if value is not None]
    return bool(known) and all(
        isinstance(value, _NUMBERS) and not isinstance(value, bool) for value in known
    )


def _shown(value: Any, zone: tzinfo | None = None) -> str:
    """Return *value* for eyes: numbers with the digits that matter, times of *zone*."""
    if zone and isinstance(value, datetime) and value.tzinfo:
        return f"{value.astimezone(zone):%Y-%m-%d %H:%M}"
    if isinstance(value, float) and isfinite(value):
        small = 0 < abs(value) < _SMALL
        return f"{value:.2g}" if small else f"{value:.3f}".rstrip("0").rstrip(".")
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(_shown(item, zone) for item in value)
    return _text(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    for kinds, write in _WRITERS:
        if isinstance(value, kinds):
            return write(value)
    return str(value)


def _duration(value: timedelta) -> str:
    """Return an ISO 8601 duration ("P1DT2H30M")."""
    sign, rest = ("-", -value) if value < timedelta(0) else ("", value)
    hours, seconds = divmod(rest.seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    fraction = f"{seconds + rest.microseconds / 1e6:.6f}".rstrip("0").rstrip(".")
    clock = [f"{hours}H" if hours else "", f"{minutes}M" if minutes else ""]
    clock.append(f"{fraction}S" if fraction != "0" else "")
    days = f"{rest.days}D" if rest.days else ""
    return f"{sign}P{days}" + (
        f"T{''.join(clock)}" if any(clock) else "" if days else "T0S"
    )


_WRITERS: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (bool, lambda value: str(value).lower()),
    ((date, time), lambda value: value.isoformat()),
    (timedelta, _duration),
    (bytes, bytes.hex),
    (
        (list, tuple, set, frozenset, Mapping),
        lambda value: json.dumps(jsonable(value), ensure_ascii=False, allow_nan=False),
    ),
)
_FORMATS: Mapping[str, Callable[[Sequence[_Row], Sequence[str]], str]] = {
    "table": _table,
    "json": _json,
    "csv": _csv,
    "markdown": _markdown,
}
