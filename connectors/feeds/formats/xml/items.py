"""Cut the items that were read before out of a document: only new ones are parsed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from lxml import etree

from connectors.feeds.formats.result import NOTHING, Hashes, KnownItems, NewItems, hash_text
from connectors.feeds.formats.xml.fast_text import ITEM_NAMES

# Not well-formed, with a DOCTYPE, or not even UTF-8 XML: such documents are parsed whole.
_DOCTYPE = re.compile(rb"<!DOCTYPE", re.IGNORECASE)
_DATE_ELEMENT = re.compile(
    rb"<(?:[\w-]+:)?(?:pubDate|pubdate|published|updated|modified|issued|created|date|lastBuildDate)\b[^<>]*>"
    rb"[^<>]*+(?:<!\[CDATA\[[^<>]*\]\]>[^<>]*+)?</[^<>]+>"
)


@dataclass(frozen=True, slots=True)
class Cut:
    """A document taken apart: all its items, and those not seen before."""

    root: etree._Element
    items: Sequence[etree._Element]
    new: NewItems[etree._Element]

    def with_only(self, kept: Iterable[etree._Element]) -> bytes:
        """Take all items but *kept* out for good; return the document."""
        staying = set(kept)
        for item in self.items:
            parent = item.getparent()
            if item not in staying and parent is not None:
                parent.remove(item)
        return self._document()

    def with_each(self, kept: Iterable[etree._Element]) -> Iterator[bytes]:
        """Take all items out for good; yield the document with one of *kept* at a time."""
        places = [(item, item.getparent()) for item in kept]
        self.with_only(())
        for item, parent in places:
            if parent is not None:
                parent.append(item)
                yield self._document()
                parent.remove(item)

    def _document(self) -> bytes:
        return etree.tostring(self.root, encoding="utf-8", xml_declaration=True)


def cut_known_items(body: bytes, known: KnownItems) -> Cut | None:
    """Take *body* apart, its items in *known* aside; None where it must be read whole."""
    return None if _DOCTYPE.search(body[:2048]) else _cut(body, known, is_lenient=False)


def cut_leniently(body: bytes) -> Cut | None:
    """Take apart what can be read of *body*, whatever is wrong with it."""
    return _cut(body, NOTHING, is_lenient=True)


def _cut(body: bytes, known: KnownItems, *, is_lenient: bool) -> Cut | None:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, recover=is_lenient
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root is None:
        return None  # nothing could be recovered
    holds_items = cache(_holds_items)  # they share their parents
    nodes = root.iter("{*}item", "{*}entry")
    items = [node for node in nodes if holds_items(node.getparent())]
    return Cut(root, items, known.split(items, _hashes_of))


def _holds_items(parent: etree._Element | None) -> bool:
    # An <entry> in an entry's content, or an <item> of some playlist, is not ours.
    depth = 0
    while parent is not None:
        if etree.QName(parent).localname in ITEM_NAMES:
            return False
        parent, depth = parent.getparent(), depth + 1
    return depth in (1, 2)


def _hashes_of(item: etree._Element) -> Hashes:
    text = etree.tostring(item, encoding="utf-8", with_tail=False)
    return hash_text(text, _without_dates)


def _without_dates(text: bytes) -> bytes:
    return _DATE_ELEMENT.sub(b"", text)
