"""Names of outlets: one canonical name for the spellings of feeds, sources and sites."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from transforms.seam import beat_text
from transforms.urls.identity import site_of

# How an outlet came, in the names that people give to feeds: "reuters_gnews".
_CARRIER = re.compile(
    r"[\s_-](?:g ?news|google ?news|rss|rsshub|feed|atom|direct)$", re.IGNORECASE
)
_DOMAIN = re.compile(r"\.(?:com|net|org|cn|com\.cn|co\.uk)$", re.IGNORECASE)
_DESK = re.compile(
    r"[\s_-](?:business|world|technology|tech|markets|top news|news)$", re.IGNORECASE
)


@lru_cache(maxsize=1 << 12)
def outlet_name(publisher: str) -> str:
    """Return the canonical name of the outlet *publisher*; itself if unknown."""
    name = publisher.strip()
    for pattern in (None, _DOMAIN, _CARRIER, _DESK):
        if pattern:
            name = pattern.sub("", name)
        if known := _names().get(_folded(name)):
            return known
    return publisher


def outlet_at(url: str) -> str:
    """Return the outlet whose site *url* is on; "" for an unknown site."""
    return _sites().get(site_of(url), "")


def _folded(name: str) -> str:
    return name.casefold().removeprefix("the ")


@cache
def _names() -> Mapping[str, str]:
    return {
        _folded(alias): name
        for name, outlet in _data().items()
        for alias in (name, *outlet["also"])
    }


@cache
def _sites() -> Mapping[str, str]:
    return {site: name for name, outlet in _data().items() for site in outlet["sites"]}


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(beat_text("outlets.toml"))
