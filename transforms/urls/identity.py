"""Identity of an article by its address, and its site.

The stored address is one that works (``canonical_url``); the identity need not be a valid
address.
A slash at the end, http for https, "#…#" about a topic and the order of parameters make
no other article. Neither does the section that it stands in, where the rest of the path
is one article's alone: a dated or numbered headline, or the number of a portal.

What is stored keeps its id: an address that is read otherwise from now on is another
article's only for what comes (docs/decisions/0039-ids-of-articles-stay.md).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import cache, lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

from transforms.urls.canonical import canonical_url

# Numbers of portals that hold for all of their sections and hosts, in this order: of a
# clock with a machine's number, of Sina, of Tencent and of NetEase.
_PORTAL_ID = re.compile(
    r"(?:/|_|-)((?!20[0-3]\d[01]\d)\d{16,20}|doc-i[a-z]{7}\d{7}|20\d{6}[A-Z][0-9A-Z]{7}"
    r"|(?=[A-Z]*\d)[A-Z0-9]{16})(?:\.s?html?)?$",
    re.ASCII,
)
_SECTION = re.compile(r"[a-z]+(?:[-&][a-z]+)*")
# Sections that do tell articles apart: languages and countries, and what is no text.
_KEPT = re.compile(
    r"[a-z]{2}(?:-[a-z]{2,4})?"
    r"|(?:video|podcast|photo|picture|galler|slideshow|graphic|interactive|audio|live)[a-z-]*"
)
# A headline in an address, and what makes it one article's: a date or number of its own.
_WORDY = re.compile(r"(?:[^-]+-){3,}[^-]+")
_OWN_NUMBER = re.compile(
    r"-(?:20\d\d-\d\d-\d\d|\d{6,}|(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{8,})(?:\.s?html?)?$"
)
_DATED = re.compile(r"/20\d\d[/-](?:0?[1-9]|1[0-2])[/-](?:0?[1-9]|[12]\d|3[01])/")
_NUMBERED = re.compile(r"\d{6,}")
# "/2026/9/19/1234567/any-words": the number is the article's, the words may change.
_DATED_NUMBER = re.compile(r"(/20\d\d/\d{1,2}/\d{1,2}/\d{6,})/[^/]+")
_HASHED = re.compile(r"(?<==)(?:%23)+(.+?)(?:%23)+$")
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


def article_id(url: str, feed_id: str, guid: str) -> str:
    """Return an article's id, from its address or else from feed and guid."""
    return hash_identity(canonical_url(url), feed_id, guid)


def hash_identity(canonical: str, feed_id: str, guid: str) -> str:
    """Return the id of an article with a canonical URL."""
    identity = identity_of(canonical) or f"{feed_id}\n{guid}"
    return hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def identity_of(canonical: str) -> str:
    """Return the common part of all addresses of the article at *canonical*."""
    if not canonical:
        return ""
    _, _, rest = canonical.partition("://")
    address, hash_mark, fragment = rest.partition("#")
    path, mark, query = address.partition("?")
    host, slash, path = path.partition("/")
    if not query and not fragment:
        host, path = _of_article(host, slash + path.rstrip("/"))
    else:
        path = slash + path.rstrip("/")
    return f"https://{host}{path}{mark}{_ordered(query)}{hash_mark}{fragment}"


def _of_article(host: str, path: str) -> tuple[str, str]:
    """Return host and path without what does not belong to the article alone."""
    if (found := _PORTAL_ID.search(path)) and (site := site_of(f"https://{host}/")):
        return site, f"/{found[1]}"
    if found := _DATED_NUMBER.fullmatch(path):
        return host, found[1]
    return host, _without_sections(path)


def _without_sections(path: str) -> str:
    *before, last = path.split("/")
    if not _WORDY.fullmatch(last) or not _is_unique(path, before, last):
        return path
    kept = [s for s in before if not _SECTION.fullmatch(s) or _KEPT.fullmatch(s)]
    return "/".join([*kept, last])


def _is_unique(path: str, before: list[str], last: str) -> bool:
    if _OWN_NUMBER.search(last) or _DATED.search(path):
        return True
    return bool(before) and bool(_NUMBERED.fullmatch(before[-1]))


def _ordered(query: str) -> str:
    pairs = (_HASHED.sub(r"\1", pair) for pair in query.replace("+", "%20").split("&"))
    return "&".join(sorted(pairs))


def site_of(url: str) -> str:
    """Return the registered domain of *url*: "bbc.co.uk", "github.io".

    Empty for addresses in a private network, where a gateway serves many sites.
    """
    return _domain(_host(url), lambda host: _suffixes(only_icann=True).privatesuffix(host))


def is_own(feed_url: str, url: str) -> bool:
    """Tell whether the feed and the page at *url* have one publisher."""
    owner = _domain(_host(feed_url), _rented)
    return bool(owner) and owner == _domain(_host(url), _rented)


def _host(url: str) -> str:
    """Return the host of *url* as it stands in the DNS, or "" if that is not certain."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
        return host if host.isascii() else _encoded(host)
    except (UnicodeError, ValueError):
        return ""


def _encoded(host: str) -> str:
    encoded = host.encode("idna")
    # "straße" would become "strasse", another domain.
    return encoded.decode("ascii") if encoded.decode("idna") == host else ""


@lru_cache(maxsize=1 << 14)
def _domain(host: str, registered: Callable[[str], str | None]) -> str:
    try:
        return host if ip_address(host).is_global else ""
    except ValueError:
        pass
    return "" if f".{host}".endswith(_INSIDE) else registered(host) or ""


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
