"""Bring history in: JSON lines through the same rooms as a feed's entries, silently."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from flows.home import Config
from flows.steps.ingest import Report
from flows.steps.load import load_batch, read_batch
from flows.steps.store import open_writer, sync_rules
from flows.steps.summary import Summary
from transforms.config import ConfigError
from transforms.dates import parse_date
from transforms.models import Entry, Feed
from transforms.normalize import Normalized, normalize
from warehouse.connect import transaction
from warehouse.export import read_articles

BATCH = 5_000
FEED_ID = "import"


def import_file(
    config: Config,
    file: Path,
    *,
    now: datetime,
    report: Report,
    progress: Callable[[str], None],
) -> Summary:
    """Append the articles of *file* that are not known yet; nothing is alerted.

    *file* is JSON lines, or a folder that ``sinowire export`` wrote.

    Raises:
        ConfigError: A line is not an article; names file, line and remedy. Batches
            before it are in: mend the line and import again.
    """
    total = Summary()
    made = (
        _normalized(record, now, where)
        for where, record in (_exported(file) if file.is_dir() else _lines(file))
    )
    while batch := list(islice(made, BATCH)):
        part = _load(config, batch, now=now, report=report)
        part.entries = len(batch)
        total.add([part])
        progress(f"{total.entries} read")
    return total


def _load(
    config: Config, made: list[Normalized], *, now: datetime, report: Report
) -> Summary:
    batch = read_batch(made, config)
    feeds = frozenset(article.feed_id for article in batch.articles.values())
    with open_writer(config.settings, "import", report) as con:
        with transaction(con):
            sync_rules(con, config)
        return load_batch(con, batch, config, run_id="", now=now, silent=feeds)


def _lines(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield f"{file}:{number}", _object(line, f"{file}:{number}")
    except (OSError, UnicodeDecodeError) as exc:
        raise ConfigError(
            str(file), f"cannot be read: {exc}", "give a UTF-8 file of JSON lines"
        ) from exc


def _object(line: str, where: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as exc:
        raise ConfigError(where, f"is not JSON: {exc.msg}", "one object a line") from exc
    if not isinstance(record, dict):
        raise ConfigError(where, "is not a JSON object", "one object a line")
    return record


def _exported(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, record in enumerate(read_articles(folder), 1):
        yield f"{folder}: article {number}", record


def _normalized(record: dict[str, Any], now: datetime, where: str) -> Normalized:
    """Return the article of one line; what it was seen at is what it says, or its date."""
    for key in ("url", "title"):
        if not isinstance(record.get(key), str) or not record[key].strip():
            raise ConfigError(where, f"has no {key!r}", "every line needs url and title")
    feed = Feed(
        feed_id=str(record.get("feed_id") or FEED_ID),
        url=record["url"],
        publisher=str(record.get("publisher") or ""),
        language=str(record.get("language") or ""),
    )
    published = _moment(record, "published", where, now) or _moment(
        record, "published_at", where, now
    )
    seen = _moment(record, "first_seen_at", where, now) or published or now
    entry = Entry(
        guid=str(record.get("guid") or record["url"]),
        url=record["url"],
        title=record["title"],
        summary=str(record.get("summary") or ""),
        content=str(record.get("content") or ""),
        published_at=published,
        published_raw=str(record.get("published") or record.get("published_at") or ""),
        publisher=feed.publisher,
    )
    return normalize(entry, feed, seen)


def _moment(record: dict[str, Any], key: str, where: str, now: datetime) -> datetime | None:
    raw = record.get(key)
    if raw is None or raw == "":
        return None
    # A time without a zone is UTC here: exports carry no zone of an outlet.
    dated = parse_date(str(raw), zone="UTC", now=now)
    if dated is None:
        raise ConfigError(
            where, f"{key!r} {raw!r} is no date", "write ISO 8601: 2026-07-01T08:00Z"
        )
    return dated.at
