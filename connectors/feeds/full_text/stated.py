"""Find the article that a page states as data, for search engines. No network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from transforms.text.html import plain_text
from transforms.text.json_limits import read_json_start

_SCRIPTS = 'script[type="application/ld+json"]'
# A page's data is a graph of a few levels.
_DEPTH = 6


def stated_lines(tree: LexborHTMLParser) -> list[str]:
    """Return the longest ``articleBody`` of a page's data, a line a paragraph."""
    texts = [text for node in tree.css(_SCRIPTS) for text in _bodies(node.text())]
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
