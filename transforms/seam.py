"""Text of the shipped beat for what is handed no beat yet. It goes with its last user."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

_BEAT = "beats/china-tech"


@cache
def beat_text(name: str) -> str:
    """Return a file of the shipped beat."""
    packaged = files("flows") / "defaults" / _BEAT / name
    if packaged.is_file():
        return packaged.read_text(encoding="utf-8")
    return (files("flows") / ".." / _BEAT / name).read_text(encoding="utf-8")
