"""Words of outlets as an assistant gets them: cut, and with nothing in them that hides.

A language model reads what people do not see: controls, marks of direction, tags and
variation selectors can carry an order to it in a headline that looks like any other
(Boucher, Shumailov, Anderson and Papernot, "Bad Characters: Imperceptible NLP Attacks",
IEEE S&P 2022).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from transforms.text.harmless import shorten
from transforms.text.lengths import cut


def quoted_lines(text: str, line: int, most: int) -> str:
    """Return a *text* with each line made harmless; no *line* nor the whole is longer."""
    return cut("\n".join(_line(each, line) for each in text.split("\n")), most)


def _line(line: str, most: int) -> str:
    # Markdown says with spaces what a line hangs on.
    return " " * (len(line) - len(line.lstrip(" "))) + shorten(line, most)


def quoted_value(value: Any, most: int) -> Any:
    """Return *value*, of those that JSON knows, with each text in it made harmless."""
    if isinstance(value, str):
        return shorten(value, most)
    if isinstance(value, Mapping):
        return {shorten(str(k), most): quoted_value(v, most) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [quoted_value(item, most) for item in value]
    return value


def fitting(sizes: Iterable[int], room: int) -> int:
    """Return how many of the first things, each of its size, have *room* together."""
    count = 0
    for size in sizes:
        room -= size
        if room < 0:
            break
        count += 1
    return count
