"""Lists on pages and in JSON answers, for feeds that have selectors."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import islice

from connectors.errors import FeedParseError
from connectors.feeds.formats.page_items import Listed, Pick, fill, is_template, read_listed
from connectors.feeds.formats.result import (
    Hashes,
    Parsed,
    hash_words,
    identity_of,
    read_each,
)
from connectors.feeds.formats.source import Source, has_feed_root
from transforms.dates.parse import Dated, parse_date
from transforms.grouping import first_of_pairs
from transforms.models import Entry, Feed, ListSelectors
from transforms.text.html import safe_link

# A list of more is an archive; its head is the news.
MAX_ITEMS = 1000
# A selector that hits a whole page by mistake must not store it a thousand times.
MAX_TITLE, MAX_SUMMARY, MAX_DATE, MAX_NAMES = 1000, 20_000, 200, 50
# Lists write a label or brackets around the date: "发布时间：2026-08-04", "[08-04]".
_DATE = re.compile(
    r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}日?(?:[T\s]*\d{1,2}:\d\d(?::\d\d)?)?"
    r"|(?<!\d)\d{1,2}[-/月]\d{1,2}日?(?:\s+\d{1,2}:\d\d)?(?!\d)"
    r"|\d{1,6}\s*(?:秒|分钟|小时|天|周|个月)前"
    r"|(?:今天|昨天|前天)(?:\s*\d{1,2}:\d\d)?|刚刚"
)


def recognises(source: Source) -> bool:
    """Tell whether the feed has selectors and *source* is no XML feed."""
    is_feed = source.kind == "xml" and has_feed_root(source.body)
    return source.feed.selectors is not None and not is_feed


def read(source: Source) -> Parsed:
    """Return the new entries of the list in a page or a JSON answer.

    Raises:
        FeedParseError: A selector finds nothing, or the document is of another kind.
    """
    selectors = source.feed.selectors
    if selectors is None:
        raise FeedParseError(source.feed.url, "no feed, and it has no selectors of a list")
    listed = read_listed(source, selectors)
    picks = listed.picks[:MAX_ITEMS]
    listed_items, notice = read_each(
        lambda pick: _item(pick, listed, source, selectors),
        picks,
        feed=source.feed,
        total=len(picks),
    )
    items = _usable(listed_items, listed, source.feed, selectors)
    nameless = len(listed_items) - len(items)
    return source.read_new(
        items,
        hashes_of=_hashes,
        entry_of=partial(_entry, is_text=listed.format == "html_list"),
        format=listed.format,
        title=listed.title,
        encoding=listed.encoding,
        notices=(notice,) if notice else (),
    ).with_warnings(
        listed.note,
        f"left out: {nameless} items without a title, or there twice" if nameless else "",
        f"of {len(listed.picks):,} items only the first {MAX_ITEMS:,} were read"
        if len(listed.picks) > MAX_ITEMS
        else "",
    )


def _usable(
    read: Sequence[Entry], listed: Listed, feed: Feed, selectors: ListSelectors
) -> list[Entry]:
    """Return the items with a title, each once."""
    titles = selectors.title or listed.defaults.title
    links = selectors.link or listed.defaults.link
    if read and not any(item.title for item in read):
        raise FeedParseError(feed.url, _fruitless("title", titles, len(read)))
    if read and not any(item.url for item in read):
        raise FeedParseError(feed.url, _fruitless("link", links, len(read)))
    # A picture and a headline often lead to the same article, in an item each.
    titled = ((item.guid, item) for item in read if item.title)
    return list(first_of_pairs(titled).values())


def _fruitless(name: str, selectors: Sequence[str], count: int) -> str:
    tried = " and ".join(repr(selector) for selector in selectors)
    return (
        f"selector {tried} found no {name} in any of {count} items; the page has changed?"
    )


def _item(pick: Pick, listed: Listed, source: Source, selectors: ListSelectors) -> Entry:
    """Return an item with its words as the document writes them."""
    title = _first(pick, selectors.title or listed.defaults.title)[:MAX_TITLE]
    title = " ".join(title.split())
    links = selectors.link or listed.defaults.link
    date = _first(pick, selectors.date)[:MAX_DATE]
    dated = read_list_date(date, source.feed, source.now)
    url = next(filter(None, (safe_link(u, listed.base_url) for u in _all(pick, links))), "")
    return Entry(
        # Not the date: on a page it is often "an hour ago", and another one the next time.
        guid=_first(pick, selectors.guid) or url or identity_of(title, ""),
        url=url,
        title=title,
        summary=_first(pick, selectors.summary)[:MAX_SUMMARY],
        authors=_names(pick, selectors.author),
        publisher=_first(pick, selectors.publisher)[:MAX_DATE],
        categories=_names(pick, selectors.categories),
        published_at=dated.at if dated else None,
        published_raw=date,
        published_from=dated.origin if dated else "published",
        language=listed.language,
    )


def _all(pick: Pick, selectors: Sequence[str]) -> Iterator[str]:
    """Yield the values of the first of *selectors* that matches anything."""
    for selector in selectors:
        found = [fill(selector, pick)] if is_template(selector) else list(pick(selector))
        if any(found):
            yield from found
            return


def _names(pick: Pick, selectors: Sequence[str]) -> tuple[str, ...]:
    found = (name[:MAX_DATE] for name in _all(pick, selectors) if name)
    return tuple(dict.fromkeys(islice(found, MAX_NAMES)))


def _first(pick: Pick, selectors: Sequence[str]) -> str:
    return next(filter(None, _all(pick, selectors)), "")


def _hashes(item: Entry) -> Hashes:
    """Return an item's two hashes; a relative date ("an hour ago") is left out."""
    said = (item.guid, item.url, item.title, item.summary, item.publisher)
    is_dated = item.published_at and item.published_from == "published"
    dates = (item.published_raw if is_dated else "",)
    return hash_words((*said, *item.authors, *item.categories), dates)


def _entry(item: Entry, *, is_text: bool) -> Entry:
    summary = html.escape(item.summary, quote=False) if is_text else item.summary
    return replace(item, summary=summary)


def read_list_date(raw: str, feed: Feed, now: datetime) -> Dated | None:
    """Read a date in the style of lists: bare, in brackets, or behind a label."""
    if found := parse_date(raw, zone=feed.zone, now=now):
        return found
    inner = _DATE.search(raw)
    return parse_date(inner[0], zone=feed.zone, now=now) if inner else None
