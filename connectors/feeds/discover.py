"""Find the feeds of a site: those that its pages name, else where feeds usually are."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from connectors.errors import FeedError, FeedParseError
from connectors.feeds.fetch import Document, open_fetcher
from connectors.feeds.options import FetchOptions
from connectors.feeds.parse import parse_document
from connectors.feeds.parsed import Parsed
from connectors.feeds.sniff import sniff
from transforms.html import plain_line, safe_link
from transforms.language import base_language, detect_language
from transforms.models import Feed

Fetch = Callable[[str], Awaitable[Document]]

FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
        "application/rdf+xml",
        "application/json",
    }
)
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


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that answered, under the address to subscribe to."""

    url: str
    title: str
    language: str
    format: str


async def find_feeds(url: str, *, options: FetchOptions) -> list[FoundFeed]:
    """Return the feeds at *url*: itself, those that the page names, or a common path.

    Raises:
        FeedError: The address cannot be fetched.
    """
    async with open_fetcher(options) as fetcher:

        async def fetch(address: str) -> Document:
            return await fetcher.fetch(Feed(feed_id="", url=address))

        return await discover(url, fetch)


async def discover(url: str, fetch: Fetch) -> list[FoundFeed]:
    """Return the feeds at *url*, read through *fetch*.

    Raises:
        FeedError: The address itself cannot be fetched.
    """
    document = await fetch(url)
    if found := _as_feed(document):
        return [found]
    if sniff(document.body) not in {"html", "challenge"}:
        return []
    named = list(named_feeds(document.body, document.url))[:MAX_TRIED]
    if answering := await _answering(named, fetch):
        return answering
    common = [urljoin(document.url, path) for path in COMMON_PATHS]
    return (await _answering([c for c in common if c not in named], fetch))[:1]


def named_feeds(page: bytes, base_url: str) -> Iterator[str]:
    """Yield the feed addresses that a page names, its ``<link>`` elements first."""
    tree = LexborHTMLParser(page.decode("utf-8", "replace"))
    base = tree.css_first("base[href]")
    if base is not None:
        base_url = urljoin(base_url, base.attributes.get("href") or "")
    seen: set[str] = set()
    for candidate in (*_links(tree), *_anchors(tree)):
        address = safe_link(candidate, base_url)
        if address and address not in seen:
            seen.add(address)
            yield address


def _links(tree: LexborHTMLParser) -> Iterator[str]:
    for link in tree.css("link[href]"):
        rel = (link.attributes.get("rel") or "").lower().split()
        kind = (link.attributes.get("type") or "").lower().partition(";")[0].strip()
        if ("alternate" in rel and kind in FEED_TYPES) or "feed" in rel:
            yield link.attributes.get("href") or ""


def _anchors(tree: LexborHTMLParser) -> Iterator[str]:
    for anchor in tree.css("a[href]"):
        href = anchor.attributes.get("href") or ""
        words = urlsplit(href).path.lower().strip("/").replace(".", "/").split("/")
        if {"feed", "rss", "atom", "feeds"} & set(words):
            yield href


async def _answering(addresses: list[str], fetch: Fetch) -> list[FoundFeed]:
    found = []
    for address in addresses:
        try:
            feed = _as_feed(await fetch(address))
        except FeedError:
            continue  # a guess, or a link that the site itself has forgotten
        if feed:
            found.append(feed)
    return found


def _as_feed(document: Document) -> FoundFeed | None:
    feed = Feed(feed_id="", url=document.url)
    try:
        parsed = parse_document(
            document.body,
            feed=feed,
            content_type=document.content_type,
            base_url=document.url,
            now=datetime.now(UTC),
        )
    except FeedParseError:
        return None
    title = plain_line(parsed.title) or urlsplit(document.url).hostname or document.url
    return FoundFeed(document.url, title, _language(parsed, title), parsed.format)


def _language(parsed: Parsed, title: str) -> str:
    declared = next((entry.language for entry in parsed.entries if entry.language), "")
    sample = " ".join(plain_line(entry.title) for entry in parsed.entries[:10])
    return (
        detect_language(sample, declared)
        if sample
        else base_language(declared) or detect_language(title)
    )
