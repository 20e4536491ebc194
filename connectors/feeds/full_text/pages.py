"""Visits of articles' pages: guarded, polite, bounded in time, subject to robots.txt.

page ─▶ its host's turn ─▶ robots.txt ─▶ fetch ─▶ a page? ─▶ extract ─▶ PageRead
                                                            in a process apart
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from connectors.errors import (
    ChallengeError,
    CrowdedFeedError,
    DisallowedFeedError,
    FeedError,
    GoneFeedError,
    TransientFeedError,
    is_challenge,
)
from connectors.feeds.fetch.document import Document
from connectors.feeds.fetch.fetcher import Fetcher, open_fetcher
from connectors.feeds.fetch.politeness import FetchOptions, Politeness, host_of
from connectors.feeds.formats.source import has_feed_root, sniff
from connectors.feeds.full_text.extract import text_of
from connectors.feeds.poll import record
from connectors.feeds.poll.pool import ParserPool, open_pool
from transforms.articles.enrichment import clean, is_enough
from transforms.models import Feed, FullTextOutcome, HostHold, ListSelectors
from transforms.urls.canonical import redact_url

# Articles' pages are a guest's visit: one at a time a host, few in all, none huge.
AT_ONCE = 8
MAX_PAGE = 3_000_000
# The slowest of real pages takes a third of a second.
PARSE_SECONDS = 5.0
_ACCEPT = ("Accept", "text/html, application/xhtml+xml;q=0.9, */*;q=0.1")
_NOT_FOUND = frozenset({404, 410})


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePage:
    """A page to visit, and the feed that named it."""

    article_id: str
    url: str
    feed: Feed


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRead:
    """The outcome of a visit; ``hold`` is the host's request for a pause.

    Of a page that was read, ``reason`` is there where it is the first of several.
    """

    article_id: str
    url: str
    outcome: FullTextOutcome
    text: str = ""
    reason: str | None = None
    http_status: int | None = None
    bytes: int = 0
    hold: HostHold | None = None


async def read_pages(
    pages: Iterable[ArticlePage], *, options: FetchOptions, now: datetime, seconds: float
) -> list[PageRead]:
    """Visit *pages* for at most *seconds*; those not reached in time are left out."""
    bounded = replace(
        options,
        concurrency=min(AT_ONCE, options.concurrency),
        per_host=1,
        max_bytes=min(MAX_PAGE, options.max_bytes),
        parse_deadline=min(PARSE_SECONDS, options.parse_deadline),
    )
    async with open_fetcher(bounded) as fetcher, open_pool(1) as pool:
        politeness = Politeness(bounded, fetcher.resolver)
        visits = (_visit(page, fetcher, pool, politeness, now) for page in pages)
        tasks = list(map(asyncio.create_task, visits))
        done, late = await asyncio.wait(tasks, timeout=seconds) if tasks else ((), ())
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return [read for task in tasks if task in done and (read := task.result())]


async def _visit(
    page: ArticlePage,
    fetcher: Fetcher,
    pool: ParserPool,
    politeness: Politeness,
    now: datetime,
) -> PageRead | None:
    """Return the outcome of the visit, None if its turn did not come."""
    host = host_of(page.url)
    async with politeness.turn(host) as granted:
        if not granted:
            return None
        try:
            document = await fetcher.fetch(_as_feed(page))
        except CrowdedFeedError:
            return None
        except FeedError as error:
            _, hold = await record.requested_hold(
                error, [host], page.feed.feed_id, now, politeness
            )
            return PageRead(
                article_id=page.article_id,
                url=page.url,
                outcome=_outcome(error),
                reason=error.reason,
                http_status=error.status,
                hold=hold,
            )
    return await read_page(document, page, pool, deadline=fetcher.options.parse_deadline)


async def read_page(
    document: Document, page: ArticlePage, pool: ParserPool, *, deadline: float
) -> PageRead:
    """Return the article in the answer to a visit, or why it holds none."""
    read = PageRead(
        article_id=page.article_id,
        url=document.url,
        outcome="read",
        http_status=document.status,
        bytes=len(document.body),
    )
    if refusal := _refusal(page, document):
        outcome, reason = refusal
        return replace(read, outcome=outcome, reason=reason)
    arguments = (document.body, document.content_type, document.url)
    try:
        found, next_part = await pool.call(
            text_of, *arguments, url=document.url, deadline=deadline
        )
    except FeedError as error:
        return replace(read, outcome="unreadable", reason=error.reason)
    text = clean(found)
    if is_enough(text):
        if next_part:
            where = redact_url(next_part)
            read = replace(
                read, reason=f"the first of several pages; the next one is {where}"
            )
        return replace(read, text=text)
    if is_challenge(document.body):
        return replace(
            read,
            outcome="challenge",
            reason="a bot check, captcha or login stands before the page",
        )
    return replace(read, outcome="no_text", reason="no article was found in the page")


def _as_feed(page: ArticlePage) -> Feed:
    """Return the page as a feed with selectors, so that the fetcher asks robots.txt.

    The feed's headers, which may hold a key, go to its own origin only.
    """
    feed = page.feed
    same = _origin(feed.url) == _origin(page.url)
    headers = feed.headers if same else ()
    return Feed(
        feed_id=feed.feed_id,
        url=page.url,
        proxy=feed.proxy,
        headers=(_ACCEPT, *(pair for pair in headers if pair[0].lower() != "accept")),
        selectors=ListSelectors(items="a"),
    )


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.rpartition("@")[2].lower()


def _outcome(error: FeedError) -> FullTextOutcome:
    if isinstance(error, TransientFeedError):
        return "transient_error"
    if isinstance(error, DisallowedFeedError):
        return "disallowed"
    if isinstance(error, ChallengeError):
        return "challenge"
    if isinstance(error, GoneFeedError) or error.status in _NOT_FOUND:
        return "gone"
    return "permanent_error"


def _refusal(page: ArticlePage, document: Document) -> tuple[FullTextOutcome, str] | None:
    """Return why the answer is not the article's page, None if it may be."""
    if not _path(document.url) and _path(page.url):
        return "gone", "the address leads to the site's front page"
    kind = document.content_type.partition(";")[0].strip().lower()
    if kind and "html" not in kind and kind != "text/plain":
        return "not_a_page", f"it is {kind[:60]!r}, not a web page"
    if sniff(document.body) in {"json", "other"} or has_feed_root(document.body):
        return "not_a_page", "what came is not a web page"
    return None


def _path(url: str) -> str:
    parts = urlsplit(url)
    return parts.path.strip("/") + parts.query
