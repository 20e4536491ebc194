"""Whose address it is: the site that a feed or a link belongs to.

A platform is one site, since a second blog there costs nothing.
"""

from __future__ import annotations

from functools import cache, lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

# Names that mean something inside a network only.
_INSIDE = (
    ".home.arpa",
    ".internal",
    ".intranet",
    ".lan",
    ".local",
    ".localdomain",
    ".localhost",
)


def site_of(url: str) -> str:
    """Return the domain that somebody registered for *url*: "bbc.co.uk", "github.io".

    Empty for addresses of one's own network: a gateway there speaks for many sites.
    """
    return _domain(_host(url))


def _host(url: str) -> str:
    """Return the host of *url* as it stands in the DNS, or "" where that is not certain."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
        return host if host.isascii() else _encoded(host)
    except (UnicodeError, ValueError):
        return ""


def _encoded(host: str) -> str:
    encoded = host.encode("idna")
    # "straße" would become "strasse", which is somebody else's.
    return encoded.decode("ascii") if encoded.decode("idna") == host else ""


@lru_cache(maxsize=1 << 14)
def _domain(host: str) -> str:
    try:
        return host if ip_address(host).is_global else ""
    except ValueError:
        pass
    if f".{host}".endswith(_INSIDE):
        return ""
    return _suffixes().privatesuffix(host) or ""


@cache
def _suffixes() -> PublicSuffixList:
    # Reading it takes some 20 ms, which a run without news does without.
    return PublicSuffixList(only_icann=True)
