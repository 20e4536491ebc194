"""Write a letter in a service's markup, split at the service's limit."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from connectors.sinks.rendering.markup import Markup, calm
from transforms.models import Letter, ToldItem
from transforms.text.harmless import graphemes

Size = Callable[[str], int]


def utf8(text: str) -> int:
    """Return the length of *text* in bytes of UTF-8."""
    return len(text.encode())


def utf16(text: str) -> int:
    """Return the length of *text* as JavaScript, Java and Telegram count it."""
    return len(text.encode("utf-16-le")) // 2


def in_json(text: str) -> int:
    """Return the length of *text* in bytes of the JSON that Apprise writes, all ASCII."""
    return len(json.dumps(text)) - 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How long a message may be, and how a service counts."""

    most: int
    size: Size


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
