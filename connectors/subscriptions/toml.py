"""Reader of ``feeds.toml``; errors name line and key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from types import MappingProxyType
from typing import Any, cast, get_args
from urllib.parse import urlsplit

from connectors.net.addresses import check_proxy
from connectors.subscriptions.values import FEED_ID, ID_RULE, read_list
from transforms.config import ConfigTable, ConfigText
from transforms.config.table import HEADER_NAME, SECRET_HEADERS, Env, variable_of
from transforms.config.text import parse_span, span_text
from transforms.dates.zones import is_zone
from transforms.models import Feed, FeedKind
from transforms.urls.canonical import HubUrl, SecretUrl

KINDS: tuple[str, ...] = get_args(FeedKind)
KEYS = (
    "url", "publisher", "language", "region", "kind", "timezone", "proxy", "poll",
    "headers", "enabled", "max_silence", "note", "list", "plain_sitemap",
    "full_text", "max_bytes", "also",
)  # fmt: skip
# How a route of an RSSHub is written, of whichever the settings name.
HUB = "rsshub:"
_ROUTE = re.compile(r"rsshub:/(?!/)[^\s?#\\]+(?:\?[^\s#]*)?")
SHORTEST_POLL = timedelta(minutes=1)
# As the setting has it; what is larger than the most would take gigabytes to parse.
LEAST_BYTES, MOST_BYTES = 10_000, 50_000_000

LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_NO_ENV: Env = MappingProxyType({})


def parse_feeds(
    text: str, *, source: str = "feeds.toml", env: Env = _NO_ENV, rsshub: str = ""
) -> list[Feed]:
    """Return the feeds of *text* in its order; an empty text means no feeds.

    Values written ``{ env = "NAME" }`` are looked up in *env*. Routes of an RSSHub are
    those of the one at *rsshub*; without it, feeds that need one are off.

    Raises:
        ConfigError: Something is wrong; names the line and the remedy.
    """
    config = ConfigText(text, source)
    config.check_keys(config.data, {"feed"}, ())
    feeds = [_feed(feed_id, table, env, rsshub) for feed_id, table in _tables(config)]
    _refuse_duplicates(config, feeds)
    return feeds


def is_address(text: str) -> bool:
    """Tell whether *text* is a whole http or https address."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    is_http = parts.scheme in {"http", "https"} and bool(parts.hostname)
    return is_http and not re.search(r"\s", text)


def is_route(text: str) -> bool:
    """Tell whether *text* is a route of an RSSHub, as feeds.toml has them."""
    return bool(_ROUTE.fullmatch(text))


def _refuse_duplicates(config: ConfigText, feeds: list[Feed]) -> None:
    owners: dict[str, str] = {}
    # The feeds' own addresses first: what is another feed is no second address.
    named = [(feed, "url", feed.url) for feed in feeds]
    named += [(feed, "also", url) for feed in feeds for url in feed.also]
    for feed, key, url in named:
        first = owners.setdefault(_same_address(url), feed.feed_id)
        if first != feed.feed_id or (key == "also" and url == feed.url):
            raise config.error(
                ("feed", feed.feed_id, key),
                f"is also the address of [feed.{first}]",
                "keep one of the two",
            )


def _same_address(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.netloc.lower()}{parts.path.rstrip('/')}?{parts.query}"


def _feed(feed_id: str, table: ConfigTable, env: Env, rsshub: str) -> Feed:
    table.only(*KEYS)
    if "url" not in table.values:
        raise table.config.error(table.path, "has no url", 'add url = "https://…"')
    url = _address(table, "url", table.values["url"], env, rsshub)
    enabled = _flag(table, "enabled", default=True)
    lacks = "rsshub" if enabled and url.startswith(HUB) else ""
    return Feed(
        feed_id=feed_id,
        url=url,
        also=_also(table, env, rsshub),
        lacks=lacks,
        publisher=_text(table, "publisher"),
        language=_language(table),
        region=_text(table, "region"),
        kind=_kind(table),
        timezone=_zone(table),
        enabled=enabled and not lacks,
        plain_sitemap=_flag(table, "plain_sitemap", default=False),
        full_text=_flag(table, "full_text", default=False),
        max_bytes=_bytes(table),
        selectors=read_list(table.config, table.path, table.values),
        poll=_span(table, "poll", SHORTEST_POLL),
        max_silence=_span(table, "max_silence", timedelta(hours=1)),
        proxy=_proxy(table, env),
        headers=_headers(table, env),
        note=_text(table, "note"),
    )


def _tables(config: ConfigText) -> Iterator[tuple[str, ConfigTable]]:
    feeds = config.data.get("feed", {})
    if not isinstance(feeds, dict):
        raise config.error(("feed",), "is not a table of feeds", "write [feed.<id>] tables")
    for feed_id, values in feeds.items():
        path = ("feed", feed_id)
        if not FEED_ID.fullmatch(feed_id):
            raise config.error(path, "is not a feed id", ID_RULE)
        if not isinstance(values, dict):
            raise config.error(path, "is not a table", f"write [feed.{feed_id}]")
        yield feed_id, ConfigTable(config, path, values)


def _text(table: ConfigTable, key: str) -> str:
    value = table.values.get(key, "")
    if not isinstance(value, str):
        raise table.error(key, "is not a text", "put it in quotes")
    return value.strip()


def _language(table: ConfigTable) -> str:
    language = _text(table, "language")
    if language and not LANGUAGE.fullmatch(language):
        raise table.error(
            "language",
            f"{language!r} is not a language code",
            'use an ISO 639 code such as "zh" or "en"',
        )
    return language


def _zone(table: ConfigTable) -> str:
    name = _text(table, "timezone")
    if name and not is_zone(name):
        raise table.error(
            "timezone",
            f"{name!r} is not a time zone",
            'use an IANA name such as "Asia/Shanghai"',
        )
    return name


def _kind(table: ConfigTable) -> FeedKind:
    kind = table.values.get("kind", "news")
    if kind not in KINDS:
        raise table.error(
            "kind", f"{kind!r} is not a kind of feed", f"use one of {', '.join(KINDS)}"
        )
    return cast("FeedKind", kind)


def _flag(table: ConfigTable, key: str, *, default: bool) -> bool:
    flag = table.values.get(key, default)
    if not isinstance(flag, bool):
        raise table.error(key, "is neither true nor false", "write it without quotes")
    return flag


def _bytes(table: ConfigTable) -> int | None:
    value = table.values.get("max_bytes")
    if value is None:
        return None
    if type(value) is not int or not LEAST_BYTES <= value <= MOST_BYTES:
        span = f"from {LEAST_BYTES:,} to {MOST_BYTES:,}".replace(",", "_")
        raise table.error(
            "max_bytes",
            f"{value!r} is not a number of bytes {span}",
            "write it as max_bytes = 12_000_000",
        )
    return value


def _span(table: ConfigTable, key: str, shortest: timedelta) -> timedelta | None:
    if key not in table.values:
        return None
    value = table.values[key]
    span = parse_span(value) if isinstance(value, str) else None
    if span is None or span < shortest:
        raise table.error(
            key,
            f"{value!r} is not a span of at least {span_text(shortest)}",
            'write a span such as "30m", "6h" or "2d"',
        )
    return span


def _address(table: ConfigTable, key: str, raw: Any, env: Env, rsshub: str) -> str:
    value = _value(table, key, raw, env)
    if value.startswith(HUB):
        if not is_route(value):
            raise table.error(
                key,
                "is not a route of an RSSHub",
                'write one such as "rsshub:/36kr/hot-list"',
            )
        return HubUrl(rsshub + value.removeprefix(HUB)) if rsshub else value
    if not is_address(value):
        raise table.error(
            key, "is not an http or https address", "give it whole, with https://"
        )
    return value if isinstance(raw, str) else SecretUrl(value)


def _also(table: ConfigTable, env: Env, rsshub: str) -> tuple[str, ...]:
    values = table.values.get("also", [])
    if not isinstance(values, list):
        raise table.error(
            "also", "is not a list of addresses", 'write also = ["https://…"]'
        )
    found = (_address(table, "also", each, env, rsshub) for each in values)
    return tuple(url for url in found if not url.startswith(HUB))


def _proxy(table: ConfigTable, env: Env) -> str | None:
    if "proxy" not in table.values:
        return None
    try:
        return check_proxy(_value(table, "proxy", table.values["proxy"], env))
    except ValueError as exc:
        raise table.error(
            "proxy", "is not a proxy that sinowire can use", str(exc)
        ) from exc


def _headers(table: ConfigTable, env: Env) -> tuple[tuple[str, str], ...]:
    headers = table.inner("headers", 'write headers = { Name = "value" }').values
    return tuple((name, _header(table, name, raw, env)) for name, raw in headers.items())


def _header(table: ConfigTable, name: str, raw: Any, env: Env) -> str:
    if name.lower() in SECRET_HEADERS and isinstance(raw, str):
        raise table.error(
            "headers",
            f"{name} is a literal secret",
            f'keep it in a variable: {name} = {{ env = "NAME" }}',
        )
    text = _value(table, "headers", raw, env)
    if not HEADER_NAME.fullmatch(name) or not text.isprintable() or not text.isascii():
        raise table.error("headers", f"{name!r} is not an HTTP header", "use plain ASCII")
    return text


def _value(table: ConfigTable, key: str, raw: Any, env: Env) -> str:
    """Return a text, or the value of the environment variable that *raw* names."""
    if isinstance(raw, str):
        return raw.strip()
    if not (name := variable_of(raw)):
        raise table.error(key, "is neither a text nor a variable", 'write { env = "NAME" }')
    if not (found := env.get(name, "").strip()):
        raise table.error(
            key,
            f"needs the environment variable {name}, which is not set",
            "set it, or remove the feed",
        )
    return found
