"""What stands beside any name, and so tells nothing of what the name means."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

_WORD = re.compile(r"[A-Za-z']+|[\u3400-\u9fff]")
_HAN = re.compile(r"[\u3400-\u9fff]")


def is_plain(words: str) -> bool:
    """Tell whether *words* are function words alone, which stand beside any name."""
    lists = _lists()
    known = {*lists["english"].split(), *lists["chinese"]}
    return all(word.lower() in known for word in _WORD.findall(words))


def plain_sentences(name: str) -> Iterator[tuple[str, str]]:
    """Yield what stands before and after *name* in plain sentences of its languages."""
    for sentence in _lists()["sentences"]:
        if sentence.isascii() or _HAN.match(name):
            before, _, after = sentence.partition("{A}")
            yield before, after


@cache
def _lists() -> dict[str, Any]:
    path = files("transforms.tagging") / "plain.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
