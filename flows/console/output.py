"""Output of commands, and the home that they work in."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows import logs
from flows.logs import width_of
from flows.settings import Settings, load_settings, read_file
from transforms.config import ConfigError, did_you_mean
from warehouse.errors import NoRelease, WarehouseExists, WarehouseMissing

if TYPE_CHECKING:
    import duckdb

    from flows.home import Config

# What a shell makes of a program that Ctrl-C ended.
STOPPED = 130


class Format(StrEnum):
    """Format of printed rows."""

    table = "table"
    json = "json"
    csv = "csv"
    markdown = "markdown"


FormatOption = Annotated[Format, typer.Option("--format", help="How rows are printed.")]


class WorkError(Exception):
    """The request was valid and the work failed: exit code 1."""


class RequestError(Exception):
    """The request was invalid: exit code 2."""


@dataclass(frozen=True)
class Console:
    """The home of a command; its files are read on demand."""

    home: Path | None

    @cached_property
    def settings(self) -> Settings:
        """The settings of the home.

        Raises:
            RequestError: ``--home`` names no folder.
        """
        if self.home is not None and not self.home.is_dir():
            raise RequestError(
                f"{self.home} is not a folder; make it with: sinowire init {self.home}"
            )
        return load_settings(self.home)

    @cached_property
    def config(self) -> Config:
        """The files of the home."""
        from flows.home import load_config  # noqa: PLC0415  who only reads needs none

        return load_config(self.settings)

    @property
    def readable(self) -> Settings:
        """The settings of the home, published by this version if it may write there."""
        from flows.steps.published import is_of_another_version  # noqa: PLC0415  who reads

        if is_of_another_version(self.settings):
            self.renew()
        return self.settings

    @contextlib.contextmanager
    def published(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open the published file for reading; see ``readable``."""
        from flows.steps.published import published  # noqa: PLC0415  not for each command

        with published(self.settings, renew=self.renew) as con:
            yield con

    def renew(self) -> None:
        """Publish with this version if another one published last; report a failure."""
        from flows.steps.warehouse import renew_publication  # noqa: PLC0415  slow

        renew_publication(self.settings, note)


class CommandContext(typer.Context):
    """The call of a command, whose object is the home that it is for."""

    obj: Console


def is_stop(exc: BaseException) -> bool:
    """Tell whether *exc* is DuckDB's error for a Ctrl-C during a query."""
    from warehouse.file.connect import INTERRUPTED  # noqa: PLC0415  where a command failed

    return isinstance(exc, RuntimeError) and str(exc) == INTERRUPTED


def exit_code(exc: BaseException) -> int:
    """Return 2 where the request or a file was invalid, else 1."""
    from transforms.models.verdicts import VerdictError  # noqa: PLC0415  the same
    from transforms.search.query import SearchError  # noqa: PLC0415  the same

    invalid = (
        *(ConfigError, RequestError, SearchError, VerdictError),
        *(NoRelease, WarehouseExists, WarehouseMissing),
    )
    return 2 if isinstance(exc, invalid) else 1


def note(message: str) -> None:
    """Print a message on the work to standard error."""
    from transforms.text.tables import printable  # noqa: PLC0415  a quiet pass says nothing

    if logs.is_json():
        logs.say(printable(message))
    else:
        typer.echo(printable(message), err=True)


def say(message: str) -> None:
    """Print text to standard output, without terminal control characters."""
    from transforms.text.tables import printable  # noqa: PLC0415  the same

    typer.echo(printable(message))


def write(file: Path, text: str) -> None:
    """Replace *file* atomically; write to it where it is a pipe or terminal."""
    if file.exists() and not file.is_file():
        file.write_text(text, encoding="utf-8")
        return
    from flows.steps.edits import replace_text  # noqa: PLC0415  reads all of a home

    replace_text(file, text)


def rows(
    records: Iterable[Mapping[str, Any]], shape: Format, *, columns: Sequence[str] = ()
) -> None:
    """Print rows to standard output; *columns* names those of an empty result."""
    from transforms.text.tables import printable, render_table  # noqa: PLC0415  the same

    width = terminal_width()
    text = render_table(
        list(records),
        shape.value,
        columns=columns,
        width=width,
        zone=None if width is None else local_zone(),
    ).rstrip("\n")
    # A file gets its data as they are.
    typer.echo(printable(text) if sys.stdout.isatty() else text)


def terminal_width() -> int | None:
    """Return the width of the terminal in cells, None for a file."""
    return width_of(sys.stdout)


def local_zone() -> tzinfo | None:
    """Return the time zone of this machine, by `TZ` where that is set."""
    return datetime.now(UTC).astimezone().tzinfo


def json_line(record: Mapping[str, Any]) -> str:
    """Return *record* as one line of JSON, times in ISO 8601."""
    from transforms.text.tables import escape_json  # noqa: PLC0415  the same

    return escape_json(json.dumps(record, ensure_ascii=False, default=_plain))


def progress() -> Callable[[str], None]:
    """Return a reporter of progress, silent unless standard error is a terminal.

    Told of nothing, it takes away what it showed.
    """
    if not sys.stderr.isatty() or logs.is_json():
        return lambda _: None

    def show(message: str) -> None:
        sys.stderr.write(f"\r\x1b[K{message} …" if message else "\r\x1b[K")
        sys.stderr.flush()

    return show


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def show_entry(console: Console, name: str, wanted: str) -> None:
    """Print the tables of a file that *wanted* (an id, or section.id) names.

    Tables of the home's own file come first; the beat's are the fallback.

    Raises:
        RequestError: There are none; names the nearest.
    """
    from transforms.config.table import cut  # noqa: PLC0415  few commands show an entry

    own = read_file(console.settings.home / name) or ""
    shipped = console.config.beat.texts[name]
    for text, whose in ((own, "your"), (shipped, "the beat's")):
        named = (p for p in cut(text) if len(p.path) > 1)
        if found := [p.text for p in named if wanted in (p.path[1], ".".join(p.path[:2]))]:
            note(f"# {whose} {name}")
            say("\n".join(found).rstrip())
            return
    known = {p.path[1] for p in cut(own + shipped) if len(p.path) > 1}
    near = did_you_mean(wanted, known) or "none is like it"
    raise RequestError(f"no entry {wanted!r} in {name}; {near}")
