"""Posts of WordPress's REST API, for sites that have switched their feeds off.

https://developer.wordpress.org/rest-api/reference/posts/
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from connectors.errors import FeedParseError
from connectors.feeds.formats.result import Hashes, Parsed, hash_words, identity_of
from connectors.feeds.formats.source import Source, list_of, text_of
from transforms.models import Entry
from transforms.text.html import plain_line, safe_link
from transforms.text.lengths import cut

LONGEST_MESSAGE = 160

# "/wp-json/wp/v2/posts", or "?rest_route=/wp/v2/posts" where addresses are plain.
_ADDRESS = re.compile(r"/wp/v2/\w|%2Fwp%2Fv2%2F\w", re.IGNORECASE)
_WORDS = ("title", "excerpt", "content")
_ZONELESS = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?")

Post = dict[str, Any]


def recognises(source: Source) -> bool:
    """Tell whether *source* is a list of posts, perhaps empty, or WordPress's refusal."""
    if source.kind != "json":
        return False
    document = source.json
    if isinstance(document, list):
        is_asked = _ADDRESS.search(source.feed.url) is not None
        return any(map(_is_post, document)) or (not document and is_asked)
    return _is_refusal(document)


def read(source: Source) -> Parsed:
    """Return the new posts as entries.

    Raises:
        FeedParseError: It is an error of WordPress's; repeats what it says.
    """
    document = source.json
    if _is_refusal(document):
        said = f"{text_of(document['message'])} ({document['code']})"
        told = cut(plain_line(said), LONGEST_MESSAGE)
        raise FeedParseError(source.feed.url, f"WordPress refuses its posts: {told}")
    return source.read_new(
        list(filter(_is_post, document)),
        hashes_of=_hashes,
        entry_of=lambda post: _entry(post, source),
        format="wordpress",
        encoding="utf-8",
    )


def _is_post(item: Any) -> bool:
    """Tell whether *item* is a post: it has a link and rendered words."""
    return (
        isinstance(item, dict)
        and isinstance(item.get("link"), str)
        and any(isinstance(_rendered(item, name), str) for name in _WORDS)
    )


def _is_refusal(document: Any) -> bool:
    return (
        isinstance(document, dict)
        and isinstance(document.get("code"), str)
        and isinstance(document.get("message"), str)
        and "data" in document
    )


def _hashes(post: Post) -> Hashes:
    # Of what is read alone: plugins add counts of views, and heads that change hourly.
    words = [text_of(post.get("id")), post["link"], *_authors(post), *_terms(post)]
    words += [text_of(_rendered(post, name)) for name in ("guid", *_WORDS)]
    return hash_words(words, (_date(post, "date"), _date(post, "modified")))


def _entry(post: Post, source: Source) -> Entry:
    url = safe_link(post["link"], source.base_url)
    title, summary, content = (text_of(_rendered(post, name)) for name in _WORDS)
    published_raw, updated_raw = _date(post, "date"), _date(post, "modified")
    published, updated = source.date(published_raw), source.date(updated_raw)
    return Entry(
        guid=text_of(_rendered(post, "guid"))
        or text_of(post.get("id"))
        or url
        or identity_of(title, published_raw),
        url=url,
        title=title,
        summary=summary,
        content=content,
        authors=tuple(dict.fromkeys(_authors(post))),
        published_at=published.at if published else None,
        published_raw=published_raw,
        published_from=published.origin if published else "published",
        updated_at=updated.at if updated else None,
        updated_raw=updated_raw,
        categories=tuple(dict.fromkeys(_terms(post))),
    )


def _rendered(post: Post, name: str) -> Any:
    value = post.get(name)
    return value.get("rendered") if isinstance(value, dict) else None


def _date(post: Post, name: str) -> str:
    """Return the date in UTC, else the one in the site's own zone."""
    utc = text_of(post.get(f"{name}_gmt"))
    # Where a plugin unsets it, it is all zeros.
    if utc and not utc.startswith("0000"):
        return f"{utc}Z" if _ZONELESS.fullmatch(utc) else utc
    return text_of(post.get(name))


def _authors(post: Post) -> Iterable[str]:
    """Yield the authors' names from `_embed`; other fields hold numbers alone."""
    return _names(list_of(_embedded(post).get("author")))


def _terms(post: Post) -> Iterable[str]:
    for terms in list_of(_embedded(post).get("wp:term")):
        yield from _names(list_of(terms))


def _embedded(post: Post) -> dict[str, Any]:
    value = post.get("_embedded")
    return value if isinstance(value, dict) else {}


def _names(items: Iterable[Any]) -> Iterable[str]:
    for item in items:
        # An error stands in place of an author who is not shown.
        if isinstance(item, dict) and (name := text_of(item.get("name"))):
            yield name
