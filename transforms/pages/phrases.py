"""The phrases of ``phrases.toml``, and those that pages share with briefs."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from transforms.brief.phrases import LANGUAGES
from transforms.brief.phrases import phrases as brief_phrases

__all__ = ["LANGUAGES", "page_phrases"]


@cache
def page_phrases() -> Mapping[str, Mapping[str, str]]:
    """Return every phrase by key and language."""
    text = (files("transforms.pages") / "phrases.toml").read_text(encoding="utf-8")
    return {**brief_phrases(), **tomllib.loads(text)}
