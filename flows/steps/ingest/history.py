"""History of articles from JSON lines, loaded like a feed's entries, without alerts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from flows.home import Config
from flows.settings import Settings, read_json_lines
from flows.steps.ingest.load import load_batch
from flows.steps.published import published
from flows.steps.summary import Report, Summary
from flows.steps.warehouse import open_writer, sync_rules
from transforms.articles.normalize import Normalized, normalize
from transforms.articles.outlets import Outlets
from transforms.config import ConfigError
from transforms.dates.parse import parse_date
from transforms.models import Article, Entry, Feed
from transforms.urls.canonical import canonical_url
from warehouse.errors import NoExport, WarehouseCramped, WarehouseError
from warehouse.file.connect import APPENDING, REWRITING, transaction
from warehouse.news import articles as article_store
from warehouse.numbers.brief import record_import
from warehouse.upkeep.export import read_articles

BATCH = 20_000
FEED_ID = "import"
# A future date can be read at this moment, and what is not a date cannot.
_END_OF_TIME = datetime(9000, 1, 1, tzinfo=UTC)


@dataclass(kw_only=True)
class Imported:
    """Progress of an import; each finished batch is committed.

    ``undated`` are rows without a date, ``since`` is when its oldest article came out.
    """

    summary: Summary = field(default_factory=Summary)
    undated: int = 0
    since: datetime | None = None

    def add(self, part: Summary, batch: Iterable[Article]) -> None:
        """Add a batch to the counts."""
        for article in batch:
            self.undated += article.published_from == "first_seen"
            self.since = min(self.since or article.published_at, article.published_at)
        self.summary.add([part])


def import_file(
    config: Config,
    file: Path,
    total: Imported,
    *,
    now: datetime,
    report: Report,
    progress: Callable[[str], None],
) -> None:
    """Append the new articles of *file*, without alerts.

    *file* is JSON lines, or a folder that ``sinowire export`` wrote. *total* is kept up to
    date with what is in, also where an error or Ctrl-C ends it.

    Raises:
        ConfigError: A line is not an article; names file, line and remedy. Batches
            before it are in: mend the line and import again.
    """
    lines = ((f"{file}:{number}", record) for number, record in read_json_lines(file))
    articles = (
        _normalized(record, config.beat.outlets, now, where)
        for where, record in (_exported(file) if file.is_dir() else lines)
    )
    while batch := list(islice(articles, BATCH)):
        part = _load(config, batch, now=now, report=report)
        part.entries = len(batch)
        total.add(part, (each.article for each in batch))
        progress(f"{total.summary.entries:,} read")


def _load(
    config: Config, made: list[Normalized], *, now: datetime, report: Report
) -> Summary:
    known = _published(config.settings, made)
    # Looked at here, not while others wait for the turn to write.
    read = iter(config.reader.tag([each for each in made if _state(each) not in known]))
    readings = [each if _state(each) in known else next(read) for each in made]
    feeds = frozenset(each.article.feed_id for each in made)
    undated = sum(each.article.published_from == "first_seen" for each in made)

    def load(memory: str) -> Summary:
        with open_writer(config.settings, "import", report, memory=memory) as con:
            with transaction(con):
                sync_rules(con, config)
            summary = load_batch(con, readings, config, run_id="", now=now, silent=feeds)
            with transaction(con):
                record_import(con, entries=len(made), undated=undated, now=now)
        return summary

    try:
        return load(APPENDING)
    except WarehouseCramped:
        # Thousands of articles of one day, each perhaps in a large story.
        return load(REWRITING)


def _published(settings: Settings, made: list[Normalized]) -> set[tuple[str, str, str]]:
    """Return which of *made* are published already, in these words.

    A hint: what the turn to write finds otherwise is tagged there.
    """
    try:
        with published(settings) as con:
            known = article_store.known(con, [each.article.article_id for each in made])
    except WarehouseError:
        return set()
    return {(each.article_id, each.feed_id, each.content_hash) for each in known.values()}


def _state(made: Normalized) -> tuple[str, str, str]:
    article = made.article
    return article.article_id, article.feed_id, article.content_hash


def _exported(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        for number, record in enumerate(read_articles(folder), 1):
            yield f"{folder}: article {number}", record
    except NoExport as exc:
        raise ConfigError(str(exc.path), exc.problem, exc.remedy) from exc


def _normalized(
    record: dict[str, Any], outlets: Outlets, now: datetime, where: str
) -> Normalized:
    """Return the article of one line; its first sight defaults to its date."""
    url, title = _link(record, where), _text(record, "title", where)
    feed = Feed(
        feed_id=str(record.get("feed_id") or FEED_ID),
        url=url,
        publisher=str(record.get("publisher") or ""),
        language=str(record.get("language") or ""),
    )
    published = _moment(record, ("published", "published_at"), where, now)
    updated = _moment(record, ("updated", "updated_at"), where, now)
    seen = _moment(record, ("first_seen_at",), where, now) or published or now
    entry = Entry(
        guid=str(record.get("guid") or url),
        url=url,
        title=title,
        summary=str(record.get("summary") or ""),
        content=str(record.get("content") or ""),
        published_at=published,
        published_raw=str(record.get("published") or record.get("published_at") or ""),
        updated_at=updated,
        publisher=feed.publisher,
    )
    # A wording may be newer than the first sight of its article.
    made = normalize(entry, feed, outlets, now, first_seen_at=seen)
    if record.get("published_from") != "backlog":
        return made
    # What an export says was published when it arrived, was not.
    return replace(made, article=replace(made.article, published_from="backlog"))


def _text(record: dict[str, Any], key: str, where: str) -> str:
    text = record.get(key)
    if not isinstance(text, str) or not text.strip():
        raise ConfigError(where, f"has no {key!r}", "every line needs url and title")
    return text


def _link(record: dict[str, Any], where: str) -> str:
    if record.get("url") == "" and record.get("guid"):
        # Some feeds carry entries without a link; their exported articles have none.
        return ""
    url = _text(record, "url", where)
    if not canonical_url(url):
        raise ConfigError(
            where,
            f"'url' {url!r} is not a web address",
            "write one with http:// or https://",
        )
    return url


def _moment(
    record: dict[str, Any], keys: tuple[str, ...], where: str, now: datetime
) -> datetime | None:
    """Return the moment under the first of *keys* with a value."""
    key = next((key for key in keys if record.get(key) not in (None, "")), None)
    if key is None:
        return None
    raw = record[key]
    # A time without a zone is read in UTC: exports write all times in UTC.
    dated = parse_date(str(raw), zone="UTC", now=now)
    if dated is None and parse_date(str(raw), zone="UTC", now=_END_OF_TIME):
        raise ConfigError(
            where,
            f"{key!r} {raw!r} lies in the future",
            "correct it: an import takes past dates only",
        )
    if dated is None:
        raise ConfigError(
            where,
            f"{key!r} {raw!r} is not a date from 1995 on",
            "write ISO 8601: 2026-07-01T08:00Z",
        )
    return dated.at
