"""An XML document made whole: in UTF-8, and closed where it breaks off."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from connectors.errors import FeedParseError
from connectors.feeds.formats.result import BROKEN_OFF, Parsed
from connectors.feeds.formats.source import Source
from transforms.models import Feed

_ROOT = re.compile(rb"<((?:[\w-]+:)?(?:rss|feed|rdf|urlset))[\s>]", re.IGNORECASE)
_ITEM_END = re.compile(rb"</(?:[\w-]+:)?(?:item|entry)\s*>", re.IGNORECASE)
_URL_END = re.compile(rb"</(?:[\w-]+:)?url\s*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class XmlDocument:
    """A document to read; ``charset`` is "" where its encoding could not be told."""

    source: Source
    text: bytes
    charset: str
    encoding: str
    note: str
    is_cut: bool

    def told_of(self, parsed: Parsed) -> Parsed:
        """Return *parsed* with what is to be told of the document that it is from."""
        told = replace(
            parsed, encoding=self.encoding or parsed.encoding, is_cut=self.is_cut
        )
        return told.with_warnings(self.note, BROKEN_OFF if self.is_cut else "")


def whole_document(source: Source) -> XmlDocument:
    """Return the document of *source*, closed where it breaks off.

    Raises:
        FeedParseError: It breaks off before its first item ends.
    """
    decoded = source.decoded
    text, is_cut = decoded.body, False
    if decoded.charset:
        text, is_cut = _closed(text, source.feed)
    return XmlDocument(
        source=source,
        text=text,
        charset=decoded.charset,
        encoding=decoded.encoding,
        note=decoded.note,
        is_cut=is_cut,
    )


def _closed(body: bytes, feed: Feed) -> tuple[bytes, bool]:
    """Close a document that breaks off, without the item that it breaks off in.

    Half an item would be stored with half a headline.
    """
    root = _ROOT.search(body[:4096])
    if not root or f"</{root[1].decode()}".lower().encode() in body[-2048:].lower():
        return body, False
    name = root[1]
    end = _URL_END if name.lower().endswith(b"urlset") else _ITEM_END
    ends = list(end.finditer(body))
    if not ends:
        raise FeedParseError(feed.url, "the document breaks off before its first item ends")
    closing = (
        b"</channel></" + name + b">"
        if name.lower().endswith(b"rss")
        else b"</" + name + b">"
    )
    return body[: ends[-1].end()] + closing, True
