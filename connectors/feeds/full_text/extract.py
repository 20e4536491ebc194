"""Find the article in a page. No network; called in a parser process, with bounds."""

from __future__ import annotations

import re
import resource
from importlib.metadata import version
from importlib.util import find_spec
from itertools import takewhile
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser

from connectors.feeds.formats.page.items import decode_page
from connectors.feeds.full_text.body import ArticleBody, article_body
from connectors.feeds.full_text.paging import next_part
from connectors.feeds.full_text.stated import stated_lines

LIBRARY = "trafilatura"
MISSING = (
    "feeds.toml asks for full texts, and what finds them in pages is not installed:"
    " `pip install 'sinowire[full-text]'`; until then feeds are read as ever"
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
# A line that says something, ended as it may be, and what of its end tells it apart.
_LINE, _TAIL = 60, 20
# Other lines are dates, names, captions, headlines, lists.
_SENTENCES = re.compile(r"^[^-|].{28,}[。！？.!?”\"»؟۔།။]$")


def is_installed() -> bool:
    """Tell whether there is a library that finds articles in pages; imports nothing."""
    return find_spec(LIBRARY) is not None


def extractor() -> str:
    """Return by what texts are found: its name and version."""
    return f"{LIBRARY} {version(LIBRARY)}"


class PageText(NamedTuple):
    """An article's text, a line a paragraph; ``next_part`` is where it goes on, or ""."""

    text: str
    next_part: str = ""


def text_of(body: bytes, content_type: str, page_url: str = "") -> PageText:
    """Return the article's text in the page at *page_url*; empty where there is none.

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
    lines = whole[1:] if whole and _same(whole[0], headline) else whole
    return PageText("\n".join(lines), next_part(tree, page_url))


def _inner(body: ArticleBody) -> list[str]:
    """Return the text of the element that holds the article, empty where little is."""
    # WeChat writes paragraphs as sections, which the extractor runs together.
    inside = body.html.replace("<section", "<div").replace("</section", "</div")
    lines = _found(f"<html><body><article>{inside}</article></body></html>")
    # The extractor may find little in it, such as where all is in headings.
    return lines if sum(map(len, lines)) >= _LEAST_LEFT * body.size else []


def _is_the_same(inner: list[str], whole: list[str], around: str) -> bool:
    """Tell whether *inner* is what the page holds, without what is foreign to it.

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
    """Return *inner* behind the sentences that the page has before it, its lead."""
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


def _same(line: str, headline: str) -> bool:
    return " ".join(line.split()) == headline


def _bound_memory() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(MEMORY_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
