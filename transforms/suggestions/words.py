"""Words that look like names of companies and are not."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def words(name: str) -> frozenset[str]:
    """Return the words listed under *name* in ``words.toml``."""
    path = files("transforms.suggestions") / "words.toml"
    lists = tomllib.loads(path.read_text(encoding="utf-8"))
    return frozenset(lists[name].split())


def alternatives(name: str) -> str:
    """Return the words listed under *name* as alternatives of a pattern, longest first."""
    return "|".join(sorted(words(name), key=lambda word: (-len(word), word)))
