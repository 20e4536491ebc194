"""Lists on a terminal, ``sinowire measures`` and its like, from what each declares."""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from flows.console import output
from flows.console.output import CommandContext, Format, FormatOption
from flows.console.search import look
from warehouse.news.search import search_names

if TYPE_CHECKING:
    from flows.web.lists import Filter, ListPage

LIMIT = 20


def register(app: typer.Typer) -> None:
    """Add a command for each list to *app*."""
    from flows.web.pages.lists import LISTS  # noqa: PLC0415  the desk is slow to import

    for each in LISTS:
        app.command(each.noun, help=each.help, rich_help_panel="Ask")(_command(each))


def _command(each: ListPage) -> Callable[..., None]:
    def ask(ctx: CommandContext, *, limit: int, shape: Format, **arguments: Any) -> None:
        with ctx.obj.published() as con:
            companies = search_names(con).companies
        query = each.parameters(arguments, companies)
        [table, *_] = look(ctx.obj, each.path, {}, query).tables
        rows = table.rows[:limit]
        is_table = shape in (Format.table, Format.markdown)
        output.rows(
            ({name: row[name] for name in each.printed} for row in rows)
            if is_table
            else rows,
            shape,
        )
        if not rows:
            output.note("nothing in this period; give an earlier --since, or fewer filters")
        elif len(rows) < len(table.rows):
            output.note(f"{len(rows)} of {len(table.rows)}; more with --limit")

    ask.__doc__, ask.__annotations__ = each.help, {}
    ask.__signature__ = _signature(each)  # type: ignore[attr-defined]
    return ask


def _signature(each: ListPage) -> Signature:
    def take(name: str, kind: Any, default: Any = None) -> Parameter:
        return Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=kind)

    first = Parameter("ctx", Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    usual = "today" if each.ahead else f"{each.days} days before the last"
    since = f"First day; default: {usual}."
    most = typer.Option(min=1, max=each.shown, help="Print at most this many rows.")
    return Signature(
        [
            first,
            *(take(*_option(one)) for one in each.asked),
            take("since", Annotated[str | None, typer.Option(metavar="DAY", help=since)]),
            take(
                "until",
                Annotated[str | None, typer.Option(metavar="DAY", help="Last day.")],
            ),
            take("limit", Annotated[int, most], LIMIT),
            take("shape", FormatOption, Format.table),
        ]
    )


def _option(asked: Filter) -> tuple[str, Any, Any]:
    """Return the name of a filter's option, its type, and what it is without one."""
    if asked.kind == "switch":
        flag = typer.Option(f"--{asked.name}", help=asked.help)
        return asked.name, Annotated[bool, flag], False
    if asked.kind == "choice":
        return (
            asked.name,
            Annotated[Literal[asked.values] | None, typer.Option(help=asked.help)],
            None,
        )
    metavar = "ID" if asked.kind == "company" else "TEXT"
    option = typer.Option(metavar=metavar, help=asked.help)
    return asked.name, Annotated[str | None, option], None
