"""Questions on the published data: ``sinowire trends``, ``brief`` and ``export``."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import duckdb
import typer

from flows.console import arguments, output
from flows.console.output import CommandContext, Format, FormatOption, RequestError
from flows.console.search import named_search, print_part
from flows.settings import Settings
from flows.steps.statistics import look_back
from transforms.config.text import nearest
from transforms.freshness import doubts_of, stamp, warnings
from transforms.pages.tables import HARDLY
from transforms.text.lengths import counted
from transforms.words import say
from warehouse.numbers import trends as trend_store
from warehouse.numbers.brief import freshness, uncomputed
from warehouse.numbers.trends import known_subjects
from warehouse.upkeep.export import export as export_relations

_TABLES = {"company": "companies", "topic": "topics"}


class ExportFormat(StrEnum):
    """Format of an export."""

    parquet = "parquet"
    csv = "csv"
    jsonl = "jsonl"


def trends(
    ctx: CommandContext,
    since: Annotated[
        str | None, typer.Option(metavar="DAY", help="First day; default: 4 weeks ago.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DAY", help="Last day; default: today.")
    ] = None,
    company: Annotated[
        str | None, typer.Option(metavar="ID", help="Only this company, day by day.")
    ] = None,
    topic: Annotated[
        str | None, typer.Option(metavar="ID", help="Only this topic, day by day.")
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(metavar="ISO", help="Only data seen by this moment."),
    ] = None,
    shape: FormatOption = Format.table,
) -> None:
    """Print shares, movers, shifts, topics, terms, leads and sources of a period.

    Leads and sources cover the 28 days up to the last day of the period.
    """
    zone = ctx.obj.settings.reporting_zone
    seen_by = arguments.moment(as_of, "--as-of")
    last = arguments.day(until, "--until")
    first = arguments.day(since, "--since")
    with ctx.obj.published() as con:
        last = last or trend_store.today(con, seen_by or datetime.now(UTC))
        first = first or last - timedelta(days=27)
        if first > last:
            raise output.RequestError(f"--since {first} is after --until {last}")
        check_subject(con, "company", company)
        check_subject(con, "topic", topic)
        hindsight = None
        if seen_by is not None:
            hindsight = look_back(
                con,
                since=first,
                until=last,
                as_of=seen_by,
                false_alarms_a_week=ctx.obj.settings.false_alarms_a_week,
            )
        _tell_freshness(con, ctx.obj.settings, first=first, last=last, seen_by=seen_by)
        parts = trend_store.trends(
            con,
            since=first,
            until=last,
            company=company,
            topic=topic,
            as_of=seen_by,
            found=hindsight,
        )
    if seen_by is not None:
        output.note(
            f"as of {seen_by:%Y-%m-%d %H:%M} UTC, with today's rules and story ids; "
            "bursts computed anew from what had been seen"
        )
    _print_parts(parts, shape, f"{first} to {last}, days of {zone}")


def export(
    ctx: CommandContext,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="An empty folder.")],
    shape: Annotated[
        ExportFormat, typer.Option("--format", help="How the files are written.")
    ] = ExportFormat.parquet,
) -> None:
    """Write every relation as files, with a manifest of rows and checksums."""
    manifest = export_relations(ctx.obj.readable.data, folder, shape=shape.value)
    total = sum(manifest.values())
    rows, relations = counted(total, "row"), counted(len(manifest), "relation")
    typer.echo(f"wrote {rows} of {relations} to {folder}")


def _tell_freshness(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    *,
    first: date,
    last: date,
    seen_by: datetime | None,
) -> None:
    """Print the age of the data; warn where they are old or lack bursts."""
    known = freshness(con, as_of=seen_by)
    zone = ZoneInfo(settings.reporting_zone)
    since, end = (
        datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1))
    )
    told_at = min(seen_by or datetime.now(UTC), end)
    for warning in warnings(doubts_of(known, at=told_at, patience=settings.patience)):
        output.note(f"warning: {warning}")
    missed = [] if seen_by else uncomputed(con, since=since, until=end)
    if missed:
        output.note(
            f"warning: bursts were not computed for {len(missed)} of the days from "
            f"{missed[0]} to {missed[-1]}; sinowire retag --all computes them"
        )
    output.note(f"data as of {stamp(known.as_of)}")


def _print_parts(
    parts: dict[str, list[dict[str, Any]]], shape: Format, heading: str
) -> None:
    if shape in (Format.json, Format.csv):
        # One table for scripts: every row says which part it belongs to.
        flat = [{"part": name, **row} for name, part in parts.items() for row in part]
        output.rows(flat, shape)
        return
    output.note(heading)
    for name, part in parts.items():
        print_part(name, [_in_words(row) for row in part], shape, nothing="nothing notable")


def _in_words(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row for people, which says where feeds hardly cover a topic."""
    if HARDLY not in row:
        return row
    shown = {key: value for key, value in row.items() if key != HARDLY}
    if row[HARDLY]:
        count = f"{row['stories']}, " if row["stories"] else ""
        shown["stories"] = count + say("hardly_covered", "en")
    return shown


def check_subject(
    con: duckdb.DuckDBPyConnection, kind: Literal["company", "topic"], asked: str | None
) -> None:
    """Refuse a company, topic or event type that the watchlist does not have.

    Raises:
        RequestError: It is not there; names the nearest by id or name.
    """
    if asked is None:
        return
    known = known_subjects(con, kind)
    if asked in known.values():
        return
    near = nearest(asked.strip().lower(), known)
    guess = f"the nearest is {known[near]!r}" if near else "none is like it"
    listed = f"sinowire sql 'from {_TABLES[kind]}'"
    raise RequestError(f"no {kind} {asked!r} in the watchlist; {guess}; list all: {listed}")


class BriefFormat(StrEnum):
    """Format of a brief."""

    markdown = "markdown"
    html = "html"
    mail = "mail"
    json = "json"


class Period(StrEnum):
    """Period of a brief."""

    day = "day"
    week = "week"


class Language(StrEnum):
    """Language of a brief."""

    en = "en"
    zh = "zh"


def brief(
    ctx: CommandContext,
    period: Annotated[Period, typer.Option(help="What it covers.")] = Period.day,
    until: Annotated[
        str | None,
        typer.Option(
            metavar="DAY", help="Last whole day; default: the 24 hours or 7 days up to now."
        ),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(metavar="ISO", help="Only data seen by this moment."),
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
        typer.Option(
            "--show-queries", help="Add the SQL behind each section, in Markdown."
        ),
    ] = False,
    language: Annotated[
        Language, typer.Option(help="Language of the brief.")
    ] = Language.en,
    search: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Add the results of a search of searches.toml."),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write to this file; default: print."),
    ] = None,
) -> None:
    """Write the day's or week's brief: leading stories, what changed, then the numbers."""
    from flows.steps.brief import make_brief  # noqa: PLC0415  slow
    from transforms.brief import render  # noqa: PLC0415  slow

    seen_by = arguments.moment(as_of, "--as-of")
    last = arguments.day(until, "--until")
    if seen_by and search:
        raise output.RequestError(
            "--search finds what is here now; leave out --search or --as-of"
        )
    now = datetime.now(UTC)
    check_is_here(last, now=seen_by or now, zone=ctx.obj.readable.reporting_zone)
    written = make_brief(
        ctx.obj.config,
        now=now,
        period=period.value,
        last=last,
        as_of=seen_by,
        language=language.value,
        searches=[named_search(ctx.obj, search_id) for search_id in search or ()],
    )
    if shape is BriefFormat.markdown:
        text = render.render_markdown(written, show_queries=show_queries)
    else:
        text = render.FORMATS[shape.value](written)
    if file is None:
        typer.echo(text)
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    output.write(file, text)
    output.note(f"wrote {file}")


def check_is_here(last: date | None, *, now: datetime, zone: str) -> None:
    """Refuse a last day that has not begun.

    Raises:
        RequestError: It is still to come.
    """
    # A day that begins at this very moment has nothing in it yet.
    today = (now - timedelta.resolution).astimezone(ZoneInfo(zone)).date()
    if last is not None and last > today:
        raise output.RequestError(
            f"--until {last} is still to come: it is {today} in {zone}"
        )
