"""Read ``feeds.toml`` and say exactly where it is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any, cast, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from connectors.net.proxy import check_proxy
from connectors.subscriptions.ids import FEED_ID, ID_RULE
from connectors.subscriptions.lists import read_list
from connectors.subscriptions.spans import parse_span
from transforms.config import ConfigText
from transforms.models import Feed, FeedKind
from transforms.urls import SecretUrl

KINDS: tuple[str, ...] = get_args(FeedKind)
KEYS = (
    "url", "publisher", "language", "region", "kind", "timezone", "proxy", "poll",
    "headers", "enabled", "max_silence", "note", "list", "plain_sitemap",
)  # fmt: skip
TEXTS = ("publisher", "language", "region", "timezone", "note")
# Headers that hold a secret by their nature; files are shared and committed.
SECRET_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization"})
SHORTEST_POLL = timedelta(minutes=1)

LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_NO_ENV: Mapping[str, str] = MappingProxyType({})


def parse_feeds(
    text: str, *, source: str = "feeds.toml", env: Mapping[str, str] = _NO_ENV
) -> list[Feed]:
    """Return the feeds of *text* in its order; an empty text means no feeds.

    Values written ``{ env = "NAME" }`` are looked up in *env*.

    Raises:
        ConfigError: Something is wrong; names the line and the remedy.
    """
    config = ConfigText(text, source)
    config.check_keys(config.data, {"feed"}, ())
    tables = config.data.get("feed", {})
    if not isinstance(tables, dict):
        raise config.error(("feed",), "is no table of feeds", "write [feed.<id>] tables")
    feeds = [
        _Table(config, feed_id, table, env).feed() for feed_id, table in tables.items()
    ]
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


def _refuse_duplicates(config: ConfigText, feeds: list[Feed]) -> None:
    owners: dict[str, str] = {}
    for feed in feeds:
        first = owners.setdefault(_same_address(feed.url), feed.feed_id)
        if first != feed.feed_id:
            raise config.error(
                ("feed", feed.feed_id, "url"),
                f"is also the address of [feed.{first}]",
                "keep one of the two",
            )


def _same_address(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.netloc.lower()}{parts.path.rstrip('/')}?{parts.query}"


class _Table:
    """One ``[feed.<id>]``, read key by key."""

    def __init__(
        self, config: ConfigText, feed_id: str, table: Any, env: Mapping[str, str]
    ) -> None:
        self._config, self._env = config, env
        self._path = ("feed", feed_id)
        if not FEED_ID.fullmatch(feed_id):
            raise config.error(self._path, "is no id of a feed", ID_RULE)
        if not isinstance(table, dict):
            raise config.error(self._path, "is no table", f"write [feed.{feed_id}]")
        config.check_keys(table, KEYS, self._path)
        self._table = table

    def feed(self) -> Feed:
        texts: dict[str, Any] = {name: self._text(name) for name in TEXTS}
        self._check_language(texts["language"])
        self._check_zone(texts["timezone"])
        return Feed(
            feed_id=self._path[1],
            url=self._address("url"),
            kind=self._kind(),
            enabled=self._flag("enabled", default=True),
            plain_sitemap=self._flag("plain_sitemap", default=False),
            selectors=read_list(self._config, self._path, self._table),
            poll=self._span("poll", SHORTEST_POLL),
            max_silence=self._span("max_silence", timedelta(hours=1)),
            proxy=self._proxy(),
            headers=self._headers(),
            **texts,
        )

    def _text(self, key: str) -> str:
        value = self._table.get(key, "")
        if not isinstance(value, str):
            raise self._wrong(key, "is no text", "put it in quotes")
        return value.strip()

    def _check_language(self, language: str) -> None:
        if language and not LANGUAGE.fullmatch(language):
            raise self._wrong(
                "language",
                f"{language!r} is no language",
                'use an ISO 639 code such as "zh" or "en"',
            )

    def _check_zone(self, name: str) -> None:
        try:
            ZoneInfo(name or "UTC")
        except (KeyError, ValueError, OSError) as exc:
            raise self._wrong(
                "timezone",
                f"{name!r} is no time zone",
                'use an IANA name such as "Asia/Shanghai"',
            ) from exc

    def _kind(self) -> FeedKind:
        kind = self._table.get("kind", "news")
        if kind not in KINDS:
            raise self._wrong(
                "kind", f"{kind!r} is no kind of feed", f"use one of {', '.join(KINDS)}"
            )
        return cast("FeedKind", kind)

    def _flag(self, key: str, *, default: bool) -> bool:
        flag = self._table.get(key, default)
        if not isinstance(flag, bool):
            raise self._wrong(key, "is neither true nor false", "write it without quotes")
        return flag

    def _span(self, key: str, shortest: timedelta) -> timedelta | None:
        if key not in self._table:
            return None
        value = self._table[key]
        span = parse_span(value) if isinstance(value, str) else None
        if span is None or span < shortest:
            remedy = 'write a span such as "30m", "6h" or "2d"'
            raise self._wrong(key, f"{value!r} is no span of at least {shortest}", remedy)
        return span

    def _address(self, key: str) -> str:
        if key not in self._table:
            raise self._config.error(
                self._path, f"has no {key}", f'add {key} = "https://…"'
            )
        value = self._secret(key, self._table[key])
        if not is_address(value):
            raise self._wrong(
                key, "is no http or https address", "give it whole, with https://"
            )
        return value if isinstance(self._table[key], str) else SecretUrl(value)

    def _proxy(self) -> str | None:
        if "proxy" not in self._table:
            return None
        try:
            return check_proxy(self._secret("proxy", self._table["proxy"]))
        except ValueError as exc:
            raise self._wrong("proxy", "is no proxy we can use", str(exc)) from exc

    def _headers(self) -> tuple[tuple[str, str], ...]:
        headers = self._table.get("headers", {})
        if not isinstance(headers, dict):
            raise self._wrong(
                "headers", "is no table", 'write headers = { Name = "value" }'
            )
        return tuple((name, self._header(name, value)) for name, value in headers.items())

    def _header(self, name: str, value: Any) -> str:
        if name.lower() in SECRET_HEADERS and isinstance(value, str):
            raise self._wrong(
                "headers",
                f"{name} is written out, and this file is no place for secrets",
                f'write {name} = {{ env = "NAME" }} and set that variable',
            )
        text = self._secret("headers", value)
        if not _HEADER.fullmatch(name) or not text.isprintable() or not text.isascii():
            raise self._wrong("headers", f"{name!r} is no HTTP header", "use plain ASCII")
        return text

    def _secret(self, key: str, value: Any) -> str:
        """Return a value, out of the environment where it says so."""
        if isinstance(value, str):
            return value.strip()
        if (
            not isinstance(value, dict)
            or set(value) != {"env"}
            or not isinstance(value["env"], str)
        ):
            raise self._wrong(
                key, "is neither a text nor a variable", 'write { env = "NAME" }'
            )
        if not (found := self._env.get(value["env"], "").strip()):
            remedy = f"set {value['env']}, or take the feed out"
            raise self._wrong(key, f"wants the environment variable {value['env']}", remedy)
        return found

    def _wrong(self, key: str, problem: str, remedy: str) -> Exception:
        return self._config.error((*self._path, key), problem, remedy)
