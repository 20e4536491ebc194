"""Whether the statement of an address is run, or only shown.

Whoever writes a link, or a page that loads one, must not have our machine work through a
reader's browser. A browser says whose page asks, in ``Sec-Fetch-Site``; but not where it
reaches us by plain HTTP under a number or a name. There the editor's form bears a stamp,
which no other page can read.
"""

from __future__ import annotations

from dataclasses import replace

from starlette.datastructures import Headers

from flows.web.ask import DeskAsk
from flows.web.reader import Reader
from flows.web.stamps import Stamps


def statement_ask(
    ask: DeskAsk, headers: Headers, reader: Reader, stamps: Stamps
) -> DeskAsk:
    """Return what the page of statements is asked for with: whether it runs one."""
    may = may_run(stamps, headers, reader, ask.text("run") or "")
    tells = "sec-fetch-site" in headers
    return replace(
        ask,
        query={name: value for name, value in ask.query.items() if name != "run"},
        runs=may and ask.text("q") is not None,
        stamp="" if tells or reader.is_sealed else stamps.stamp(reader),
    )


def may_run(stamps: Stamps, headers: Headers, reader: Reader, stamp: str) -> bool:
    """Say whether a request may have its statement run.

    A foreign page can send no ``Authorization: Bearer``: it would have to ask first.
    """
    if headers.get("authorization", "").lower().startswith("bearer "):
        return True
    if site := headers.get("sec-fetch-site"):
        return site == "same-origin"
    is_program = not any(
        name == "origin" or name.startswith("sec-fetch-") for name in headers
    )
    return (reader.is_sealed and is_program) or stamps.knows(stamp, reader)
