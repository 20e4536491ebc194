"""Lengths of time as people write them: "30m", "12h", "3d"."""

from __future__ import annotations

import re
from datetime import timedelta

_UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_DURATION = re.compile(r"\s*(\d{1,5})\s*([mhdw])\s*")


def parse_duration(text: str) -> timedelta | None:
    """Return the length of time, None where *text* is none."""
    found = _DURATION.fullmatch(text)
    return int(found[1]) * _UNITS[found[2]] if found else None
