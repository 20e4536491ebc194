"""Ids for feeds that come without one: ASCII, readable, the same every time."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Set as AbstractSet
from urllib.parse import urlsplit

FEED_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
ID_RULE = "use letters, digits, - and _, a letter or digit first, 64 at most"
LONGEST = 48
# Labels of a host that say nothing about whose it is.
_PLAIN = frozenset({
    "www", "m", "feeds", "feed", "rss", "news", "com", "cn", "org", "net", "edu", "gov",
    "co",
    "io", "hk", "tw", "sg", "jp", "uk", "us", "eu", "ai", "me", "tv", "cc",
})  # fmt: skip


def feed_id_for(title: str, *, taken: AbstractSet[str] = frozenset(), url: str = "") -> str:
    """Return an id made from *title*, else from *url*, that is not in *taken*.

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
