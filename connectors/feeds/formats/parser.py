"""A document's bytes in, its entries out. No network."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime

from connectors.errors import ChallengeError, FeedParseError
from connectors.feeds.formats.encoding.repair import repair_encoding
from connectors.feeds.formats.json_feed import parse_jsonfeed
from connectors.feeds.formats.known import Known
from connectors.feeds.formats.result import BROKEN_OFF, Parsed
from connectors.feeds.formats.sniff import has_feed_root, sniff, without_junk
from connectors.feeds.formats.surrogates import storable
from connectors.feeds.formats.xml.rss_atom import parse_rss
from transforms.html import plain_line, plain_text
from transforms.models import Entry, Feed
from transforms.urls import public_base

_ROOT = re.compile(rb"<((?:[\w-]+:)?(?:rss|feed|rdf|urlset))[\s>]", re.IGNORECASE)
_ITEM_END = re.compile(rb"</(?:[\w-]+:)?(?:item|entry)\s*>", re.IGNORECASE)
_URL_END = re.compile(rb"</(?:[\w-]+:)?url\s*>", re.IGNORECASE)
_SITEMAP = re.compile(rb"<(?:[\w-]+:)?(?:urlset|sitemapindex)[\s>]", re.IGNORECASE)
_OTHERS = (
    (
        re.compile(rb"<opml[\s>]", re.IGNORECASE),
        "an OPML list of feeds: `sinowire feeds import` takes it",
    ),
    (
        re.compile(rb"<(?:[\w-]+:)?Error>|<AccessDenied", re.IGNORECASE),
        "an error message of the server's storage",
    ),
)


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
) -> Parsed:
    """Return the entries of *body* whose items are not in *known*.

    *known* are the ``item_hashes`` of the document read last time. Of the others the
    first *limit* are read, and the rest is left to the next time. Relative
    links are resolved against *base_url*, the address that answered.
    *keep_blank* keeps what has neither words nor a link, such as a lone author.

    Raises:
        FeedParseError: The document is not a feed; names what it seems to be.
    """
    # Links made absolute with it are published: the feed's own key must not be in them.
    base_url = public_base(base_url or feed.url, feed.url)
    parsed = _parse(
        body, feed, content_type, base_url, now, Known(hashes=known, limit=limit)
    )
    return storable(parsed if keep_blank else _without_blank(parsed))


def _parse(
    body: bytes,
    feed: Feed,
    content_type: str,
    base_url: str,
    now: datetime,
    known: Known,
) -> Parsed:
    kind = sniff(body)
    if feed.selectors and not (kind == "xml" and has_feed_root(body)):
        from connectors.feeds.formats.page.entries import parse_list  # noqa: PLC0415  few feeds want it

        return parse_list(
            body,
            feed=feed,
            selectors=feed.selectors,
            content_type=content_type,
            base_url=base_url,
            now=now,
            known=known,
        )
    match kind:
        case "json":
            return parse_jsonfeed(body, feed=feed, base_url=base_url, now=now, known=known)
        case "challenge":
            raise ChallengeError(
                feed.url, "a bot check, captcha or login page came instead of the feed"
            )
        case "html":
            raise FeedParseError(feed.url, f"a web page, not a feed{_titled(body)}")
        case "other":
            raise FeedParseError(feed.url, _other(body))
        case _:
            return _parse_xml(body, feed, content_type, base_url, now, known)


def _without_blank(parsed: Parsed) -> Parsed:
    """Leave out entries that would be articles without a word and without a link."""
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


def _parse_xml(
    body: bytes,
    feed: Feed,
    content_type: str,
    base_url: str,
    now: datetime,
    known: Known,
) -> Parsed:
    decoded = repair_encoding(without_junk(body), content_type)
    text, is_cut = _mended(decoded.body, feed) if decoded.charset else (decoded.body, False)
    for root, what in _OTHERS:
        if root.search(text[:2048]):
            raise FeedParseError(feed.url, what)
    if _SITEMAP.search(text[:2048]):
        from connectors.feeds.formats.sitemap import parse_sitemap  # noqa: PLC0415  few feeds want it

        parsed = parse_sitemap(text, feed=feed, base_url=base_url, now=now, known=known)
    else:
        parsed = parse_rss(
            text,
            feed=feed,
            charset=decoded.charset,
            base_url=base_url,
            now=now,
            known=known,
        )
    parsed = replace(parsed, encoding=decoded.encoding or parsed.encoding)
    if not is_cut:
        return parsed.with_warnings(decoded.note)
    return replace(parsed, is_cut=True).with_warnings(decoded.note, BROKEN_OFF)


def _mended(body: bytes, feed: Feed) -> tuple[bytes, bool]:
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


def _titled(body: bytes) -> str:
    found = re.search(rb"<title[^<>]*>\s*([^<]{1,120})", body[:60_000], re.IGNORECASE)
    return f' ("{" ".join(found[1].decode("utf-8", "replace").split())}")' if found else ""


def _other(body: bytes) -> str:
    if not body.strip():
        return "an empty answer, not a feed"
    if body.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8", b"PK\x03\x04", b"GIF8")):
        return "a file of another kind, not a feed"
    return "neither XML nor JSON, so not a feed"
