"""Pages for programs: a table as JSON or CSV, stories as Atom, an error as JSON or text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any

import orjson
from markupsafe import Markup

from connectors.sinks.payload import to_atom
from flows.web.asked import DeskAsk
from flows.web.errors import BadRequest
from flows.web.page import PageView
from transforms.pages.render import quoted
from transforms.pages.stories import headlines, labelled, said
from transforms.pages.words import DataTable, PageWords, address
from transforms.text.tables import render_table
from transforms.words import HTML_LANGUAGE

FEED_ENTRIES = 50


def render_feed(view: PageView, words: PageWords, base: str, ask: DeskAsk) -> bytes:
    """Return a page's stories in Atom, with links to their pages at *base*."""
    items = []
    newest = sorted(view.feed or (), key=lambda s: s.last_published_at, reverse=True)
    for story in newest[:FEED_ENTRIES]:
        own, other = headlines(words, story)
        newest_at = story.last_published_at
        texts: list[str] = [other.text] if other else []
        if told := said(story, words.language, view.sought):
            texts.append(quoted(told, words.language))
        texts.append(", ".join(story.publishers[:8]))
        page = f"{base}{words.href(f'/stories/{story.story_id}')}"
        items.append(
            {
                "id": f"urn:sinowire:story:{story.story_id}",
                "title": labelled(own, words.language),
                "url": page,
                "date_published": f"{newest_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
                "content_html": "".join(Markup("<p>{}</p>").format(text) for text in texts),
            }
        )
    of = "/today" if ask.path == "/" else ask.path
    document = {
        "title": f"{view.feed_title} · Sinowire",
        "language": HTML_LANGUAGE[words.language],
        "authors": [{"name": "Sinowire"}],
        "feed_url": f"{base}{words.href(ask.path, **ask.query)}",
        "atom_url": f"{base}{words.href(f'{of}/atom', **ask.query)}",
        "items": items,
    }
    return to_atom(document, feed_id(ask))


def render_dates(view: PageView, words: PageWords, base: str, ask: DeskAsk) -> bytes:
    """Return the dates of a page as iCalendar, each with its story's address at *base*."""
    from transforms.calendar.ics import Entry, to_ics  # noqa: PLC0415  few ask for it

    return to_ics(
        (
            Entry(
                row,
                words.label("occasion", row.occasion),
                words.name(row.company_id) if row.company_id else "",
                f"{base}{words.href(f'/stories/{row.story_id}')}",
            )
            for row in view.given["rows"]
        ),
        title=f"{view.title} · Sinowire",
        address=f"{base}{words.href(ask.path, **ask.query)}",
    )


def feed_id(ask: DeskAsk) -> str:
    """Return the id of a page's feed: of each filter and language its own."""
    own = {name: value for name, value in ask.query.items() if name != "zone"}
    return f"urn:sinowire:desk:{address(ask.path, ask.language, own)}"


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
