"""Tell whether a page holds an article's first part alone. No network."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

# Links looked at: those of a page's navigation are few.
_MOST, _LONGEST = 2000, 100
_WORDS = re.compile(
    r"\W*(?:下一?[页頁]|余下全文|剩余全文|次のページへ?|次へ"
    r"|next(?: page)?|nächste seite)\W*",
    re.IGNORECASE,
)
_ENDING = re.compile(r"\.[a-z]{2,5}$", re.IGNORECASE)
_FIRST = re.compile(r"(?<=\w)[_-](?:p|page|seite)?[_-]?[01]$")
# What stands behind an article's address in that of its next part. Some count from nought.
_PART = re.compile(r"(?:[_/-](?:p|page|seite|teil)?[_/-]?)[12]", re.IGNORECASE)
_KEYS = frozenset({"page", "pn", "pageno", "seite"})


def next_part(tree: LexborHTMLParser, url: str) -> str:
    """Return the address of the next part of the article at *url*, "" where it has none.

    ``rel=next`` is the next article far more often than the next part, so the address
    must be that of this page with a number behind it, on the same host.
    """
    for link in tree.css("link[rel][href], a[href]")[:_MOST]:
        relation = (link.attributes.get("rel") or "").lower().split()
        if "next" in relation or (
            link.tag == "a" and _WORDS.fullmatch(link.text()[:_LONGEST])
        ):
            found = _absolute(url, link.attributes.get("href") or "")
            if found and _continues(url, found):
                return found
    return ""


def _absolute(url: str, href: str) -> str:
    try:
        found = urljoin(url, href.strip())
        return found if urlsplit(found).scheme in {"http", "https"} else ""
    except ValueError:
        return ""


def _continues(url: str, other: str) -> bool:
    here, there = urlsplit(url), urlsplit(other)
    if (here.hostname or "").lower() != (there.hostname or "").lower():
        return False
    if here.path == there.path:
        asked = dict(parse_qsl(there.query))
        added = {key: asked.pop(key) for key in list(asked) if key.lower() in _KEYS}
        rest = {k: v for k, v in parse_qsl(here.query) if k.lower() not in _KEYS}
        return asked == rest and "2" in added.values()
    stem, longer = _stem(here.path), _stem(there.path)
    return any(
        longer.startswith(start) and bool(_PART.fullmatch(longer.removeprefix(start)))
        for start in {stem, _FIRST.sub("", stem)}
        if start
    )


def _stem(path: str) -> str:
    return _ENDING.sub("", path.rstrip("/"))
