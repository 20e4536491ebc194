"""``sinowire company``: what the page of a company shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.console import output
from flows.console.output import Console, Format, FormatOption

if TYPE_CHECKING:
    from flows.web.page import PageView

# In the order in which they have room on a terminal.
_STORY = (
    "last_published_at",
    "headline",
    "publishers",
    "story_id",
    "first_publisher",
    "url",
)


def register(app: typer.Typer) -> None:
    """Add this command to *app*."""
    app.command(rich_help_panel="Ask")(company)


def company(
    ctx: typer.Context,
    company_id: Annotated[
        str, typer.Argument(metavar="ID", help="A company, brand or body of the watchlist.")
    ],
    *,
    since: Annotated[
        str | None, typer.Option(metavar="DAY", help="First day; default: 90 days ago.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DAY", help="Last day; default: the newest.")
    ] = None,
    language: Annotated[
        str | None, typer.Option(metavar="CODE", help="Only stories in it: en or zh.")
    ] = None,
    shape: FormatOption = Format.table,
) -> None:
    """Print a company's stories, with whom and what they name, its outlets and bursts.

    The same as its page: brands and subsidiaries count with it.
    """
    console: Console = ctx.obj
    asked = {"since": since, "until": until, "language": language}
    query = {key: value for key, value in asked.items() if value}
    view = look(console, "/companies/{id}", {"id": company_id}, query)
    if shape in (Format.json, Format.csv):
        # One table for scripts: every row says which part it belongs to.
        parts = ({"part": t.name, **row} for t in view.tables for row in t.rows)
        output.rows(parts, shape)
        return
    period = view.given["period"]
    output.note(f"{view.title}, {period.first} to {period.last}")
    for table in view.tables:
        rows = (
            [_short(row) for row in table.rows] if table.name == "stories" else table.rows
        )
        print_part(table.name, rows, shape)
    bursts = view.given["burst_days"].values()
    print_part("bursts", list(map(asdict, bursts)), shape)


def look(
    console: Console, path: str, place: dict[str, str], query: dict[str, str]
) -> PageView:
    """Return what the page of the desk at *path* shows.

    Raises:
        RequestError: There is nothing of that name, or it makes no sense; says why.
        Moved: It has another address now.
    """
    from flows.web.errors import DeskError, Moved, NotFound  # noqa: PLC0415
    from flows.web.maker import Maker  # noqa: PLC0415
    from flows.web.page import DeskAsk  # noqa: PLC0415  the desk is slow to import
    from flows.web.pages import PAGES  # noqa: PLC0415
    from flows.web.shelf import Shelf  # noqa: PLC0415

    page = next(page for page in PAGES if page.path == path)
    ask = DeskAsk(path=path.format(**place), place=place, query=query)
    try:
        return Maker(console.settings, Shelf(console.settings)).look(page, ask)[0]
    except Moved:
        raise
    except NotFound as exc:
        near = ", ".join(each.path.rpartition("/")[2] for each in exc.near)
        said = str(exc).rstrip(".")
        raise output.RequestError(f"{said}; near it: {near}" if near else said) from exc
    except DeskError as exc:
        raise output.RequestError(str(exc)) from exc


def print_part(name: str, rows: Sequence[Any], shape: Format) -> None:
    """Print one table under its name, or that there is nothing in it."""
    title = name.replace("_", " ")
    typer.echo(f"\n## {title}\n" if shape is Format.markdown else f"\n{title}")
    if rows:
        output.rows((r if isinstance(r, Mapping) else asdict(r) for r in rows), shape)
    else:
        typer.echo("none")


def _short(row: Any) -> dict[str, Any]:
    return {name: len(row[name]) if name == "publishers" else row[name] for name in _STORY}
