"""The lists of words beside this module, and how they become regular expressions.

A list holds regular expressions over a headline as it is written. What is a letter, a
digit or a border is ASCII's: 中国EU has a border before EU.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

NAMES = ("sides", "amounts", "regions", "due")
ANY_CASE = re.IGNORECASE | re.ASCII


class Found(NamedTuple):
    """What a headline says, and the words that say it."""

    value: str
    term: str


@cache
def source(name: str) -> str:
    """Return the text of a lexicon."""
    return (files(__package__) / f"{name}.toml").read_text(encoding="utf-8")


def read(name: str) -> dict[str, Any]:
    """Return a lexicon."""
    return tomllib.loads(source(name))


def one_of(terms: Iterable[str]) -> str:
    """Return an expression that matches any of *terms*."""
    return f"(?:{'|'.join(terms)})"


def words_or_names(words: Iterable[str], names: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern of whole *words*, and of *names* anywhere, in any case."""
    return re.compile("|".join((rf"\b{one_of(words)}\b", *names)), ANY_CASE)
