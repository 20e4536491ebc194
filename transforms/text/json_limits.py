"""Untrusted JSON within limits, and the line that exceeds them."""

from __future__ import annotations

import json
import re
from typing import Any

# Real documents are not nested a hundred deep.
_DEEPEST = 100
# What fits into eight bytes has 20 digits; Python itself gives up at 4,300.
_LONGEST_INTEGER = 40
_DEEP = "nested too deeply"

_MARK = re.compile(r'"(?:[^"\\]|\\.)*+"|(?P<open>[\[{])|(?P<close>[\]}])', re.DOTALL)
_DIGITS = re.compile(rf"[0-9_]{{{_LONGEST_INTEGER + 1},}}")


def read_json(text: str) -> Any:
    """Return the value of the JSON *text*; line breaks within strings are allowed.

    An integer with too many digits stays a text.

    Raises:
        json.JSONDecodeError: It is no JSON, or nested too deeply; has the line.
    """
    try:
        return _JSON.decode(text)
    except RecursionError as exc:
        raise _too_deep(text) from exc


def read_json_start(text: str) -> Any:
    """Return the value at the start of *text*, see ``read_json``; the rest is ignored."""
    return read_json_part(text, 0)[0]


def read_json_part(text: str, at: int) -> tuple[Any, int]:
    """Return the value that begins at a place of *text*, and its end, see ``read_json``."""
    try:
        return _JSON.raw_decode(text, at)
    except RecursionError as exc:
        raise _too_deep(text) from exc


def is_too_deep(error: json.JSONDecodeError) -> bool:
    """Tell whether JSON was refused for its nesting."""
    return error.msg == _DEEP


def deep_line(text: str) -> int | None:
    """Return the line of the first brackets nested too deeply; None without."""
    position = _deep_position(text)
    return None if position is None else text.count("\n", 0, position) + 1


def long_number_line(text: str) -> int | None:
    """Return the line of the first number too long for an integer; None without."""
    found = _DIGITS.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else None


def is_huge(number: int) -> bool:
    """Tell whether an integer exceeds 64 bits."""
    return not -(1 << 63) <= number < 1 << 64


_JSON = json.JSONDecoder(
    parse_int=lambda digits: int(digits) if len(digits) <= _LONGEST_INTEGER else digits,
    strict=False,
)


def _too_deep(text: str) -> json.JSONDecodeError:
    return json.JSONDecodeError(_DEEP, text, _deep_position(text) or 0)


def _deep_position(text: str) -> int | None:
    depth = 0
    for mark in _MARK.finditer(text):
        depth += bool(mark["open"]) - bool(mark["close"])
        if depth > _DEEPEST:
            return mark.start()
    return None
