"""Feed channel: an Atom and a JSON Feed file for each rule, in a folder.

A web server, or a reader on the same machine, does the rest. The JSON file is the record:
both files are written anew from it and put in place whole.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from connectors.sinks.channels.file import disk_error, locked, make_folder
from connectors.sinks.context import ChannelType, Send, SinkContext
from connectors.sinks.payload import item_html, to_atom, to_html, words_of
from transforms.alerts.messages.wording import write_item
from transforms.models import Channel, Edition, Notice, Parcel
from transforms.words import Words

NEWEST = 100
VERSION = "https://jsonfeed.org/version/1.1"


@contextmanager
def open_feed(channel: Channel, context: SinkContext) -> Iterator[Send]:
    """Yield a function that adds the alerts of a parcel to the feeds of their rules.

    Raises:
        SinkError: By what is yielded: a file cannot be written.
    """
    folder = context.home / channel.address

    def send(parcel: Parcel) -> None:
        rules = dict.fromkeys(notice.alert.rule_id for notice in parcel.notices)
        try:
            make_folder(folder, context.umask)
            with _alone(folder):
                for rule in rules:
                    items = [
                        _item(notice, words_of(channel), parcel.edition)
                        for notice in parcel.notices
                        if notice.alert.rule_id == rule
                    ]
                    _add(folder / rule, items, channel, context.umask)
        except OSError as exc:
            raise disk_error(channel, exc) from exc

    yield send


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    fd = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        with locked(fd):
            yield
    finally:
        os.close(fd)


def _add(stem: Path, items: list[dict[str, Any]], channel: Channel, umask: int) -> None:
    rule = stem.name
    path = stem.with_name(f"{rule}.json")
    by_id = {item["id"]: item for item in _items(path)}
    # The same message comes again after a crash: it is the same entry.
    by_id |= {item["id"]: item for item in items}
    newest = sorted(by_id.values(), key=_age, reverse=True)[:NEWEST]
    feed = _feed(rule, newest, channel)
    put(path, orjson.dumps(feed, option=orjson.OPT_INDENT_2), umask, is_record=True)
    atom = to_atom(feed, identity(f"{channel.channel_id}/{rule}"))
    put(path.with_name(f"{rule}.atom"), atom, umask)


def _items(path: Path) -> list[dict[str, Any]]:
    try:
        feed = orjson.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        # The file is not ours or is broken: start a new feed.
        return []
    items = feed.get("items") if isinstance(feed, dict) else None
    return [item for item in items if _is_ours(item)] if isinstance(items, list) else []


def _is_ours(item: Any) -> bool:
    keys = ("id", "title", "content_html", "date_published")
    return isinstance(item, dict) and all(isinstance(item.get(key), str) for key in keys)


def _age(item: Mapping[str, str]) -> tuple[str, str]:
    return item["date_published"], item["id"]


def _item(notice: Notice, words: Words, brief: Edition | None) -> dict[str, Any]:
    item = write_item(notice, words)
    content = to_html(brief.letter) if brief else item_html(item, with_headline=False)
    return {
        "id": identity(notice.message_id),
        **({"url": item.link} if item.link else {}),
        "title": item.headline,
        "content_html": content,
        "date_published": _instant(notice.alert.created_at),
    }


def _feed(rule: str, items: list[dict[str, Any]], channel: Channel) -> dict[str, Any]:
    base = channel.public.rstrip("/")
    return {
        "version": VERSION,
        "title": f"sinowire: {rule}",
        **({"feed_url": f"{base}/{rule}.json"} if base else {}),
        "language": channel.language,
        "authors": [{"name": "sinowire"}],
        "items": items,
    }


def identity(key: str) -> str:
    """Return an id that does not depend on the location of the files."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"sinowire:{key}").urn


def put(path: Path, content: bytes, umask: int, *, is_record: bool = False) -> None:
    """Replace *path* atomically; sync it to disk where it is the record."""
    new = path.with_name(f".{path.name}.new")
    with new.open("wb") as stream:
        os.fchmod(stream.fileno(), 0o644 & ~umask)
        stream.write(content)
        stream.flush()
        if is_record:
            os.fsync(stream.fileno())
    new.replace(path)


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


CHANNEL = ChannelType(address="path", options=("url",), open=open_feed)
