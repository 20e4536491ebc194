"""Tell what a source usually brings, by ``sources.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files

from transforms.text.fold import fold

_WORDS = re.compile(r"^(?:https?://)?(?:www\.|m\.)?")


@lru_cache(maxsize=1024)
def kind_of_source(source: str) -> str:
    """Return the evidence that a feed, publisher or host is, empty if it is not known."""
    name = _WORDS.sub("", fold(source).text.lower().strip())
    best = ""
    for known in _kinds():
        if len(known) > len(best) and _begins(name, known):
            best = known
    return f"source-{_kinds()[best]}" if best else ""


def _begins(name: str, known: str) -> bool:
    """Whether *known* begins *name* and ends with a word of it."""
    rest = name[len(known) :]
    return name.startswith(known) and not (rest[:1].isascii() and rest[:1].isalnum())


@cache
def _kinds() -> Mapping[str, str]:
    data = tomllib.loads((files(__package__) / "sources.toml").read_text(encoding="utf-8"))
    return {name: kind for kind, section in data.items() for name in section["names"]}
