"""The patterns of ``patterns.toml``, put together and compiled."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

from transforms.suggestions.words import alternatives

_PLACE = re.compile(r"\{([A-Z]+|[a-z]{2}_\w+)\}")


class NamePattern(NamedTuple):
    """Where a name stands, what that shows, and how much it proves."""

    pattern: re.Pattern[str]
    why: str
    strength: int


@cache
def patterns(language: Literal["zh", "en"]) -> tuple[NamePattern, ...]:
    """Return the patterns of a language, the surest first."""
    path = files("transforms.suggestions") / "patterns.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    parts = data["part"][language]
    return tuple(
        NamePattern(re.compile(_filled(row["pattern"], parts)), row["why"], row["strength"])
        for row in data[language]
    )


def _filled(source: str, parts: Mapping[str, str]) -> str:
    """Return *source* with parts and lists of words in place of their names."""

    def value(found: re.Match[str]) -> str:
        part = parts.get(found[1])
        return alternatives(found[1]) if part is None else _filled(part, parts)

    return _PLACE.sub(value, source)
