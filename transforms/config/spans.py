"""Spans of time as people write them: 30m, 6h, 2d, 1w."""

from __future__ import annotations

import re
from datetime import timedelta

_SPAN = re.compile(r"(\d{1,9})\s*(m|h|d|w)")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
# A hundred years: a longer span would overflow dates.
_LONGEST = timedelta(days=36_525)


def parse_span(text: str) -> timedelta | None:
    """Read a span such as 30m, 6h, 2d or 1w, of a hundred years at most."""
    found = _SPAN.fullmatch(text.strip())
    if not found:
        return None
    try:
        span = timedelta(**{_UNITS[found[2]]: int(found[1])})
    except OverflowError:
        return None
    return span if span <= _LONGEST else None


def span_text(span: timedelta | None) -> str:
    """Return what ``parse_span`` reads back, in the largest whole unit up to days."""
    if span is None:
        return ""
    minutes = int(span.total_seconds() // 60)
    for unit, size in (("d", 1440), ("h", 60)):
        if minutes % size == 0:
            return f"{minutes // size}{unit}"
    return f"{minutes}m"
