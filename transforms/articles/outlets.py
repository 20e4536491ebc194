"""Names of outlets: one canonical name for the spellings of feeds, sources and sites."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from transforms.urls.identity import site_of

# How an outlet came, in the names that people give to feeds: "reuters_gnews".
_CARRIER = re.compile(
    r"[\s_-](?:g ?news|google ?news|rss|rsshub|feed|atom|direct)$", re.IGNORECASE
)
_DOMAIN = re.compile(r"\.(?:com|net|org|cn|com\.cn|co\.uk)$", re.IGNORECASE)
_DESK = re.compile(
    r"[\s_-](?:business|world|technology|tech|markets|top news|news)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, eq=False)
class Outlets:
    """Canonical names of outlets by their spellings, and by their sites."""

    names: Mapping[str, str]
    sites: Mapping[str, str]

    def name_of(self, publisher: str) -> str:
        """Return the canonical name of the outlet *publisher*; itself if unknown."""
        return _name_of(publisher, self)

    def at(self, url: str) -> str:
        """Return the outlet whose site *url* is on; "" for an unknown site."""
        return self.sites.get(site_of(url), "")


@lru_cache(maxsize=1 << 12)
def _name_of(publisher: str, outlets: Outlets) -> str:
    name = publisher.strip()
    for pattern in (None, _DOMAIN, _CARRIER, _DESK):
        if pattern:
            name = pattern.sub("", name)
        if known := outlets.names.get(_folded(name)):
            return known
    return publisher


def _folded(name: str) -> str:
    return name.casefold().removeprefix("the ")


def read_outlets(text: str) -> Outlets:
    """Return the outlets of a TOML text."""
    told = tomllib.loads(text)
    return Outlets(
        names={
            _folded(alias): name
            for name, outlet in told.items()
            for alias in (name, *outlet["also"])
        },
        sites={site: name for name, outlet in told.items() for site in outlet["sites"]},
    )
