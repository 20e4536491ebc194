"""Make text of strangers safe to show: one line, nothing hidden or reversed."""

from __future__ import annotations

import regex

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


def harmless(text: str) -> str:
    """Return *text* on one line, without what a terminal or reader would obey."""
    shown = _HIDDEN.sub("", _BREAKS.sub(" ", text))
    return " ".join(_PILED.sub(r"\1", shown).split())


def shorten(text: str, most: int) -> str:
    """Return *text* made harmless, in at most *most* characters as a reader counts them."""
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
    """Return the characters of *text* as a reader sees them, each with its marks."""
    return [
        whole[at : at + _LONGEST_GRAPHEME]
        for whole in _GRAPHEME.findall(text)
        for at in range(0, len(whole), _LONGEST_GRAPHEME)
    ]
