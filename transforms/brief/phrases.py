"""The phrases of ``phrases.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

LANGUAGES: Final = ("en", "zh")


@cache
def phrases() -> Mapping[str, Mapping[str, str]]:
    """Return every phrase by key and language."""
    text = (files("transforms.brief") / "phrases.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def phrase(key: str, language: str) -> str:
    """Return the phrase called *key* in *language*, one of ``LANGUAGES``."""
    return phrases()[key][language]
