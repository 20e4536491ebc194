"""``sinowire brief``: the day's or week's brief, printed or written to a file."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from flows.console import arguments, output
from flows.console.output import Console
from flows.console.search import named_search
from flows.steps.edits import replace_text


class BriefFormat(StrEnum):
    """How a brief is written."""

    markdown = "markdown"
    html = "html"
    mail = "mail"
    json = "json"


class Period(StrEnum):
    """What a brief covers."""

    day = "day"
    week = "week"


class Language(StrEnum):
    """What language the words of a brief are in."""

    en = "en"
    zh = "zh"


def brief(
    ctx: typer.Context,
    period: Annotated[Period, typer.Option(help="What it covers.")] = Period.day,
    until: Annotated[
        str | None,
        typer.Option(
            metavar="DAY", help="Last whole day; default: the 24 hours or 7 days up to now."
        ),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(metavar="ISO", help="Only what had been seen by this moment."),
    ] = None,
    shape: Annotated[
        BriefFormat,
        typer.Option(
            "--format",
            help="Markdown, one HTML page, a MIME message, or JSON with every row.",
        ),
    ] = BriefFormat.markdown,
    show_queries: Annotated[
        bool,
        typer.Option("--show-queries", help="With the SQL behind it, in Markdown."),
    ] = False,
    language: Annotated[
        Language, typer.Option(help="Language of the brief.")
    ] = Language.en,
    search: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="With what a search of searches.toml found."),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write to this file; default: print."),
    ] = None,
) -> None:
    """Write the day's or week's brief: leading stories, what changed, then the numbers."""
    from flows.steps.brief import make_brief  # noqa: PLC0415  slow
    from transforms.brief import render  # noqa: PLC0415  slow

    console: Console = ctx.obj
    seen_by = arguments.moment(as_of, "--as-of")
    last = arguments.day(until, "--until")
    if seen_by and search:
        raise output.RequestError(
            "--search finds what is here now; leave out --search or --as-of"
        )
    now = datetime.now(UTC)
    _check_is_here(last, now=seen_by or now, zone=console.settings.reporting_zone)
    made = make_brief(
        console.settings,
        now=now,
        period=period.value,
        last=last,
        as_of=seen_by,
        language=language.value,
        searches=[named_search(console, search_id) for search_id in search or ()],
    )
    if shape is BriefFormat.markdown:
        text = render.render_markdown(made, show_queries=show_queries)
    else:
        text = render.FORMATS[shape.value](made)
    if file is None:
        typer.echo(text)
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    _write(file, text)
    output.note(f"wrote {file}")


def _check_is_here(last: date | None, *, now: datetime, zone: str) -> None:
    # A day that begins at this very moment has nothing in it yet.
    today = (now - timedelta.resolution).astimezone(ZoneInfo(zone)).date()
    if last is not None and last > today:
        raise output.RequestError(
            f"--until {last} is still to come: it is {today} in {zone}"
        )


def _write(file: Path, text: str) -> None:
    """Put *text* in place of *file* at once; a pipe or terminal is written to."""
    if file.exists() and not file.is_file():
        file.write_text(text, encoding="utf-8")
    else:
        replace_text(file, text)
