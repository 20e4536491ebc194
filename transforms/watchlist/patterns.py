"""Read the regular expressions of a watchlist; refuse invalid and very slow ones."""

from __future__ import annotations

import re
from collections.abc import Mapping

from transforms.config import ConfigTable
from transforms.patterns.backtracking import backtracking
from transforms.patterns.compile import compile_pattern, expand


def patterns_at(table: ConfigTable, key: str, macros: Mapping[str, str]) -> tuple[str, ...]:
    """Return the patterns at *key*, which compile.

    Raises:
        ConfigError: One does not, or takes too long.
    """
    sources = table.strings(key)
    for source in sources:
        check_pattern(table, key, expand(source, macros))
    return sources


def check_pattern(table: ConfigTable, key: str, source: str) -> None:
    """Refuse a pattern that does not compile, or that could take hours over a headline.

    Raises:
        ConfigError: One of these; the message says at which character, or why.
    """
    if table.config.is_shipped:
        return  # a test compiles them all, which takes as long as reading all the rest
    try:
        why = backtracking(compile_pattern(source).pattern)
    except re.error as exc:
        raise table.error(
            key, f"pattern {source!r} is not valid: {exc}", "correct the regular expression"
        ) from exc
    if why:
        raise table.error(
            key,
            f"pattern {source!r} could take hours over one headline: {why}",
            "give its repeats an end, {0,40} for *",
        )
