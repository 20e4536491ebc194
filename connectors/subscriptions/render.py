"""OPML out, as other readers want it and as we read it back."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from lxml import etree

from connectors.subscriptions.own import own_attributes
from transforms.models import Feed

NAMESPACE = "https://sinowire.example/opml"
# What XML 1.0 has no way to write.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_opml(feeds: Iterable[Feed]) -> str:
    """Return *feeds* as OPML 2.0, in a folder a kind; what we read back is the same."""
    root = etree.Element("opml", {"version": "2.0"}, nsmap={"sinowire": NAMESPACE})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "sinowire"
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
        **{f"{{{NAMESPACE}}}{name}": value for name, value in own_attributes(feed).items()},
    }
    return {key: xml_text(value) for key, value in found.items() if value}


def xml_text(text: str) -> str:
    """Return *text* without what XML has no way to write."""
    return _FORBIDDEN.sub("", text)
