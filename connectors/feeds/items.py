"""Cut the items that were read before out of a document: only new ones are parsed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache

from lxml import etree

# Not well-formed, with a DOCTYPE, or not even UTF-8 XML: such documents are parsed whole.
_DOCTYPE = re.compile(rb"<!DOCTYPE", re.IGNORECASE)
ITEM_NAMES = frozenset({"item", "entry"})
_DATE_ELEMENT = re.compile(
    rb"<(?:[\w-]+:)?(?:pubDate|pubdate|published|updated|modified|issued|created|date|lastBuildDate)\b[^<>]*>"
    rb"[^<>]*(?:<!\[CDATA\[[^<>]*\]\]>)?[^<>]*</[^<>]+>"
)
HASH_BITS = 63  # what a signed 64-bit column takes as well


@dataclass(frozen=True, slots=True)
class Cut:
    """A document taken apart: its items not seen before, and what was counted.

    ``hashes`` holds two numbers an item: of all it says, and of what it says
    apart from its dates. ``redated`` counts items where only the dates changed.
    """

    root: etree._Element
    items: Sequence[etree._Element]
    fresh: Sequence[etree._Element]
    redated: int
    hashes: tuple[int, ...]

    def with_only(self, kept: Iterable[etree._Element]) -> bytes:
        """Take all items but *kept* out for good; return the document."""
        staying = set(kept)
        for item in self.items:
            parent = item.getparent()
            if item not in staying and parent is not None:
                parent.remove(item)
        return etree.tostring(self.root, encoding="utf-8", xml_declaration=True)


def cut_known_items(body: bytes, known: AbstractSet[int]) -> Cut | None:
    """Take *body* apart, its items in *known* aside; None where it must be read whole.

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
    holds_items = cache(_holds_items)  # they share their parents
    nodes = root.iter("{*}item", "{*}entry")
    items = [node for node in nodes if holds_items(node.getparent())]
    return _cut(root, items, known)


def _holds_items(parent: etree._Element | None) -> bool:
    # An <entry> in an entry's content, or an <item> of some playlist, is not ours.
    depth = 0
    while parent is not None:
        if etree.QName(parent).localname in ITEM_NAMES:
            return False
        parent, depth = parent.getparent(), depth + 1
    return depth in (1, 2)


def _cut(root: etree._Element, items: list[etree._Element], known: AbstractSet[int]) -> Cut:
    hashes: list[int] = []
    fresh: list[etree._Element] = []
    redated = 0
    for item in items:
        whole, dateless = hash_text(
            etree.tostring(item, encoding="utf-8", with_tail=False), _without_dates
        )
        hashes += (whole, dateless)
        if whole not in known and dateless not in known:
            fresh.append(item)
        redated += dateless in known and whole not in known
    return Cut(root, items, fresh, redated, tuple(hashes))


def _without_dates(text: bytes) -> bytes:
    return _DATE_ELEMENT.sub(b"", text)


def hash_text(text: bytes, without_dates: Callable[[bytes], bytes]) -> tuple[int, int]:
    """Return the hash of an item's *text*, and of the same without its dates."""
    return _hash(text), _hash(b"dateless " + without_dates(text))


def _hash(text: bytes) -> int:
    digest = hashlib.blake2b(text, digest_size=8).digest()
    return int.from_bytes(digest, "big") >> (64 - HASH_BITS)
