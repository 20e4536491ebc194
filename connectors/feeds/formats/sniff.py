"""Tell what a document is before any parser sees it."""

from __future__ import annotations

import re
from typing import Literal

from connectors.errors import is_challenge

DocumentKind = Literal["xml", "json", "html", "challenge", "other"]

HEAD = 4096

_FEED_ROOT = re.compile(rb"<(?:[\w-]+:)?(?:rss|feed|rdf|channel)[\s>]", re.IGNORECASE)
_SITEMAP_ROOT = re.compile(rb"<(?:[\w-]+:)?(?:urlset|sitemapindex)[\s>]", re.IGNORECASE)
_HTML_ROOT = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|script|title|meta|div)[\s>]", re.IGNORECASE
)
# OPML has a head and a body too; the parser identifies it.
_LIST_ROOT = re.compile(rb"<opml[\s>]", re.IGNORECASE)
_MARKUP = re.compile(rb"^\s*<[?!\w]")


def sniff(body: bytes) -> DocumentKind:
    """Return what *body* is: its first tag or bracket, never its label, decides.

    Servers label feeds text/html and error pages application/xml.
    """
    start = body[:HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] in (b"{", b"["):
        return "json"
    if body.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00", b"<\x00")):
        return "xml"
    feed, page = _FEED_ROOT.search(start), _HTML_ROOT.search(start)
    if feed and (not page or feed.start() < page.start() or _is_warning(start, feed)):
        return "xml"
    if page and not _LIST_ROOT.search(start[: page.start()]):
        return "challenge" if is_challenge(body) else "html"
    return "xml" if _MARKUP.match(start) else "other"


def has_feed_root(body: bytes) -> bool:
    """Tell a feed or a sitemap from markup of another kind."""
    start = body[:HEAD]
    return bool(_FEED_ROOT.search(start) or _SITEMAP_ROOT.search(start))


def is_sitemap(text: bytes) -> bool:
    """Tell a sitemap, or an index of them, from XML of another kind."""
    return bool(_SITEMAP_ROOT.search(text[:2048]))


def without_junk(body: bytes) -> bytes:
    """Drop what a server's warnings or blank lines put before the document."""
    head = body[:HEAD]
    feed = _FEED_ROOT.search(head)
    declaration = head.find(b"<?xml")
    if declaration > 0 and (not feed or declaration < feed.start()):
        return body[declaration:]
    if (
        declaration < 0
        and feed
        and b"<" in head[: feed.start()]
        and b"<!" not in head[: feed.start()]
    ):
        return body[feed.start() :]
    return body


def _is_warning(start: bytes, feed: re.Match[bytes]) -> bool:
    # PHP prints its complaints as HTML before the feed; a page has a root of its own.
    return not re.search(
        rb"<(?:!doctype\s+html|html|body)[\s>]", start[: feed.start()], re.IGNORECASE
    )
