"""JSON Feed 1.0 and 1.1."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable
from typing import Any

from connectors.errors import FeedParseError
from connectors.feeds.formats.result import Hashes, Parsed, hash_text, identity_of
from connectors.feeds.formats.source import Source, list_of, text_of
from transforms.models import Entry
from transforms.text.html import safe_link

_DATES = ("date_published", "date_modified")


def recognises(source: Source) -> bool:
    """Tell whether *source* is JSON; ``read`` refuses JSON of another kind."""
    return source.kind == "json"


def read(source: Source) -> Parsed:
    """Return the new entries of a JSON Feed, as published.

    Raises:
        FeedParseError: It is not JSON, or JSON of another kind.
    """
    document = _document(source)
    return source.read_new(
        [item for item in document["items"] if isinstance(item, dict)],
        hashes_of=_hashes,
        entry_of=lambda item: _entry(_whole(item, document), source),
        format="json11" if "1.1" in text_of(document.get("version")) else "json10",
        title=text_of(document.get("title")),
        encoding="utf-8",
    )


def _document(source: Source) -> dict[str, Any]:
    document, feed = source.json, source.feed
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        raise FeedParseError(feed.url, "JSON, but not a JSON Feed: it has no list of items")
    if "jsonfeed.org" not in text_of(document.get("version")):
        raise FeedParseError(
            feed.url, "JSON, but not a JSON Feed: its version is not a jsonfeed.org address"
        )
    return document


def _hashes(item: dict[str, Any]) -> Hashes:
    dateless = {name: value for name, value in item.items() if name not in _DATES}
    return hash_text(_canonical(item), lambda _: _canonical(dateless))


def _canonical(item: dict[str, Any]) -> bytes:
    return json.dumps(item, sort_keys=True).encode()


def _whole(item: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """Return *item* with the feed's authors and language where it has none."""
    names = ["language"]
    if not any(_authors(item)):
        names += ["authors", "author"]
    return item | {n: document[n] for n in names if not item.get(n) and n in document}


def _entry(item: dict[str, Any], source: Source) -> Entry:
    published_raw, updated_raw = (text_of(item.get(name)) for name in _DATES)
    published = source.date(published_raw)
    updated = source.date(updated_raw)
    link = text_of(item.get("url")) or text_of(item.get("external_url"))
    url = safe_link(link, source.base_url)
    title = text_of(item.get("title"))
    return Entry(
        guid=text_of(item.get("id")) or url or identity_of(title, published_raw),
        url=url,
        title=title,
        summary=_as_html(text_of(item.get("summary"))),
        content=text_of(item.get("content_html"))
        or _as_html(text_of(item.get("content_text"))),
        authors=tuple(dict.fromkeys(_authors(item))),
        published_at=published.at if published else None,
        published_raw=published_raw,
        published_from=published.origin if published else "published",
        updated_at=updated.at if updated else None,
        updated_raw=updated_raw,
        categories=tuple(tag for tag in list_of(item.get("tags")) if isinstance(tag, str)),
        language=text_of(item.get("language")),
    )


def _authors(item: dict[str, Any]) -> Iterable[str]:
    # 1.0 had one "author", 1.1 has "authors".
    for author in [*list_of(item.get("authors")), item.get("author")]:
        if isinstance(author, dict) and (name := text_of(author.get("name"))):
            yield name


def _as_html(text: str) -> str:
    return html.escape(text, quote=False) if "<" in text else text
