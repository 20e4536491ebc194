"""Outline of the commands: help and Tab completion without loading a command's module.

``outline.json`` has what each command declares. It is generated from the modules, by
`python -m flows.console.reference outline`; a test keeps it current.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from inspect import Parameter, Signature
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

import typer

FILE = "outline.json"
# Types of parameters by the name that the outline has for them; of a choice it has a list.
TYPES: Mapping[str, Any] = {
    "text": str,
    "texts": list[str],
    "number": int,
    "flag": bool,
    "path": Path,
}


class NotLoadedError(Exception):
    """A command of the outline was to run: its module has to be loaded first."""


def add_outline(app: typer.Typer, words: Sequence[str] = ()) -> None:
    """Add all commands to *app*; the one that *words* begin with has its parameters."""
    told = json.loads(files(__package__).joinpath(FILE).read_text("utf-8"))
    named = next((p for p in (" ".join(words[:2]), *words[:1]) if p in told), "")
    groups = {"": app}
    for path, command in told.items():
        above, _, name = path.rpartition(" ")
        if above and above != named.partition(" ")[0]:
            # Of a group that is not named nobody sees the commands.
            continue
        if "parameters" in command:
            stub = _stub(command["parameters"] if path == named else {})
            add = groups[above].command
            add(name, help=command["help"], rich_help_panel=command.get("panel"))(stub)
        else:
            groups[path] = typer.Typer(
                help=command["help"],
                no_args_is_help=True,
                # Where it is not asked for, typer loads pydantic to read that.
                add_help_option=path == named or not named,
            )
            app.add_typer(groups[path], name=name)


def _stub(parameters: Mapping[str, dict[str, Any]]) -> Callable[..., NoReturn]:
    def stub(**given: Any) -> NoReturn:
        raise NotLoadedError(*given)

    declared = [_parameter(name, told) for name, told in parameters.items()]
    stub.__annotations__ = {}
    stub.__signature__ = Signature(declared)  # type: ignore[attr-defined]
    return stub


def _parameter(name: str, told: Mapping[str, Any]) -> Parameter:
    shown = {key: told[key] for key in ("help", "metavar", "min", "max") if key in told}
    info = (
        typer.Option(*told["options"], **shown)
        if "options" in told
        else typer.Argument(**shown)
    )
    kind = told["type"]
    is_choice = isinstance(kind, list)
    annotation = Literal[tuple(kind)] if is_choice else TYPES[kind]
    return Parameter(
        name,
        Parameter.KEYWORD_ONLY,
        default=told.get("default", Parameter.empty),
        annotation=Annotated[annotation, info],
    )
