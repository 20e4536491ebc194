"""Text of the article in a page, shown or stated as data, and its next part's address.

No network; called in a parser process, with bounds.
"""

from __future__ import annotations

import re
import resource
from collections.abc import Iterator
from importlib.metadata import version
from importlib.util import find_spec
from itertools import takewhile
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from connectors.feeds.formats.page_items import decode_page
from connectors.feeds.full_text.body import ArticleBody, article_body
from transforms.text.html import plain_text
from transforms.text.json_limits import read_json_start

LIBRARY = "trafilatura"
MISSING = (
    "feeds.toml asks for full texts, and what finds them in pages is not installed:"
    " `pip install '.[full-text]'` in the clone of sinowire; until then feeds are read"
    " as ever"
)
# A page of three megabytes as a tree, and what its libraries take; seldom a fifth of it.
MEMORY_BYTES = 1_500_000_000
# What the extractor must leave of an article's element.
_LEAST_LEFT = 0.6
# What an element must have of the sentences that are found without it, and at most has.
_LEAST_KEPT, _MOST_MADE = 0.9, 1.5
# What a page shows of the text that it states as data; with less a script shows it.
_LEAST_SHOWN = 0.5
# Fewer characters of sentences are no article, so that they speak against none.
_FEW = 140
# Least length of a line with content, and the length of its end that identifies it.
_LINE, _TAIL = 60, 20
# Other lines are dates, names, captions, headlines, lists.
_SENTENCES = re.compile(r"^[^-|].{28,}[。！？.!?”\"»؟۔།။]$")
# A page's data is a graph of a few levels.
_DEPTH = 6
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


def is_installed() -> bool:
    """Tell whether the library for full texts is installed, without importing it."""
    return find_spec(LIBRARY) is not None


def extractor() -> str:
    """Return the name and version of the library that extracts texts."""
    return f"{LIBRARY} {version(LIBRARY)}"


def text_of(body: bytes, content_type: str, page_url: str = "") -> tuple[str, str]:
    """Return the article's text in the page at *page_url*, "" if there is none.

    A paragraph is a line. Beside the text stands the address of its next part, or "".
    Comments, menus and what is related are left out. Memory is bounded from here on for
    the whole process.
    """
    _bound_memory()
    html = decode_page(body, content_type).body.decode("utf-8", "replace")
    tree = LexborHTMLParser(html)
    headline, stated = _headline(tree), stated_lines(tree)
    whole, found = _found(html), article_body(tree)
    inner = _inner(found) if found else []
    if found and _is_the_same(inner, whole, found.around):
        whole = _with_lead(whole, inner, found.around)
    if sum(map(len, whole)) < _LEAST_SHOWN * sum(map(len, stated)):
        whole = stated
    lines = whole[1:] if whole and " ".join(whole[0].split()) == headline else whole
    return "\n".join(lines), next_part(tree, page_url)


def _inner(body: ArticleBody) -> list[str]:
    """Return the text of the element that holds the article, empty where little is."""
    # WeChat writes paragraphs as sections, which the extractor runs together.
    inside = body.html.replace("<section", "<div").replace("</section", "</div")
    lines = _found(f"<html><body><article>{inside}</article></body></html>")
    # The extractor may find little in it, such as where all is in headings.
    return lines if sum(map(len, lines)) >= _LEAST_LEFT * body.size else []


def _is_the_same(inner: list[str], whole: list[str], around: str) -> bool:
    """Tell whether *inner* has the article's sentences and few others.

    It has the sentences of *whole* that are *around*, where no comments are, and few
    others: a page may have many articles.
    """
    known = "".join("".join(inner).split())
    made = [line for line in inner if _SENTENCES.search(line)]
    joined = ("".join(line.split()) for line in whole if _SENTENCES.search(line))
    meant = [line for line in joined if line in around]
    if (least := sum(map(len, meant))) < _FEW:
        # A list's item may be the whole article behind its headline and date.
        longest = max((line for line in whole if len(line) >= _LINE), key=len, default="")
        return bool(inner) and "".join(longest.strip("-| ").split())[-_TAIL:] in known
    kept = sum(len(line) for line in meant if line in known)
    return kept >= _LEAST_KEPT * least and sum(map(len, made)) <= _MOST_MADE * least


def _with_lead(whole: list[str], inner: list[str], around: str) -> list[str]:
    """Return *inner* with the page's lead before it."""
    known, said = set(inner), "".join("".join(inner).split())
    before = takewhile(lambda line: line not in known, whole)
    sentences = {line: "".join(line.split()) for line in before if _SENTENCES.search(line)}
    return [
        *(
            line
            for line, joined in sentences.items()
            if joined in around and joined not in said
        ),
        *inner,
    ]


def _found(html: str) -> list[str]:
    from trafilatura import bare_extraction  # noqa: PLC0415  slow, and few homes want it

    found = bare_extraction(html, include_comments=False, with_metadata=False)
    text = (getattr(found, "text", None) or "") if found else ""
    return [line for line in map(str.strip, text.split("\n")) if line]


def _headline(tree: LexborHTMLParser) -> str:
    """Return the page's headline, which is no part of its text."""
    found = tree.css_first("h1")
    return " ".join(found.text().split()) if found else ""


def _bound_memory() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(MEMORY_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def stated_lines(tree: LexborHTMLParser) -> list[str]:
    """Return the longest ``articleBody`` of a page's data, a line a paragraph."""
    texts = [
        text
        for node in tree.css('script[type="application/ld+json"]')
        for text in _bodies(node.text())
    ]
    longest = max(texts, key=len, default="")
    lines = [plain_text(line) for line in longest.splitlines()]
    return [line for line in lines if line]


def _bodies(script: str) -> Iterator[str]:
    if "articleBody" not in script:
        return
    try:
        document = read_json_start(script.strip())
    except ValueError:
        return
    yield from _walk(document, _DEPTH)


def _walk(value: Any, depth: int) -> Iterator[str]:
    if depth and isinstance(value, list):
        for each in value:
            yield from _walk(each, depth - 1)
    elif depth and isinstance(value, dict):
        if isinstance(text := value.get("articleBody"), str):
            yield text
        for each in value.values():
            yield from _walk(each, depth - 1)


def next_part(tree: LexborHTMLParser, url: str) -> str:
    """Return the address of the next part of the article at *url*, "" if it has none.

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
