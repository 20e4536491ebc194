"""Escape what XML does not allow between tags: bare ampersands and HTML's entities."""

from __future__ import annotations

import re
from html.entities import html5

_TOKEN = re.compile(
    rb"<!\[CDATA\[.*?\]\]>|<!--.*?-->"
    rb"|&(?:(?P<fine>#\d{1,7};|#x[0-9a-fA-F]{1,6};|(?:amp|lt|gt|quot|apos);)"
    rb"|(?P<name>[A-Za-z][A-Za-z0-9]{1,31};)?)",
    re.DOTALL,
)


def escape_bare(body: bytes) -> bytes:
    """Return *body*, in UTF-8, with "AT&T" and "&nbsp;" as XML wants them.

    feedparser reads the first as "AT&T;". CDATA and comments stay as they are.
    """
    return _TOKEN.sub(_escaped, body)


def _escaped(token: re.Match[bytes]) -> bytes:
    text = token[0]
    if not text.startswith(b"&") or token["fine"]:
        return text
    name = token["name"]
    if name and (characters := html5.get(name.decode())):
        return characters.encode()
    return b"&amp;" + text[1:]
