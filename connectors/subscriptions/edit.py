"""Change ``feeds.toml`` without touching what people wrote around it."""

from __future__ import annotations

from typing import Any

from connectors.subscriptions.lists import write_list
from connectors.subscriptions.spans import span_text
from connectors.subscriptions.toml import parse_feeds
from transforms.config import ConfigError, ConfigText
from transforms.models import Feed


def add_feed(text: str, feed: Feed, *, source: str = "feeds.toml") -> str:
    """Return *text* with a table for *feed* at its end.

    Headers are not written: by now they hold the secrets themselves.

    Raises:
        ConfigError: The id is taken, or the feed would not be read back.
    """
    config = ConfigText(text, source)
    if feed.feed_id in config.data.get("feed", {}):
        raise config.error(
            ("feed", feed.feed_id),
            "is there already",
            "choose another id, or remove that one",
        )
    # Appended as text: a document written anew by a library loses some of its form.
    added = f"{text.rstrip()}\n\n{_table(feed)}".lstrip()
    _refuse_unreadable(added, feed, source)
    return added


def remove_feed(text: str, feed_id: str, *, source: str = "feeds.toml") -> str:
    """Return *text* without the feed's table, everything else as it was.

    Raises:
        ConfigError: There is no such feed.
    """
    config = ConfigText(text, source)
    if feed_id not in config.data.get("feed", {}):
        raise ConfigError(
            source, f"there is no feed {feed_id!r}", "`sinowire feeds list` shows the ids"
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
        "list": write_list(feed.selectors) if feed.selectors else None,
    }
    kept = {name: value for name, value in values.items() if value}
    return kept if feed.enabled else {**kept, "enabled": False}


def _refuse_unreadable(text: str, feed: Feed, source: str) -> None:
    # Secrets of the other feeds are not ours to ask for here.
    alone = parse_feeds(_table(feed), source=source)
    known = {
        value.get("url"): name
        for name, value in ConfigText(text, source).data["feed"].items()
        if isinstance(value, dict)
        and name != feed.feed_id
        and isinstance(value.get("url"), str)
    }
    if alone[0].url in known:
        raise ConfigError(
            source,
            f"[feed.{known[alone[0].url]}] has this address already",
            "remove it first to give it another id",
        )
