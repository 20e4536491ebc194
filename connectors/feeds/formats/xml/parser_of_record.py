"""Ask feedparser, the parser of record. No network."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import feedparser

from connectors.errors import FeedParseError, SlowFeedError
from connectors.feeds.formats.result import PartTooSlow, part
from connectors.feeds.formats.xml.fast_head import Head
from connectors.feeds.formats.xml.fast_items import MAX_TAGS
from transforms.articles.bounds import MAX_NAME
from transforms.models import Feed

# feedparser sets "bozo" for these too, but still reads the feed correctly.
HARMLESS = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)
# Its search for a parser that is not there takes as long as parsing a head.
feedparser.api.PREFERRED_XML_PARSERS = []


class _Bounded:
    """What feedparser does with the square of a length, kept short."""

    _get_context: Callable[[], dict[str, Any]]

    def _sync_author_detail(self, key: str = "author") -> None:
        # Its search for an address tries each letter of a name to the name's end.
        context = self._get_context()
        if len(context.get(key) or "") > MAX_NAME:
            context[key] = context[key][:MAX_NAME]
        super()._sync_author_detail(key)  # type: ignore[misc]

    def _add_tag(self, *tag: Any) -> None:
        # It compares a tag with all before it.
        if len(self._get_context().get("tags") or ()) < MAX_TAGS:
            super()._add_tag(*tag)  # type: ignore[misc]


for _name in ("StrictFeedParser", "LooseFeedParser"):
    _parser = getattr(feedparser.api, _name)
    setattr(feedparser.api, _name, type(_name, (_Bounded, _parser), {}))


def ask_feedparser(body: bytes, charset: str, feed: Feed, share: float = 1.0) -> Any:
    """Return what feedparser makes of a document in *charset*, "" where it must find out.

    Raises:
        FeedParseError: It fails over the document, or takes more than *share* of its time.
    """
    headers = {
        "content-type": f"application/xml; charset={charset}"
        if charset
        else "application/xml"
    }
    try:
        # BytesIO: feedparser would open a file of the name that plain bytes spell.
        with part(share):
            parsed = feedparser.parse(
                io.BytesIO(body),
                response_headers=headers,
                sanitize_html=False,
                resolve_relative_uris=False,
            )
    except (RecursionError, MemoryError):
        raise
    except PartTooSlow as exc:
        raise SlowFeedError(feed.url, "feedparser takes too long over it") from exc
    except Exception as exc:
        # It fails in some ways of its own over characters and markup that are none.
        raise FeedParseError(feed.url, f"feedparser fails over it: {exc!r:.200}") from exc
    # Where no encoding fits, it stops before it has looked for one.
    parsed.setdefault("version", "")
    return parsed


def head_of(parsed: Any) -> Head:
    """Return what feedparser found around the items."""
    return Head(
        version=parsed.version,
        title=parsed.feed.get("title") or "",
        language=parsed.feed.get("language") or "",
        authors=dict.get(parsed.feed, "authors") or [],
        encoding=parsed.get("encoding") or "",
        warnings=(f"not well-formed: {parsed.bozo_exception}",)
        if _is_broken(parsed)
        else (),
    )


def _is_broken(parsed: Any) -> bool:
    return bool(parsed.bozo) and not isinstance(parsed.get("bozo_exception"), HARMLESS)
