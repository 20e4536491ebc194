"""Markup of chat services: a letter with escaped characters, split at a limit."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from transforms.models import Letter, ToldItem
from transforms.text.harmless import graphemes

Size = Callable[[str], int]
# Mentions of a person or of the whole room, as chat services read them. After a word,
# "@" is part of a mail address, except in a mention of the whole room.
_CALL = re.compile(
    r"@(?=everyone|here|channel|all\b|room|所有人|全体)|(?<![\w.])@(?=\w)", re.IGNORECASE
)
# In a link, whatever a markup could read as the end of it.
_IN_LINK = "%/:?#@!$&'*+,;=~-._"
# Services that read "<" as the start of a tag get its full-width form.
WIDE = {"<": "＜", ">": "＞"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """Maximum length of a message, and the unit that a service counts in."""

    most: int
    size: Size


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """Escapes for the characters that a service's markup reserves.

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
        """Return *character*, one grapheme, escaped for the service."""
        if character in self.swaps:
            return self.swaps[character]
        if character in self.marked or (is_first and character in self.first):
            return f"\\{character}"
        return character


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    is_strong: bool = False
    is_link: bool = False


def split(letter: Letter, markup: Markup, limit: Limit) -> list[str]:
    """Return the parts of *letter*, none longer than *limit*.

    An alert is kept in one part where it fits, else a line is, else a character with its
    marks. A link that does not fit in a part of its own is left out.
    """
    parts: list[str] = []
    current = ""
    for block in _blocks(letter):
        whole = markup.newline.join(_render(line, markup) for line in block)
        fits = limit.size(whole) <= limit.most
        # Two alerts have an empty line between them, lines of one have none.
        gap = markup.newline if markup.newline == "\n\n" else "\n\n"
        for piece in [whole] if fits else _pieces(block, markup, limit):
            joined = f"{current}{gap}{piece}" if current else piece
            if limit.size(joined) > limit.most:
                parts.append(current)
                joined = piece
            current, gap = joined, markup.newline
    return [*parts, current] if current else parts


def _blocks(letter: Letter) -> Iterator[Sequence[_Line]]:
    if letter.heading:
        yield [_Line(letter.heading, is_strong=True)]
    for section in letter.sections:
        title = [_Line(section.title, is_strong=True)] if section.title else []
        for item in section.items:
            yield [*title, *_lines(item)]
            title = []
        # A warning is a section of its own.
        if title:
            yield title


def _lines(item: ToldItem) -> Iterator[_Line]:
    yield _Line(item.headline, is_strong=True)
    for text in item.lines:
        yield _Line(text)
    if item.link:
        yield _Line(item.link, is_link=True)


def _render(line: _Line, markup: Markup) -> str:
    if line.is_link:
        return markup.link(line.text)
    return _marked(graphemes(calm(line.text)), line, markup)


def _marked(characters: Sequence[str], line: _Line, markup: Markup) -> str:
    before, after = markup.strong if line.is_strong else ("", "")
    inside = "".join(
        markup.escape(character, is_first=at == 0)
        for at, character in enumerate(characters)
    )
    return f"{before}{inside}{after}" if inside.strip() else inside


def _pieces(block: Sequence[_Line], markup: Markup, limit: Limit) -> Iterator[str]:
    for line in block:
        whole = _render(line, markup)
        if limit.size(whole) <= limit.most:
            yield whole
        elif not line.is_link:
            yield from _cut(line, markup, limit)


def _cut(line: _Line, markup: Markup, limit: Limit) -> Iterator[str]:
    """Yield *line* in pieces that fit, each in the line's own markup."""
    rest = graphemes(calm(line.text))
    while rest:
        low, high = 1, len(rest)
        while low < high:
            middle = (low + high + 1) // 2
            fits = limit.size(_marked(rest[:middle], line, markup)) <= limit.most
            low, high = (middle, high) if fits else (low, middle - 1)
        yield _marked(rest[:low], line, markup)
        rest = rest[low:]


def utf8(text: str) -> int:
    """Return the length of *text* in bytes of UTF-8."""
    return len(text.encode())


def utf16(text: str) -> int:
    """Return the length of *text* in UTF-16 units, as JavaScript and Telegram count."""
    return len(text.encode("utf-16-le")) // 2


def in_json(text: str) -> int:
    """Return the length of *text* in bytes of JSON, all ASCII."""
    return len(json.dumps(text)) - 2


def calm(text: str) -> str:
    """Return *text* with mentions such as "@all" made harmless."""
    return _CALL.sub("@ ", text)


def bare(link: str) -> str:
    """Return a link with every character quoted that could end it."""
    return quote(link, safe=_IN_LINK)


def named(link: str) -> str:
    """Return a link with its host's name as text, for a card."""
    host = urlsplit(link).hostname or "link"
    return f"[{host}]({bare(link)})"


PLAIN = Markup()
