"""Change ``feeds.toml`` without touching what people wrote around it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from connectors.subscriptions.lists import write_list
from connectors.subscriptions.toml import parse_feeds
from transforms.config import ConfigError, ConfigText
from transforms.config.text import span_text
from transforms.models import Feed

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
    written = parse_feeds("\n".join(tables), source=SOURCE)
    _refuse_taken(config, written)
    # Appended as text: a document written anew by a library loses some of its form.
    added = "\n\n".join(filter(None, [text.rstrip(), *map(str.rstrip, tables)])) + "\n"
    ConfigText(added, SOURCE)
    return added


def remove_feed(text: str, feed_id: str) -> str:
    """Return *text* without the feed's table, everything else as it was.

    Raises:
        ConfigError: There is no such feed.
    """
    config = ConfigText(text, SOURCE)
    if feed_id not in config.data.get("feed", {}):
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
        "list": write_list(feed.selectors) if feed.selectors else None,
    }
    kept = {name: value for name, value in values.items() if value}
    return kept if feed.enabled else {**kept, "enabled": False}


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
