"""Canonical addresses: one working spelling per address, without trackers."""

from __future__ import annotations

import re
from ipaddress import IPv6Address
from urllib.parse import parse_qsl, quote, unquote, urlsplit, urlunsplit

SCHEMES = frozenset({"http", "https"})
_DEFAULT_PORTS = {"http": 80, "https": 443}
# Scheme, host and path in their one form already, as nearly all are, but for "/./".
_CANONICAL = re.compile(
    r"(https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+/[\w:@!$&'()*+,;=~./-]*)(?:\?([^#]*))?",
    re.ASCII,
)
_LINE_BREAKS = re.compile(r"[\t\r\n]")
# Google News wrappers cannot be unwrapped without a request; their query is theirs.
_OPAQUE = re.compile(
    r"https?://news\.google\.com/(?:rss/)?(?:articles|read)/", re.IGNORECASE
)
# No address holds these as they are, and pages that quote addresses trip over them.
_UNQUOTED = re.compile(r"""[ <>"\x00-\x1f\x7f]""")
_SECRET_NAME = re.compile(
    r"(?:^|[_-])(?:api)?(?:key|token|secret|sig|signature|auth|authorization|password|passwd|pass|pwd"
    r"|session|sessionid|sid|credential|credentials|code|jwt|hash)$|apikey|accesskey|token|secret",
    re.IGNORECASE,
)
_SECRET_VALUE = re.compile(
    r"[0-9a-fA-F]{24,}|(?=[^&]*[0-9])(?=[^&]*[a-z])(?=[^&]*[A-Z])[\w.~=-]{20,}|eyJ[\w.-]{10,}"
)
# Private feeds carry their key as a step of the path.
_SECRET_STEP = re.compile(
    r"(?:[0-9a-f]{24,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|eyJ[\w.-]{10,})(?:\.\w{2,5})?",
    re.IGNORECASE,
)
REDACTED = "REDACTED"
# Shorter ones are words, and would be struck out of every sentence.
_SHORTEST_SECRET = 4
_LONGEST_NAME = 8  # a user name that is longer may be a key
_PIECES = re.compile(r"[/?&;=#]")
# Steps of addresses that are no secret, and words of many a sentence.
_PLAIN_STEPS = frozenset(
    {
        *("feed", "feeds", "atom", "news", "index", "page", "blog", "list", "data"),
        *("feed.xml", "rss.xml", "atom.xml", "index.xml", "news.xml", "feed.json"),
    }
)
# Host and path of what counts clicks, and the parameters that hold the page itself.
_WRAPPER = re.compile(
    r"https?://(?:"
    r"(?:www\.|cn\.)?bing\.com/news/apiclick\.aspx"
    r"|(?:www\.|news\.)?google\.[a-z.]{2,6}/url"
    r"|link\.zhihu\.com/|link\.juejin\.cn/|l\.facebook\.com/l\.php|lm?\.facebook\.com/l\.php"
    r"|www\.jianshu\.com/go-wild|sspai\.com/link|gate\.sc/"
    r")\?",
    re.IGNORECASE,
)
_TARGETS = ("url", "target", "u", "q")
_DEPTH = 3
# Parameters that name a campaign or a click, never a page.
_TRACKING = re.compile(
    r"utm_\w+|(?:pk|mtm|piwik)_\w+|at_(?:medium|campaign|link\w*|custom\d|format|ptr_\w+|bbc_team)"
    r"|spm(?:_id_from|_\w+)?|scm|vd_source"
    r"|share_?(?:source|medium|plat|tag|session_id|from|times|token|code|type)|sharer_\w+"
    r"|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|igsh|mibextid"
    r"|mc_[ce]id|_hs(?:enc|mi)|hsa_\w+|mkt_tok|guccounter|guce_referrer(?:_sig)?|xtor|cmpid|ncid|ito|ftag"
    r"|__twitter_impression|_ga|_gl|wt\.mc_id|adchannelid|syn-[0-9a-f]{6,}|yptr|\.?tsrc|soc_(?:src|trk)"
    r"|srnd|sref|leadsource|smid|smtyp|unlocked_article_code|reflink|ocid|traffic_source"
    r"|ifengsp|isappinstalled|zh_hide_nav_bar|wfr|xsec_source|nocache",
    re.IGNORECASE,
)
# Parameters that mean something on most sites.
_ORIGIN = frozenset(
    {
        *("from", "f", "ref", "referrer", "referer", "source", "src", "via", "partner"),
        *("mod", "medium", "feed", "rss", "cmp", "siteid", "channel", "share", "icid"),
    }
)
_FEED_VALUE = re.compile(
    r"(?:feed|rss|atom)(?:[-_ ]?(?:feed|rss|reader|news|\d))*|feedburner", re.IGNORECASE
)
# A script shows what its parameters say; so does a search, and the front page.
_SCRIPT = re.compile(r"\.(?:php|aspx?|jspx?|do|cgi|action|dll|pl)$", re.IGNORECASE)
_WORDS = 3  # in "us-china-chips" are three: what a section is called has fewer
_NUMBER = re.compile(r"\d{5}|(?=[a-z]{0,11}\d)[0-9a-z]{12}", re.IGNORECASE)


class SecretUrl(str):
    """An address that is secret as a whole; only its host may be shown."""

    __slots__ = ()


class HubUrl(str):
    """An address at the RSSHub that the settings name, which may be a private one."""

    __slots__ = ()


def canonical_url(url: str) -> str:
    """Return an article's canonical address; "" if it is not http(s).

    Tracking parameters and fragments are removed, but routes (``#!`` and ``#/``) stay: on
    such sites they identify the page. Click counters are replaced by their target. The
    function is idempotent.
    """
    url = _unwrapped(_LINE_BREAKS.sub("", url.strip()))
    if _OPAQUE.match(url):
        return url
    if (found := _CANONICAL.fullmatch(url)) and "/." not in found[1]:
        query = _query(found[2], found[1]) if found[2] else ""
        return f"{found[1]}?{query}" if query else found[1]
    try:
        parts = urlsplit(url)
        host = _host(parts.hostname or "", parts.port, parts.scheme)
    except ValueError:
        return ""
    if parts.scheme not in SCHEMES or not host:
        return ""
    path = _quote(_without_dots(parts.path) or "/", safe="/:@!$&'()*+,;=~-._%")
    fragment = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    query = _query(parts.query, path)
    return urlunsplit((parts.scheme, host, path, query, _quote(fragment)))


def is_tracker(name: str) -> bool:
    """Tell whether a parameter names a campaign or a click, on whatever site."""
    return _TRACKING.fullmatch(name) is not None


def redact_url(url: str) -> str:
    """Return *url* without user names, passwords and probable keys.

    Only scheme and host are kept of a ``SecretUrl``.
    """
    try:
        parts = urlsplit(str(url))
        _ = parts.port
    except ValueError:
        # A password with a slash in it ends the host too early.
        return REDACTED
    userinfo, at, host = parts.netloc.rpartition("@")
    if isinstance(url, SecretUrl):
        return f"{parts.scheme}://{host}/"
    netloc = f"{REDACTED}{at}{host}" if userinfo else parts.netloc
    path = "/".join(
        REDACTED if _SECRET_STEP.fullmatch(step) else step for step in parts.path.split("/")
    )
    query, fragment = _redacted_pairs(parts.query), _redacted_pairs(parts.fragment)
    return urlunsplit((parts.scheme, netloc, path, query, fragment))


def public_base(url: str, feed_url: str = "") -> str:
    """Return *url* as the base of an entry's relative links, without secrets.

    *feed_url* is the feed's own address: if that is a secret, *url* is one too.
    """
    if isinstance(feed_url, SecretUrl):
        url = SecretUrl(url)
    try:
        parts = urlsplit(redact_url(url))
    except ValueError:
        return ""
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def hide_secrets(text: str, url: str) -> str:
    """Return *text* without the secrets of *url*, in any quoting."""
    for secret in _secrets(url):
        text = text.replace(secret, REDACTED)
    return text


def redact_target(url: str, feed_url: str) -> str:
    """Return the target of a request for *feed_url*, without the secrets of either."""
    return hide_secrets(redact_url(url), feed_url)


def _secrets(url: str) -> list[str]:
    """Return what ``redact_url`` takes out of *url*, longest first, as it may be quoted."""
    public = redact_url(url)
    if public == REDACTED:
        userinfo = url.partition("://")[2].rpartition("@")[0]
        found = {url, userinfo, *re.split("[:/]", userinfo)}
    else:
        userinfo = urlsplit(url).netloc.rpartition("@")[0]
        user, colon, password = userinfo.partition(":")
        found = {userinfo, password, user if len(user) > _LONGEST_NAME or not colon else ""}
        found |= set(_PIECES.split(url)) - set(_PIECES.split(public)) - _PLAIN_STEPS
        if isinstance(url, SecretUrl):
            found.add(urlsplit(str(url)).path)
    found |= {unquote(secret) for secret in found}
    return sorted((s for s in found if len(s) >= _SHORTEST_SECRET), key=len, reverse=True)


def _redacted_pairs(query: str) -> str:
    return "".join(_redacted(piece) for piece in re.split("([&;])", query))


def _redacted(pair: str) -> str:
    name, equals, value = pair.partition("=")
    secret = _SECRET_NAME.search(name) or _SECRET_VALUE.fullmatch(value)
    return f"{name}={REDACTED}" if equals and value and secret else pair


def _host(host: str, port: int | None, scheme: str) -> str:
    host = host.lower().rstrip(".")
    # Python reads the host "y]" in "[::1]x@y]", but then not in its canonical form.
    if not host or re.search(r"[\s<>\"\\^`{|}%\[\]]", host):
        return ""
    if ":" in host:
        _ = IPv6Address(host)
        host = f"[{host}]"
    return host if port in (None, _DEFAULT_PORTS.get(scheme)) else f"{host}:{port}"


def _without_dots(path: str) -> str:
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            del kept[max(1, len(kept) - 1) :]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/".join(kept)


def _query(query: str, path: str) -> str:
    is_named = _names_page(path)
    kept = (
        pair
        for pair in query.split("&")
        if pair and not _is_tracking(pair, is_named=is_named)
    )
    return _quote("&".join(kept), safe="/:@!$&'()*+,;=~-._%?[]|")


def _quote(text: str, safe: str = "/:@!$&'()*+,;=~-._%?#[]") -> str:
    # A "%" that starts no escape would be read differently by every reader.
    if "%" in text:
        text = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)
        text = re.sub(
            r"%[0-9a-f]{2}", lambda found: found[0].upper(), text, flags=re.IGNORECASE
        )
    return (
        text
        if text.isascii() and not _UNQUOTED.search(text)
        else quote(text, safe=safe, errors="replace")
    )


def _unwrapped(url: str) -> str:
    """Return the page that a link of a known portal leads to, else *url* itself."""
    for _ in range(_DEPTH):
        target = _target(url) if _WRAPPER.match(url) else ""
        if not target:
            break
        url = target
    return url


def _target(url: str) -> str:
    query = dict(parse_qsl(urlsplit(url).query))
    targets = (query.get(name, "") for name in _TARGETS)
    return next((t for t in targets if t.startswith(("http://", "https://"))), "")


def _is_tracking(pair: str, *, is_named: bool) -> bool:
    """Tell whether "name=value" says who reads a page, and not which page.

    *is_named* says that the path names the page by itself.
    """
    name, _, value = pair.partition("=")
    if is_tracker(name):
        return True
    return name.lower() in _ORIGIN and (
        is_named or bool(_FEED_VALUE.fullmatch(value or name))
    )


def _names_page(path: str) -> bool:
    """Tell whether *path* names one page: it ends in words or a number of its own."""
    last = path.rstrip("/").rpartition("/")[2]
    if _SCRIPT.search(last):
        return False
    return last.count("-") + last.count("_") >= _WORDS - 1 or bool(_NUMBER.search(last))
