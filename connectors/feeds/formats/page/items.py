"""Find the items of a page or of a JSON answer, whichever came. No network."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from connectors.errors import ChallengeError, FeedParseError, is_challenge
from connectors.feeds.formats.encoding import Decoded, repair_encoding
from connectors.feeds.formats.page_items import (
    Pick,
    is_css,
    is_path,
    page_in_answer,
    picker_of_node,
    picker_of_value,
    select_nodes,
    walk,
)
from connectors.feeds.formats.source import HEAD, Source
from transforms.models import Feed, ListSelectors
from transforms.text.json_limits import read_json_start

# A callback before the data: cb({…}), or try{x.cb({…})}catch(e){}.
_JSONP = re.compile(
    rb"(?:/\*.*?\*/)?\s{0,40}(?:try\s{0,9}\{\s{0,9})?[\w.$]{1,200}\s{0,9}\(\s{0,9}(?=[{\[])",
    re.DOTALL,
)
_META_CHARSET = re.compile(
    rb"<meta[^<>]+charset\s*+=\s*+[\"']?\s*+([\w.:-]+)", re.IGNORECASE
)
_CODE = ["script", "style", "template"]
_OF_A_PAGE = ListSelectors(items="", title=("a",), link=("a@href",))


@dataclass(frozen=True, slots=True)
class Listed:
    """The items of a document, whatever it is written in."""

    format: str
    picks: Sequence[Pick]
    base_url: str
    defaults: ListSelectors
    title: str = ""
    language: str = ""
    encoding: str = "utf-8"
    note: str = ""


def read_listed(source: Source, selectors: ListSelectors) -> Listed:
    """Return the items of a document that ``items`` finds, at least one in a page.

    Raises:
        FeedParseError: It finds none, or fits another kind of document.
    """
    inner = source.body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if inner[:1] in (b"{", b"["):
        return _read_json(inner, source, selectors)
    if call := _JSONP.match(inner, 0, HEAD):
        return _read_json(inner[call.end() :], source, selectors)
    return _read_html(source, selectors)


def _read_json(body: bytes, source: Source, selectors: ListSelectors) -> Listed:
    feed = source.feed
    inner = page_in_answer(selectors.items)
    if not (inner or is_path(selectors.items)):
        raise FeedParseError(feed.url, _no_path(selectors.items))
    decoded = repair_encoding(body)
    try:
        text = decoded.body.decode("utf-8", "replace").lstrip()
        # A callback's brackets, "})}catch(e){}", may follow.
        document = read_json_start(text)
    except ValueError as exc:
        raise FeedParseError(feed.url, f"not a list: broken JSON ({exc})") from exc
    if inner:
        return _read_page_in(document, inner, source, selectors)
    return Listed(
        format="json_list",
        picks=[picker_of_value(item) for item in _json_items(document, feed, selectors)],
        base_url=source.base_url,
        defaults=ListSelectors(items="", title=("title",), link=("url", "link")),
        encoding=decoded.encoding or "utf-8",
        note=decoded.note,
    )


def _read_page_in(
    document: Any, inner: tuple[str, str], source: Source, selectors: ListSelectors
) -> Listed:
    """Read a piece of a page that the answer holds as text, as sites of ministries do."""
    path, css = inner
    markup = [value for value in walk(document, path) if isinstance(value, str)]
    if not markup:
        raise FeedParseError(source.feed.url, _no_path(selectors.items))
    tree = LexborHTMLParser("\n".join(markup))
    tree.strip_tags(_CODE)
    nodes = select_nodes(tree, css)
    if not nodes:
        raise FeedParseError(source.feed.url, _nothing(selectors.items, "the answer"))
    return Listed(
        format="html_list",
        picks=[picker_of_node(node) for node in nodes],
        base_url=source.base_url,
        defaults=_OF_A_PAGE,
    )


def _json_items(document: Any, feed: Feed, selectors: ListSelectors) -> list[Any]:
    found = walk(document, selectors.items)
    if len(found) == 1 and isinstance(found[0], list):
        return found[0]  # it may be empty: the interface says that there is no news
    if found and (selectors.items.endswith("[]") or isinstance(found[0], dict)):
        return found
    raise FeedParseError(feed.url, _nothing(selectors.items, "the answer"))


def _read_html(source: Source, selectors: ListSelectors) -> Listed:
    feed, body = source.feed, source.body
    if not is_css(selectors.items):
        reason = f"a web page came, and items = {selectors.items!r} is not a CSS selector"
        raise FeedParseError(feed.url, reason)
    if not body.strip():
        raise FeedParseError(feed.url, "an empty answer, not a list")
    tree, decoded = page_tree(body, source.content_type)
    nodes = select_nodes(tree, selectors.items)
    if not nodes:
        if is_challenge(body):
            wall = "a bot check, captcha or login page came instead of the list"
            raise ChallengeError(feed.url, wall)
        raise FeedParseError(feed.url, _nothing(selectors.items, "the page"))
    return Listed(
        format="html_list",
        picks=[picker_of_node(node) for node in nodes],
        base_url=_base(tree, source.base_url),
        defaults=_OF_A_PAGE,
        title=_text(tree, "title"),
        language=_language(tree),
        encoding=decoded.encoding or "utf-8",
        note=decoded.note,
    )


def page_tree(body: bytes, content_type: str) -> tuple[LexborHTMLParser, Decoded]:
    """Return a web page as a tree without its scripts, and how its bytes were read."""
    decoded = decode_page(body, content_type)
    tree = LexborHTMLParser(decoded.body.decode("utf-8", "replace"))
    tree.strip_tags(_CODE)
    return tree, decoded


def decode_page(body: bytes, content_type: str) -> Decoded:
    """Return a web page in UTF-8, by what server and page say and by its bytes."""
    return repair_encoding(body, _labelled(body, content_type))


def _no_path(selector: str) -> str:
    return f"JSON came, and items = {selector!r} is not a path such as data.list"


def _nothing(selector: str, where: str) -> str:
    return f"selector {selector!r} matched nothing; {where} has changed?"


def _labelled(body: bytes, content_type: str) -> str:
    """Return *content_type*, with the page's own charset where the header has none."""
    found = _META_CHARSET.search(body[:4096])
    if not found or "charset" in content_type.lower():
        return content_type
    return f"text/html; charset={found[1].decode('ascii', 'replace')}"


def _base(tree: LexborHTMLParser, base_url: str) -> str:
    base = tree.css_first("base[href]")
    return urljoin(base_url, (base.attributes.get("href") or "")) if base else base_url


def _text(tree: LexborHTMLParser, selector: str) -> str:
    node = tree.css_first(selector)
    return " ".join(node.text().split()) if node else ""


def _language(tree: LexborHTMLParser) -> str:
    node = tree.css_first("html[lang]")
    return (node.attributes.get("lang") or "").strip() if node else ""
