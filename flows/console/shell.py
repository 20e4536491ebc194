"""``sinowire sql``: one statement, or a small shell; Ctrl-C cancels a statement."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import duckdb
import typer

from flows.console import output
from flows.console.output import STOPPED, CommandContext, Format, FormatOption, RequestError
from flows.refusals import sentence
from warehouse.errors import NotPublished
from warehouse.file.connect import PUBLISHED_NAME
from warehouse.sandbox import QueryError, for_ourselves, run_query

LEAVE = frozenset({"exit", "quit", ".exit", ".quit", "\\q"})


def sql(
    ctx: CommandContext,
    query: Annotated[
        str | None,
        typer.Argument(help="One statement; without it, a shell (or standard input)."),
    ] = None,
    shape: FormatOption = Format.table,
) -> None:
    """Query the published file in SQL, also while a run is writing.

    Read-only: SELECT and the like, and EXPLAIN. Each statement runs in its own process,
    which Ctrl-C ends, with half of the machine's memory.

    Questions that analysts ask: docs/cookbook.md; columns: docs/data-dictionary.md.
    """
    path = ctx.obj.readable.data / PUBLISHED_NAME
    if not path.exists():
        raise NotPublished(path)
    is_shell = query is None and sys.stdin.isatty()
    if is_shell:
        typed = read_statements()
    else:
        typed = iter([sys.stdin.read() if query is None else query])
    for text in typed:
        try:
            _answer(text, path, shape)
        except (QueryError, RequestError, duckdb.Error) as exc:
            if not is_shell:
                raise
            output.note(f"error: {sentence(exc)}")
        except KeyboardInterrupt as exc:
            output.note("\nthe query was stopped; nothing was changed")
            if not is_shell:
                raise typer.Exit(STOPPED) from exc


def _answer(text: str, path: Path, shape: Format) -> None:
    for statement in split_statements(text):
        answer = run_query(path, statement, for_ourselves())
        output.rows(answer.records(), shape, columns=answer.columns)


def read_statements() -> Iterator[str]:
    """Yield statements typed at a prompt, each up to a semicolon at a line's end."""
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401, PLC0415  importing it is what turns on history
    sys.stderr.write(
        "Read-only SQL; end a statement with ';', leave with Ctrl-D or exit.\n"
    )
    pending = ""
    while True:
        try:
            line = input("sinowire> " if not pending else "      ...> ")
        except EOFError:
            sys.stderr.write("\n")
            return
        except KeyboardInterrupt:
            sys.stderr.write("\n")
            pending = ""
            continue
        if not pending and line.strip().rstrip(";").lower() in LEAVE:
            return
        pending += line + "\n"
        if line.rstrip().endswith(";"):
            yield pending
            pending = ""


def split_statements(text: str) -> Iterator[str]:
    """Yield the statements of *text*, split by DuckDB's own parser.

    Raises:
        RequestError: There is none.
    """
    statements = duckdb.extract_statements(text)
    if not statements:
        raise RequestError("there is no statement; try: sinowire sql 'show tables'")
    for statement in statements:
        yield statement.query
