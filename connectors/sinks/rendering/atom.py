"""A JSON Feed of ours as Atom (RFC 4287)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml.etree import Element as Root
from lxml.etree import SubElement, _Element, tostring

ATOM = "http://www.w3.org/2005/Atom"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# RFC 4287 wants a date even of a feed without entries.
NEVER = "1970-01-01T00:00:00Z"


def to_atom(feed: Mapping[str, Any], feed_id: str) -> bytes:
    """Return *feed*, as the channel ``feed`` makes it, as an Atom document."""
    root = Root(_name("feed"), {XML_LANG: feed["language"]}, nsmap={None: ATOM})  # type: ignore[dict-item]  # the stubs know no default namespace
    items = feed["items"]
    _text(root, "id", feed_id)
    _text(root, "title", feed["title"])
    _text(root, "updated", items[0]["date_published"] if items else NEVER)
    _text(SubElement(root, _name("author")), "name", feed["authors"][0]["name"])
    if address := feed.get("feed_url"):
        beside = str(address).removesuffix(".json") + ".atom"
        own = feed.get("atom_url") or beside
        SubElement(root, _name("link"), {"rel": "self", "href": own})
    for item in items:
        _entry(root, item)
    return tostring(root, encoding="utf-8", xml_declaration=True)


def _entry(root: _Element, item: Mapping[str, str]) -> None:
    entry = SubElement(root, _name("entry"))
    _text(entry, "id", item["id"])
    _text(entry, "title", item["title"])
    _text(entry, "updated", item["date_published"])
    _text(entry, "published", item["date_published"])
    if link := item.get("url"):
        SubElement(entry, _name("link"), {"rel": "alternate", "href": link})
    _text(entry, "content", item["content_html"]).set("type", "html")


def _text(parent: _Element, name: str, text: str) -> _Element:
    child = SubElement(parent, _name(name))
    child.text = text
    return child


def _name(name: str) -> str:
    return f"{{{ATOM}}}{name}"
