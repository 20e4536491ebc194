"""OPML: a lenient reader, and a writer for other feed readers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import cast

from lxml import etree

from connectors.subscriptions.edit import own_attributes, with_own_attributes
from connectors.subscriptions.toml import KINDS, LANGUAGE, is_address, is_route
from connectors.subscriptions.values import FEED_ID, feed_id_for
from transforms.config import ConfigError
from transforms.grouping import grouped
from transforms.models import Feed, FeedKind
from transforms.text.html import unescaped
from transforms.urls.canonical import REDACTED

_BARE_AMPERSAND = re.compile(rb"&(?!#?\w{1,30};)")
_ATTRIBUTE = re.compile(
    r"""\b(text|title|xmlUrl|language|type|isComment)\s*=\s*(?:"([^"]*)"|'([^']*)')""",
    re.IGNORECASE,
)
# Outlines of these types lead to pages and to further lists, whatever attributes they have.
_NO_FEEDS = frozenset({"link", "include"})
_KIND_WORDS = {
    "official": "official government 官方 政府 政务",
    "regulator": "regulator regulators 监管 監管",
    "newsletter": "newsletter newsletters substack 通讯",
    "company": "company companies 公司 企业",
    "aggregator": "aggregator aggregators 聚合",
    "community": "community forum forums 社区 论坛",
    "research": "research papers academic 研究 论文 智库",
    "blog": "blog blogs 博客",
}
NAMESPACE = "https://sinowire.example/opml"
# What XML 1.0 has no way to write.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class OpmlImport:
    """The feeds of a list, with warnings on those repaired or left out."""

    feeds: list[Feed]
    warnings: list[str]


def parse_opml(body: bytes, source: str = "OPML") -> OpmlImport:
    """Return the feeds of an OPML list, from all its folders.

    Malformed lists are mended as far as that goes.

    Raises:
        ConfigError: It is no list of feeds at all.
    """
    warnings: list[str] = []
    root = _root(body, source, warnings)
    feeds: list[Feed] = []
    taken: set[str] = set()
    addresses: set[str] = set()
    for outline, kind in _outlines(root):
        attributes = {
            str(name).lower(): str(value).strip() for name, value in outline.attrib.items()
        }
        url, title = (
            attributes.get("xmlurl") or attributes.get("url", ""),
            " ".join((attributes.get("title") or attributes.get("text") or "").split()),
        )
        if not url:
            continue
        if problem := _problem(attributes, url, addresses):
            warnings.append(f"left out {title or url!r}: {problem}")
            continue
        feed = _feed(attributes, url, title, kind, taken)
        addresses.add(url)
        taken.add(feed.feed_id)
        feeds.append(feed)
    return OpmlImport(feeds, warnings)


def _problem(attributes: dict[str, str], url: str, addresses: set[str]) -> str:
    if attributes.get("iscomment", "").lower() == "true":
        return "it is commented out there"
    if attributes.get("type", "").lower() in _NO_FEEDS:
        return f"{url} is a page or another list, by its type"
    if REDACTED in url:
        return f"{url} came without its secrets: add it by hand, with them"
    if not (is_address(url) or is_route(url)):
        return f"{url!r} is not an http address"
    return f"{url} is listed twice" if url in addresses else ""


def _root(body: bytes, source: str, warnings: list[str]) -> etree._Element:
    # Slow to load, and every command reads feeds.
    from connectors.feeds.formats.encoding import repair_encoding  # noqa: PLC0415

    decoded = repair_encoding(body)
    if decoded.note:
        warnings.append(decoded.note)
    root = _parse(decoded.body)
    if root is None:
        root = _mended(decoded.body, warnings)
    if root is None or not any(True for _ in root.iter("{*}outline", "{*}OUTLINE")):
        raise ConfigError(
            source, "not an OPML list of feeds", "export one from your feed reader"
        )
    return root


def _parse(body: bytes) -> etree._Element | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return root if root is not None and len(root) else None


def _mended(body: bytes, warnings: list[str]) -> etree._Element | None:
    mended, count = _BARE_AMPERSAND.subn(b"&amp;", body)
    if count:
        warnings.append(f"bare & signs repaired: {count}; OPML requires &amp;")
    root = _parse(mended)
    if root is not None:
        return root
    warnings.append(
        "not well-formed XML: its outlines were taken one by one, without folders"
    )
    return _scanned(mended.decode("utf-8", "replace"))


def _scanned(text: str) -> etree._Element:
    """Return the outlines of a malformed list as a well-formed one."""
    root = etree.Element("opml")
    for part in re.split(r"<outline\b", text, flags=re.IGNORECASE)[1:]:
        found = {
            name.lower(): unescaped(double or single)
            for name, double, single in _ATTRIBUTE.findall(part)
        }
        etree.SubElement(root, "outline", {k: xml_text(v) for k, v in found.items()})
    return root


def _outlines(root: etree._Element) -> Iterator[tuple[etree._Element, FeedKind | None]]:
    """Yield outlines with the feed kind of their folder, None outside of any folder.

    Each folder is read once, however deep its outlines lie.
    """
    within: dict[etree._Element | None, FeedKind] = {}
    for outline in root.iter("{*}outline", "{*}OUTLINE"):
        around = within.get(outline.getparent())
        yield outline, around
        name = str(outline.get("text") or outline.get("title") or "")
        within[outline] = _kind(name) or around or "news"


def _feed(
    attributes: dict[str, str],
    url: str,
    title: str,
    kind: FeedKind | None,
    taken: set[str],
) -> Feed:
    own = {
        name.removeprefix(f"{{{NAMESPACE}}}"): value
        for name, value in attributes.items()
        if name.startswith(f"{{{NAMESPACE}}}")
    }
    is_ours = bool(FEED_ID.fullmatch(own.get("id", ""))) and own["id"] not in taken
    feed = Feed(
        feed_id=own["id"] if is_ours else feed_id_for(title, taken=taken, url=url),
        url=url,
        publisher=own.get("publisher", "") if is_ours else title,
        language=_language(attributes.get("language", "")),
        kind=kind or _kind_of_categories(attributes),
        note=attributes.get("description", "") if is_ours else "",
    )
    return with_own_attributes(feed, own)


def _kind_of_categories(attributes: dict[str, str]) -> FeedKind:
    # "/Tech/AI,/China": folders of those who keep none.
    names = re.split(r"[/,]", attributes.get("category", ""))
    return next(filter(None, map(_kind, reversed(names))), "news")


def _language(tag: str) -> str:
    return tag if LANGUAGE.fullmatch(tag) else ""


def _kind(folder: str) -> FeedKind | None:
    words = set(re.findall(r"\w+", folder.lower()))
    for kind in KINDS:
        if kind in words or not words.isdisjoint(_KIND_WORDS.get(kind, "").split()):
            return cast("FeedKind", kind)
    return None


def render_opml(feeds: Iterable[Feed]) -> str:
    """Return *feeds* as OPML 2.0, one folder per kind; ``parse_opml`` restores them."""
    root = etree.Element("opml", {"version": "2.0"}, nsmap={"sinowire": NAMESPACE})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "sinowire"
    body = etree.SubElement(root, "body")
    for kind, members in grouped(feeds, attrgetter("kind")).items():
        folder = etree.SubElement(body, "outline", {"text": kind, "title": kind})
        for feed in members:
            etree.SubElement(folder, "outline", _attributes(feed))
    text = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return text.decode()


def _attributes(feed: Feed) -> dict[str, str]:
    name = feed.publisher or feed.feed_id
    found = {
        "type": "rss",
        "text": name,
        "title": name,
        "xmlUrl": feed.url,
        "language": feed.language,
        "description": feed.note,
        **{f"{{{NAMESPACE}}}{name}": value for name, value in own_attributes(feed).items()},
    }
    return {key: xml_text(value) for key, value in found.items() if value}


def xml_text(text: str) -> str:
    """Return *text* without characters that XML does not allow."""
    return _FORBIDDEN.sub("", text)
