"""The feeds that a web page names: in its head, and in links that look like one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from transforms.text.html import safe_link

FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
        "application/rdf+xml",
        "application/json",
        "application/xml",
        "text/xml",
    }
)
_COMMENTS = re.compile(r"comments?\b|评论|評論|留言|回复|迴響", re.IGNORECASE)


def named_feeds(page: bytes, base_url: str) -> list[str]:
    """Return the feed addresses that a page names.

    Its ``<link>`` elements come first, feeds of readers' comments last.
    """
    tree = LexborHTMLParser(page.decode("utf-8", "replace"))
    base = tree.css_first("base[href]")
    if base is not None:
        base_url = urljoin(base_url, base.attributes.get("href") or "")
    found: dict[str, bool] = {}
    for href, title in (*_links(tree), *_anchors(tree)):
        if address := safe_link(href, base_url):
            found.setdefault(address, bool(_COMMENTS.search(f"{href} {title}")))
    return sorted(found, key=lambda address: found[address])


def _links(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    for link in tree.css("link[href]"):
        rel = (link.attributes.get("rel") or "").lower().split()
        kind = (link.attributes.get("type") or "").lower().partition(";")[0].strip()
        if ("alternate" in rel and kind in FEED_TYPES) or "feed" in rel:
            yield link.attributes.get("href") or "", link.attributes.get("title") or ""


def _anchors(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    for anchor in tree.css("a[href]"):
        href = anchor.attributes.get("href") or ""
        try:
            path = urlsplit(href).path
        except ValueError:
            continue
        words = set(path.lower().strip("/").replace(".", "/").split("/"))
        if {"feed", "rss", "atom", "feeds"} & words:
            yield href, anchor.text()
