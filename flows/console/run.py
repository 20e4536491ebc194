"""Commands that start the pipeline: demo, init, run."""

from __future__ import annotations

import asyncio
import json
import os
import textwrap
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import duckdb
import typer

from flows.beats import DEFAULT_BEAT, find_beat
from flows.console import arguments, output
from flows.console.output import CommandContext, Console, note
from flows.home import write_starters
from flows.settings import FILE, load_settings
from flows.steps.cycle import run as run_directly
from flows.steps.summary import NoFeedWorked, in_words, why_failed
from flows.steps.warehouse import warehouse_of
from transforms.config import did_you_mean
from transforms.urls.shards import Shard, parse_shard
from warehouse.file.connect import PUBLISHED_NAME
from warehouse.file.lock import private_folder


def demo(
    ctx: CommandContext,
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="DIR", help="An empty folder; default: sinowire-demo/."),
    ] = None,
    beat: Annotated[
        str, typer.Option(metavar="ID", help="A shipped beat; see sinowire beat list.")
    ] = DEFAULT_BEAT,
) -> None:
    """Run the whole pipeline on bundled samples, over loopback HTTP; needs no network.

    Polls three times, tags, appends, clusters, alerts and summarizes, then says what to
    try next. Another beat has an invented quarter, which is imported and summarized.
    """
    from connectors.samples.history import beats_with_a_past  # noqa: PLC0415
    from flows.demo import run_demo  # noqa: PLC0415  only here is Prefect needed

    home = folder or _unused((ctx.obj.home or Path()) / "sinowire-demo")
    if home.exists() and any(home.iterdir()):
        raise output.RequestError(f"{home} is not empty; name another folder")
    if beat not in (known := beats_with_a_past()):
        near = did_you_mean(beat, known) or f"there are {', '.join(known)}"
        raise output.RequestError(f"the beat {beat!r} has no demo; {near}")
    run_demo(home, beat=beat, report=note, width=output.terminal_width())


def init(
    ctx: CommandContext,
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="The folder; default: the home.")
    ] = None,
    beat: Annotated[
        str,
        typer.Option(metavar="ID", help="Watch this beat; see sinowire beat list."),
    ] = "",
) -> None:
    """Write the editable files (feeds, watchlist, alerts) into a folder.

    A file that is there already stays as it is. Watchlist and alerts extend the shipped
    ones, and follow each update of sinowire. With --beat the setting is written, too.
    """
    home = folder or ctx.obj.home or ctx.obj.settings.home
    if home.exists() and not home.is_dir():
        raise output.RequestError(f"{home} is a file; name a folder")
    written = [*_set_beat(home, beat)] if beat else []
    watched = load_settings(home).beat if home.is_dir() else DEFAULT_BEAT
    written += write_starters(home, beat=watched)
    for path in written:
        typer.echo(f"wrote {path}")
    if not written:
        typer.echo(f"{home} has all its files already")
    typer.echo("next: edit them, then `sinowire run`")


def _set_beat(home: Path, beat: str) -> Iterator[Path]:
    """Write the setting where the home has none, and yield the file."""
    find_beat(home, beat)
    file = home / FILE
    if not file.exists():
        home.mkdir(parents=True, exist_ok=True)
        file.write_text(f'beat = "{beat}"\n', encoding="utf-8")
        yield file
    elif (there := load_settings(home).beat) != beat:
        raise output.RequestError(f"{file} says beat = {there!r}; edit it: beat = {beat!r}")


def run(
    ctx: CommandContext,
    feed: Annotated[
        list[str] | None,
        typer.Option("--feed", metavar="ID", help="Only this feed; repeatable."),
    ] = None,
    shard: Annotated[
        str | None,
        typer.Option(
            metavar="K/N",
            help="Only the feeds of this shard: with 1/2 here and 2/2 there, two machines "
            "share them, by host.",
        ),
    ] = None,
    now: Annotated[
        str | None,
        typer.Option(
            metavar="ISO",
            help="Pretend that it is this moment (replays, in a home of their own); every "
            "enabled feed is due, unless --due is given too.",
        ),
    ] = None,
    due: Annotated[
        bool,
        typer.Option(
            "--due",
            help="Poll only feeds that are due by their pace (for cron), at --now too.",
        ),
    ] = False,
    direct: Annotated[
        bool,
        typer.Option("--direct", help="Run without Prefect, even where it is configured."),
    ] = False,
    new: Annotated[
        bool,
        typer.Option(
            "--new", help="Start with an empty warehouse where it is gone; see restore."
        ),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object, for scripts.")
    ] = False,
) -> None:
    """Make one pass now: poll, tag, cluster, alert, deliver, publish.

    With PREFECT_API_URL in the environment it is a flow run on that server.
    """
    moment = arguments.moment(now, "--now")
    only = tuple(feed or ())
    share = _shard(shard, only)
    with suppress(OSError):  # what is in the way is told by whoever writes there
        # Here, so that the watchlist is kept in it as soon as it has been read.
        private_folder(ctx.obj.settings.data)
    ctx.obj.config.check()
    is_first = not (only or (ctx.obj.settings.data / PUBLISHED_NAME).exists())
    if new:
        warehouse = warehouse_of(ctx.obj.settings)
        former = warehouse.begin_anew(wait=ctx.obj.settings.writer_wait_seconds)
        note(
            "started an empty warehouse"
            + (f"; the last copy is {former}" if former else "")
        )
    if os.environ.get("PREFECT_API_URL") and not direct:
        done = _as_flow(ctx.obj, only=only, shard=shard, now=moment, due=due)
    else:
        # To be imported, it opens a database that nobody asked for, with threads: from a
        # process that has any, no parser is forked.
        duckdb.close()
        done = run_directly(
            ctx.obj.config,
            only=only,
            shard=share,
            due=due,
            now=moment,
            report=note,
            progress=output.progress(),
        ).as_json()
    typer.echo(json.dumps(done) if as_json else "\n".join(in_words(done)))
    is_failed = done["outcome"] != "completed"
    if is_first and done["feeds"] and not (as_json or is_failed):
        output.say(_of_first_pass(done["outcomes"], output.terminal_width()))
    if is_failed:
        note(f"error: {why_failed(done)}")
        raise typer.Exit(1)


def _as_flow(console: Console, **options: Any) -> dict[str, Any]:
    from flows.orchestration.server import require_server  # noqa: PLC0415  slow

    require_server()
    from flows.ingest import ingest_feeds  # noqa: PLC0415  seconds

    options["only"] = list(options["only"])
    home = str(console.settings.home.resolve())
    try:
        return asyncio.run(ingest_feeds(home=home, **options))
    except NoFeedWorked as exc:
        return exc.done


def _shard(text: str | None, only: tuple[str, ...]) -> Shard | None:
    if text is None:
        return None
    if only:
        raise output.RequestError(
            "--feed names feeds and --shard shares them out: give one of the two"
        )
    try:
        return parse_shard(text)
    except ValueError as exc:
        raise output.RequestError(f"--shard: {exc}") from exc


def _unused(folder: Path) -> Path:
    """Return *folder*, or the first numbered one beside it that does not exist."""
    number, free = 1, folder
    while free.exists():
        number += 1
        free = folder.with_name(f"{folder.name}-{number}")
    return free


def _of_first_pass(outcomes: dict[str, int], width: int | None) -> str:
    """Return how many feeds answered, and the command for details."""
    from connectors.feeds.poll.outcomes import answered  # noqa: PLC0415

    said = f"first pass: {answered(outcomes)}"
    lines = [said] if width is None else textwrap.wrap(said, width)
    more = "which are moved or stale, and the edits ready: sinowire feeds check --all"
    return "\n".join([*lines, more])
