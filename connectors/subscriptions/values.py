"""Ids for feeds without one, and selectors of lists on pages.

An id is ASCII, readable, and the same every time.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields
from typing import Any
from urllib.parse import urlsplit

from transforms.config import ConfigText
from transforms.models import ListSelectors

FEED_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
ID_RULE = "use letters, digits, - and _, a letter or digit first, 64 at most"
LONGEST = 48
# Labels of a host that say nothing about whose it is.
_PLAIN = frozenset({
    "www", "m", "feeds", "feed", "rss", "news", "com", "cn", "org", "net", "edu", "gov",
    "co",
    "io", "hk", "tw", "sg", "jp", "uk", "us", "eu", "ai", "me", "tv", "cc",
})  # fmt: skip
LIST_KEYS = tuple(field.name for field in fields(ListSelectors))
_EXAMPLE = 'list = { items = "ul.news > li" }'
_SELECTOR = 'write CSS such as "a@href", or a path into JSON such as "data.list"'


def feed_id_for(title: str, *, taken: AbstractSet[str] = frozenset(), url: str = "") -> str:
    """Return an id made from *title*, else from *url*, that *taken* does not hold.

    A title in Chinese leaves no letters, so its feed is called after its host;
    without an address, after a hash of the title.
    """
    base = _slug(title) or _of_host(url) or f"feed-{_digest(title or url)}"
    if base not in taken:
        return base
    # A hash, not a count: the id must not depend on which of two came first.
    told_apart = f"{base[:LONGEST]}-{_digest(url or title)}"
    candidate, number = told_apart, 2
    while candidate in taken:
        candidate, number = f"{told_apart}-{number}", number + 1
    return candidate


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = (
        re.sub(r"[^a-z0-9_]+", "-", plain.replace("'", ""))
        .strip("-_")[:LONGEST]
        .strip("-_")
    )
    # A title such as "36氪快讯" leaves only "36", which says less than the host.
    return slug if sum(letter.isalpha() for letter in slug) >= 2 else ""  # noqa: PLR2004


def _of_host(url: str) -> str:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    labels = [label for label in host.split(".") if label not in _PLAIN]
    return _slug(labels[-1]) if labels else ""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:6]


def read_list(
    config: ConfigText, feed: tuple[str, ...], table: Mapping[str, Any]
) -> ListSelectors | None:
    """Return the selectors of the feed at the path *feed*, None if it has no list.

    Raises:
        ConfigError: A key is unknown or missing, or a selector is neither CSS nor a path.
    """
    if "list" not in table:
        return None
    path, value = (*feed, "list"), table["list"]
    if not isinstance(value, dict):
        raise config.error(path, "is not a table", f"write {_EXAMPLE}")
    config.check_keys(value, LIST_KEYS, path)
    if "items" not in value:
        raise config.error(path, "has no items", f"say what finds the entries: {_EXAMPLE}")
    found = {key: _selectors(config, (*path, key), each) for key, each in value.items()}
    items = found.pop("items")
    if len(items) != 1:
        raise config.error((*path, "items"), "is more than one selector", "keep one")
    return ListSelectors(items=items[0], **found)


def write_list(selectors: ListSelectors) -> dict[str, Any]:
    """Return *selectors* as the table that ``read_list`` reads."""
    values = {key: getattr(selectors, key) for key in LIST_KEYS if key != "items"}
    short = {key: v[0] if len(v) == 1 else list(v) for key, v in values.items() if v}
    return {"items": selectors.items, **short}


def _selectors(config: ConfigText, path: tuple[str, ...], value: Any) -> tuple[str, ...]:
    found = [value] if isinstance(value, str) else value
    if (
        not isinstance(found, list)
        or not found
        or not all(isinstance(each, str) and each.strip() for each in found)
    ):
        raise config.error(path, "is neither a selector nor a list of selectors", _SELECTOR)
    for each in found:
        _check(config, path, each.strip())
    return tuple(each.strip() for each in found)


def _check(config: ConfigText, path: tuple[str, ...], selector: str) -> None:
    # Few feeds have a list, and what reads one loads an HTML parser.
    from connectors.feeds.formats.page_items import (  # noqa: PLC0415
        fields_of,
        is_css,
        is_path,
        is_template,
        page_in_answer,
    )

    parts: Iterable[str] = [selector]
    if is_template(selector):
        if path[-1] != "link":
            raise config.error(
                path,
                f"{selector!r} is an address",
                "only link is an address with fields in braces",
            )
        parts = fields_of(selector)
    for part in parts:
        if not (is_css(part) or is_path(part) or page_in_answer(part)):
            raise config.error(path, f"{part!r} is not a selector", _SELECTOR)
