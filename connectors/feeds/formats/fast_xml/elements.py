"""Which reader an element of an item has, by feedparser's name for it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from lxml import etree

from connectors.feeds.formats.xml import fast_items
from connectors.feeds.formats.xml.fast_text import (
    NAMES,
    ItemReading,
    LeftToFeedparser,
    Reader,
    means_nothing,
    name_of,
)


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
    "title": fast_items.read_title,
    "dc_title": fast_items.read_title,
    "link": fast_items.read_link,
    "guid": fast_items.read_guid,
    "id": fast_items.read_guid,
    "description": fast_items.read_summary,
    "dc_description": fast_items.read_summary,
    "summary": fast_items.read_summary,
    "content": fast_items.read_content,
    "content_encoded": fast_items.read_content,
    "pubdate": fast_items.read_published,
    "published": fast_items.read_published,
    "issued": fast_items.read_published,
    "dcterms_issued": fast_items.read_published,
    "updated": fast_items.read_updated,
    "modified": fast_items.read_updated,
    "dc_date": fast_items.read_updated,
    "dcterms_modified": fast_items.read_updated,
    "category": fast_items.read_category,
    "dc_subject": fast_items.read_category,
    "author": fast_items.read_author,
    "dc_creator": fast_items.read_author,
    "source": fast_items.read_source,
    "enclosure": fast_items.read_enclosure,
    "media_thumbnail": _read_nothing,
    "media_content": _read_nothing,
    "media_credit": _read_nothing,
}
