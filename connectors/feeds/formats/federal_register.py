"""Documents of the US Federal Register's API: rules, notices, presidential documents.

https://www.federalregister.gov/developers/documentation/api/v1
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from datetime import date
from typing import Any

from connectors.feeds.formats.result import Hashes, Parsed, hash_words
from connectors.feeds.formats.source import Source, list_of, text_of
from transforms.models import Entry
from transforms.text.html import safe_link

# What the notice says beside its text; an answer has them only where its address asks for
# them (`fields[]`).
_DATES = ("effective_on", "comments_close_on")
_WORDS = ("document_number", "html_url", "title", "abstract", "type", "action", *_DATES)


def recognises(source: Source) -> bool:
    """Tell whether *source* is an answer of the API: numbered documents, or none."""
    if source.kind != "json" or not isinstance(source.json, dict):
        return False
    results = source.json.get("results")
    if isinstance(results, list):
        return any(map(_is_document, results))
    # Where nothing fits the conditions, the answer has no results at all.
    return source.json.get("count") == 0 and "description" in source.json


def read(source: Source) -> Parsed:
    """Return the new documents as entries; the agencies are their authors."""
    return source.read_new(
        list(filter(_is_document, list_of(source.json.get("results")))),
        hashes_of=_hashes,
        entry_of=lambda document: _entry(document, source),
        format="federal register",
        title=text_of(source.json.get("description")),
        encoding="utf-8",
    )


def _is_document(item: Any) -> bool:
    return (
        isinstance(item, dict)
        and bool(text_of(item.get("document_number")))
        and isinstance(item.get("html_url"), str)
    )


def _hashes(document: dict[str, Any]) -> Hashes:
    # Of what is read alone: an answer says how often a document was looked at, too.
    words = [text_of(document.get(name)) for name in _WORDS]
    return hash_words([*words, *_agencies(document)], (_date(document),))


def _entry(document: dict[str, Any], source: Source) -> Entry:
    raw = _date(document)
    published = source.date(raw)
    kinds = (text_of(document.get(name)) for name in ("type", "action"))
    return Entry(
        guid=text_of(document["document_number"]),
        url=safe_link(document["html_url"], source.base_url),
        title=html.escape(text_of(document.get("title")), quote=False),
        summary=html.escape(text_of(document.get("abstract")), quote=False),
        authors=tuple(dict.fromkeys(_agencies(document))),
        published_at=published.at if published else None,
        published_raw=raw,
        published_from=published.origin if published else "published",
        categories=tuple(filter(None, kinds)),
        language="en",
        in_force_on=_day(document.get("effective_on")),
        comments_close_on=_day(document.get("comments_close_on")),
    )


def _date(document: dict[str, Any]) -> str:
    """Return the day of publication, else that of filing for inspection."""
    filed = text_of(document.get("filed_at"))
    return text_of(document.get("publication_date")) or filed


def _day(raw: Any) -> date | None:
    """Return an ISO day; None for none, and for what is no day."""
    try:
        return date.fromisoformat(text_of(raw))
    except ValueError:
        return None


def _agencies(document: dict[str, Any]) -> Iterable[str]:
    """Yield the issuing agencies, the innermost last as in the API."""
    for agency in list_of(document.get("agencies")):
        if isinstance(agency, dict):
            name = text_of(agency.get("name")) or text_of(agency.get("raw_name"))
            if name:
                yield name
