"""Items of a page or of a JSON answer, and the selectors that pick them. No network."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from connectors.errors import ChallengeError, FeedParseError, is_challenge
from connectors.feeds.formats.encoding import Decoded, repair_encoding
from connectors.feeds.formats.source import HEAD, Source
from transforms.models import Feed, ListSelectors
from transforms.text.html import plain_text
from transforms.text.json_limits import read_json_start

ITSELF = "."
_ATTRIBUTE = re.compile(r"(?P<css>.*?)@(?P<name>[A-Za-z][\w:-]*)", re.DOTALL)
_NAME = r"""[^\s.\[\]{}"'<>=(),*]+"""
_INDEX = r"\[\d*\]"
_PATH = re.compile(rf"(?:{_NAME}|{_INDEX})(?:\.{_NAME}|{_INDEX})*")
_STEP = re.compile(r"\[(?P<index>\d*)\]|(?P<name>[^.\[\]]+)")
_FIELD = re.compile(r"\{([^{}]+)\}")
# What an id or a path may hold without becoming another part of the address.
_URL_SAFE = "/:?=&%,;@!$'()*+~-._#"
Pick = Callable[[str], Iterator[str]]
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


def is_css(selector: str) -> bool:
    """Tell whether *selector* can be used on a page."""
    css, _ = _split(selector)
    if css in {"", ITSELF}:
        return bool(selector)
    try:
        LexborHTMLParser("").css_first(css)
    except SelectolaxError:
        return False
    return True


def is_path(selector: str) -> bool:
    """Tell whether *selector* can be used on JSON."""
    return bool(_PATH.fullmatch(selector))


def page_in_answer(selector: str) -> tuple[str, str] | None:
    """Return the path and the CSS of "data.html ul > li", None if one is missing."""
    path, _, css = selector.partition(" ")
    return (path, css.strip()) if is_path(path) and css and is_css(css.strip()) else None


def is_template(selector: str) -> bool:
    """Tell whether *selector* is an address with fields in braces."""
    return selector.startswith(("http://", "https://", "/")) and "{" in selector


def fields_of(template: str) -> list[str]:
    """Return the selectors in the braces of *template*."""
    return _FIELD.findall(template)


def select_nodes(tree: LexborHTMLParser, selector: str) -> list[LexborNode]:
    """Return the elements of a page that match *selector*, none if it is no CSS."""
    try:
        return list(tree.css(selector))
    except SelectolaxError:
        return []


def picker_of_node(node: LexborNode) -> Pick:
    """Return a picker of the parts of an entry that is an HTML element."""

    def pick(selector: str) -> Iterator[str]:
        css, attribute = _split(selector)
        try:
            found = [node] if css in {"", ITSELF} else node.css(css)
        except SelectolaxError:
            return
        for each in found:
            if attribute:
                yield (each.attributes.get(attribute) or "").strip()
            else:
                yield plain_text(each.html or "")

    return pick


def picker_of_value(value: Any) -> Pick:
    """Return a picker of the parts of an entry that is a JSON value."""

    def pick(selector: str) -> Iterator[str]:
        if selector == ITSELF:
            yield from _scalars(value)
        elif is_path(selector):
            for found in walk(value, selector):
                yield from _scalars(found)

    return pick


def walk(value: Any, path: str) -> list[Any]:
    """Return the values at *path*: ``a.b`` descends, ``[]`` takes all, ``[0]`` one."""
    found = [value]
    for step in _STEP.finditer(path):
        found = [below for each in found for below in _below(each, step)]
    return found


def fill(template: str, pick: Pick) -> str:
    """Return *template* with its fields filled in, "" if one of them is missing."""
    values = {field: next(filter(None, pick(field)), "") for field in fields_of(template)}
    if not all(values.values()):
        return ""
    return _FIELD.sub(lambda field: quote(values[field[1]], safe=_URL_SAFE), template)


def _split(selector: str) -> tuple[str, str]:
    found = _ATTRIBUTE.fullmatch(selector)
    return (found["css"].strip(), found["name"].lower()) if found else (selector, "")


def _below(value: Any, step: re.Match[str]) -> list[Any]:
    if step["name"]:
        is_there = isinstance(value, dict) and step["name"] in value
        return [value[step["name"]]] if is_there else []
    elements = list(value.values()) if isinstance(value, dict) else value
    if not isinstance(elements, list):
        return []
    if not step["index"]:
        return elements
    index = int(step["index"])
    return elements[index : index + 1]


def _scalars(value: Any) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, str | int | float) and not isinstance(each, bool):
            yield str(each).strip()


@dataclass(frozen=True, slots=True)
class Listed:
    """The items of a document, in whichever format it is written."""

    format: str
    picks: Sequence[Pick]
    base_url: str
    defaults: ListSelectors
    title: str = ""
    language: str = ""
    encoding: str = "utf-8"
    note: str = ""


def read_listed(source: Source, selectors: ListSelectors) -> Listed:
    """Return the items of a document that match ``items``, at least one in a page.

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
    """Read HTML inside a JSON answer, as sites of ministries send it."""
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
        raise FeedParseError(
            feed.url,
            f"a web page came, and items = {selectors.items!r} is not a CSS selector",
        )
    if not body.strip():
        raise FeedParseError(feed.url, "an empty answer, not a list")
    tree, decoded = page_tree(body, source.content_type)
    nodes = select_nodes(tree, selectors.items)
    if not nodes:
        if is_challenge(body):
            raise ChallengeError(
                feed.url, "a bot check, captcha or login page came instead of the list"
            )
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
    """Return a web page as a tree without its scripts, and how it was decoded."""
    decoded = decode_page(body, content_type)
    tree = LexborHTMLParser(decoded.body.decode("utf-8", "replace"))
    tree.strip_tags(_CODE)
    return tree, decoded


def decode_page(body: bytes, content_type: str) -> Decoded:
    """Return a web page in UTF-8, by the declared charsets and its bytes."""
    return repair_encoding(body, _labelled(body, content_type))


def _no_path(selector: str) -> str:
    return f"JSON came, and items = {selector!r} is not a path such as data.list"


def _nothing(selector: str, where: str) -> str:
    return f"selector {selector!r} matched nothing; {where} has changed?"


def _labelled(body: bytes, content_type: str) -> str:
    """Return *content_type*, with the page's own charset where the header lacks one."""
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
