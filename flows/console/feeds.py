"""``sinowire feeds``: subscriptions, added, removed, imported and exported."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from connectors.feeds.check.check import list_line
from connectors.feeds.check.discover import find_feeds, find_list
from connectors.feeds.fetch.fetcher import fetch_once
from connectors.feeds.poll.outcomes import NOBODY, WAY_OUT
from connectors.subscriptions import (
    FEED_ID,
    ID_RULE,
    is_address,
    without_secrets,
)
from connectors.subscriptions.opml import parse_opml, render_opml
from flows.console import arguments, feed_checks, output
from flows.console.feed_health import answer_lines, health_summary, health_table
from flows.console.output import CommandContext, Console, Format, FormatOption, note
from flows.steps.edits import subscribe, subscribe_new, unsubscribe
from flows.steps.ingest.ingest import fetch_options
from transforms.freshness import stamp
from transforms.models import Feed, ListSelectors
from transforms.text.lengths import counted
from transforms.urls.canonical import redact_url
from warehouse import feeds as feed_store
from warehouse.runs import offline_since

app = typer.Typer(help="Feeds: list, add, check, import, export.", no_args_is_help=True)


@app.command(name="list")
def list_feeds(ctx: CommandContext, shape: FormatOption = Format.table) -> None:
    """Print the feeds of feeds.toml, the paused ones too."""
    output.rows(
        [
            {
                "feed_id": feed.feed_id,
                "publisher": feed.publisher,
                "language": feed.language,
                "kind": feed.kind,
                "enabled": feed.enabled,
                "url": redact_url(feed.url),
                "note": feed.note,
            }
            for feed in ctx.obj.config.feeds
        ],
        shape,
    )
    if waiting := ctx.obj.config.waiting:
        note(waiting)


@app.command()
def add(
    ctx: CommandContext,
    url: Annotated[
        str, typer.Argument(metavar="URL", help="Address of a feed or a web page.")
    ],
    feed_id: Annotated[
        str | None,
        typer.Option("--id", help="Id of the feed; default: made from its title."),
    ] = None,
    publisher: Annotated[str | None, typer.Option(help="The outlet's name.")] = None,
    language: Annotated[str | None, typer.Option(help="zh, en …")] = None,
    page: Annotated[
        bool,
        typer.Option(
            "--page", help="If there is no feed, read the page's list of articles."
        ),
    ] = False,
) -> None:
    """Add a feed to feeds.toml; given a web page, the feed that it names."""
    _check_request(ctx.obj, url, feed_id)
    options = fetch_options(ctx.obj.settings)
    feeds = asyncio.run(find_feeds(url, options=options))
    listed = None if feeds else asyncio.run(find_list(url, options=options))
    if not feeds and not (listed and page):
        raise output.WorkError(_no_feed(url, listed.selectors if listed else None))
    first = listed or feeds[0]
    new = subscribe(
        ctx.obj.config,
        Feed(
            feed_id=feed_id or "",
            url=first.url,
            publisher=publisher or first.title,
            language=language or first.language,
            selectors=first.selectors,
        ),
        report=note,
    )
    typer.echo(f"added {new.feed_id}: {redact_url(new.url)}")
    for other in feeds[1:]:
        note(f"the page also names {redact_url(other.url)} ({other.title})")


@app.command()
def remove(
    ctx: CommandContext,
    feed_id: Annotated[str, typer.Argument(metavar="ID", help="From `feeds list`.")],
) -> None:
    """Remove a feed from feeds.toml; its articles stay."""
    unsubscribe(ctx.obj.config, feed_id, report=note)
    typer.echo(f"removed {feed_id}")


@app.command(name="import")
def import_opml(
    ctx: CommandContext,
    source: Annotated[str, typer.Argument(metavar="OPML", help="A file or an address.")],
) -> None:
    """Add the feeds of an OPML list to feeds.toml."""
    if source.startswith(("http://", "https://")):
        body = asyncio.run(fetch_once(source, options=fetch_options(ctx.obj.settings))).body
    else:
        body = arguments.read_bytes(Path(source))
    listed = parse_opml(body, source)
    for warning in listed.warnings:
        note(f"warning: {warning}")
    added = len(subscribe_new(ctx.obj.config, listed.feeds, report=note))
    known = len(listed.feeds) - added
    typer.echo(f"added {counted(added, 'feed')}; already in feeds.toml: {known:,}")


@app.command(name="export")
def export_opml(
    ctx: CommandContext,
    with_secrets: Annotated[
        bool, typer.Option("--with-secrets", help="Keep keys and logins in addresses.")
    ] = False,
) -> None:
    """Print the feeds as OPML, without what is secret in their addresses."""
    feeds = ctx.obj.config.feeds
    told = feeds if with_secrets else [without_secrets(feed) for feed in feeds]
    typer.echo(render_opml(told))
    if hidden := sum(before != after for before, after in zip(feeds, told, strict=True)):
        shown = counted(hidden, "address", "addresses")
        note(f"left out the secrets of {shown}; --with-secrets keeps them")


@app.command()
def health(ctx: CommandContext, shape: FormatOption = Format.table) -> None:
    """Print every feed's state, those in trouble first."""
    with ctx.obj.published() as con:
        rows, answers = feed_store.health(con), feed_store.answers(con)
        since = offline_since(con)
    if since:
        note(f"warning: since {stamp(since)} {NOBODY} {WAY_OUT}")
    if shape is not Format.table:
        output.rows(rows, shape)
        return
    if not rows:
        note(
            "no feed was polled yet; run: sinowire run, or sinowire up to have it scheduled"
        )
        return
    output.say(health_table(rows, output.terminal_width()).rstrip("\n"))
    note("\n".join([health_summary(rows), *answer_lines(answers)]))


def _no_feed(url: str, guessed: ListSelectors | None) -> str:
    looked = "it is not a feed, names none, and its site has no news sitemap"
    remedy = "look for a feed in the page's footer and give its address"
    if guessed:
        line = list_line(guessed)
        remedy = f"--page reads the page's list of articles instead, by {line}"
    return f"no feed at {redact_url(url)}: {looked}; {remedy}"


def _check_request(console: Console, url: str, feed_id: str | None) -> None:
    """Refuse an invalid address or id before the fetch."""
    if not is_address(url):
        raise output.RequestError(
            f"{redact_url(url)!r} is not an http or https address; give it whole, with https://"
        )
    if feed_id is None:
        return
    if not FEED_ID.fullmatch(feed_id):
        raise output.RequestError(f"--id {feed_id!r} is not a feed id; {ID_RULE}")
    if feed_id in {feed.feed_id for feed in console.config.feeds}:
        raise output.RequestError(
            f"--id {feed_id!r} is taken; choose another id, or remove that feed"
        )


for command in (feed_checks.check, feed_checks.parse):
    app.command()(command)
