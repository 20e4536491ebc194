"""Read the plain items of a well-formed feed as feedparser would, at a tenth of its price.

feedparser is the parser of record. What is read here is what nearly all feeds are made
of: elements that hold text and nothing else. Each is read by feedparser's own rules,
and an item with anything more in it is left to feedparser; a test compares the two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from feedparser.api import StrictFeedParser
from lxml import etree

Item = dict[str, Any]

_XML = "{http://www.w3.org/XML/1998/namespace}"
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
# What an entry is made of: no element of another name may write to these.
_READ = frozenset(
    {
        *("title", "title_detail", "link", "links", "id", "guidislink", "tags", "source"),
        *("summary", "content", "author", "authors", "author_detail"),
        *("published", "published_parsed", "updated", "updated_parsed"),
    }
)
_HTML = frozenset({"text/html", "application/xhtml+xml"})
# Text types; anything else is markup of its own or base64.
_TEXT_TYPES = frozenset({"", "text", "plain", "text/plain", "html", "text/html"})
_TYPES = {"html": "text/html", "xhtml": "application/xhtml+xml"}
# How UTF-8 starts the characters that Latin-1 has beside ASCII.
_LATIN1 = (b"\xc2", b"\xc3")
_CONTROL = re.compile("[\x80-\x9f]")
_WINDOWS = {
    code: bytes([code]).decode("cp1252")
    for code in range(0x80, 0xA0)
    if code not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}
_SLASHES = re.compile(r"^([A-Za-z][A-Za-z0-9+-.]*://)/+")
# Without IGNORECASE, what starts with a letter is found at five times the speed.
_BASE = re.compile(rb"base(?<!\w....)\s*=")
# All names of a thousand feeds; a hostile one may invent new ones for ever.
_NAMES = 1 << 12
_REFERENCE = re.compile("&([A-Za-z0-9_]+);")


class _Hard(Exception):  # noqa: N818  no error: the item is feedparser's
    """The item holds something that is not read here."""


def has_base(body: bytes) -> bool:
    """Tell whether a document may declare an address that its links are relative to."""
    return _BASE.search(body.lower()) is not None


def read_items(
    items: Iterable[etree._Element], *, is_date: Callable[[str], bool]
) -> list[Item | None]:
    """Return each item as feedparser gives it, None where feedparser must read it.

    Only the keys that ``entry_of`` reads are there. A date of which *is_date* says no
    is feedparser's as well, for it knows rare forms; and so are documents that move
    their base address (``has_base``), for it carries that from item to item.
    """
    language_of = cache(_language_of)  # items share their parents
    return [_read_item(item, is_date, language_of) for item in items]


def _read_item(
    node: etree._Element,
    is_date: Callable[[str], bool],
    language_of: Callable[[etree._Element | None], str | None],
) -> Item | None:
    if _name_of(str(node.tag), node.prefix) not in {"item", "entry"}:
        return None
    try:
        own = _declared_language(node) if node.attrib else None
        reading = _Reading(own or language_of(node.getparent()))
        _read_attributes(node, reading)
        for child in node:
            _reader_of(child.tag, child.prefix)(child, reading)
    except _Hard:
        return None
    dates = (reading.item.get("published"), reading.item.get("updated"))
    return reading.item if all(is_date(date) for date in dates if date) else None


@dataclass(slots=True)
class _Reading:
    """An item half read."""

    language: str | None
    item: Item = field(default_factory=dict)
    has_title: bool = False
    has_content: bool = False


_Reader = Callable[[Any, _Reading], None]


def _language_of(node: etree._Element | None) -> str | None:
    """Return the language that an element or the nearest around it declares."""
    while node is not None:
        if node.attrib and (language := _declared_language(node)):
            return language
        node = node.getparent()
    return None


def _declared_language(node: etree._Element) -> str | None:
    declared = node.get(f"{_XML}lang", node.get("lang"))
    if declared == "":
        # Says that no language is known, whatever stands around.
        raise _Hard
    return declared


def _read_attributes(node: etree._Element, reading: _Reading) -> None:
    for name, value in node.items():
        if name == _ABOUT:
            reading.item["id"] = value
        elif name not in {f"{_XML}lang", "lang"}:
            raise _Hard


@lru_cache(maxsize=_NAMES)
def _reader_of(tag: Any, prefix: str | None) -> _Reader:
    """Return what reads an element of this name; the tag of a comment is a function."""
    if not isinstance(tag, str):
        return _pass_over if tag is etree.Comment else _refuse
    name = _name_of(tag, prefix)
    return _READERS.get(name) or (_read_nothing if _means_nothing(name) else _refuse)


@lru_cache(maxsize=_NAMES)
def _name_of(tag: str, prefix: str | None) -> str:
    """Return an element's name as feedparser's handlers are called after it."""
    namespace, _, local = tag.rpartition("}")
    uri = namespace[1:].lower()
    if "backend.userland.com/rss" in uri:
        uri = "http://backend.userland.com/rss"
    known = _namespaces().get(uri, prefix)
    return f"{known.lower()}_{local.lower()}" if known else local.lower()


@cache
def _namespaces() -> dict[str, str]:
    named = StrictFeedParser.namespaces
    return {uri.lower(): prefix for uri, prefix in named.items()}


@lru_cache(maxsize=_NAMES)
def _means_nothing(name: str) -> bool:
    """Tell whether feedparser keeps an element under a name that nobody reads."""
    handled = any(hasattr(StrictFeedParser, f"_{at}_{name}") for at in ("start", "end"))
    return not handled and name not in _READ and ":" not in name


def _text(node: etree._Element) -> str:
    """Return an element's text as feedparser stores it."""
    if len(node):
        raise _Hard
    text = (node.text or "").strip()
    return text if text.isascii() else _mended(text)


def _mended(text: str) -> str:
    # UTF-8 that was taken for Latin-1 and encoded again; and Windows' quotation marks.
    raw = text.encode()
    if _LATIN1[0] not in raw and _LATIN1[1] not in raw:
        return text
    with suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    return text.translate(_WINDOWS) if _CONTROL.search(text) else text


def _mended_address(text: str) -> str:
    text = _SLASHES.sub(r"\1", text) if ":///" in text else text
    return text if text.isascii() else _mended(text)


def _attributes(node: etree._Element) -> dict[str, str]:
    attributes = {}
    for name, value in node.items():
        key = str(name).lower()
        if "{" in key or key == "lang":
            raise _Hard
        attributes[key] = str(value.lower() if key in {"rel", "type"} else value)
    return attributes


def _check_is_text(node: etree._Element) -> None:
    if node.attrib:
        attributes = _attributes(node)
        if "mode" in attributes or attributes.get("type", "") not in _TEXT_TYPES:
            raise _Hard


def _read_title(node: etree._Element, reading: _Reading) -> None:
    language = reading.language
    if node.attrib:
        language = _declared_language(node) or language
        _check_title_attributes(node)
    value = _text(node)
    if reading.has_title:
        return
    reading.item["title"] = value
    reading.item["title_detail"] = {
        "language": language.replace("_", "-") if language else None
    }
    reading.has_title = bool(value)


def _check_title_attributes(node: etree._Element) -> None:
    for name, value in node.items():
        if name in {f"{_XML}lang", "lang"}:
            continue
        if name != "type" or value.lower() not in _TEXT_TYPES:
            raise _Hard


def _read_link(node: etree._Element, reading: _Reading) -> None:
    item = reading.item
    attributes = _attributes(node) if node.attrib else {}
    link = {"rel": attributes.get("rel", "alternate")}
    item.setdefault("links", []).append(link)
    href = attributes.get("url", attributes.get("uri", attributes.get("href")))
    if len(node) or href == "":
        raise _Hard
    if href:
        address = link["href"] = _SLASHES.sub(r"\1", href)
        if _leads_to_page(link["rel"], attributes.get("type")):
            item["link"] = address
    else:
        address = _mended_address((node.text or "").strip()).replace("&amp;", "&")
        address = item["link"] = (
            _REFERENCE.sub(r"&\g<1>", address) if "&" in address else address
        )
        if address:
            link["href"] = address


def _leads_to_page(rel: str, kind: str | None) -> bool:
    return rel == "alternate" and (kind is None or _TYPES.get(kind, kind) in _HTML)


def _read_guid(node: etree._Element, reading: _Reading) -> None:
    attributes = _attributes(node) if node.attrib else {}
    is_link = attributes.get("ispermalink", "true") == "true"
    if len(node):
        raise _Hard
    text = (node.text or "").strip()
    value = reading.item["id"] = _mended_address(text) if is_link else _mended(text)
    if is_link:
        reading.item.setdefault("link", value)


def _read_summary(node: etree._Element, reading: _Reading) -> None:
    if "summary" in reading.item and not reading.has_content:
        # A second summary is taken for the content.
        _read_content(node, reading)
        return
    _check_is_text(node)
    reading.item["summary"] = _text(node)


def _read_content(node: etree._Element, reading: _Reading) -> None:
    _check_is_text(node)
    value = _text(node)
    reading.has_content = True
    reading.item.setdefault("content", []).append({"value": value})
    reading.item.setdefault("summary", value)


def _read_published(node: etree._Element, reading: _Reading) -> None:
    reading.item["published"] = _plain(node)


def _read_updated(node: etree._Element, reading: _Reading) -> None:
    reading.item["updated"] = _plain(node)


def _plain(node: etree._Element) -> str:
    if node.attrib:
        _attributes(node)
    return _text(node)


def _read_category(node: etree._Element, reading: _Reading) -> None:
    attributes = _attributes(node) if node.attrib else {}
    tags: list[dict[str, str | None]] = reading.item.setdefault("tags", [])
    scheme = attributes.get("scheme", attributes.get("domain"))
    _add_tag(tags, attributes.get("term"), scheme, attributes.get("label"))
    value = _text(node)
    if not value:
        return
    if tags and not tags[-1]["term"]:
        tags[-1]["term"] = value
    else:
        _add_tag(tags, value, None, None)


def _add_tag(
    tags: list[dict[str, str | None]],
    term: str | None,
    scheme: str | None,
    label: str | None,
) -> None:
    tag = {"term": term, "scheme": scheme, "label": label}
    if (term or scheme or label) and tag not in tags:
        tags.append(tag)


def _read_author(node: etree._Element, reading: _Reading) -> None:
    if len(node):
        _read_person(node, reading)
        return
    name = _plain(node)
    if "@" in name:
        raise _Hard
    reading.item["author"] = name
    reading.item.setdefault("authors", []).append({"name": name} if name else {})


def _read_person(node: etree._Element, reading: _Reading) -> None:
    """Read Atom's author: a name, then perhaps an address or two."""
    _plain_attributes(node)
    parts = {}
    for child in node:
        name = _name_of(child.tag, child.prefix) if isinstance(child.tag, str) else ""
        if (
            name not in {"name", "uri", "email"}
            or name in parts
            or child.attrib
            or len(child)
        ):
            raise _Hard
        parts[name] = (child.text or "").strip()
    if next(iter(parts)) != "name" or not parts["name"]:
        raise _Hard
    email = parts.get("email")
    reading.item["author"] = f"{parts['name']} ({email})" if email else parts["name"]
    reading.item.setdefault("authors", []).append(parts)


def _plain_attributes(node: etree._Element) -> None:
    if node.attrib:
        raise _Hard


def _read_source(node: etree._Element, reading: _Reading) -> None:
    attributes = _attributes(node) if node.attrib else {}
    source = {"href": attributes["url"]} if "url" in attributes else {}
    if value := _text(node):
        source["title"] = value
    reading.item["source"] = source
    # What follows may name the item anew.
    reading.has_title = False


def _read_enclosure(node: etree._Element, reading: _Reading) -> None:
    attributes = _attributes(node)
    href = attributes.get("url", attributes.get("uri", attributes.get("href", "")))
    if len(node):
        raise _Hard
    reading.item.setdefault("links", []).append({"rel": "enclosure", "href": href})


def _read_nothing(node: etree._Element, reading: _Reading) -> None:
    del reading
    if len(node):
        raise _Hard


def _pass_over(node: etree._Element, reading: _Reading) -> None:
    del node, reading


def _refuse(node: etree._Element, reading: _Reading) -> None:
    del node, reading
    raise _Hard


_READERS: dict[str, _Reader] = {
    "title": _read_title,
    "dc_title": _read_title,
    "link": _read_link,
    "guid": _read_guid,
    "id": _read_guid,
    "description": _read_summary,
    "dc_description": _read_summary,
    "summary": _read_summary,
    "content": _read_content,
    "content_encoded": _read_content,
    "pubdate": _read_published,
    "published": _read_published,
    "issued": _read_published,
    "dcterms_issued": _read_published,
    "updated": _read_updated,
    "modified": _read_updated,
    "dc_date": _read_updated,
    "dcterms_modified": _read_updated,
    "category": _read_category,
    "dc_subject": _read_category,
    "author": _read_author,
    "dc_creator": _read_author,
    "source": _read_source,
    "enclosure": _read_enclosure,
    "media_thumbnail": _read_nothing,
    "media_content": _read_nothing,
    "media_credit": _read_nothing,
}
