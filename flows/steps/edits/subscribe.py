"""Add feeds to the home's ``feeds.toml``, beside whoever else does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from connectors.subscriptions import add_feeds, feed_id_for, parse_feeds, remove_feed
from flows.edits import edit_text
from flows.home import Config, default_text
from transforms.models import Feed

FILE = "feeds.toml"
Report = Callable[[str], None]


def subscribe(config: Config, feed: Feed, *, report: Report) -> Feed:
    """Add *feed*, and return it with its id: one without has it from its publisher.

    Raises:
        ConfigError: Its id or address is there already.
    """
    added: list[Feed] = []

    def change(text: str | None) -> str:
        there = _text(text)
        taken = {known.feed_id for known in parse_feeds(there, env=config.env)}
        name = feed.feed_id or feed_id_for(feed.publisher, taken=taken, url=feed.url)
        added.append(replace(feed, feed_id=name))
        return add_feeds(there, added)

    edit_text(config.settings, FILE, change, command="feeds add", report=report)
    return added[0]


def subscribe_new(config: Config, feeds: Iterable[Feed], *, report: Report) -> list[Feed]:
    """Add those of *feeds* whose address is new, under ids that are; return them."""
    added: list[Feed] = []

    def change(text: str | None) -> str:
        there = _text(text)
        added.extend(_new(feeds, parse_feeds(there, env=config.env)))
        return add_feeds(there, added)

    edit_text(config.settings, FILE, change, command="feeds import", report=report)
    return added


def unsubscribe(config: Config, feed_id: str, *, report: Report) -> None:
    """Remove a feed.

    Raises:
        ConfigError: There is none of that id.
    """
    edit_text(
        config.settings,
        FILE,
        lambda text: remove_feed(_text(text), feed_id),
        command="feeds remove",
        report=report,
    )


def _text(text: str | None) -> str:
    return default_text(FILE) if text is None else text


def _new(feeds: Iterable[Feed], there: Iterable[Feed]) -> Iterator[Feed]:
    known, taken = set(), set()
    for feed in there:
        known.add(feed.url)
        taken.add(feed.feed_id)
    for feed in feeds:
        if feed.url in known:
            continue
        new = replace(feed, feed_id=feed_id_for(feed.feed_id, taken=taken))
        known.add(new.url)
        taken.add(new.feed_id)
        yield new
