"""A parcel as JSON, HTML and Atom: for webhooks, files, mail and feeds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from lxml.etree import Element as Root
from lxml.etree import SubElement, _Element, tostring

from transforms.alerts.messages.wording import describe, write
from transforms.models import Channel, Letter, Notice, Parcel, ToldItem
from transforms.words import Words

ATOM = "http://www.w3.org/2005/Atom"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# RFC 4287 wants a date even of a feed without entries.
NEVER = "1970-01-01T00:00:00Z"


def words_of(channel: Channel) -> Words:
    """Return the language and time zone of *channel*."""
    return Words(language=channel.language, zone=ZoneInfo(channel.zone))


def encode(channel: Channel, parcel: Parcel) -> bytes:
    """Return the payload as JSON in UTF-8."""
    data = payload(channel, parcel)
    # A lone surrogate has no UTF-8.
    return json.dumps(data, ensure_ascii=False).encode("utf-8", "replace")


def payload(channel: Channel, parcel: Parcel) -> dict[str, Any]:
    """Return *parcel* as data.

    Text is as stored, so a receiver that shows it escapes it; ``text`` is ready
    to be read.
    """
    words = words_of(channel)
    if parcel.why is None and len(parcel.notices) == 1:
        told = {"text": parcel.edition.letter.plain} if parcel.edition else {}
        return {**_one(parcel.notices[0], words), "id": parcel.message_id, **told}
    return {
        "id": parcel.message_id,
        "digest": parcel.why,
        "text": write(parcel, words).plain,
        "alerts": [_one(notice, words) for notice in parcel.notices],
    }


def _one(notice: Notice, words: Words) -> dict[str, Any]:
    return {
        "id": notice.message_id,
        "alert": _alert(notice),
        "article": {
            "publisher": notice.publisher or None,
            "language": notice.language or None,
            "summary": notice.summary or None,
            "published_at": _instant(notice.published_at),
            "alias": notice.alias or None,
        },
        "publishers": list(notice.publishers),
        "text": describe(notice, words),
    }


def _alert(notice: Notice) -> dict[str, Any]:
    alert = notice.alert
    return {
        "alert_id": alert.alert_id,
        "rule_id": alert.rule_id,
        "kind": alert.kind,
        "severity": alert.severity,
        "company_id": alert.company_id,
        "company_name": notice.company_name or None,
        "company_name_zh": notice.company_name_zh or None,
        "companies": list(alert.companies),
        "topic_id": alert.topic_id,
        "term": alert.term or None,
        "story_id": alert.story_id,
        "article_id": alert.article_id,
        "title": alert.title,
        "url": alert.url,
        "created_at": _instant(alert.created_at),
        "updates_alert_id": alert.updates_alert_id,
        "step": alert.step or None,
        "corrects": notice.corrects or None,
        "follows": notice.follows or None,
        "claim": {**claim._asdict(), "published_at": _instant(claim.published_at)}
        if (claim := notice.claim)
        else None,
        "rules_version": alert.rules_version,
    }


def _instant(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def to_html(letter: Letter) -> str:
    """Return *letter* as paragraphs with links, without script, style or picture."""
    return "\n".join(_paragraphs(letter))


def item_html(item: ToldItem, *, with_headline: bool = True) -> str:
    """Return one alert as a paragraph."""
    rows = [_headline(item)] if with_headline else []
    rows += [escape(line) for line in item.lines]
    return f"<p>{'<br>'.join(rows)}</p>"


def _paragraphs(letter: Letter) -> Iterator[str]:
    if letter.heading:
        yield f"<h2>{escape(letter.heading)}</h2>"
    for section in letter.sections:
        if section.title:
            yield f"<h3>{escape(section.title)}</h3>"
        yield from map(item_html, section.items)


def _headline(item: ToldItem) -> str:
    headline = f"<b>{escape(item.headline)}</b>"
    if item.link:
        return f'<a href="{escape(item.link)}">{headline}</a>'
    return headline


def to_atom(feed: Mapping[str, Any], feed_id: str) -> bytes:
    """Return *feed*, an object of the channel ``feed``, as an Atom document."""
    root = Root(_name("feed"), {XML_LANG: feed["language"]}, nsmap={None: ATOM})  # type: ignore[dict-item]  # the stubs know no default namespace
    items = feed["items"]
    _text(root, "id", feed_id)
    _text(root, "title", feed["title"])
    _text(root, "updated", items[0]["date_published"] if items else NEVER)
    _text(SubElement(root, _name("author")), "name", feed["authors"][0]["name"])
    if address := feed.get("feed_url"):
        beside = str(address).removesuffix(".json") + ".atom"
        own = feed.get("atom_url") or beside
        SubElement(root, _name("link"), {"rel": "self", "href": own})
    for item in items:
        _entry(root, item)
    return tostring(root, encoding="utf-8", xml_declaration=True)


def _entry(root: _Element, item: Mapping[str, str]) -> None:
    entry = SubElement(root, _name("entry"))
    _text(entry, "id", item["id"])
    _text(entry, "title", item["title"])
    _text(entry, "updated", item["date_published"])
    _text(entry, "published", item["date_published"])
    if link := item.get("url"):
        SubElement(entry, _name("link"), {"rel": "alternate", "href": link})
    _text(entry, "content", item["content_html"]).set("type", "html")


def _text(parent: _Element, name: str, text: str) -> _Element:
    child = SubElement(parent, _name(name))
    child.text = text
    return child


def _name(name: str) -> str:
    return f"{{{ATOM}}}{name}"
