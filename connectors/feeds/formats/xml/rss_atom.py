"""RSS, RDF and Atom: known items cut out, plain ones read here, the rest by feedparser."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from lxml import etree

from connectors.errors import FeedParseError
from connectors.feeds.formats.result import (
    ENTRY_SHARE,
    NOTHING,
    Hashes,
    KnownItems,
    Parsed,
    hash_text,
    hash_words,
    read_each,
)
from connectors.feeds.formats.source import Source, other_xml
from connectors.feeds.formats.xml.document import XmlDocument, escape_bare, whole_document
from connectors.feeds.formats.xml.entry import ask_feedparser, entry_of, head_of
from connectors.feeds.formats.xml.fast_head import Head, read_head
from connectors.feeds.formats.xml.fast_items import has_base, read_items
from connectors.feeds.formats.xml.fast_text import ITEM_NAMES, OTHER_DATES
from transforms.models import Entry

# Parts of a document's time: for all of it, then for what is left to feedparser, then for
# each item of that alone.
WHOLE, REST, ALONE = 0.3, 0.2, ENTRY_SHARE
DUBLIN_CORE = b"http://purl.org/dc/elements/1."
# Not well-formed, with a DOCTYPE, or not even UTF-8 XML: such documents are parsed whole.
_DOCTYPE = re.compile(rb"<!DOCTYPE", re.IGNORECASE)
_DATE_ELEMENT = re.compile(
    rb"<(?:[\w-]+:)?(?:pubDate|pubdate|published|updated|modified|issued|created|date|lastBuildDate"
    rb"|(?i:" + "|".join(OTHER_DATES).encode() + rb"))\b[^<>]*>"
    rb"[^<>]*+(?:<!\[CDATA\[[^<>]*\]\]>[^<>]*+)?</[^<>]+>"
)


def recognises(source: Source) -> bool:
    """Tell whether *source* is XML that is not known to be of another kind."""
    return source.kind == "xml" and not other_xml(source.decoded.body)


def read(source: Source) -> Parsed:
    """Return the new entries of an RSS, RDF or Atom document, in its order.

    Raises:
        FeedParseError: The document is not RSS, RDF or Atom.
    """
    document = whole_document(source)
    return document.told_of(_new_entries(document))


def _new_entries(document: XmlDocument) -> Parsed:
    known = document.source.known
    cut = cut_known_items(document.text, known) if document.charset else None
    if document.charset and not cut:
        document = replace(document, text=escape_bare(document.text))
        cut = cut_known_items(document.text, known)
    if cut and cut.items:
        if not cut.fresh:
            return replace(cut.counts, encoding=document.charset)
        if parsed := _by_items(document, cut):
            return parsed
    return _without_known(_whole(document), document.source)


def _by_items(document: XmlDocument, cut: Cut) -> Parsed | None:
    """Read plain items and a plain head here, the rest by feedparser.

    None where feedparser counts other items than we do.
    """
    items: list[Any] = [None] * len(cut.fresh)
    if not has_base(document.text):
        items = read_items(cut.fresh, is_date=document.source.is_date)
    hard = [node for node, item in zip(cut.fresh, items, strict=True) if item is None]
    head = None if hard else read_head(cut.root)
    if not head:
        head, others = _by_feedparser(document, cut, hard)
        if len(others) != len(hard) or not head.version:
            return None
        rest = iter(others)
        items = [next(rest) if item is None else item for item in items]
    return _entries(document, head, items, cut.counts.total).counted(cut.counts)


def _by_feedparser(
    document: XmlDocument, cut: Cut, hard: Sequence[Any]
) -> tuple[Head, list[Any]]:
    """Return the head and the *hard* items, with an error for each that fails.

    One that takes it too long is such a one.
    """
    try:
        parsed = _ask(document, cut.with_only(hard), REST)
    except FeedParseError:
        others = [_alone(document, text) for text in cut.with_each(hard)]
        return head_of(_ask(document, cut.with_only(()), REST)), others
    return head_of(parsed), parsed.entries


def _alone(document: XmlDocument, text: bytes) -> Any:
    try:
        entries = _ask(document, text, ALONE).entries
    except FeedParseError as error:
        return error
    if len(entries) != 1:
        return FeedParseError(document.source.feed.url, "no item to feedparser")
    return entries[0]


def _whole(document: XmlDocument) -> Parsed:
    try:
        parsed = _ask(document, document.text, WHOLE)
    except FeedParseError:
        # It may be one item that it fails over.
        cut = cut_leniently(document.text)
        rescued = _by_items(document, cut) if cut and cut.items else None
        if not rescued:
            raise
        return rescued
    if not parsed.version and not parsed.entries:
        raise FeedParseError(document.source.feed.url, "not an RSS, RDF or Atom document")
    return _entries(document, head_of(parsed), parsed.entries, len(parsed.entries))


def _ask(document: XmlDocument, text: bytes, share: float) -> Any:
    return ask_feedparser(text, document.charset, document.source.feed, share)


def _entries(document: XmlDocument, head: Head, items: Sequence[Any], total: int) -> Parsed:
    whole = [item for item in items if not isinstance(item, FeedParseError)]
    if head.version.startswith("atom"):
        _inherit_authors(whole, head.authors)
    elif DUBLIN_CORE in document.text:
        _publish_dc_dates(whole)

    def entry(item: Any) -> Entry:
        if isinstance(item, FeedParseError):
            raise item
        return entry_of(item, document.source, head.language)

    entries, notice = read_each(entry, items, feed=document.source.feed, total=total)
    return Parsed(
        entries=entries,
        format=head.version or "unknown",
        title=head.title,
        encoding=document.charset or head.encoding,
        warnings=head.warnings,
    ).with_notice(notice)


def _inherit_authors(items: Iterable[dict[str, Any]], of_feed: list[Any]) -> None:
    """Give entries without authors those of their source, else of their feed.

    Atom says so (RFC 4287, 4.1.2); in RSS a feed's editor wrote nothing.
    """
    for item in items:
        if not dict.get(item, "authors"):
            source = dict.get(item, "source")
            around = dict.get(source, "authors") if isinstance(source, dict) else None
            item["authors"] = around or of_feed
            item.pop("author", None)


def _publish_dc_dates(items: Iterable[dict[str, Any]]) -> None:
    """Use dc:date as the date of publication, where an item has no other.

    It is all that RSS 1.0 has; feedparser knows it as "updated" alone.
    """
    for item in items:
        if dict.get(item, "published") is None and dict.get(item, "updated"):
            item["published"] = dict.get(item, "updated")
            item["published_parsed"] = dict.get(item, "updated_parsed")


def _without_known(parsed: Parsed, source: Source) -> Parsed:
    """Drop known entries after parsing, where they could not be cut before."""
    fresh, counts = source.known.split(parsed.entries, _entry_hashes)
    return replace(parsed, entries=fresh).counted(counts)


def _entry_hashes(entry: Entry) -> Hashes:
    said = (entry.guid, entry.url, entry.title, entry.summary, entry.content)
    words = (*said, *entry.authors, *entry.categories)
    return hash_words(words, (entry.published_raw, entry.updated_raw))


@dataclass(frozen=True, slots=True)
class Cut:
    """A parsed document, with all its items, those not seen before, and the counts."""

    root: etree._Element
    items: Sequence[etree._Element]
    fresh: Sequence[etree._Element]
    counts: Parsed

    def with_only(self, kept: Iterable[etree._Element]) -> bytes:
        """Remove all items but *kept* for good; return the document."""
        staying = set(kept)
        for item in self.items:
            parent = item.getparent()
            if item not in staying and parent is not None:
                parent.remove(item)
        return self._document()

    def with_each(self, kept: Iterable[etree._Element]) -> Iterator[bytes]:
        """Remove all items for good; yield the document with one of *kept* at a time."""
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
    """Separate the items of *body* in *known*; None if it must be read whole."""
    return None if _DOCTYPE.search(body[:2048]) else _cut(body, known, is_lenient=False)


def cut_leniently(body: bytes) -> Cut | None:
    """Separate the items that can be read in *body*, however malformed it is."""
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
    return Cut(root, items, *known.split(items, _hashes_of))


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
    return hash_text(text, lambda whole: _DATE_ELEMENT.sub(b"", whole))
