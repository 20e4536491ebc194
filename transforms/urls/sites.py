"""Whose address it is: the site that a feed or a link belongs to.

Two questions, and each is answered on its safe side. Do two feeds speak for two outlets?
Then a platform is one site, since a second blog there costs nothing (``site_of``). May a
feed speak for a page? Then each blog of a platform is a site of its own (``is_own``).
"""

from __future__ import annotations

from collections.abc import Callable
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
# Platforms that give every writer a name below their own, and are not in the list.
_PLATFORMS = frozenset(
    {"beehiiv.com", "ghost.io", "medium.com", "substack.com", "tumblr.com", "wordpress.com"}
)


def site_of(url: str) -> str:
    """Return the domain that somebody registered for *url*: "bbc.co.uk", "github.io".

    Empty for addresses of one's own network: a gateway there speaks for many sites.
    """
    return _domain(_host(url), _registered)


def is_own(feed_url: str, url: str) -> bool:
    """Tell whether who publishes the feed also publishes the page at *url*."""
    owner = _domain(_host(feed_url), _rented)
    return bool(owner) and owner == _domain(_host(url), _rented)


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
def _domain(host: str, registered: Callable[[str], str | None]) -> str:
    try:
        return host if ip_address(host).is_global else ""
    except ValueError:
        pass
    if f".{host}".endswith(_INSIDE):
        return ""
    return registered(host) or ""


def _registered(host: str) -> str | None:
    return _suffixes(only_icann=True).privatesuffix(host)


def _rented(host: str) -> str | None:
    """Return what one party holds, be it rented from a platform ("ann.github.io")."""
    domain = _suffixes(only_icann=False).privatesuffix(host)
    if domain in _PLATFORMS:
        return ".".join(host.split(".")[-domain.count(".") - 2 :])
    return domain


@cache
def _suffixes(*, only_icann: bool) -> PublicSuffixList:
    # Reading it takes some 20 ms, which a run without news does without.
    return PublicSuffixList(only_icann=only_icann)
