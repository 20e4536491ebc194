"""JSON Feed 1.0 and 1.1."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable
from typing import Any

from connectors.errors import FeedParseError
from connectors.feeds.formats.encoding.repair import repair_encoding
from connectors.feeds.formats.known import Hashes, hash_text, identity_of
from connectors.feeds.formats.result import Parsed
from connectors.feeds.formats.source import Source
from transforms.models import Entry, Feed
from transforms.text.html import safe_link
from transforms.text.json_limits import read_json

_DATES = ("date_published", "date_modified")


def recognises(source: Source) -> bool:
    """Tell JSON; what is JSON of another kind is told in reading it."""
    return source.kind == "json"


def read(source: Source) -> Parsed:
    """Return the new entries of a JSON Feed, as published.

    Raises:
        FeedParseError: It is not JSON, or JSON of another kind.
    """
    document = _document(source.body, source.feed)
    return source.read_new(
        [item for item in document["items"] if isinstance(item, dict)],
        hashes_of=_hashes,
        entry_of=lambda item: _entry(_whole(item, document), source),
        format="json11" if "1.1" in _text(document.get("version")) else "json10",
        title=_text(document.get("title")),
        encoding="utf-8",
    )


def _document(body: bytes, feed: Feed) -> dict[str, Any]:
    try:
        document = read_json(_decoded(body))
    except ValueError as exc:
        raise FeedParseError(feed.url, f"not a feed: broken JSON ({exc})") from exc
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        raise FeedParseError(feed.url, "JSON, but not a JSON Feed: it has no list of items")
    if "jsonfeed.org" not in _text(document.get("version")):
        raise FeedParseError(
            feed.url, "JSON, but not a JSON Feed: its version is not a jsonfeed.org address"
        )
    return document


def _decoded(body: bytes) -> str:
    """Return *body* as text: JSON is UTF-8, 16 or 32, and its first bytes tell."""
    try:
        return body.decode(json.detect_encoding(body))
    except UnicodeDecodeError:
        return repair_encoding(body).body.decode("utf-8", "replace")


def _hashes(item: dict[str, Any]) -> Hashes:
    dateless = {name: value for name, value in item.items() if name not in _DATES}
    return hash_text(_canonical(item), lambda _: _canonical(dateless))


def _canonical(item: dict[str, Any]) -> bytes:
    return json.dumps(item, sort_keys=True).encode()


def _whole(item: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """Return *item* with the authors and the language that the feed names for all."""
    names = ["language"]
    if not any(_authors(item)):
        names += ["authors", "author"]
    return item | {n: document[n] for n in names if not item.get(n) and n in document}


def _entry(item: dict[str, Any], source: Source) -> Entry:
    published_raw, updated_raw = (_text(item.get(name)) for name in _DATES)
    published = source.date(published_raw)
    updated = source.date(updated_raw)
    link = _text(item.get("url")) or _text(item.get("external_url"))
    url = safe_link(link, source.base_url)
    title = _text(item.get("title"))
    return Entry(
        guid=_text(item.get("id")) or url or identity_of(title, published_raw),
        url=url,
        title=title,
        summary=_as_html(_text(item.get("summary"))),
        content=_text(item.get("content_html"))
        or _as_html(_text(item.get("content_text"))),
        authors=tuple(dict.fromkeys(_authors(item))),
        published_at=published.at if published else None,
        published_raw=published_raw,
        published_from=published.origin if published else "published",
        updated_at=updated.at if updated else None,
        updated_raw=updated_raw,
        categories=tuple(tag for tag in _list(item.get("tags")) if isinstance(tag, str)),
        language=_text(item.get("language")),
    )


def _authors(item: dict[str, Any]) -> Iterable[str]:
    # 1.0 had one "author", 1.1 has "authors".
    for author in [*_list(item.get("authors")), item.get("author")]:
        if isinstance(author, dict) and (name := _text(author.get("name"))):
            yield name


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    # Ids and dates are numbers in some feeds, whatever the specification says.
    return (
        str(value).strip()
        if isinstance(value, str | int | float) and value is not True
        else ""
    )


def _as_html(text: str) -> str:
    return html.escape(text, quote=False) if "<" in text else text
