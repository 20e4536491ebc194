"""Attributes of our own in OPML, so that an exported feed can be imported unchanged.

Headers and proxies are left out: they may hold secrets, and a list is made to be passed on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.subscriptions.lists import read_list, write_list
from connectors.subscriptions.toml import SHORTEST_POLL
from transforms.config import ConfigError, ConfigText
from transforms.config.text import parse_span, span_text
from transforms.models import Feed, ListSelectors
from transforms.text.json_limits import read_json
from transforms.urls.canonical import REDACTED, SecretUrl, redact_url


def own_attributes(feed: Feed) -> dict[str, str]:
    """Return what *feed* says beyond OPML, each as a text, "" where it says nothing."""
    selectors = feed.selectors and write_list(feed.selectors)
    return {
        "id": feed.feed_id,
        "publisher": feed.publisher,
        "region": feed.region,
        "enabled": "" if feed.enabled else "false",
        "timezone": feed.timezone,
        "poll": span_text(feed.poll),
        "max_silence": span_text(feed.max_silence),
        "plain_sitemap": "true" if feed.plain_sitemap else "",
        "full_text": "true" if feed.full_text else "",
        "list": json.dumps(selectors, ensure_ascii=False) if selectors else "",
    }


def with_own_attributes(feed: Feed, own: Mapping[str, str]) -> Feed:
    """Return *feed* with what such attributes say, but for what feeds.toml would refuse."""
    return replace(
        feed,
        region=own.get("region", ""),
        enabled=own.get("enabled") != "false",
        timezone=_zone(own.get("timezone", "")),
        poll=_span(own.get("poll", ""), SHORTEST_POLL),
        max_silence=_span(own.get("max_silence", ""), timedelta(hours=1)),
        plain_sitemap=own.get("plain_sitemap") == "true",
        full_text=own.get("full_text") == "true",
        selectors=_selectors(own.get("list", "")),
    )


def without_secrets(feed: Feed) -> Feed:
    """Return *feed* with no more of its address than may be passed on.

    What was taken out is marked, so that nobody subscribes to what is left.
    """
    url = redact_url(feed.url)
    return replace(feed, url=f"{url}{REDACTED}" if isinstance(feed.url, SecretUrl) else url)


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
