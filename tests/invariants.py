"""What every document must end in, and what every entry must be: for the fuzzers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, fields
from datetime import UTC, datetime
from urllib.parse import urlsplit

from builders import shipped_beat

from connectors.errors import FeedError
from connectors.feeds.formats.parser import parse_document
from connectors.feeds.formats.result import Parsed
from transforms.articles.normalize import normalize
from transforms.dates.parse import EARLIEST, MAX_AHEAD
from transforms.models import Article, Entry, Feed

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
FEED = Feed(feed_id="fuzzed", url="https://x.example/feed", language="zh")
BASE = "https://x.example/dir/feed?page=2"


def outcome_of(
    body: bytes, content_type: str = "", known: frozenset[int] = frozenset()
) -> str:
    """Read *body* as a poll does; return how it ended: the reason, or the format.

    Raises:
        AssertionError: An entry is not what entries are.
        Exception: Whatever else the parser lets escape, which is a fault of ours.
    """
    try:
        parsed = parse_document(
            body, feed=FEED, content_type=content_type, base_url=BASE, now=NOW, known=known
        )
    except FeedError as error:
        return f"{error.outcome}: {error.reason}"
    found = [*_of_document(parsed), *(c for e in parsed.entries for c in complaints(e))]
    assert not found, found[0]
    return parsed.format or "known"


def complaints(entry: Entry) -> Iterator[str]:
    """Yield what is wrong with *entry*, and with the article that it makes."""
    for field in fields(entry):
        yield from _unstorable(field.name, getattr(entry, field.name))
    if entry.url and urlsplit(entry.url).scheme not in {"http", "https"}:
        yield f"links to {entry.url!r}"
    if not entry.guid:
        yield "has no identity"
    for at in (entry.published_at, entry.updated_at):
        if at is not None and not (at.tzinfo is UTC and EARLIEST <= at <= NOW + MAX_AHEAD):
            yield f"is dated {at!r}"
    json.dumps(asdict(entry), default=str).encode()
    yield from _of_article(normalize(entry, FEED, shipped_beat().outlets, NOW).article)


def _of_document(parsed: Parsed) -> Iterator[str]:
    if parsed.total < len(parsed.entries):
        yield f"counts {parsed.total} of {len(parsed.entries)} entries"
    if any(not 0 <= number < 2**63 for number in parsed.item_hashes):
        yield "a hash that no column takes"
    for warning in (parsed.title, parsed.encoding, *parsed.warnings):
        yield from _unstorable("document", warning)


def _of_article(article: Article) -> Iterator[str]:
    for field in fields(article):
        yield from _unstorable(f"article's {field.name}", getattr(article, field.name))
    if not EARLIEST <= article.published_at <= NOW:
        yield f"article is dated {article.published_at!r}"
    if article.url and not article.url.startswith(("http://", "https://")):
        yield f"article links to {article.url!r}"
    text = f"{article.title}{article.summary}{article.content}"
    if any(ord(char) < 32 and char not in "\t\n\r\x0b\x0c" for char in text):
        yield "article holds control characters"


def _unstorable(name: str, value: object) -> Iterator[str]:
    if isinstance(value, tuple):
        for item in value:
            yield from _unstorable(name, item)
    elif isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            yield f"{name} cannot be stored: {value!r}"
