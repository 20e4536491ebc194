"""Rows of a reader's SQL: ids and addresses as links, and where a statement failed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from transforms.pages.render import as_text
from transforms.pages.words import Link, PageWords, address_of, web_address

# What columns of ids are called, whatever else their names say.
_OF_SUBJECT = re.compile(
    r"(?:^|_)(?:company|companies|brand|parent|subject|topic|topics|event|id|a|b)(?:_|$)"
)
_OF_STORY = ("story_id", "merged_into", "split_from")
_OF_ARTICLE = "article_id"
_ID = re.compile(r"[\w.-]{1,80}")
_AROUND = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedIds:
    """Ids that have pages: whether each is a company, topic or event type; stories."""

    kinds: Mapping[str, str]
    story_of: Mapping[str, str]


def articles_in(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Return the ids of articles in some rows."""
    places = [at for at, name in enumerate(columns) if name.lower().endswith(_OF_ARTICLE)]
    return list({each for row in rows for at in places for each in _texts(row[at])})


def cell_links(
    words: PageWords, known: LinkedIds, column: str, value: object
) -> list[Link]:
    """Return the parts of a cell; ids that have a page and web addresses are links."""
    values = value if isinstance(value, list | tuple) else [value]
    return [
        Link(text=as_text(each), href=_href(words, known, column.lower(), each))
        for each in values
    ]


def _href(words: PageWords, known: LinkedIds, column: str, value: object) -> str:
    if not isinstance(value, str):
        return ""
    if not _ID.fullmatch(value):
        return web_address(value)
    if value in known.kinds and _OF_SUBJECT.search(column):
        return words.href(address_of(known.kinds[value], value))
    story = value if column.endswith(_OF_STORY) else ""
    if column.endswith(_OF_ARTICLE):
        story = known.story_of.get(value, "")
    return words.href(f"/stories/{story}") if story else ""


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list | tuple) else [value]
    return [each for each in values if isinstance(each, str)]


def caret(statement: str, place: tuple[int, int]) -> str:
    """Return the line of a *statement* with a caret under the *place* of its error."""
    line, column = place[0], place[1] - 1
    text = [*statement.split("\n"), ""][line - 1].rstrip("\r")
    begins = max(0, column - _AROUND)
    before = text[begins:column]
    # A wide space below each wide character: the caret stands where its column is.
    pad = "".join("\u3000" if _is_wide(char) else " " for char in before)
    return f"{text[begins : column + _AROUND]}\n{pad}^"


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF"
