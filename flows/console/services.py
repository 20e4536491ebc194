"""Services that run until Ctrl-C: ``sinowire up``, ``deploy``, ``web`` and ``mcp``."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import Annotated

import typer

from flows.console.output import STOPPED, CommandContext, RequestError, note
from transforms.text.lengths import counted
from transforms.urls.shards import MOST_SHARDS, sizes

ListenOption = Annotated[
    str,
    typer.Option(
        metavar="ADDRESS",
        help="Address to listen on; beyond this machine a token is required.",
    ),
]


def up(
    ctx: CommandContext,
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

    if worker is None:
        running.up(
            ctx.obj.config,
            port=port,
            web_port=web_port,
            with_web=not no_web,
            report=note,
            is_terminal=sys.stderr.isatty(),
        )
        return
    if port is not None:
        raise RequestError("--port sets the port of Prefect's server; a worker starts none")
    running.up_worker(
        ctx.obj.config, worker, web_port=web_port, with_web=not no_web, report=note
    )


def deploy(
    ctx: CommandContext,
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

    ctx.obj.config.check()
    require_server(around="")
    from flows.orchestration.deployments import deploy as write  # noqa: PLC0415  seconds

    names, gone = asyncio.run(write(shards, ctx.obj.settings.ingest_minutes, typer.echo))
    typer.echo(f"deployed {', '.join(names)}")
    if gone:
        typer.echo(f"removed {', '.join(gone)}")
    from flows.steps.hosts import polls_a_day  # noqa: PLC0415  of a home's feeds

    for number, size in enumerate(sizes(polls_a_day(ctx.obj.config.feeds), shards), 1):
        has = f"{counted(size.feeds, 'feed')} of {counted(size.hosts, 'host')}"
        has += f", at first {counted(size.polls, 'poll')} a day"
        typer.echo(f"shard {number}/{shards}: {has if size.feeds else 'nothing to poll'}")
    typer.echo(
        "next, start one worker on each machine: "
        + ", ".join(f"sinowire up --worker {number}" for number in range(1, shards + 1))
    )


def web(
    ctx: CommandContext,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65_535, help="Port; default 8330, or a free one."),
    ] = None,
    listen: ListenOption = "127.0.0.1",
    read_only: Annotated[
        bool, typer.Option("--read-only", help="Let nobody correct what the pages show.")
    ] = False,
) -> None:
    """Serve the desk, the web application, until Ctrl-C.

    Readers on other machines need the password SINOWIRE_WEB_TOKEN. Corrections need it on
    this machine too; without one, the token that the first start writes to data/web-token.
    """
    from flows.assistants.mount import Assistants  # noqa: PLC0415  slow to import
    from flows.web.server import serve  # noqa: PLC0415

    serve(
        ctx.obj.readable,
        assistants=Assistants,
        port=port,
        listen=listen,
        is_read_only=read_only,
        report=note,
    )


def mcp(ctx: CommandContext) -> None:
    """Serve what is published to an assistant, over standard input and output (MCP).

    The assistant starts it, and only reads: nothing is written, sent or fetched. The desk
    of `sinowire web` has the same tools at /mcp. Needs the extra `mcp`.
    """
    from flows.assistants.mount import MISSING  # noqa: PLC0415  slow to import

    try:
        from flows.assistants.look import Look  # noqa: PLC0415
        from flows.assistants.server import make_assistant_server  # noqa: PLC0415
    except ModuleNotFoundError as exc:
        if (exc.name or "").partition(".")[0] not in ("mcp", "mcp_types"):
            raise
        raise RequestError(MISSING) from exc
    from flows.web.maker import Maker  # noqa: PLC0415
    from flows.web.shelf import Shelf  # noqa: PLC0415

    settings = ctx.obj.readable
    maker = Maker(settings, Shelf(settings), address=settings.web_url or "")
    server = make_assistant_server(Look(maker))
    signal.signal(signal.SIGINT, _leave)
    server.run("stdio")


def _leave(*_: object) -> None:
    # The SDK would wait for one more line. We only read, so to leave at once does no harm.
    os.write(sys.stderr.fileno(), b"\nstopped\n")
    os._exit(STOPPED)
