"""Compare our entries with gofeed's golden outputs, value by value."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scores import Score, address, instant, read, words

from connectors.feeds.formats.result import identity_of
from transforms.models import Entry


def compare_gofeed(folder: Path) -> list[Score]:
    """Return the score of the issue's fields, and that of what we compare besides."""
    scored, besides = Score("gofeed translator"), Score("  number, summary, feed title")
    for path in sorted(folder.rglob("*.xml")):
        golden = json.loads(path.with_suffix(".json").read_bytes())
        items = golden.get("items") or []
        parsed = read(path, scored, path.stem, base_url="https://feed.example/")
        entries = parsed.entries if parsed else []
        besides.compare(path.stem, "entries", len(items), len(entries))
        besides.compare(
            path.stem, "feed", words(golden.get("title")), words(parsed and parsed.title)
        )
        for item, entry in zip(items, entries, strict=False):
            for name, theirs, ours in _values(item, entry):
                scored.compare(path.stem, name, theirs, ours)
            theirs, ours = words(item.get("description")), words(entry.summary)
            besides.compare(path.stem, "summary", theirs, ours)
        for item in items[len(entries) :]:
            for name in sorted(item.keys() & _FIELDS):
                scored.compare(path.stem, name, item[name], None)
    return [scored, besides]


_FIELDS = frozenset(
    ["title", "link", "published", "updated", "guid", "author", "content", "categories"]
)


def _values(item: dict[str, Any], entry: Entry) -> Iterator[tuple[str, Any, Any]]:
    yield "title", words(item.get("title")), words(entry.title)
    yield "link", address(item.get("link")), address(entry.url)
    yield "published", instant(item.get("publishedParsed")), entry.published_at
    yield "updated", instant(item.get("updatedParsed")), entry.updated_at
    yield "guid", item.get("guid") or "", _own_guid(entry)
    authors = tuple(a.get("name") or a.get("email") for a in item.get("authors") or ())
    yield "author", authors, entry.authors
    yield "content", item.get("content") or "", entry.content
    categories = item.get("categories") or ()
    yield "categories", sorted(categories), sorted(entry.categories)


def _own_guid(entry: Entry) -> str:
    """Return the guid that the item has; what we put in the place of one is none."""
    made_up = identity_of(entry.title, entry.published_raw or entry.updated_raw)
    return "" if entry.guid in (entry.url, made_up) else entry.guid
