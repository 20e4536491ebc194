"""Find the article in a page. No network; called in a parser process, with bounds."""

from __future__ import annotations

import resource
from importlib.metadata import version
from importlib.util import find_spec

from selectolax.lexbor import LexborHTMLParser

from connectors.feeds.formats.page.items import decode_page

LIBRARY = "trafilatura"
MISSING = (
    "feeds.toml asks for full texts, and what finds them in pages is not installed:"
    " `pip install 'sinowire[full-text]'`; until then feeds are read as ever"
)
# A page of three megabytes as a tree, and what its libraries take; seldom a fifth of it.
MEMORY_BYTES = 1_500_000_000


def is_installed() -> bool:
    """Tell whether there is a library that finds articles in pages; imports nothing."""
    return find_spec(LIBRARY) is not None


def extractor() -> str:
    """Return by what texts are found: its name and version."""
    return f"{LIBRARY} {version(LIBRARY)}"


def text_of(body: bytes, content_type: str) -> str:
    """Return the article's text in a page, a line a paragraph; empty where there is none.

    Comments, menus and what is related are left out. Memory is bounded from here on for
    the whole process.
    """
    _bound_memory()
    from trafilatura import bare_extraction  # noqa: PLC0415  slow, and few homes want it

    html = decode_page(body, content_type).body.decode("utf-8", "replace")
    found = bare_extraction(html, include_comments=False, with_metadata=False)
    text = (getattr(found, "text", None) or "") if found else ""
    first, _, rest = text.partition("\n")
    return rest if " ".join(first.split()) == _headline(html) else text


def _headline(html: str) -> str:
    """Return the page's headline, which is no part of its text."""
    found = LexborHTMLParser(html).css_first("h1")
    return " ".join(found.text().split()) if found else ""


def _bound_memory() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(MEMORY_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
