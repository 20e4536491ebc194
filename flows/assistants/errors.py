"""Errors as an assistant gets them: a sentence that says what to ask instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import duckdb
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import ValidationError

from flows.refusals import sentence
from flows.web.errors import DeskError, NotFound
from transforms.config.text import nearest
from transforms.search import SearchError
from transforms.text.harmless import shorten
from warehouse.errors import WarehouseError
from warehouse.sandbox import QueryError

# What goes wrong with a question; anything else is an error of ours.
ANSWERED = (
    DeskError,
    QueryError,
    SearchError,
    WarehouseError,
    duckdb.OutOfMemoryException,
)
LONGEST = 600


def told(exc: Exception) -> str:
    """Return what was wrong with a question, in one line of bounded length.

    An error of SQL may repeat a value, which an outlet may have written.
    """
    text = sentence(exc)
    if isinstance(exc, NotFound):
        near = "; ".join(f"{each.text} ({each.path})" for each in exc.near)
        text = f"{text} The nearest: {near}" if near else text
    return shorten(text, LONGEST)


def told_arguments(exc: ValidationError) -> str:
    """Return what was wrong with arguments, without the values that were given."""
    return "; ".join(
        f"{'.'.join(map(str, error['loc']))}: {error['msg']}"
        for error in exc.errors(include_input=False, include_url=False)
    )


def check_names(given: Iterable[str], known: Mapping[str, object]) -> None:
    """Refuse arguments that a tool does not know: to leave them out would mislead.

    Raises:
        ToolError: There is one; names the nearest.
    """
    for name in given:
        if name in known:
            continue
        near = nearest(name, known)
        guess = f"did you mean {near!r}? " if near else ""
        listed = ", ".join(known) or "none"
        raise ToolError(
            shorten(f"there is no argument {name!r}; {guess}it takes: {listed}", LONGEST)
        )
