"""``sinowire feeds check`` and ``parse``: the pipeline's reading of a feed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from connectors.errors import FeedError
from connectors.feeds.check.check import check_feeds
from connectors.feeds.fetch.politeness import FetchOptions
from connectors.feeds.formats.parser import parse_document
from connectors.net.compression import Body, TooLargeError, UnreadableBodyError
from flows.console import arguments, output
from flows.console.feed_health import survey
from flows.console.output import CommandContext, Format, note
from flows.steps.ingest.ingest import fetch_options
from transforms.articles.normalize import normalize
from transforms.articles.outlets import Outlets
from transforms.dates.zones import is_zone
from transforms.models import Entry, Feed

NOWHERE = "https://feed.example/"
LARGEST_FILE = 50_000_000


def check(
    ctx: CommandContext,
    target: Annotated[
        str | None, typer.Argument(metavar="ID or URL", help="Default: every feed.")
    ] = None,
    whole: Annotated[
        bool,
        typer.Option(
            "--all",
            help="Ask each enabled feed once, and print one report: which work, what is "
            "wrong with the others, and the edits ready. Exit code 1 where fewer than nine "
            "in ten work.",
        ),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object per feed instead.")
    ] = False,
    shape: Annotated[
        Format, typer.Option("--format", help="How the report of --all is printed.")
    ] = Format.table,
) -> None:
    """Report what a poll would make of a feed: dates, ids, a sample, and remedies.

    Nothing is stored. With --all a new address is looked for where a
    feed's own leads nowhere: at most three of those that the site's page names are tried.
    """
    if whole:
        if target is not None:
            raise output.RequestError("--all is every feed; leave the id or address out")
        survey(ctx.obj, _chosen(ctx.obj.config.feeds, None), shape, as_json=as_json)
        return
    if shape is not Format.table:
        raise output.RequestError("--format needs --all; for one feed use --json")
    chosen = _chosen(ctx.obj.config.feeds, target)
    failed = asyncio.run(_report(chosen, fetch_options(ctx.obj.settings), as_json=as_json))
    if len(failed) < len(chosen):
        return
    if len(failed) == 1:
        raise output.WorkError(failed[0])
    raise output.WorkError(f"none of the {len(failed)} feeds could be read: {failed[0]}")


def parse(
    ctx: CommandContext,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A document; .gz is unpacked.")
    ],
    clean: Annotated[
        bool,
        typer.Option("--clean", help="Print entries as stored: plain text, canonical URL."),
    ] = False,
    feed_id: Annotated[
        str | None,
        typer.Option("--feed", metavar="ID", help="Read it as a document of this feed."),
    ] = None,
    feed_url: Annotated[
        str | None,
        typer.Option(help="Base of relative links.  [default: the feed's, or example]"),
    ] = None,
    content_type: Annotated[
        str, typer.Option(help="Content type that the server states.")
    ] = "",
    timezone: Annotated[str, typer.Option(help="Time zone of dates that name none.")] = "",
    language: Annotated[str, typer.Option(help="Language of the feed.")] = "",
    now: Annotated[
        str | None,
        typer.Option(metavar="ISO", help="Moment that relative dates count from."),
    ] = None,
) -> None:
    """Parse a document and print its entries as JSON lines; --feed reads a page's list."""
    body = _unpacked(file)
    when = arguments.moment(now, "--now") or datetime.now(UTC)
    if timezone and not is_zone(timezone):
        raise output.RequestError(
            f"--timezone {timezone!r} is not an IANA time zone; write one such as "
            "Asia/Shanghai"
        )
    feed = Feed(feed_id="parse", url=feed_url or NOWHERE)
    if feed_id is not None:
        feed = _chosen(ctx.obj.config.feeds, feed_id)[0]
    feed = replace(
        feed,
        url=feed_url or feed.url,
        timezone=timezone or feed.timezone,
        language=language or feed.language,
    )
    try:
        parsed = parse_document(
            body, feed=feed, content_type=content_type, base_url=feed.url, now=when
        )
    except FeedError as exc:
        raise output.WorkError(f"{file}: {exc.reason}") from exc
    for warning in (*parsed.notices, *parsed.warnings):
        note(f"warning: {warning}")
    for entry in parsed.entries:
        line = _published(entry)
        if clean:
            line = _stored(entry, feed, ctx.obj.config.beat.outlets, when)
        typer.echo(output.json_line(line))


def _chosen(feeds: Sequence[Feed], target: str | None) -> list[Feed]:
    """Return the feeds to check: one by address or id, else all that are enabled."""
    if target is None:
        chosen = [feed for feed in feeds if feed.enabled]
    elif "://" in target:
        same = [feed for feed in feeds if feed.url == target]
        chosen = same or [Feed(feed_id="check", url=target)]
    else:
        chosen = [feed for feed in feeds if feed.feed_id == target]
    if not chosen:
        request = f"feed {target!r}" if target else "enabled feed in feeds.toml"
        raise output.RequestError(f"no {request}; see: sinowire feeds list")
    return chosen


async def _report(
    feeds: Sequence[Feed], options: FetchOptions, *, as_json: bool
) -> list[str]:
    """Print a report on each feed; return a sentence on each that failed."""
    failed = []
    reports = check_feeds(feeds, now=datetime.now(UTC), options=options)
    # Closed here: the reader of a pipe may go away (`| head`).
    async with aclosing(reports):
        async for report in reports:
            output.say(output.json_line(report.record()) if as_json else report.text())
            if not report.ok:
                failed.append(report.sentence)
    return failed


def _unpacked(file: Path) -> bytes:
    """Return the contents of *file*, decompressed, up to the fetcher's cap."""
    body = Body("", LARGEST_FILE)
    try:
        body.feed(arguments.read_bytes(file))
        return body.finish()
    except (TooLargeError, UnreadableBodyError) as exc:
        raise output.WorkError(f"{file}: {exc}") from exc


def _published(entry: Entry) -> dict[str, object]:
    return {
        "guid": entry.guid,
        "url": entry.url,
        "title": entry.title,
        "summary": entry.summary,
        "content": entry.content,
        "authors": list(entry.authors),
        "published_at": entry.published_at,
        "published_raw": entry.published_raw,
        "updated_at": entry.updated_at,
        "categories": list(entry.categories),
        "language": entry.language,
    }


def _stored(entry: Entry, feed: Feed, outlets: Outlets, now: datetime) -> dict[str, object]:
    article = normalize(entry, feed, outlets, now).article
    return {
        **_published(entry),
        "article_id": article.article_id,
        "url": article.url,
        "title": article.title,
        "summary": article.summary,
        "content": article.content,
        "authors": list(article.authors),
        "published_at": article.published_at,
        "published_from": article.published_from,
        "language": article.language,
    }
