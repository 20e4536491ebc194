"""Command ``sinowire``: its groups, global options, and error messages."""

from __future__ import annotations

import gc
import os
import sys
import tomllib
import traceback
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from flows import __version__, logs
from warehouse.interrupts import end

HELP = """News monitoring for analysts of one beat: China tech, or one of your own.

Try `sinowire demo` first: the whole pipeline on bundled samples, without a network.
Then `sinowire init`, edit the files, and `sinowire run` (once) or `sinowire up` (always).
"""
EPILOG = "Exit codes: 0 well, 1 the work failed, 2 the request or configuration was wrong."

# Global options that are followed by a value.
_WITH_VALUE = ("--home", "--log-format")

# Modules with their commands, in the order of the help; a group is a module by its name.
_COMMANDS = {
    "run": ("demo", "init", "run"),
    "services": ("up", "deploy", "web", "mcp"),
    "search": ("search", "company"),
    "ask": ("trends", "brief", "export"),
    "shell": ("sql",),
    "keep": ("import", "backup", "restore", "move", "retag", "checks"),
    "teach": ("teach",),
    "doctor": ("doctor",),
}
_GROUPS = ("feeds", "watchlist", "beat", "tags", "alerts", "stories", "verdicts")
# Of a command its module alone is loaded.
_MODULES = {word: module for module, words in _COMMANDS.items() for word in words} | {
    group: group for group in _GROUPS
}


def command_line(word: str = "") -> typer.Typer:
    """Return the commands of the module that *word* names, or all of them."""
    app = _without_commands()
    wanted = [_MODULES[word]] if word in _MODULES else [*_COMMANDS, *_GROUPS]
    for name in wanted:
        module = import_module(f"flows.console.{name}")
        if name in _GROUPS:
            app.add_typer(module.app, name=name)
        else:
            module.register(app)
    return app


def outlined() -> typer.Typer:
    """Return all commands by name and help alone, none of their modules loaded.

    What the overview and the refusal of an unknown command need: outline.toml has it.
    """
    app = _without_commands()
    outline = tomllib.loads(files(__package__).joinpath("outline.toml").read_text("utf-8"))
    for panel, commands in outline.items():
        for name, text in commands.items():
            app.command(name, help=text, rich_help_panel=panel)(_load_instead)
    return app


def _without_commands() -> typer.Typer:
    app = typer.Typer(
        help=HELP,
        epilog=EPILOG,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="markdown",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(options)
    return app


def _load_instead() -> NoReturn:
    raise LookupError("a command of the outline has no module loaded")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"sinowire {__version__}")
        raise typer.Exit


def options(
    ctx: typer.Context,
    home: Annotated[
        Path | None,
        typer.Option(help="Folder of files and data (or SINOWIRE_HOME; default: here)."),
    ] = None,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show tracebacks of errors.")
    ] = False,
    log_format: Annotated[
        str,
        typer.Option(
            envvar=logs.VARIABLE,
            metavar="FORMAT",
            help="Log as text, or as json: an object a line (or SINOWIRE_LOG_FORMAT).",
            show_envvar=False,
            show_default=False,
        ),
    ] = "text",
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Keep the global options for the command that follows."""
    from flows.console import output  # noqa: PLC0415  slow: loads settings and DuckDB

    del debug, version
    shape = next((each for each in logs.FORMATS if each == log_format), None)
    if shape is None:
        raise output.RequestError(f"no --log-format {log_format!r}; write text or json")
    logs.log_as(shape)
    ctx.obj = output.Console(home)


def process() -> NoReturn:
    """Run the command line, and end the process with it.

    It ends at once where PostgreSQL does not answer: DuckDB would retry as it is unloaded.
    """
    try:
        main()
    except SystemExit as exc:
        if isinstance(exc.code, str):
            raise
        end(exc.code or 0)
    end(0)


def main() -> None:
    """Run the command line; errors are one sentence and a remedy on standard error."""
    gc.freeze()
    argv = _globals_first(sys.argv[1:])
    try:
        word = _first_word(argv)
        app = command_line(word) if word in _MODULES else outlined()
        app(args=argv, prog_name="sinowire", standalone_mode=True)
    except KeyboardInterrupt:
        _stop()
    except BrokenPipeError:
        # The reader of our output went away (`| head`): not our failure.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as exc:  # noqa: BLE001  the outermost handler: everything ends here
        _fail(exc, "--debug" in argv)


def _fail(exc: Exception, debug: bool) -> NoReturn:
    from flows.console import output  # noqa: PLC0415  slow: loads settings and DuckDB
    from flows.refusals import sentence  # noqa: PLC0415

    if debug:
        traceback.print_exception(exc)
    if output.is_stop(exc):
        _stop()
    output.note(f"error: {sentence(exc)}")
    sys.exit(output.exit_code(exc))


def _stop() -> NoReturn:
    from flows.console import output  # noqa: PLC0415  slow: loads settings and DuckDB

    sys.stderr.write("\nstopped; what was committed is kept, and nothing is half done\n")
    sys.exit(output.STOPPED)


def _first_word(args: list[str]) -> str:
    """Return the command of *args*, whose global options come first."""
    queue = iter(args)
    for word in queue:
        if word in _WITH_VALUE:
            next(queue, None)
        elif not _is_global(word):
            return word
    return ""


def _is_global(word: str) -> bool:
    return word == "--debug" or word.partition("=")[0] in _WITH_VALUE


def _globals_first(args: list[str]) -> list[str]:
    """Move global options to the front; they may be written anywhere."""
    front: list[str] = []
    rest: list[str] = []
    queue = list(args)
    while queue:
        word = queue.pop(0)
        if word == "--":
            rest += [word, *queue]
            break
        if word in _WITH_VALUE and queue:
            front += [word, queue.pop(0)]
        elif _is_global(word):
            front.append(word)
        else:
            rest.append(word)
    return front + rest


if __name__ == "__main__":
    process()
