"""Commands that keep the pipeline running by itself: up, and deploy for many machines."""

from __future__ import annotations

import asyncio
import sys
from typing import Annotated

import typer

from flows.console.output import Console, RequestError, note
from flows.steps.hosts import polls_a_day
from transforms.text.plural import counted
from transforms.urls.shards import MOST_SHARDS, sizes


def register(app: typer.Typer) -> None:
    """Add these commands to *app*."""
    for command in (up, deploy):
        app.command(rich_help_panel="Start")(command)


def up(
    ctx: typer.Context,
    port: Annotated[
        int | None,
        typer.Option(help="Port of Prefect's page; default 4200, or a free one."),
    ] = None,
    web_port: Annotated[
        int | None,
        typer.Option(help="Port of the desk; default 8330, or a free one."),
    ] = None,
    no_web: Annotated[bool, typer.Option("--no-web", help="Run without the desk.")] = False,
    worker: Annotated[
        int | None,
        typer.Option(
            metavar="K",
            min=1,
            max=MOST_SHARDS,
            help="Be machine K of those that `sinowire deploy` made: work for the Prefect "
            "server of PREFECT_API_URL, in place of one of our own.",
        ),
    ] = None,
) -> None:
    """Run on a schedule: Prefect server, a runner and the desk, until Ctrl-C.

    With --worker it is one of many machines. It polls its own shard, and that of a machine
    which is a minute late. PREFECT_API_AUTH_STRING holds the sign-in to that server.
    """
    from flows.orchestration import up as running  # noqa: PLC0415  slow to import

    console: Console = ctx.obj
    if worker is None:
        running.up(
            console.config,
            port=port,
            web_port=web_port,
            with_web=not no_web,
            report=note,
            is_terminal=sys.stderr.isatty(),
        )
        return
    if port is not None:
        raise RequestError("--port is of a server of our own; a worker has none")
    running.up_worker(
        console.config, worker, web_port=web_port, with_web=not no_web, report=note
    )


def deploy(
    ctx: typer.Context,
    shards: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=1,
            max=MOST_SHARDS,
            help="Machines that share the feeds, each polling one shard of N.",
        ),
    ] = 2,
) -> None:
    """Write the deployments of many machines to the Prefect server of PREFECT_API_URL.

    A work pool with a queue for each machine; ingest-1 to ingest-N, a shard each; deliver,
    trends and maintain once. Polls are as far apart as `ingest_minutes` of this home says.
    What stands already is brought up to date, shards beyond N are removed. Says how many of
    this home's feeds each shard has. PREFECT_API_AUTH_STRING holds the sign-in to that
    server.
    """
    from flows.orchestration.server import require_server  # noqa: PLC0415  slow

    console: Console = ctx.obj
    console.config.check()
    require_server(around="")
    from flows.orchestration.deployments import deploy as write  # noqa: PLC0415  seconds

    names, gone = asyncio.run(write(shards, console.settings.ingest_minutes))
    typer.echo(f"deployed {', '.join(names)}")
    if gone:
        typer.echo(f"removed {', '.join(gone)}")
    for number, size in enumerate(sizes(polls_a_day(console.config.feeds), shards), 1):
        has = f"{counted(size.feeds, 'feed')} of {counted(size.hosts, 'host')}"
        has += f", at first {counted(size.polls, 'poll')} a day"
        typer.echo(f"shard {number}/{shards}: {has if size.feeds else 'nothing to poll'}")
    typer.echo(
        "next, on one machine each: "
        + ", ".join(f"sinowire up --worker {number}" for number in range(1, shards + 1))
    )
