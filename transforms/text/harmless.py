"""Untrusted text made safe for terminals, assistants and spreadsheets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import accumulate, takewhile
from typing import Any

import regex

from transforms.text.lengths import cut

# Breaks and control characters move a cursor or begin a line that seems to be ours; lone
# surrogates and noncharacters are none that anybody could send on.
_BREAKS = regex.compile(
    r"[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{NChar}\u2800\u115f\u1160\u3164\uffa0]+"
)
# Direction marks and overrides, zero-width characters, tags, variation selectors. Emoji
# need two of them: FE0F shows them in colour, 200D joins them to one.
_HIDDEN = regex.compile(
    r"[[\p{Cf}\p{DI}]--[\ufe0f\u200d]]+"
    r"|(?<!\p{Emoji})\ufe0f"
    r"|(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])\u200d"
    r"|\u200d(?!\p{Extended_Pictographic})",
    regex.V1,
)
# More marks on one letter than any language writes reach over the lines around it.
_PILED = regex.compile(r"(\p{M}{4})\p{M}+")
_GRAPHEME = regex.compile(r"\X")
# Joined emoji have no limit of their own; the longest in use is a third of this.
_LONGEST_GRAPHEME = 32
# A character is seldom of more code points; one of ten thousand need not be read whole.
_DEEPEST = 16
MARK = "'"
# For Python and DuckDB alike. Where Chinese is typed, wide signs begin a formula too.
FORMULA = r"^'*[=+\-@＝＋－＠\t\r]"
MARKED = r"^'('*[=+\-@＝＋－＠\t\r])"
_FORMULA = re.compile(FORMULA)


def harmless(text: str) -> str:
    """Return *text* on one line, without control and hidden characters."""
    shown = _HIDDEN.sub("", _BREAKS.sub(" ", text))
    return " ".join(_PILED.sub(r"\1", shown).split())


def shorten(text: str, most: int) -> str:
    """Return *text* made harmless and cut to *most* graphemes."""
    read = text[: most * _DEEPEST]
    whole = harmless(read)
    is_all = len(read) == len(text)
    if is_all and len(whole) <= most:
        return whole
    parts = graphemes(whole)
    if is_all and len(parts) <= most:
        return whole
    return "".join(parts[: most - 1]).rstrip() + "…"


def graphemes(text: str) -> list[str]:
    """Return the graphemes of *text*: characters with their marks."""
    return [
        whole[at : at + _LONGEST_GRAPHEME]
        for whole in _GRAPHEME.findall(text)
        for at in range(0, len(whole), _LONGEST_GRAPHEME)
    ]


def quoted_lines(text: str, line: int, most: int) -> str:
    """Return *text* with each line made harmless, in limits for *line* and whole."""
    return cut("\n".join(_line(each, line) for each in text.split("\n")), most)


def _line(line: str, most: int) -> str:
    # Markdown says with spaces what a line hangs on.
    return " " * (len(line) - len(line.lstrip(" "))) + shorten(line, most)


def quoted_value(value: Any, most: int) -> Any:
    """Return a JSON *value* with each text in it made harmless."""
    if isinstance(value, str):
        return shorten(value, most)
    if isinstance(value, Mapping):
        return {shorten(str(k), most): quoted_value(v, most) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [quoted_value(item, most) for item in value]
    return value


def fitting(sizes: Iterable[int], room: int) -> int:
    """Return the number of leading *sizes* that fit into *room* together."""
    return sum(1 for _ in takewhile(lambda total: total <= room, accumulate(sizes)))


def mark_formula(text: str) -> str:
    """Return *text*, prefixed with an apostrophe if a spreadsheet would run it."""
    return MARK + text if _FORMULA.match(text) else text
