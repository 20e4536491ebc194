"""Edits of ``feeds.toml`` that keep its comments and layout; our attributes of OPML.

With those attributes an exported feed can be imported unchanged. Headers and proxies are
left out: they may hold secrets, and a list is made to be passed on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.subscriptions.toml import (
    LEAST_BYTES,
    MOST_BYTES,
    SHORTEST_POLL,
    is_address,
    parse_feeds,
)
from connectors.subscriptions.values import read_list, write_list
from transforms.config import ConfigError, ConfigText
from transforms.config.text import parse_span, span_text
from transforms.models import Feed, ListSelectors
from transforms.text.json_limits import read_json
from transforms.urls.canonical import REDACTED, SecretUrl, redact_url

SOURCE = "feeds.toml"


def add_feeds(text: str, feeds: Sequence[Feed]) -> str:
    """Return *text* with a table for each of *feeds* at its end.

    Headers are not written: by now they hold the secrets themselves. The text is read
    once before and once after, however many they are.

    Raises:
        ConfigError: An id or an address is taken, or a feed would not be read back.
    """
    config = ConfigText(text, SOURCE)
    tables = [_table(feed) for feed in feeds]
    # Only the new feeds are parsed: the secrets of the others need not be set here.
    _refuse_taken(config, parse_feeds("\n".join(tables), source=SOURCE))
    # Appended as text: a document written anew by a library loses some of its form.
    added = "\n\n".join(filter(None, [text.rstrip(), *map(str.rstrip, tables)])) + "\n"
    ConfigText(added, SOURCE)
    return added


def remove_feed(text: str, feed_id: str) -> str:
    """Return *text* without the feed's table, the rest unchanged.

    Raises:
        ConfigError: There is no such feed.
    """
    if feed_id not in ConfigText(text, SOURCE).data.get("feed", {}):
        raise ConfigError(
            SOURCE, f"there is no feed {feed_id!r}", "`sinowire feeds list` shows the ids"
        )
    import tomlkit  # noqa: PLC0415  slow, and every run reads feeds

    document: Any = tomlkit.parse(text)
    del document["feed"][feed_id]
    return tomlkit.dumps(document)


def _table(feed: Feed) -> str:
    import tomlkit  # noqa: PLC0415  slow, and every run reads feeds

    table = tomlkit.table()
    for name, value in _values(feed).items():
        table[name] = _inline(value) if isinstance(value, dict) else value
    return f"[feed.{feed.feed_id}]\n{tomlkit.dumps(table)}"


def _inline(values: dict[str, Any]) -> Any:
    import tomlkit  # noqa: PLC0415  slow, and every run reads feeds

    table = tomlkit.inline_table()
    table.update(values)
    return table


def _values(feed: Feed) -> dict[str, Any]:
    values: dict[str, Any] = {
        "url": feed.url,
        "publisher": feed.publisher,
        "language": feed.language,
        "region": feed.region,
        "kind": feed.kind if feed.kind != "news" else "",
        "timezone": feed.timezone,
        "proxy": feed.proxy,
        "poll": span_text(feed.poll),
        "max_silence": span_text(feed.max_silence),
        "note": feed.note,
        "plain_sitemap": feed.plain_sitemap,
        "full_text": feed.full_text,
        "max_bytes": feed.max_bytes,
        "list": write_list(feed.selectors) if feed.selectors else None,
        "also": [str(url) for url in feed.also],
    }
    kept = {name: value for name, value in values.items() if value}
    return kept if feed.enabled or feed.lacks else {**kept, "enabled": False}


def _refuse_taken(config: ConfigText, feeds: Iterable[Feed]) -> None:
    there = config.data.get("feed", {})
    owners = {
        table["url"]: name
        for name, table in there.items()
        if isinstance(table, dict) and isinstance(table.get("url"), str)
    }
    for feed in feeds:
        if feed.feed_id in there:
            raise config.error(
                ("feed", feed.feed_id),
                "is taken",
                "choose another id, or remove that feed",
            )
        if feed.url in owners:
            raise config.error(
                ("feed", owners[feed.url]),
                "has this address already",
                "remove it first to give it another id",
            )


def own_attributes(feed: Feed) -> dict[str, str]:
    """Return the values of *feed* beyond OPML, as texts, "" for absent ones."""
    selectors = feed.selectors and write_list(feed.selectors)
    return {
        "id": feed.feed_id,
        "publisher": feed.publisher,
        "region": feed.region,
        "enabled": "" if feed.enabled or feed.lacks else "false",
        "timezone": feed.timezone,
        "poll": span_text(feed.poll),
        "max_silence": span_text(feed.max_silence),
        "plain_sitemap": "true" if feed.plain_sitemap else "",
        "full_text": "true" if feed.full_text else "",
        "max_bytes": str(feed.max_bytes or ""),
        "list": json.dumps(selectors, ensure_ascii=False) if selectors else "",
        "also": " ".join(url for url in feed.also if not _is_secret(url)),
    }


def with_own_attributes(feed: Feed, own: Mapping[str, str]) -> Feed:
    """Return *feed* with such attributes, without values that feeds.toml would refuse."""
    return replace(
        feed,
        region=own.get("region", ""),
        enabled=own.get("enabled") != "false",
        timezone=_zone(own.get("timezone", "")),
        poll=_span(own.get("poll", ""), SHORTEST_POLL),
        max_silence=_span(own.get("max_silence", ""), timedelta(hours=1)),
        plain_sitemap=own.get("plain_sitemap") == "true",
        full_text=own.get("full_text") == "true",
        max_bytes=_bytes(own.get("max_bytes", "")),
        selectors=_selectors(own.get("list", "")),
        also=tuple(filter(is_address, own.get("also", "").split())),
    )


def _is_secret(url: str) -> bool:
    return isinstance(url, SecretUrl) or redact_url(url) != url


def without_secrets(feed: Feed) -> Feed:
    """Return *feed* with the secret parts of its address removed.

    The gap is marked, so that nobody subscribes to the remainder.
    """
    url = redact_url(feed.url)
    return replace(feed, url=f"{url}{REDACTED}" if isinstance(feed.url, SecretUrl) else url)


def _bytes(text: str) -> int | None:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0  # noqa: PLR2004
    return number if LEAST_BYTES <= number <= MOST_BYTES else None


def _zone(name: str) -> str:
    with suppress(KeyError, ValueError, OSError):
        return ZoneInfo(name).key if name else ""
    return ""


def _span(text: str, shortest: timedelta) -> timedelta | None:
    span = parse_span(text)
    return span if span and span >= shortest else None


def _selectors(text: str) -> ListSelectors | None:
    if not text:
        return None
    with suppress(ValueError, ConfigError):
        table: dict[str, Any] = {"list": read_json(text)}
        return read_list(ConfigText("", "OPML"), ("outline",), table)
    return None
