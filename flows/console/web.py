"""``sinowire web``: the desk in a browser."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.console.output import Console, note

ListenOption = Annotated[
    str,
    typer.Option(
        metavar="ADDRESS",
        help="Address to listen at; beyond this machine it wants a token.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add these commands to *app*."""
    app.command(rich_help_panel="Start")(web)


def web(
    ctx: typer.Context,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65_535, help="Port; default 8330, or a free one."),
    ] = None,
    listen: ListenOption = "127.0.0.1",
    read_only: Annotated[
        bool, typer.Option("--read-only", help="Let nobody correct what the pages show.")
    ] = False,
) -> None:
    """Open the desk: what is published as pages, for a browser, until Ctrl-C.

    Beyond this machine SINOWIRE_WEB_TOKEN must be set, which every reader is asked for.
    Whoever corrects something is asked for it on this machine too; without one, for the
    token that the first start writes to data/web-token.
    """
    from flows.assistants.mount import Assistants  # noqa: PLC0415  slow to import
    from flows.web.server import serve  # noqa: PLC0415

    console: Console = ctx.obj
    serve(
        console.settings,
        assistants=Assistants,
        port=port,
        listen=listen,
        is_read_only=read_only,
        report=note,
    )
