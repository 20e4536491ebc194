"""Names of elements as feedparser's handlers are called after them."""

from __future__ import annotations

from functools import cache, lru_cache

from feedparser.api import StrictFeedParser

ITEM_NAMES = frozenset({"item", "entry"})
# All names of a thousand feeds; a hostile one may invent new ones for ever.
NAMES = 1 << 12
# What an entry is made of: no element of another name may write to these.
_READ = frozenset(
    {
        *("title", "title_detail", "link", "links", "id", "guidislink", "tags", "source"),
        *("summary", "content", "author", "authors", "author_detail"),
        *("published", "published_parsed", "updated", "updated_parsed"),
    }
)


@lru_cache(maxsize=NAMES)
def name_of(tag: str, prefix: str | None) -> str:
    """Return an element's name as feedparser's handlers are called after it."""
    namespace, _, local = tag.rpartition("}")
    uri = namespace[1:].lower()
    if "backend.userland.com/rss" in uri:
        uri = "http://backend.userland.com/rss"
    known = _namespaces().get(uri, prefix)
    return f"{known.lower()}_{local.lower()}" if known else local.lower()


@cache
def _namespaces() -> dict[str, str]:
    named = StrictFeedParser.namespaces
    return {uri.lower(): prefix for uri, prefix in named.items()}


@lru_cache(maxsize=NAMES)
def means_nothing(name: str) -> bool:
    """Tell whether feedparser keeps an element under a name that nobody reads."""
    handled = any(hasattr(StrictFeedParser, f"_{at}_{name}") for at in ("start", "end"))
    return not handled and name not in _READ and ":" not in name
