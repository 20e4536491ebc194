"""Look through links that lead elsewhere and say where: those of portals and searches."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

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


def unwrapped(url: str) -> str:
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
