"""Escape what XML does not allow between tags: bare ampersands and HTML's entities."""

from __future__ import annotations

import re
from html.entities import html5

_TOKEN = re.compile(
    # What is never closed ends with the document: to look for its end again and again
    # from each of 100,000 starts would take minutes.
    rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
    rb"|&#(?P<high>55[2-9]\d\d|56[0-2]\d\d|563[01]\d);&#(?P<low>56[3-9]\d\d|57[0-3]\d\d);"
    rb"|&(?:#(?P<number>\d{1,7}|x[0-9a-fA-F]{1,6});|(?P<fine>(?:amp|lt|gt|quot|apos);)"
    rb"|(?P<name>[A-Za-z][A-Za-z0-9]{1,31};)?)",
    re.DOTALL,
)
_ENTITY = re.compile(rb"<!ENTITY\s+([A-Za-z][A-Za-z0-9]{1,30})\s")
HEAD = 8192  # a DOCTYPE stands at the top


def escape_bare(body: bytes) -> bytes:
    """Return *body*, in UTF-8, with "AT&T" and "&nbsp;" as XML wants them.

    feedparser reads the first as "AT&T;". CDATA and comments stay as they are,
    and so do the entities that the document declares.
    """
    declared = frozenset(name + b";" for name in _ENTITY.findall(body[:HEAD]))
    return _TOKEN.sub(lambda token: _escaped(token, declared), body)


def _escaped(token: re.Match[bytes], declared: frozenset[bytes]) -> bytes:
    text, name = token[0], token["name"]
    if not text.startswith(b"&") or token["fine"] or name in declared:
        return text
    if token["high"]:
        # JavaScript's halves of one character, as some feeds write an emoji.
        halves = chr(int(token["high"])) + chr(int(token["low"]))
        pair = halves.encode("utf-16-le", "surrogatepass")
        return pair.decode("utf-16-le", "replace").encode()
    if number := token["number"]:
        return text if _is_character(number) else "\ufffd".encode()
    if name and (characters := html5.get(name.decode())):
        return characters.encode()
    return b"&amp;" + text[1:]


def _is_character(number: bytes) -> bool:
    """Tell whether XML allows the character; feedparser fails whole feeds over others."""
    code = int(number[1:], 16) if number[:1] == b"x" else int(number)
    if code < 0x20:  # noqa: PLR2004
        return code in {9, 10, 13}
    return code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF and code & 0xFFFE != 0xFFFE  # noqa: PLR2004
