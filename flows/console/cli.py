"""Command ``sinowire``: its groups, global options, and error messages."""

from __future__ import annotations

import gc
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from flows import __version__, logs
from flows.console.outline import NotLoadedError, add_outline
from warehouse.interrupts import end

HELP = """News monitoring for analysts of one beat: China tech, or one of your own.

Try `sinowire demo` first: the whole pipeline on bundled samples, without a network.
Then `sinowire init`, edit the files, and `sinowire run` (once) or `sinowire up` (always).
"""
EPILOG = "Exit codes: 0 well, 1 the work failed, 2 the request or configuration was wrong."

_HELP = ("-h", "--help")
_NAME = "sinowire"
# A shell that completes sets the first, and what was typed in one of the others.
_COMPLETION = "_SINOWIRE_COMPLETE"
_TYPED = ("COMP_WORDS", "_TYPER_COMPLETE_ARGS")
# Global options that are followed by a value.
_WITH_VALUE = ("--home", "--log-format")

# Modules with their commands, in the order of the help; a group is a module by its name.
_COMMANDS: Mapping[str, tuple[str, ...]] = {
    "run": ("demo", "init", "run"),
    "services": ("up", "deploy", "web", "mcp"),
    "search": ("search", "company"),
    "lists": ("measures", "claims", "acts", "developing", "calendar"),
    "ask": ("trends", "brief", "export"),
    "cite": ("cite", "verify"),
    "release": ("release",),
    "shell": ("sql",),
    "keep": ("import", "backup", "restore", "move", "retag", "checks"),
    "doctor": ("doctor",),
}
# The heading under which the help lists what is not to "Ask".
_PANELS = {
    **dict.fromkeys(("run", "services"), "Start"),
    **dict.fromkeys(("keep", "doctor"), "Keep"),
}
_GROUPS = ("feeds", "watchlist", "beat", "alerts", "stories", "verdicts")
# Commands that were, and what to type now.
_BY_VERDICT = "sinowire verdicts add ARTICLE_ID {} --scope rule"
_GONE = {
    "watchlist reject": _BY_VERDICT.format("not-about COMPANY_ID"),
    "tags reject": _BY_VERDICT.format("not-topic TOPIC"),
    "watchlist suggest": "sinowire trends (its emerging terms)",
    "teach": "sinowire verdicts (they hold; what was learned of them helped too little)",
}
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
        elif name == "lists":
            module.register(app)
        else:
            for each in _COMMANDS[name]:
                # A function cannot be called import.
                command = getattr(module, "import_history" if each == "import" else each)
                app.command(each, rich_help_panel=_PANELS.get(name, "Ask"))(command)
    return app


def outlined(words: Sequence[str] = (), *, has_options: bool = True) -> typer.Typer:
    """Return all commands as outline.json has them, none of their modules loaded.

    The one that *words* begin with has its parameters.
    """
    app = _without_commands(has_options=has_options)
    add_outline(app, words)
    return app


def _without_commands(*, has_options: bool = True) -> typer.Typer:
    app = typer.Typer(
        help=HELP,
        epilog=EPILOG,
        no_args_is_help=True,
        add_completion=has_options,
        add_help_option=has_options,
        pretty_exceptions_enable=False,
        rich_markup_mode="markdown",
        context_settings={"help_option_names": list(_HELP)},
    )
    if has_options:
        app.callback()(options)
    return app


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
    # What is imported stays: no look at it is worth its time, now or later.
    gc.disable()
    argv = _globals_first(sys.argv[1:])
    try:
        _run(argv)
    except KeyboardInterrupt:
        _stop()
    except BrokenPipeError:
        # The reader of our output went away (`| head`): not our failure.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as exc:  # noqa: BLE001  the outermost handler: everything ends here
        _fail(exc, "--debug" in argv)
    finally:
        gc.enable()


def _run(argv: list[str]) -> None:
    words = _words(argv)
    for gone in (" ".join(words[:1]), " ".join(words[:2])):
        if gone in _GONE:
            _refuse(f"there is no `{gone}` any more; use: {_GONE[gone]}")
    if _COMPLETION in os.environ:
        typed = next((os.environ[name] for name in _TYPED if name in os.environ), "")
        outlined(_words(_globals_first(typed.split()[1:])))(prog_name=_NAME)
    elif not words or words[0] not in _MODULES:
        outlined()(args=argv, prog_name=_NAME)
    elif set(words).intersection(_HELP) or words in [[group] for group in _GROUPS]:
        # A `--help` that is another option's value is none, and the command runs.
        with suppress(NotLoadedError):
            outlined(words, has_options=False)(args=words, prog_name=_NAME)
    app = command_line(words[0])
    gc.freeze()
    gc.enable()
    app(args=argv, prog_name=_NAME)


def _refuse(said: str) -> NoReturn:
    from flows.console import output  # noqa: PLC0415  slow: loads settings and DuckDB

    raise output.RequestError(said)


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


def _words(args: list[str]) -> list[str]:
    """Return *args* from the command on; global options come before it."""
    at = 0
    while at < len(args) and _is_global(args[at]):
        at += 2 if args[at] in _WITH_VALUE else 1
    return args[at:]


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
