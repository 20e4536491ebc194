"""Selectors proposed for a page's list of articles, to spare a look at its source."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime

from selectolax.lexbor import LexborHTMLParser, LexborNode

from connectors.feeds.formats.page import read_list_date
from connectors.feeds.formats.page_items import page_tree, select_nodes
from connectors.feeds.formats.source import sniff
from transforms.models import Feed, ListSelectors

# Fewer links are a menu or a footer.
ENOUGH = 4
# A headline is longer than "About us": Han characters say twice as much as letters.
HEADLINE = 16
LONGEST_HEADLINE = 60
# Links looked at, and levels climbed from one to what repeats around it.
MAX_LINKS, MAX_CLIMB = 2000, 4
LONGEST_DATE = 40

_PLAIN_NAME = re.compile(r"[A-Za-z][A-Za-z_-]*[0-9]?")
_HAN = re.compile("[\u4e00-\u9fff]")

_Group = dict[str, tuple[LexborNode, int]]


def guess_list(tree: LexborHTMLParser, feed: Feed, now: datetime) -> ListSelectors | None:
    """Return selectors for the page's list with the most headlines, None without a list."""
    groups: dict[tuple[int, str], _Group] = defaultdict(dict)
    repeats: dict[tuple[int, str], bool] = {}
    for link in tree.css("a[href]")[:MAX_LINKS]:
        words = "".join(link.text().split())
        length = len(words) + len(_HAN.findall(words))
        item = _repeated(link, repeats) if length >= HEADLINE else None
        if item is not None and item.parent is not None:
            group = groups[item.parent.mem_id, item.tag or ""]
            group.setdefault(link.attributes.get("href") or "", (item, length))
    best = max(groups.values(), key=_weight, default={})
    if len(best) < ENOUGH:
        return None
    items = [item for item, _ in best.values()]
    selector = _selector(items)
    if len(select_nodes(tree, selector)) < len(best):
        return None
    return ListSelectors(items=selector, date=tuple(_date_selector(items, feed, now)))


def guess_page(
    body: bytes, content_type: str, feed: Feed, now: datetime
) -> ListSelectors | None:
    """Return selectors for the list of a web page, None where *body* is no page."""
    if sniff(body) != "html":
        return None
    tree, _ = page_tree(body, content_type)
    return guess_list(tree, feed, now)


def _weight(group: _Group) -> int:
    return sum(min(length, LONGEST_HEADLINE) for _, length in group.values())


def _repeated(link: LexborNode, repeats: dict[tuple[int, str], bool]) -> LexborNode | None:
    """Return the repeated element around *link*: the link, or its box."""
    node = link
    for _ in range(MAX_CLIMB):
        parent = node.parent
        if parent is None or parent.tag in {"html", "-undef"}:
            return None
        place = parent.mem_id, node.tag or ""
        if place not in repeats:
            repeats[place] = sum(child.tag == node.tag for child in parent.iter()) >= ENOUGH
        if repeats[place]:
            return node
        node = parent
    return None


def _selector(items: list[LexborNode]) -> str:
    steps = [_step(items)]
    node = items[0].parent
    while node is not None and node.tag not in {"html", "body", "-undef"}:
        steps.append(_step([node]))
        if steps[-1] != node.tag or len(steps) > MAX_CLIMB:
            break
        node = node.parent
    return " > ".join(reversed(steps))


def _step(nodes: list[LexborNode]) -> str:
    """Return a tag with its id, or with a class that all share, but no numbered one."""
    tag = nodes[0].tag or "*"
    if len(nodes) == 1 and _PLAIN_NAME.fullmatch(found := nodes[0].id or ""):
        return f"{tag}#{found}"
    shared = set.intersection(*(set(_classes(node)) for node in nodes))
    named = [name for name in _classes(nodes[0]) if name in shared]
    return f"{tag}.{named[0]}" if named else tag


def _classes(node: LexborNode) -> list[str]:
    names = (node.attributes.get("class") or "").split()
    return [name for name in names if _PLAIN_NAME.fullmatch(name)]


def _date_selector(items: list[LexborNode], feed: Feed, now: datetime) -> Iterator[str]:
    found: Counter[str] = Counter()
    for item in items:
        found.update(set(_dates_in(item, feed, now)))
    if found and (most := found.most_common(1)[0])[1] > len(items) / 2:
        yield most[0]


def _dates_in(item: LexborNode, feed: Feed, now: datetime) -> Iterator[str]:
    for node in item.css("time, span, em, i, small, td, div, p, b"):
        text = node.text().strip()
        if text and len(text) <= LONGEST_DATE and read_list_date(text, feed, now):
            yield _step([node])
