"""A small SQL shell: statements end with a semicolon, history where readline is."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator


def read_statements(*, interactive: bool) -> Iterator[str]:
    """Yield statements typed at a prompt, or those of standard input."""
    if not interactive:
        yield from _split(sys.stdin.read())
        return
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401, PLC0415  importing it is what turns on history
    sys.stderr.write("Read-only SQL; end a statement with ';', leave with Ctrl-D.\n")
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
        pending += line + "\n"
        if line.rstrip().endswith(";"):
            yield pending
            pending = ""


def _split(text: str) -> Iterator[str]:
    # DuckDB's own parser knows where a statement ends, quotes and comments and all.
    import duckdb  # noqa: PLC0415  not needed at a prompt

    for statement in duckdb.extract_statements(text):
        yield statement.query
