"""The phrases of ``phrases.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def phrases() -> Mapping[str, Mapping[str, str]]:
    """Return every phrase by key and language."""
    text = (files("transforms.alerts.messages") / "phrases.toml").read_text(
        encoding="utf-8"
    )
    return tomllib.loads(text)


def say(key: str, language: str, **names: object) -> str:
    """Return the phrase called *key* in *language*, its braces filled in with *names*."""
    return phrases()[key][language].format(**names)


def count(key: str, n: int, language: str) -> str:
    """Return the phrase *key* for a number, or its ``.one`` for one."""
    return say(f"{key}.one" if n == 1 else key, language, n=n)
