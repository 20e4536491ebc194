"""Plain elements as feedparser reads them: names, text, attributes, and partial items."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from feedparser.api import StrictFeedParser
from lxml import etree

XML = "{http://www.w3.org/XML/1998/namespace}"
# Text types; anything else is markup of its own or base64.
TEXT_TYPES = frozenset({"", "text", "plain", "text/plain", "html", "text/html"})
_PERSON = frozenset({"name", "uri", "email"})
# How UTF-8 starts the characters that Latin-1 has beside ASCII.
_LATIN1 = (b"\xc2", b"\xc3")
_CONTROL = re.compile("[\x80-\x9f]")
_WINDOWS = {
    code: bytes([code]).decode("cp1252")
    for code in range(0x80, 0xA0)
    if code not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}
_SLASHES = re.compile(r"^([A-Za-z][A-Za-z0-9+-.]*://)/+")
ITEM_NAMES = frozenset({"item", "entry"})
# All names of a thousand feeds; a hostile one may invent new ones for ever.
NAMES = 1 << 12
# What an entry is made of: no element of another name may write to these.
_READ = frozenset(
    {
        *("title", "title_detail", "link", "links", "id", "guidislink", "tags", "source"),
        *("summary", "content", "author", "authors", "author_detail"),
        *("published", "published_parsed", "updated", "updated_parsed"),
    }
)
# What some feeds have in place of a publication date, by the name that feedparser gives it.
OTHER_DATES = (
    *("pubtime", "pub_time", "pub_date", "publishtime", "publish_time", "publishdate"),
    *("publish_date", "publishedat", "published_at", "datepublished", "date_published"),
    *(
        "releasetime",
        "releasedate",
        "createtime",
        "create_time",
        "createdate",
        "created_at",
    ),
    *("posttime", "postdate", "addtime", "inputtime", "showtime", "datetime", "time"),
)
Item = dict[str, Any]


class LeftToFeedparser(Exception):  # noqa: N818  no error: feedparser reads it
    """An element that only feedparser can read."""


def text_of(node: etree._Element) -> str:
    """Return an element's text as feedparser stores it."""
    if len(node):
        raise LeftToFeedparser
    text = (node.text or "").strip()
    return text if text.isascii() else mended(text)


def mended(text: str) -> str:
    """Repair UTF-8 read as Latin-1 and encoded again, and Windows-1252 characters."""
    raw = text.encode()
    if _LATIN1[0] not in raw and _LATIN1[1] not in raw:
        return text
    with suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    return text.translate(_WINDOWS) if _CONTROL.search(text) else text


def mended_address(text: str) -> str:
    """Repair an address in the same way, and surplus slashes before its host."""
    text = without_slashes(text)
    return text if text.isascii() else mended(text)


def without_slashes(address: str) -> str:
    """Return "https://host" for "https:////host"."""
    return _SLASHES.sub(r"\1", address) if ":///" in address else address


def attributes_of(node: etree._Element) -> dict[str, str]:
    """Return an element's attributes as feedparser's handlers receive them."""
    attributes = {}
    for name, value in node.items():
        key = str(name).lower()
        if "{" in key or key == "lang":
            raise LeftToFeedparser
        attributes[key] = str(value.lower() if key in {"rel", "type"} else value)
    return attributes


def declared_language(node: etree._Element) -> str | None:
    """Return the language that an element itself declares."""
    declared = node.get(f"{XML}lang", node.get("lang"))
    if declared == "":
        # Says that no language is known, whatever stands around.
        raise LeftToFeedparser
    return declared


def check_title_attributes(node: etree._Element) -> None:
    """Accept a title of plain text or escaped HTML, in any language.

    Raises:
        LeftToFeedparser: Its type is another, or it has other attributes.
    """
    for name, value in node.items():
        if name in {f"{XML}lang", "lang"}:
            continue
        if name != "type" or value.lower() not in TEXT_TYPES:
            raise LeftToFeedparser


def person_of(node: etree._Element) -> dict[str, str]:
    """Return Atom's author: a name, then perhaps an address or two."""
    if node.attrib:
        raise LeftToFeedparser
    parts: dict[str, str] = {}
    for child in node:
        name = name_of(child.tag, child.prefix) if isinstance(child.tag, str) else ""
        if name not in _PERSON or name in parts or child.attrib or len(child):
            raise LeftToFeedparser
        parts[name] = (child.text or "").strip()
    if next(iter(parts), "") != "name" or not parts["name"]:
        raise LeftToFeedparser
    return parts


@lru_cache(maxsize=NAMES)
def name_of(tag: str, prefix: str | None) -> str:
    """Return an element's name as in the names of feedparser's handlers."""
    namespace, _, local = tag.rpartition("}")
    uri = namespace[1:].lower()
    if "backend.userland.com/rss" in uri:
        uri = "http://backend.userland.com/rss"
    known = _namespaces().get(uri, prefix)
    return f"{known.lower()}_{local.lower()}" if known else local.lower()


@cache
def _namespaces() -> dict[str, str]:
    return {uri.lower(): prefix for uri, prefix in StrictFeedParser.namespaces.items()}


@lru_cache(maxsize=NAMES)
def means_nothing(name: str) -> bool:
    """Tell whether feedparser keeps the element under a name that no entry uses."""
    handled = any(hasattr(StrictFeedParser, f"_{at}_{name}") for at in ("start", "end"))
    return not handled and name not in _READ and ":" not in name


@dataclass(slots=True)
class ItemReading:
    """An item half read: its values so far, and the state for the next element."""

    language: str | None
    item: Item = field(default_factory=dict)
    has_title: bool = False
    has_content: bool = False
    # The last author is a name, or has an address: feedparser mixes a person with it.
    mixes_author: bool = False


Reader = Callable[[Any, ItemReading], None]
