"""Read the elements of an item that lead somewhere: links, guids, sources, enclosures."""

from __future__ import annotations

import re

from lxml import etree

from connectors.feeds.formats.xml.fast_text import (
    ItemReading,
    LeftToFeedparser,
    attributes_of,
    mended,
    mended_address,
    text_of,
    without_slashes,
)

_HTML = frozenset({"text/html", "application/xhtml+xml"})
_TYPES = {"html": "text/html", "xhtml": "application/xhtml+xml"}
_REFERENCE = re.compile("&([A-Za-z0-9_]+);")


def read_link(node: etree._Element, reading: ItemReading) -> None:
    """Keep a link as feedparser does: by attribute, else by its text."""
    item = reading.item
    attributes = attributes_of(node) if node.attrib else {}
    link = {"rel": attributes.get("rel", "alternate")}
    item.setdefault("links", []).append(link)
    href = attributes.get("url", attributes.get("uri", attributes.get("href")))
    if len(node) or href == "":
        raise LeftToFeedparser
    if href:
        address = link["href"] = without_slashes(href)
        if _leads_to_page(link["rel"], attributes.get("type")):
            item["link"] = address
    else:
        address = mended_address((node.text or "").strip()).replace("&amp;", "&")
        address = item["link"] = (
            _REFERENCE.sub(r"&\g<1>", address) if "&" in address else address
        )
        if address:
            link["href"] = address


def read_guid(node: etree._Element, reading: ItemReading) -> None:
    """Keep the id, which is the link too unless it says otherwise."""
    attributes = attributes_of(node) if node.attrib else {}
    is_link = attributes.get("ispermalink", "true") == "true"
    if len(node):
        raise LeftToFeedparser
    text = (node.text or "").strip()
    value = reading.item["id"] = mended_address(text) if is_link else mended(text)
    if is_link:
        reading.item.setdefault("link", value)


def read_source(node: etree._Element, reading: ItemReading) -> None:
    """Keep whom an aggregated item is from."""
    attributes = attributes_of(node) if node.attrib else {}
    source = {"href": attributes["url"]} if "url" in attributes else {}
    if value := text_of(node):
        source["title"] = value
    reading.item["source"] = source
    # What follows may name the item anew.
    reading.has_title = False


def read_enclosure(node: etree._Element, reading: ItemReading) -> None:
    """Keep the address of an attached file."""
    attributes = attributes_of(node)
    href = attributes.get("url", attributes.get("uri", attributes.get("href", "")))
    if len(node):
        raise LeftToFeedparser
    reading.item.setdefault("links", []).append({"rel": "enclosure", "href": href})


def _leads_to_page(rel: str, kind: str | None) -> bool:
    return rel == "alternate" and (kind is None or _TYPES.get(kind, kind) in _HTML)
