"""Edits of a home's files under a lock, each atomic; feeds added and removed."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from connectors.subscriptions import add_feeds, feed_id_for, parse_feeds, remove_feed
from flows.home import Config
from flows.settings import Settings, read_file
from transforms.config import ConfigError
from transforms.models import Feed
from warehouse.errors import WarehouseBusy
from warehouse.file.lock import held

LOCK_NAME = "edits.lock"
FILE = "feeds.toml"
Report = Callable[[str], None]


class EditBusy(Exception):  # noqa: N818  named for the state, like the warehouse's
    """Another command held the lock of a home's files for too long."""


def edit_text(
    settings: Settings,
    name: str,
    change: Callable[[str | None], str],
    *,
    command: str,
    report: Callable[[str], None],
) -> None:
    """Replace the home's file by the result of *change* on its text (None: no file).

    A lock keeps other commands from changing files of this home meanwhile; *report* is
    told when we have to wait for it.

    Raises:
        EditBusy: The lock was not free in time.
        ConfigError: The file cannot be read, or not be written as its owner's.
    """

    def waiting(holder: str) -> None:
        report(f"waiting for {holder} to finish changing {name} …")

    try:
        with held(
            settings.data / LOCK_NAME,
            command=f"sinowire {command}",
            wait=settings.writer_wait_seconds,
            on_wait=waiting,
        ):
            path = settings.home / name
            replace_text(path, change(read_file(path)))
    except WarehouseBusy as exc:
        raise EditBusy(
            f"{name} is being changed by {exc.holder}; wait for it to end, and try again"
        ) from exc


def replace_text(path: Path, text: str) -> None:
    """Replace a file atomically.

    The file keeps its mode and its owner.

    Raises:
        ConfigError: It belongs to somebody else, in whose name we cannot write.
    """
    path = path.resolve()
    there = path.stat() if path.exists() else None
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    try:
        # What it may hold of secrets is ours alone until it has the file's own mode.
        mode = 0o600 if there else 0o666
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            if there:
                _belong(descriptor, there, path)
            os.fsync(descriptor)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _belong(descriptor: int, there: os.stat_result, path: Path) -> None:
    """Give the open file the owner and mode of the file that it replaces."""
    ours = os.fstat(descriptor)
    if (there.st_uid, there.st_gid) != (ours.st_uid, ours.st_gid):
        try:
            os.fchown(descriptor, there.st_uid, there.st_gid)
        except PermissionError as exc:
            raise ConfigError(
                str(path), "belongs to another user", "change it as its owner"
            ) from exc
    os.fchmod(descriptor, stat.S_IMODE(there.st_mode))


def subscribe(config: Config, feed: Feed, *, report: Report) -> Feed:
    """Add *feed*, and return it with its id, made from its publisher where missing.

    Raises:
        ConfigError: Its id or address is there already.
    """
    added: list[Feed] = []

    def change(text: str | None) -> str:
        there = _text(config, text)
        taken = {known.feed_id for known in parse_feeds(there, env=config.env)}
        name = feed.feed_id or feed_id_for(feed.publisher, taken=taken, url=feed.url)
        added.append(replace(feed, feed_id=name))
        return add_feeds(there, added)

    edit_text(config.settings, FILE, change, command="feeds add", report=report)
    return added[0]


def subscribe_new(config: Config, feeds: Iterable[Feed], *, report: Report) -> list[Feed]:
    """Add the *feeds* with new addresses, under new ids; return them."""
    added: list[Feed] = []

    def change(text: str | None) -> str:
        there = _text(config, text)
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
        lambda text: remove_feed(_text(config, text), feed_id),
        command="feeds remove",
        report=report,
    )


def _text(config: Config, text: str | None) -> str:
    return config.beat.texts[FILE] if text is None else text


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
