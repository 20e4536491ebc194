"""Which reader an element of an item has, by feedparser's name for it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from lxml import etree

from connectors.feeds.formats.fast_xml import links, words
from connectors.feeds.formats.fast_xml.names import NAMES, means_nothing, name_of
from connectors.feeds.formats.fast_xml.reading import ItemReading, Reader
from connectors.feeds.formats.fast_xml.text import LeftToFeedparser


@lru_cache(maxsize=NAMES)
def reader_of(tag: Any, prefix: str | None) -> Reader:
    """Return what reads an element of this name; the tag of a comment is a function."""
    if not isinstance(tag, str):
        return _pass_over if tag is etree.Comment else _refuse
    name = name_of(tag, prefix)
    return _READERS.get(name) or (_read_nothing if means_nothing(name) else _refuse)


def _read_nothing(node: etree._Element, reading: ItemReading) -> None:
    del reading
    if len(node):
        raise LeftToFeedparser


def _pass_over(node: etree._Element, reading: ItemReading) -> None:
    del node, reading


def _refuse(node: etree._Element, reading: ItemReading) -> None:
    del node, reading
    raise LeftToFeedparser


_READERS: dict[str, Reader] = {
    "title": words.read_title,
    "dc_title": words.read_title,
    "link": links.read_link,
    "guid": links.read_guid,
    "id": links.read_guid,
    "description": words.read_summary,
    "dc_description": words.read_summary,
    "summary": words.read_summary,
    "content": words.read_content,
    "content_encoded": words.read_content,
    "pubdate": words.read_published,
    "published": words.read_published,
    "issued": words.read_published,
    "dcterms_issued": words.read_published,
    "updated": words.read_updated,
    "modified": words.read_updated,
    "dc_date": words.read_updated,
    "dcterms_modified": words.read_updated,
    "category": words.read_category,
    "dc_subject": words.read_category,
    "author": words.read_author,
    "dc_creator": words.read_author,
    "source": links.read_source,
    "enclosure": links.read_enclosure,
    "media_thumbnail": _read_nothing,
    "media_content": _read_nothing,
    "media_credit": _read_nothing,
}
