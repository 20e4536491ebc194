"""Cut the items that were read before out of a document: only new ones are parsed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from lxml import etree

# Not well-formed, with a DOCTYPE, or not even UTF-8 XML: such documents are parsed whole.
_DOCTYPE = re.compile(rb"<!DOCTYPE", re.IGNORECASE)
_ITEM_NAMES = frozenset({"item", "entry"})
_DATE_ELEMENT = re.compile(
    rb"<(?:[\w-]+:)?(?:pubDate|pubdate|published|updated|modified|issued|created|date|lastBuildDate)\b[^<>]*>"
    rb"[^<>]*(?:<!\[CDATA\[[^<>]*\]\]>)?[^<>]*</[^<>]+>"
)
HASH_BITS = 63  # what a signed 64-bit column takes as well


@dataclass(frozen=True, slots=True)
class Cut:
    """A document without its known items, and what was counted on the way.

    ``hashes`` holds two numbers an item: of all it says, and of what it says
    apart from its dates. ``redated`` counts items where only the dates changed.
    """

    body: bytes
    total: int
    fresh: int
    redated: int
    hashes: tuple[int, ...]


def cut_known_items(body: bytes, known: AbstractSet[int]) -> Cut | None:
    """Return *body* without the items in *known*, or None where it must be read whole.

    An item whose dates alone changed counts as known: it is no news, and a date
    moves only forward in feeds that stamp everything anew.
    """
    if _DOCTYPE.search(body[:2048]):
        return None
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_comments=False
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    items = [node for node in root.iter("{*}item", "{*}entry") if _is_item(node)]
    return _cut(body, root, items, known)


def _is_item(node: etree._Element) -> bool:
    # An <entry> in an entry's content, or an <item> of some playlist, is not ours.
    parent = node.getparent()
    depth = 0
    while parent is not None:
        if etree.QName(parent).localname in _ITEM_NAMES:
            return False
        parent, depth = parent.getparent(), depth + 1
    return depth in (1, 2)


def _cut(
    body: bytes, root: etree._Element, items: list[etree._Element], known: AbstractSet[int]
) -> Cut:
    hashes: list[int] = []
    seen: list[etree._Element] = []
    redated = 0
    for item in items:
        whole, dateless = hash_text(
            etree.tostring(item, encoding="utf-8", with_tail=False), _without_dates
        )
        hashes += (whole, dateless)
        if whole in known or dateless in known:
            seen.append(item)
            redated += whole not in known
    fresh = len(items) - len(seen)
    if seen and fresh:
        body = _without(root, seen)
    return Cut(body, len(items), fresh, redated, tuple(hashes))


def _without(root: etree._Element, items: list[etree._Element]) -> bytes:
    for item in items:
        parent = item.getparent()
        if parent is not None:
            parent.remove(item)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _without_dates(text: bytes) -> bytes:
    return _DATE_ELEMENT.sub(b"", text)


def hash_text(text: bytes, without_dates: Callable[[bytes], bytes]) -> tuple[int, int]:
    """Return the hash of an item's *text*, and of the same without its dates."""
    return _hash(text), _hash(b"dateless " + without_dates(text))


def _hash(text: bytes) -> int:
    digest = hashlib.blake2b(text, digest_size=8).digest()
    return int.from_bytes(digest, "big") >> (64 - HASH_BITS)
