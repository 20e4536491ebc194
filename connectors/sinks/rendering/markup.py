"""Escape headlines, so that a service's markup does not interpret them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

# What chat services take as a call to somebody, or to everybody in the room. A word
# before it makes an address of mail of it, except where everybody is meant.
_CALL = re.compile(
    r"@(?=everyone|here|channel|all\b|room|所有人|全体)|(?<![\w.])@(?=\w)", re.IGNORECASE
)
# In a link, whatever a markup could read as the end of it.
_IN_LINK = "%/:?#@!$&'*+,;=~-._"


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """What to write for the signs that mean something to a service.

    ``swaps`` are written in place of a sign, ``marked`` get a backslash, those of
    ``first`` only where a line begins. Each sign stands for itself, so that a text can be
    cut between any two of them.
    """

    swaps: Mapping[str, str] = field(default_factory=dict)
    marked: frozenset[str] = frozenset()
    first: frozenset[str] = frozenset()
    strong: tuple[str, str] = ("", "")
    link: Callable[[str], str] = str
    newline: str = "\n"

    def escape(self, character: str, *, is_first: bool) -> str:
        """Return one *character*, as a reader counts them, as the service shows it."""
        if character in self.swaps:
            return self.swaps[character]
        if character in self.marked or (is_first and character in self.first):
            return f"\\{character}"
        return character


def calm(text: str) -> str:
    """Return *text* with calls to people made harmless."""
    return _CALL.sub("@ ", text)


def bare(link: str) -> str:
    """Return a link without a sign that could end it."""
    return quote(link, safe=_IN_LINK)


def named(link: str) -> str:
    """Return a link under its host's name, as a card shows it."""
    host = urlsplit(link).hostname or "link"
    return f"[{host}]({bare(link)})"


# Whoever reads "<" as the beginning of a tag gets its wide twin.
WIDE = {"<": "＜", ">": "＞"}
PLAIN = Markup()
