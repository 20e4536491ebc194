"""Rows as text: an aligned table, JSON, CSV or Markdown.

All four show instants and dates as ISO 8601 and nothing as nothing. Columns are
those of the rows, in the order in which they first appear.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import Any

from rich.cells import cell_len, set_cell_size

from transforms.text.formulas import mark_formula

# Longer than this and one headline pushes every other column off the screen.
MAX_CELL = 72
# Control characters would move the cursor or colour the terminal of whoever looks, and
# those of direction would show him another text than there is.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+")
_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]|\r(?!\n)"
)
_CONTROL_IN_JSON = re.compile(r"[\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_NUMBERS = (int, float, Decimal)
# Smaller than this a fixed number of decimals would show only zeros.
_SMALL = 0.001

Row = Mapping[str, Any]


def render_table(
    rows: Sequence[Row],
    format: str = "table",  # noqa: A002 the option's own name
    *,
    columns: Sequence[str] = (),
) -> str:
    """Return *rows* in the *format* called table, json, csv or markdown.

    *columns* names the columns of a result that has no rows to tell them.

    Raises:
        ValueError: There is no such format.
    """
    if format not in _FORMATS:
        raise ValueError(f"no format {format!r}; known ones are {', '.join(_FORMATS)}")
    seen = (key for row in rows for key in row)
    return _FORMATS[format](rows, list(dict.fromkeys([*columns, *seen])))


def printable(text: str) -> str:
    """Return *text* with nothing in it that steers a terminal; lines stay lines."""
    return _UNPRINTABLE.sub("\ufffd", text)


def escape_json(text: str) -> str:
    """Return a JSON *text* with the controls escaped that JSON itself lets pass."""
    return _CONTROL_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _json(rows: Sequence[Row], _: Sequence[str]) -> str:
    lines = ",\n ".join(
        json.dumps(_jsonable(row), ensure_ascii=False, allow_nan=False) for row in rows
    )
    return escape_json(f"[{lines}]\n") if rows else "[]\n"


def _jsonable(value: Any) -> Any:
    """Return *value* with only what JSON knows: no NaN, times as text."""
    if isinstance(value, Mapping):
        return {str(key): _jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_jsonable(item) for item in value]
    if isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float):
        return value if isfinite(value) else None
    if value is None or isinstance(value, bool | int | str):
        return value
    return _text(value)


def _csv(rows: Sequence[Row], columns: Sequence[str]) -> str:
    """Return CSV with the line ends of the shell, in which no text is a formula."""
    body = ([_csv_cell(row.get(column)) for column in columns] for row in rows)
    return "".join(map(_csv_line, [[mark_formula(name) for name in columns], *body]))


def _csv_line(cells: Sequence[str]) -> str:
    out = io.StringIO(newline="")
    # A lone carriage return is quoted only where lines end in one.
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue().removesuffix("\r\n") + "\n"


def _csv_cell(value: Any) -> str:
    # A number may be negative.
    return mark_formula(value) if isinstance(value, str) else _text(value)


def _markdown(rows: Sequence[Row], columns: Sequence[str]) -> str:
    numeric = [_is_numeric(rows, column) for column in columns]
    lines = [
        [_markdown_cell(column) for column in columns],
        ["---:" if number else "---" for number in numeric],
        *([_markdown_cell(_shown(row.get(c))) for c in columns] for row in rows),
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _markdown_cell(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>|~])", r"\\\1", _one_line(text))


def _table(rows: Sequence[Row], columns: Sequence[str]) -> str:
    if not columns:
        return ""
    body = [[_cut(_one_line(_shown(row.get(c)))) for c in columns] for row in rows]
    widths = [
        max(cell_len(line[index]) for line in [list(columns), *body])
        for index in range(len(columns))
    ]
    numeric = [_is_numeric(rows, column) for column in columns]
    rule = ["─" * width for width in widths]
    return "".join(_aligned(line, widths, numeric) for line in [list(columns), rule, *body])


def _aligned(line: Sequence[str], widths: Sequence[int], numeric: Iterable[bool]) -> str:
    # Chinese characters are two cells wide, so str.ljust would not align them.
    cells = (
        " " * (width - cell_len(text)) + text
        if right
        else text + " " * (width - cell_len(text))
        for text, width, right in zip(line, widths, numeric, strict=True)
    )
    return "  ".join(cells).rstrip() + "\n"


def _cut(text: str) -> str:
    if cell_len(text) <= MAX_CELL:
        return text
    return set_cell_size(text, MAX_CELL - 1).rstrip() + "…"


def _one_line(text: str) -> str:
    return _CONTROL.sub(" ", text).strip()


def _is_numeric(rows: Sequence[Row], column: str) -> bool:
    values = [row.get(column) for row in rows]
    known = [value for value in values if value is not None]
    return bool(known) and all(
        isinstance(value, _NUMBERS) and not isinstance(value, bool) for value in known
    )


def _shown(value: Any) -> str:
    """Return *value* for eyes: numbers with the digits that matter."""
    if isinstance(value, float) and isfinite(value):
        small = 0 < abs(value) < _SMALL
        return f"{value:.2g}" if small else f"{value:.3f}".rstrip("0").rstrip(".")
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(_shown(item) for item in value)
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
        lambda value: json.dumps(_jsonable(value), ensure_ascii=False, allow_nan=False),
    ),
)
_FORMATS: Mapping[str, Callable[[Sequence[Row], Sequence[str]], str]] = {
    "table": _table,
    "json": _json,
    "csv": _csv,
    "markdown": _markdown,
}
