"""Pages for programs: a table as JSON or CSV, and what is wrong as JSON or text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from flows.web.asked import DeskAsk
from flows.web.errors import BadRequest
from flows.web.page import PageView
from transforms.pages.words import DataTable
from transforms.text.tables import render_table


def render_rows(view: PageView, ask: DeskAsk) -> str:
    """Return a table of the page as JSON or CSV: the named one, else the first.

    Raises:
        BadRequest: It has no table of that name.
    """
    table = _asked(view, ask.text("table"))
    return render_table(table.rows, ask.form, columns=table.columns)


def _asked(view: PageView, name: str | None) -> DataTable:
    names = [table.name for table in view.tables]
    if name is None:
        return view.tables[0]
    if name not in names:
        raise BadRequest(f"this page has no table {name!r}; it has {', '.join(names)}")
    return view.tables[names.index(name)]


def error_text(told: Mapping[str, Any], form: str) -> str:
    """Return what a page of an error says, for a program: as JSON, or a line each."""
    near = [{"name": name, "address": address} for address, name in told["near"]]
    if form == "json":
        found = {"error": told["title"], "detail": told["said"], "near": near}
        return orjson.dumps(found).decode()
    lines = [told["title"], told["said"], *(f"{n['name']} {n['address']}" for n in near)]
    return "".join(f"{line}\n" for line in lines)
