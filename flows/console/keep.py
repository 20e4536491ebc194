"""Commands that maintain the warehouse: import, backup, restore, move, retag, checks."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from flows import logs
from flows.console import output
from flows.console.output import STOPPED, CommandContext, Format, FormatOption, note
from flows.steps.ingest.history import Imported, import_file
from flows.steps.summary import clock_at
from flows.steps.trends import refresh_trends
from flows.steps.upkeep.maintenance import Place, look
from flows.steps.upkeep.maintenance import move as run_move
from flows.steps.upkeep.retag import finish_retag
from flows.steps.upkeep.retag import retag as run_retag
from flows.steps.warehouse import open_writer, publish, warehouse_of
from transforms.config import ConfigError
from transforms.dates.parse import EARLIEST
from transforms.text.lengths import counted
from warehouse.file.aside import BACKUPS_NAME
from warehouse.upkeep.checks import run_checks

_HEARD = b"\nstopping after this batch; Ctrl-C once more stops at once\n"


def import_history(
    ctx: CommandContext,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="JSON lines, or a folder made by `sinowire export`."
        ),
    ],
) -> None:
    """Import history: articles are tagged and clustered, and raise no alert.

    A line: {"url", "title", "summary", "published", "updated", "publisher", "language"};
    all but url and title are optional, and a time without a zone is UTC. Importing a file
    twice adds nothing. An export restores articles, not their versions and sightings.
    """
    config = ctx.obj.config.check()
    done, progress = Imported(), output.progress()
    try:
        with held_back() as end_here:

            def after_batch(words: str) -> None:
                progress(words)
                end_here()

            now = datetime.now(UTC)
            import_file(config, file, done, now=now, report=note, progress=after_batch)
    except ConfigError:
        _tell_kept(done, file)
        raise
    except Ended as exc:
        _tell_kept(done, file)
        publish(ctx.obj.settings)
        raise typer.Exit(STOPPED) from exc
    progress("computing the days that it brought")
    refresh_trends(config.settings, clock_at(None), report=note, since=done.since)
    publish(ctx.obj.settings)
    progress("")
    counts = done.summary
    typer.echo(
        f"{counts.entries:,} read, {counted(counts.new_articles, 'new article')}, "
        f"{counted(counts.mentions, 'mention')}, "
        f"{counted(counts.new_stories, 'new story', 'new stories')}"
    )
    if dropped := counts.entries - counts.new_articles:
        note(
            f"{dropped:,} added no article: they were here already, or have the address of "
            f"a line before them; {counts.changed_articles:,} of these brought new words"
        )
    if done.undated:
        note(
            f"{done.undated:,} without a date: each counts on the day of its "
            "first_seen_at; if it has none either, on today, and in no burst"
        )


def _tell_kept(done: Imported, file: Path) -> None:
    """Print how much of an interrupted import was kept."""
    entries = done.summary.entries
    note(
        f"\nimported the first {entries:,} of {file}: import it again for the rest, "
        "nothing is added twice"
        if entries
        else f"\nnothing was imported from {file}"
    )


def backup(
    ctx: CommandContext,
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE",
            help="Default: `data/backups/<now>.duckdb.gz`; one that ends in .gz is packed.",
        ),
    ] = None,
) -> None:
    """Copy the warehouse into one file, and verify the copy.

    A lake becomes one file as well, with the data of all hosts.
    """
    data = ctx.obj.settings.data
    target = file or data / BACKUPS_NAME / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}.duckdb.gz"
    warehouse_of(ctx.obj.settings).backup(target, wait=ctx.obj.settings.writer_wait_seconds)
    typer.echo(f"wrote {target}")


def restore(
    ctx: CommandContext,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="A file made by `backup`, or data/sinowire.duckdb."
        ),
    ],
    force: Annotated[
        bool,
        typer.Option(
            "--force", help="Replace a warehouse that is in order, or what the lake holds."
        ),
    ] = False,
) -> None:
    """Restore a backup; the warehouse that it replaces is kept under another name.

    The backup is copied and read before anything changes. The published copy and a former
    warehouse (data/warehouse.duckdb.before-N) can be restored as well. Where the setting
    `warehouse` names a lake, it goes into that, for all hosts.
    """
    if not file.is_file():
        raise output.RequestError(f"{file} is not a file; name one that `backup` made")
    wait = ctx.obj.settings.writer_wait_seconds
    replaced = warehouse_of(ctx.obj.settings).restore(file, force=force, wait=wait)
    # A restored file holds rows alone: the next writer creates its views.
    with open_writer(ctx.obj.settings, "restore", note):
        pass
    publish(ctx.obj.settings)
    lake = ctx.obj.settings.lake_address
    into = f" into {lake}" if lake else ""
    former = f"; what was there is kept as {replaced}" if replaced else ""
    typer.echo(f"restored {file}{into}{former}")


def move(
    ctx: CommandContext,
    place: Annotated[Place, typer.Argument(help="Where it is to be from now on.")],
    force: Annotated[
        bool, typer.Option("--force", help="Replace what the lake holds.")
    ] = False,
    shape: FormatOption = Format.table,
) -> None:
    """Move the warehouse from this host's file into a lake that hosts share, or back.

    The settings `warehouse` and `lake` say where the lake is; stop `sinowire up` first.
    Prints how many rows each table has, the same on both sides, and checks what was moved.
    Where it was, it stays as it is. docs/howto/many-machines.md has all steps.
    """
    counts, kept, failed = run_move(ctx.obj.settings, place, force=force)
    output.rows([{"table": name, "rows": rows} for name, rows in counts.items()], shape)
    if kept is not None:
        note(f"what was there is kept as {kept}")
    if place is Place.lake:
        note(
            f"runs write to {ctx.obj.settings.lake_address} from now on; the file stays "
            "as it was"
        )
    else:
        note("take `warehouse` and `lake` out of the settings: runs write to the file then")
    if failed:
        note(f"checks failed: {', '.join(failed)}; see `sinowire checks`")
        raise typer.Exit(1)


def retag(
    ctx: CommandContext,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only print what would change.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Read all articles, whatever has changed.")
    ] = False,
    shape: FormatOption = Format.table,
) -> None:
    """Recompute mentions, tags, facts and stories; past articles send no alert.

    Where only the watchlist or a list of words of the beat changed, it reads the articles
    that name what changed, and says how many these are and why; by weights of the beat, or
    code of another release, that read otherwise, it reads all.
    Twenty-five thousand articles at a time, then stories three days at a time; in between
    others may write. Ended before its end, it goes on where it was when it is run again.
    Prints what each company, topic, event and kind of fact gains and loses, then for each
    rule its new matches of the last 7 days and the past alerts that it would not raise now,
    and how many stories were split, joined to others, and stay. A story's id stays with the
    article that named it; what was told of a story is told of its parts.
    --dry-run counts stories by the findings that are stored.
    """
    config = ctx.obj.config.check()
    progress = output.progress()
    retagged = run_retag(
        config, dry_run=dry_run, report=note, progress=progress, everything=everything
    )
    output.rows(retagged.rows(), shape)
    if not dry_run:
        refresh_trends(
            config.settings,
            clock_at(None),
            report=note,
            since=EARLIEST,
            days=retagged.days,
        )
        finish_retag(config, note)
        publish(ctx.obj.settings)
    for sentence in retagged.sentences(dry_run=dry_run):
        note(sentence)


def checks(
    ctx: CommandContext,
    shape: FormatOption = Format.table,
) -> None:
    """Assert the quality of the published data; exit 1 if a check fails.

    All rows are checked, a hundred thousand articles or a month at a time, in 400 MB.
    """
    progress = output.progress()
    results = look(
        ctx.obj.settings,
        lambda con: run_checks(con, progress=progress),
        renew=ctx.obj.renew,
    )
    progress("")
    output.rows(
        [
            {
                "check": check.name,
                "ok": check.ok,
                "found": check.count,
                "sample": check.sample,
                "remedy": "" if check.ok else check.remedy,
            }
            for check in results
        ],
        shape,
    )
    if not all(check.ok for check in results):
        raise typer.Exit(1)


class Ended(KeyboardInterrupt):
    """Ctrl-C ended the work at a safe point."""


@contextmanager
def held_back() -> Iterator[Callable[[], None]]:
    """Defer Ctrl-C until the work calls the yielded function at a safe point.

    A Ctrl-C within a statement that writes can leave DuckDB a connection that nothing in
    Python holds and nothing closes; opening the file once more then waits for ever.
    A second Ctrl-C is not held back.

    Raises:
        Ended: From the call, or at the end, where Ctrl-C was pressed before it.
    """
    is_pressed = False

    def hear(_signal: int, _frame: FrameType | None) -> None:
        nonlocal is_pressed
        is_pressed = True
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if not logs.is_json():
            # Not `print`: what this interrupts may be printing.
            os.write(2, _HEARD)

    def end_here() -> None:
        if is_pressed:
            raise Ended

    before = signal.signal(signal.SIGINT, hear)
    try:
        yield end_here
        end_here()
    finally:
        signal.signal(signal.SIGINT, before)
