"""Head of a plain feed, all but its items, as feedparser reads it.

feedparser takes longer over a head than we do over thirty items. As with items, what
holds more than plain elements is left to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from connectors.feeds.formats.xml.fast_text import (
    ITEM_NAMES,
    XML,
    LeftToFeedparser,
    check_title_attributes,
    means_nothing,
    name_of,
    person_of,
    text_of,
)

_VERSIONS = {"0.91": "rss091u", "0.92": "rss092", "0.93": "rss093", "0.94": "rss094"}
# A document that names one of these namespaces anywhere has this version in feedparser.
_OTHER_VERSIONS = frozenset(
    {"http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/"}
)
_IMAGE = frozenset({"title", "link", "url", "width", "height", "description"})
# Elements that feedparser has a handler for, which touches nothing that is read here.
_INERT = frozenset(
    {
        *("link", "id", "guid", "description", "subtitle", "tagline", "category"),
        *("copyright", "rights", "generator", "cloud", "webmaster"),
        *("pubdate", "lastbuilddate", "published", "updated", "modified"),
    }
)


@dataclass(slots=True)
class Head:
    """Facts about a feed; ``encoding`` and ``warnings`` are of its document."""

    version: str
    title: str = ""
    language: str = ""
    authors: list[Any] = field(default_factory=list)
    encoding: str = ""
    warnings: tuple[str, ...] = ()


def read_head(root: etree._Element) -> Head | None:
    """Return a feed's head, None if it needs feedparser."""
    if not _OTHER_VERSIONS.isdisjoint(uri.lower() for uri in root.nsmap.values()):
        return None
    try:
        if root.tag == "rss":
            return _read_rss(root)
        return _read_atom(root) if root.tag == "{http://www.w3.org/2005/Atom}feed" else None
    except LeftToFeedparser:
        return None


def _read_rss(root: etree._Element) -> Head:
    channel = root[0] if len(root) == 1 else root
    if channel.tag != "channel" or channel.attrib or set(root.attrib) - {"version"}:
        raise LeftToFeedparser
    number = root.get("version", "")
    version = _VERSIONS.get(number) or ("rss20" if number.startswith("2.") else "rss")
    return _read_children(channel, Head(version), _RSS)


def _read_atom(root: etree._Element) -> Head:
    if root.prefix or set(root.attrib) - {f"{XML}lang"}:
        raise LeftToFeedparser
    language = root.get(f"{XML}lang", "").replace("_", "-")
    return _read_children(root, Head("atom10", language=language), _ATOM_READERS)


def _read_children(parent: etree._Element, head: Head, readers: dict[str, _Reader]) -> Head:
    for child in parent:
        tag: Any = child.tag
        if tag is etree.Comment or _local(child) in ITEM_NAMES:
            continue
        name = name_of(tag, child.prefix)
        if reader := readers.get(name):
            reader(child, head)
        elif len(child) or not (name in _INERT or means_nothing(name)):
            raise LeftToFeedparser
    return head


def _local(node: etree._Element) -> str:
    if not isinstance(node.tag, str):
        raise LeftToFeedparser
    return node.tag.rpartition("}")[2]


def _read_title(node: etree._Element, head: Head) -> None:
    if head.title:
        raise LeftToFeedparser
    check_title_attributes(node)
    head.title = text_of(node)


def _read_language(node: etree._Element, head: Head) -> None:
    if node.attrib:
        raise LeftToFeedparser
    head.language = text_of(node)


def _read_author(node: etree._Element, head: Head) -> None:
    head.authors.append(person_of(node))


def _read_image(node: etree._Element, head: Head) -> None:
    del head
    for child in node:
        if _local(child) not in _IMAGE or child.prefix or len(child):
            raise LeftToFeedparser


def _read_editor(node: etree._Element, head: Head) -> None:
    # In RSS nobody inherits from it.
    del head
    if len(node):
        raise LeftToFeedparser


_Reader = Callable[[Any, Head], None]


_RSS: dict[str, _Reader] = {
    "title": _read_title,
    "language": _read_language,
    "image": _read_image,
    "managingeditor": _read_editor,
}


_ATOM_READERS: dict[str, _Reader] = {"title": _read_title, "author": _read_author}
