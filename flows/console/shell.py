"""A small SQL shell: statements end with a semicolon, history where readline is."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

import duckdb

from flows.console.output import RequestError

LEAVE = frozenset({"exit", "quit", ".exit", ".quit", "\\q"})


def read_statements(*, interactive: bool) -> Iterator[str]:
    """Yield statements typed at a prompt, or those of standard input."""
    if not interactive:
        yield from split_statements(sys.stdin.read())
        return
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
    """Yield the statements of *text*, as DuckDB's own parser tells them apart.

    Raises:
        RequestError: There is none.
    """
    found = duckdb.extract_statements(text)
    if not found:
        raise RequestError("there is no statement; try: sinowire sql 'show tables'")
    for statement in found:
        yield statement.query
