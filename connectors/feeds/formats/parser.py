"""Parser of a document, and the formats it tries: bytes in, entries out. No network.

To add a format, write its module and a line of ``FORMATS``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, Protocol

from connectors.errors import TooLargeFeedError
from connectors.feeds.formats import federal_register, json_feed, page, sitemap, wordpress
from connectors.feeds.formats.result import KnownItems, Parsed
from connectors.feeds.formats.source import Source, refusal
from connectors.feeds.formats.xml import rss_atom
from connectors.feeds.formats.xml.document import whole_entries
from transforms.models import Entry, Feed
from transforms.text.html import plain_line, plain_text
from transforms.text.lengths import counted
from transforms.urls.canonical import public_base

# Half a character, as "\ud83d" in JSON is when its other half was cut off.
_HALF = re.compile("[\ud800-\udfff]")


class FeedFormat(Protocol):
    """The module of a format."""

    def recognises(self, source: Source, /) -> bool:
        """Tell whether *source* is one of its documents."""

    def read(self, source: Source, /) -> Parsed:
        """Return the new entries; a FeedParseError says that it is something else."""


# The first that recognises a document reads it.
FORMATS: Mapping[str, FeedFormat] = {
    "list on a page or in JSON": page,
    "WordPress posts": wordpress,
    "Federal Register": federal_register,
    "JSON Feed": json_feed,
    "sitemap": sitemap,
    "RSS, RDF or Atom": rss_atom,
}


def parse_document(
    body: bytes,
    *,
    feed: Feed,
    content_type: str = "",
    base_url: str = "",
    now: datetime,
    known: AbstractSet[int] = frozenset(),
    limit: int | None = None,
    keep_blank: bool = False,
    cut_at: int = 0,
) -> Parsed:
    """Return the entries of *body* whose items are not in *known*.

    *known* are the ``item_hashes`` of the document read last time. Of the others the
    first *limit* are read, and the rest is left to the next time. Relative
    links are resolved against *base_url*, the address that answered.
    *keep_blank* keeps what has neither words nor a link, such as a lone author.
    With *cut_at*, *body* is the beginning of a document of more bytes than that, and its
    whole entries are read.

    Raises:
        TooLargeFeedError: It is such a beginning, and not of XML with an entry in it.
        FeedParseError: The document is not a feed; names what it seems to be.
    """
    if cut_at and not (body := whole_entries(body)):
        raise TooLargeFeedError.over(feed.url, cut_at)
    source = Source(
        body=body,
        feed=feed,
        content_type=content_type,
        # Links made absolute with it are published: the feed's own key must not be in it.
        base_url=public_base(base_url or feed.url, feed.url),
        now=now,
        known=KnownItems(hashes=known, limit=limit),
    )
    parsed = read(source)
    if cut_at:
        parsed = parsed.with_notice(_first_part(parsed, cut_at))
    return storable(parsed if keep_blank else _without_blank(parsed))


def _first_part(parsed: Parsed, cut_at: int) -> str:
    first = counted(parsed.total, "entry", "entries")
    return (
        f"larger than {cut_at:,} bytes: its first {first} were read; "
        "max_bytes of the feed in feeds.toml, or of all in sinowire.toml, reads more"
    )


def read(source: Source) -> Parsed:
    """Return the new entries of *source*, read by the first format that recognises it.

    Raises:
        FeedParseError: None does, or it is broken; names what it seems to be.
    """
    for each in FORMATS.values():
        if each.recognises(source):
            return each.read(source)
    raise refusal(source)


def _without_blank(parsed: Parsed) -> Parsed:
    """Drop entries with neither words nor a link."""
    kept = [entry for entry in parsed.entries if entry.url or _has_words(entry)]
    blank = len(parsed.entries) - len(kept)
    if not blank:
        return parsed
    return replace(parsed, entries=kept, total=parsed.total - blank).with_warnings(
        f"left out: {blank} without title, text and link"
    )


def _has_words(entry: Entry) -> bool:
    return bool(
        plain_line(entry.title) or plain_text(entry.summary) or plain_text(entry.content)
    )


def storable(parsed: Parsed) -> Parsed:
    """Return *parsed* with U+FFFD in place of each lone surrogate."""
    if not _HALF.search(parsed.title) and all(map(_is_whole, parsed.entries)):
        return parsed
    return replace(
        parsed, title=_whole(parsed.title), entries=[_mended(e) for e in parsed.entries]
    )


def _is_whole(entry: Entry) -> bool:
    text = "".join(
        (
            entry.guid,
            entry.url,
            entry.title,
            entry.summary,
            entry.content,
            entry.published_raw,
            entry.updated_raw,
            entry.language,
            entry.publisher,
            *entry.authors,
            *entry.categories,
        )
    )
    # Encoding is ten times as fast as looking for them.
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _mended(entry: Entry) -> Entry:
    values = {field.name: getattr(entry, field.name) for field in fields(entry)}
    return replace(entry, **{name: _whole(value) for name, value in values.items()})


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return _HALF.sub("\ufffd", value)
    return tuple(map(_whole, value)) if isinstance(value, tuple) else value
