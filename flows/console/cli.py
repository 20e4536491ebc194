"""The ``sinowire`` command: its groups, global options, and what an error looks like."""

from __future__ import annotations

import gc
import os
import sys
import traceback
from pathlib import Path
from typing import Annotated

import typer

from flows import __version__
from flows.console import alerts, ask, feeds, keep, output, run, stories, watchlist

HELP = """News monitoring for analysts of China's technology industry.

Try `sinowire demo` first: the whole pipeline on bundled samples, without a network.
Then `sinowire init`, edit the files, and `sinowire run` (once) or `sinowire up` (always).
"""
EPILOG = "Exit codes: 0 well, 1 the work failed, 2 the request or configuration was wrong."

# Articles live until their batch is committed and refer to nobody: looking for cycles
# among them every 700 new objects is a tenth of a run's CPU.
GC_THRESHOLD = 50_000

app = typer.Typer(
    help=HELP,
    epilog=EPILOG,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (run, ask, keep):
    module.register(app)
for name, group in (
    ("feeds", feeds.app),
    ("watchlist", watchlist.app),
    ("alerts", alerts.app),
    ("stories", stories.app),
):
    app.add_typer(group, name=name)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"sinowire {__version__}")
        raise typer.Exit


@app.callback()
def options(
    ctx: typer.Context,
    home: Annotated[
        Path | None,
        typer.Option(help="Folder of files and data (or SINOWIRE_HOME; default: here)."),
    ] = None,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show tracebacks of errors.")
    ] = False,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Keep the global options for the command that follows."""
    del debug, version
    ctx.obj = output.Console(home)


def main() -> None:
    """Run the command line; errors are one sentence and a remedy on standard error."""
    gc.freeze()
    gc.set_threshold(GC_THRESHOLD)
    argv = _globals_first(sys.argv[1:])
    try:
        app(args=argv, prog_name="sinowire", standalone_mode=True)
    except KeyboardInterrupt:
        sys.stderr.write("\nstopped\n")
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output went away (`| head`): not our failure.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as exc:  # noqa: BLE001  the outermost handler: everything ends here
        if "--debug" in argv:
            traceback.print_exc()
        sys.stderr.write(f"error: {output.sentence(exc)}\n")
        sys.exit(output.exit_code(exc))


def _globals_first(args: list[str]) -> list[str]:
    """Move ``--home X`` and ``--debug`` to the front, since people write them anywhere."""
    front: list[str] = []
    rest: list[str] = []
    queue = list(args)
    while queue:
        word = queue.pop(0)
        if word == "--":
            rest += [word, *queue]
            break
        if word == "--home" and queue:
            front += [word, queue.pop(0)]
        elif word == "--debug" or word.startswith("--home="):
            front.append(word)
        else:
            rest.append(word)
    return front + rest


if __name__ == "__main__":
    main()
