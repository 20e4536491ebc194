"""News sitemaps: addresses for search engines, with titles and dates. No network."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from connectors.errors import FeedParseError
from connectors.feeds.formats.result import Hashes, Parsed, hash_words
from connectors.feeds.formats.source import Source, is_sitemap
from connectors.feeds.formats.xml.document import escape_bare, whole_document
from transforms.models import Entry, Feed
from transforms.text.html import safe_link
from transforms.text.lengths import counted

# What a news sitemap may hold by its specification; of an archive the newest are read.
MAX_URLS = 1000
# Children of an index to name in a message.
NAMED = 5

_BETWEEN_KEYWORDS = re.compile("[,;，；、]")


class _Url(dict[str, str]):
    """The parts of one ``<url>`` by their local names, "" if one is missing."""

    def __missing__(self, name: str) -> str:
        return ""

    @property
    def has_news(self) -> bool:
        return "title" in self

    def hashes(self) -> Hashes:
        words = (self[name] for name in ("loc", "title", "name", "keywords"))
        return hash_words(words, (self["publication_date"], self["lastmod"]))


def recognises(source: Source) -> bool:
    """Tell whether *source* is a sitemap, or an index of sitemaps, by its root."""
    return source.kind == "xml" and is_sitemap(source.decoded.body)


def read(source: Source) -> Parsed:
    """Return the new entries of a news sitemap.

    Addresses without news are taken only where the feed says ``plain_sitemap``.

    Raises:
        FeedParseError: It is an index of sitemaps, or one without news.
    """
    document = whole_document(source)
    root, note = _root(document.text, source.feed)
    if etree.QName(root).localname == "sitemapindex":
        raise FeedParseError(source.feed.url, _about_index(child_sitemaps(document.text)))
    every = [_Url(_parts(node)) for node in root.iter("{*}url")]
    urls = _usable(every, source.feed)
    kept = urls if len(urls) <= MAX_URLS else _newest(urls, source)
    parsed = source.read_new(
        kept,
        hashes_of=_Url.hashes,
        entry_of=lambda url: _entry(url, source),
        format="news_sitemap" if any(url.has_news for url in every) else "sitemap",
    ).with_warnings(
        note,
        f"of {len(urls):,} addresses only the newest {MAX_URLS:,} were read"
        if len(kept) < len(urls)
        else "",
    )
    return document.told_of(parsed)


def child_sitemaps(body: bytes) -> list[str]:
    """Return the addresses that an index of sitemaps names, those of news first."""
    root = _tree(body, is_lenient=True)
    if root is None or etree.QName(root).localname != "sitemapindex":
        return []
    found = [(node.text or "").strip() for node in root.iter("{*}loc")]
    links = list(dict.fromkeys(filter(None, map(safe_link, found))))
    return sorted(links, key=lambda link: "news" not in link.lower())


def _usable(every: list[_Url], feed: Feed) -> list[_Url]:
    urls = [url for url in every if url["loc"] and (url.has_news or feed.plain_sitemap)]
    if every and not urls:
        raise FeedParseError(
            feed.url,
            f"a sitemap of {counted(len(every), 'address', 'addresses')} without "
            "news:news, so without titles;"
            " `plain_sitemap = true` in feeds.toml takes them by address and date",
        )
    return urls


def _root(body: bytes, feed: Feed) -> tuple[etree._Element, str]:
    root = _tree(body, is_lenient=False)
    if root is not None:
        return root, ""
    root = _tree(escape_bare(body), is_lenient=False)
    if root is not None:
        return root, "not well-formed: bare & signs were repaired"
    root = _tree(body, is_lenient=True)
    if root is None:
        raise FeedParseError(feed.url, "a sitemap that is not XML")
    return root, "not well-formed: what could be read was taken"


def _tree(body: bytes, *, is_lenient: bool) -> etree._Element | None:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, recover=is_lenient
    )
    try:
        return etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _parts(node: etree._Element) -> Iterator[tuple[str, str]]:
    for child in node:
        if not isinstance(child.tag, str):
            continue  # a comment
        name = etree.QName(child).localname
        if name in {"loc", "lastmod"}:
            yield name, _text(child)
        elif name == "news":
            # By local names: half of the sites misspell the namespace's address.
            for part in child.iter("{*}*"):
                if not any(isinstance(below.tag, str) for below in part):
                    yield etree.QName(part).localname, _text(part)


def _text(node: etree._Element) -> str:
    return " ".join(str(node.xpath("string()")).split())


def _newest(urls: list[_Url], source: Source) -> list[_Url]:
    def age(url: _Url) -> float:
        dated = source.date(url["publication_date"] or url["lastmod"])
        return -dated.at.timestamp() if dated else 0.0

    return sorted(urls, key=age)[:MAX_URLS]


def _entry(url: _Url, source: Source) -> Entry:
    published_raw, updated_raw = url["publication_date"], url["lastmod"]
    published = source.date(published_raw)
    updated = source.date(updated_raw)
    return Entry(
        guid=url["loc"],
        url=safe_link(url["loc"], source.base_url),
        title=url["title"],
        published_at=published.at if published else None,
        published_raw=published_raw,
        published_from=published.origin if published else "published",
        updated_at=updated.at if updated else None,
        updated_raw=updated_raw,
        categories=tuple(
            dict.fromkeys(
                filter(None, map(str.strip, _BETWEEN_KEYWORDS.split(url["keywords"])))
            )
        ),
        language=url["language"],
        publisher=url["name"],
    )


def _about_index(children: list[str]) -> str:
    if not children:
        return "an index of sitemaps that names none"
    named = ", ".join(children[:NAMED]) + (" …" if len(children) > NAMED else "")
    return f"an index of {len(children)} sitemaps; subscribe to one of them: {named}"
