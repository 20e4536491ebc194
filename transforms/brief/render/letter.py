"""The front page of a brief as a letter: words for a chat, a file or a plain-text mail."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.brief.model import BREAK, Board, Brief, Items, Line, Section, plain
from transforms.models import Letter, LetterSection, ToldItem
from transforms.words import say


def write_letter(brief: Brief) -> Letter:
    """Return the front page of *brief*: leading stories, what changed, policy."""
    return Letter(
        subject=brief.title,
        heading=brief.title,
        sections=tuple(_sections(brief)),
    )


def _sections(brief: Brief) -> Iterator[LetterSection]:
    for notice in brief.notices:
        yield LetterSection(title=plain(notice))
    lead, *others = brief.front or (None,)
    if lead:
        yield from _of_section(lead)
    changed = tuple(_item(line) for line in brief.opening)
    if changed:
        title = say("changed", brief.language)
        yield LetterSection(title=title, items=changed)
    for section in others:
        if section:
            yield from _of_section(section)


def _of_section(section: Section) -> Iterator[LetterSection]:
    for items in _lists(section):
        if items.lines:
            yield LetterSection(
                title=items.heading or section.title,
                items=tuple(
                    _item(line, number=number if items.ordered else 0)
                    for number, line in enumerate(items.lines, 1)
                ),
            )


def _lists(section: Section) -> Iterator[Items]:
    for block in section.blocks:
        if isinstance(block, Items):
            yield block
        elif isinstance(block, Board):
            yield from (block.left, block.right)


def _item(line: Line, *, number: int = 0) -> ToldItem:
    """Return the first line of an item as its headline, linked to its first address."""
    rows: list[list[str]] = [[]]
    for piece in line:
        if piece.text == BREAK:
            rows.append([])
        else:
            rows[-1].append(piece.text)
    headline, *below = ("".join(row).strip() for row in rows)
    links = (piece.url for piece in line if piece.url and not piece.url.startswith("#"))
    return ToldItem(
        headline=f"{number}. {headline}" if number else headline,
        lines=tuple(filter(None, below)),
        link=next(links, ""),
    )
