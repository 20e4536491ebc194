"""Read the elements of an item that say something: titles, texts, dates, tags, authors."""

from __future__ import annotations

from lxml import etree

from connectors.feeds.formats.xml.fast_text import (
    TEXT_TYPES,
    ItemReading,
    LeftToFeedparser,
    attributes_of,
    check_title_attributes,
    declared_language,
    person_of,
    text_of,
)

# Each is compared with those before it.
MAX_TAGS = 200


def read_title(node: etree._Element, reading: ItemReading) -> None:
    """Keep the first title that is not empty, with its language."""
    language = reading.language
    if node.attrib:
        language = declared_language(node) or language
        check_title_attributes(node)
    value = text_of(node)
    if reading.has_title:
        return
    reading.item["title"] = value
    reading.item["title_detail"] = {
        "language": language.replace("_", "-") if language else None
    }
    reading.has_title = bool(value)


def read_summary(node: etree._Element, reading: ItemReading) -> None:
    """Keep the summary; a second one is the content."""
    if "summary" in reading.item and not reading.has_content:
        read_content(node, reading)
        return
    _check_is_text(node)
    reading.item["summary"] = text_of(node)


def read_content(node: etree._Element, reading: ItemReading) -> None:
    """Keep a content, which is the summary too where there is none yet."""
    _check_is_text(node)
    value = text_of(node)
    reading.has_content = True
    reading.item.setdefault("content", []).append({"value": value})
    reading.item.setdefault("summary", value)


def read_published(node: etree._Element, reading: ItemReading) -> None:
    """Keep the date of publication as it stands there."""
    reading.item["published"] = _plain(node)


def read_updated(node: etree._Element, reading: ItemReading) -> None:
    """Keep the date of the last change as it stands there."""
    reading.item["updated"] = _plain(node)


def read_category(node: etree._Element, reading: ItemReading) -> None:
    """Keep a category: its term, else its text."""
    attributes = attributes_of(node) if node.attrib else {}
    tags: list[dict[str, str | None]] = reading.item.setdefault("tags", [])
    scheme = attributes.get("scheme", attributes.get("domain"))
    _add_tag(tags, attributes.get("term"), scheme, attributes.get("label"))
    value = text_of(node)
    if not value:
        return
    if tags and not tags[-1]["term"]:
        tags[-1]["term"] = value
    else:
        _add_tag(tags, value, None, None)


def read_author(node: etree._Element, reading: ItemReading) -> None:
    """Keep an author: a name, or a person with perhaps an address."""
    if len(node):
        if reading.mixes_author:
            raise LeftToFeedparser
        person = person_of(node)
        name, email = person["name"], person.get("email")
        name = f"{name} ({email})" if email else name
    else:
        name = _plain(node)
        if "@" in name:
            raise LeftToFeedparser
        person = {"name": name} if name else {}
    reading.mixes_author = not len(node) or len(person) > 1
    reading.item["author"] = name
    reading.item.setdefault("authors", []).append(person)


def _add_tag(
    tags: list[dict[str, str | None]],
    term: str | None,
    scheme: str | None,
    label: str | None,
) -> None:
    tag = {"term": term, "scheme": scheme, "label": label}
    if (term or scheme or label) and len(tags) < MAX_TAGS and tag not in tags:
        tags.append(tag)


def _check_is_text(node: etree._Element) -> None:
    if node.attrib:
        attributes = attributes_of(node)
        if "mode" in attributes or attributes.get("type", "") not in TEXT_TYPES:
            raise LeftToFeedparser


def _plain(node: etree._Element) -> str:
    if node.attrib:
        attributes_of(node)
    return text_of(node)
