"""``sinowire release``: a data set of a span of days that others may use."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from flows.console import arguments, output
from flows.console.ask import check_is_here
from flows.console.output import CommandContext
from transforms.dataset.prose import License
from transforms.text.lengths import counted


def release(
    ctx: CommandContext,
    folder: Annotated[Path, typer.Argument(metavar="OUT", help="A new folder.")],
    since: Annotated[
        str | None,
        typer.Option(metavar="DAY", help="First day; default: that of the first article."),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(metavar="DAY", help="Last day; default: that of the last article."),
    ] = None,
    titles: Annotated[
        bool, typer.Option("--titles", help="Add headlines, which are the outlets' own.")
    ] = False,
    hosts: Annotated[
        bool,
        typer.Option(
            "--hosts",
            help="Add articles of outlets that are called by their host, which may be an "
            "intranet's.",
        ),
    ] = False,
    author: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="An author, for citations; can be repeated."),
    ] = None,
    license_id: Annotated[
        License | None, typer.Option("--license", help="The licence that you give it.")
    ] = None,
) -> None:
    """Write a data set that others may use: Parquet, CSV and what describes them.

    Articles by address, outlet and time, what they name, stories, measures, claims, counts
    by day, and the register of names: no texts, and headlines only with --titles. Beside
    the tables are datapackage.json (Frictionless), croissant.json, a data dictionary,
    CITATION.cff and checksums. The same data make the same bytes.
    """
    from flows.steps.release import make_release  # noqa: PLC0415  slow

    first, last = arguments.day(since, "--since"), arguments.day(until, "--until")
    check_is_here(last, now=datetime.now(UTC), zone=ctx.obj.readable.reporting_zone)
    if first and last and first > last:
        raise output.RequestError(f"--since {first} is after --until {last}")
    progress = output.progress()
    made = make_release(
        ctx.obj.config,
        folder,
        since=first,
        until=last,
        titles=titles,
        hosts=hosts,
        authors=tuple(author or ()),
        license_id=license_id.value if license_id else "",
        progress=progress,
    )
    progress("")
    rows = sum(table.rows for table in made.read.tables)
    typer.echo(
        f"wrote {counted(rows, 'row')} of {counted(len(made.read.tables), 'table')} to "
        f"{folder}: {made.read.since} to {made.read.until}, version {made.version}"
    )
    figures = {figure.figure: figure.value for figure in made.read.figures}
    if empty := figures["days"] - figures["days_with_articles"]:
        output.note(
            f"warning: no article on {counted(empty, 'day')} of {figures['days']:,}: see "
            "whether feeds were down (`sinowire feeds health`)"
        )
    if left_out := made.read.hosts_left_out:
        output.note(
            f"articles of {', '.join(left_out)} are left out: these outlets have no name "
            "but their host's; --hosts adds them"
        )
    if not titles:
        output.note("without headlines: --titles adds them, where you have a right to that")
    if not made.license:
        output.note("without a licence nobody may use it: --license names the one you give")
