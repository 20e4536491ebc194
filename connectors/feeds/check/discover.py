"""Discovery of a site's feeds: in its pages, at common addresses, in sitemaps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from connectors.errors import FeedError
from connectors.feeds.check.check import Checker, open_checker
from connectors.feeds.check.page_guess import guess_page
from connectors.feeds.fetch.document import Document
from connectors.feeds.fetch.politeness import FetchOptions
from connectors.feeds.formats.result import Parsed
from connectors.feeds.formats.source import HEAD, sniff
from transforms.models import Feed, ListSelectors
from transforms.text.html import plain_line, safe_link
from transforms.text.language import base_language, detect_language

T = TypeVar("T")
COMMON_PATHS = (
    "/feed",
    "/rss",
    "/feed.xml",
    "/rss.xml",
    "/atom.xml",
    "/index.xml",
    "/feed.json",
)
# Links in a page that may be feeds; more than these are a directory, not a site's own.
MAX_TRIED = 12
# A large site has hundreds of sitemaps; those of news are named so.
MAX_SITEMAPS = 4
MAX_ROBOTS = 500 * 1024
_SITEMAP = re.compile(
    r"^[ \t]{0,40}site-?maps?[ \t]{0,40}:[ \t]{0,40}(\S+)", re.IGNORECASE | re.MULTILINE
)
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


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that answered, under the address to subscribe to.

    It is a page that lists articles where *selectors* are guessed for it.
    """

    url: str
    title: str
    language: str
    format: str
    selectors: ListSelectors | None = None


async def find_feeds(url: str, *, options: FetchOptions) -> list[FoundFeed]:
    """Return the feeds at *url*, best first.

    They are the address itself, else those that the page names, else the first of the
    usual places, else the news sitemaps that the site's robots.txt names.

    Raises:
        FeedError: The address cannot be fetched, or holds neither a feed nor a page.
    """
    async with open_checker(options, datetime.now(UTC)) as checker:
        document = await _fetch(checker, url)
        try:
            return [await _read(checker, document)]
        except FeedError as error:
            found = await _around(checker, document)
            if not found and sniff(document.body) != "html":
                raise error from None
            return found


async def _around(checker: Checker, document: Document) -> list[FoundFeed]:
    """Return the feeds that *document* names, else those in usual places of its site."""
    if children := await _children(checker, document):
        return await _answering(checker, children)
    if sniff(document.body) not in {"html", "challenge"}:
        return []
    found = await checker.call(document.url, named_feeds, document.body, document.url)
    named = found[:MAX_TRIED]
    if answering := await _answering(checker, named):
        return answering
    common = (urljoin(document.url, path) for path in COMMON_PATHS)
    guessed = await _answering(checker, (c for c in common if c not in named))
    return guessed[:1] or await _in_sitemaps(checker, document.url)


async def find_list(url: str, *, options: FetchOptions) -> FoundFeed | None:
    """Return the list of articles on the page at *url*, None if none is guessed.

    A page that its site's robots.txt closes is not looked at.
    """
    page = Feed(feed_id="", url=url, selectors=ListSelectors(items="a"))
    async with open_checker(options, datetime.now(UTC)) as checker:
        try:
            document = await checker.fetcher.fetch(page)
            whole = document.body, document.content_type
            guessed = await checker.call(
                document.url, guess_page, *whole, page, checker.now
            )
            return await _read(checker, document, guessed) if guessed else None
        except FeedError:
            return None


async def _in_sitemaps(checker: Checker, page: str) -> list[FoundFeed]:
    """Return the news sitemaps that the site's robots.txt names."""
    try:
        robots = await _fetch(checker, urljoin(page, "/robots.txt"))
    except FeedError:
        return []
    text = robots.body[:MAX_ROBOTS].decode("utf-8", "replace")
    named = [safe_link(found, page) for found in _SITEMAP.findall(text)]
    addresses: list[str] = []
    for address in _likeliest(named):
        try:
            document = await _fetch(checker, address)
            addresses += await _children(checker, document) or [address]
        except FeedError:
            continue
    return await _answering(checker, dict.fromkeys(addresses))


async def _fetch(checker: Checker, url: str) -> Document:
    return await checker.fetcher.fetch_beginning(Feed(feed_id="", url=url))


async def _read(
    checker: Checker, document: Document, selectors: ListSelectors | None = None
) -> FoundFeed:
    feed = Feed(feed_id="", url=document.url, selectors=selectors)
    parsed = await checker.parse(feed, document)
    title = (
        plain_line(parsed.title)
        or next((entry.publisher for entry in parsed.entries if entry.publisher), "")
        or (urlsplit(document.url).hostname or document.url)
    )
    language = _language(parsed, title)
    return FoundFeed(document.url, title, language, parsed.format, selectors)


async def _children(checker: Checker, document: Document) -> list[str]:
    """Return the sitemaps to try where *document* is an index, else none."""
    if b"<sitemapindex" not in document.body[:HEAD]:
        return []
    from connectors.feeds.formats.sitemap import (  # noqa: PLC0415  lxml is slow to load
        child_sitemaps,
    )

    return _likeliest(await checker.call(document.url, child_sitemaps, document.body))


async def _answering(checker: Checker, addresses: Iterable[str]) -> list[FoundFeed]:
    """Return the feeds among *addresses* that can be read, each once, in order."""
    found: dict[str, FoundFeed] = {}
    for address in addresses:
        try:
            feed = await _read(checker, await _fetch(checker, address))
        except FeedError:
            continue  # a guess, or a link that the site itself has forgotten
        found.setdefault(feed.url, feed)
    return list(found.values())


def _likeliest(sitemaps: Iterable[str]) -> list[str]:
    unique = dict.fromkeys(filter(None, sitemaps))
    return sorted(unique, key=lambda address: "news" not in address.lower())[:MAX_SITEMAPS]


def _language(parsed: Parsed, title: str) -> str:
    declared = next((entry.language for entry in parsed.entries if entry.language), "")
    sample = " ".join(plain_line(entry.title) for entry in parsed.entries[:10])
    return (
        detect_language(sample, declared)
        if sample
        else base_language(declared) or detect_language(title)
    )


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
