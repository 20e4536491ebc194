"""OPML in, however it was written, and out as other readers want it."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

from lxml import etree

from connectors.feeds.encoding import repair_encoding
from connectors.subscriptions.ids import FEED_ID, feed_id_for
from connectors.subscriptions.toml import KINDS
from transforms.config import ConfigError
from transforms.models import Feed, FeedKind

_NAMESPACE = "https://sinowire.example/opml"
_BARE_AMPERSAND = re.compile(rb"&(?!#?\w{1,30};)")
_ATTRIBUTE = re.compile(r'\b(text|title|xmlUrl|language)\s*=\s*"([^"]*)"', re.IGNORECASE)
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


@dataclass(frozen=True, slots=True)
class OpmlImport:
    """The feeds of a list, and what had to be mended or left out."""

    feeds: list[Feed]
    warnings: list[str]


def parse_opml(body: bytes, source: str = "OPML") -> OpmlImport:
    """Return the feeds of an OPML list, in whatever folders they lie.

    Malformed lists are mended as far as that goes.

    Raises:
        ConfigError: It is no list of feeds at all.
    """
    warnings: list[str] = []
    root = _root(body, source, warnings)
    feeds: list[Feed] = []
    taken: set[str] = set()
    addresses: set[str] = set()
    for outline, folders in _outlines(root):
        attributes = {
            str(name).lower(): str(value).strip() for name, value in outline.attrib.items()
        }
        url, title = (
            attributes.get("xmlurl") or attributes.get("url", ""),
            _title(attributes),
        )
        if not _is_http(url):
            if url:
                warnings.append(f"left out {title or url!r}: {url!r} is no http address")
            continue
        if url in addresses:
            warnings.append(f"left out {title or url!r}: {url} is there already")
            continue
        feed = _feed(attributes, url, title, folders, taken)
        addresses.add(url)
        taken.add(feed.feed_id)
        feeds.append(feed)
    return OpmlImport(feeds, warnings)


def render_opml(feeds: Iterable[Feed], *, title: str = "sinowire") -> str:
    """Return *feeds* as OPML 2.0, in a folder a kind; what we read back is the same."""
    root = etree.Element("opml", {"version": "2.0"}, nsmap={"sinowire": _NAMESPACE})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    folders: dict[str, list[Feed]] = defaultdict(list)
    for feed in feeds:
        folders[feed.kind].append(feed)
    for kind, members in folders.items():
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
        f"{{{_NAMESPACE}}}id": feed.feed_id,
        f"{{{_NAMESPACE}}}publisher": feed.publisher,
        f"{{{_NAMESPACE}}}region": feed.region,
        f"{{{_NAMESPACE}}}enabled": "" if feed.enabled else "false",
    }
    return {key: _xml_text(value) for key, value in found.items() if value}


def _xml_text(text: str) -> str:
    return "".join(character for character in text if character.isprintable())


def _root(body: bytes, source: str, warnings: list[str]) -> etree._Element:
    decoded = repair_encoding(body)
    if decoded.note:
        warnings.append(decoded.note)
    root = _parse(decoded.body)
    if root is None:
        root = _mended(decoded.body, warnings)
    if root is None or not any(True for _ in root.iter("{*}outline", "{*}OUTLINE")):
        raise ConfigError(
            source, "is no OPML list of feeds", "export one from your feed reader"
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
        warnings.append(f"mended {count} bare & signs: OPML wants &amp;")
    root = _parse(mended)
    if root is not None:
        return root
    warnings.append(
        "not well-formed XML: its outlines were taken one by one, without folders"
    )
    return _scanned(mended.decode("utf-8", "replace"))


def _scanned(text: str) -> etree._Element:
    """Return the outlines of a list that no XML parser takes, in a list that one does."""
    root = etree.Element("opml")
    for part in re.split(r"<outline\b", text, flags=re.IGNORECASE)[1:]:
        found = {
            name.lower(): html.unescape(value) for name, value in _ATTRIBUTE.findall(part)
        }
        etree.SubElement(root, "outline", {k: _xml_text(v) for k, v in found.items()})
    return root


def _outlines(root: etree._Element) -> Iterator[tuple[etree._Element, tuple[str, ...]]]:
    for outline in root.iter("{*}outline", "{*}OUTLINE"):
        yield outline, _folders(outline)


def _folders(outline: etree._Element) -> tuple[str, ...]:
    names = []
    parent = outline.getparent()
    while parent is not None and etree.QName(parent).localname.lower() == "outline":
        names.append(str(parent.get("text") or parent.get("title") or ""))
        parent = parent.getparent()
    return tuple(reversed(names))


def _feed(
    attributes: dict[str, str],
    url: str,
    title: str,
    folders: tuple[str, ...],
    taken: set[str],
) -> Feed:
    own = {
        name: attributes.get(f"{{{_NAMESPACE}}}{name}", "")
        for name in ("id", "publisher", "region", "enabled")
    }
    is_ours = bool(FEED_ID.fullmatch(own["id"])) and own["id"] not in taken
    return Feed(
        feed_id=own["id"] if is_ours else feed_id_for(title, taken=taken, url=url),
        url=url,
        publisher=own["publisher"] if is_ours else title,
        language=_language(attributes.get("language", "")),
        region=own["region"],
        kind=_kind(folders),
        enabled=own["enabled"] != "false",
        note=attributes.get("description", "") if is_ours else "",
    )


def _title(attributes: dict[str, str]) -> str:
    return " ".join((attributes.get("title") or attributes.get("text") or "").split())


def _language(tag: str) -> str:
    return tag if re.fullmatch(r"[a-z]{2}(?:-[A-Za-z]{2,4})?", tag) else ""


def _kind(folders: tuple[str, ...]) -> FeedKind:
    for name in reversed(folders):
        words = re.findall(r"\w+", name.lower())
        for kind in KINDS:
            if kind in words or any(
                word in words for word in _KIND_WORDS.get(kind, "").split()
            ):
                return cast("FeedKind", kind)
    return "news"


def _is_http(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and " " not in url
