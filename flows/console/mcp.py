"""``sinowire mcp``: the desk for an assistant on this machine."""

from __future__ import annotations

import os
import signal
import sys

import typer

from flows.console.output import STOPPED, Console, RequestError


def register(app: typer.Typer) -> None:
    """Add these commands to *app*."""
    app.command(rich_help_panel="Start")(mcp)


def mcp(ctx: typer.Context) -> None:
    """Serve what is published to an assistant, over standard input and output (MCP).

    The assistant starts it, and only reads: nothing is written, sent or fetched. The desk
    of `sinowire web` has the same tools at /mcp. Needs the extra `sinowire[mcp]`.
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

    console: Console = ctx.obj
    settings = console.settings
    maker = Maker(settings, Shelf(settings), address=settings.web_url or "")
    server = make_assistant_server(Look(maker))
    signal.signal(signal.SIGINT, _leave)
    server.run("stdio")


def _leave(*_: object) -> None:
    # The SDK would wait for one more line. We only read, so to leave at once does no harm.
    os.write(sys.stderr.fileno(), b"\nstopped\n")
    os._exit(STOPPED)
