"""A page's rows for programs: JSON, CSV and Atom."""

from __future__ import annotations

from datetime import UTC, datetime

from markupsafe import Markup

from connectors.sinks.payload import to_atom
from flows.web.ask import DeskAsk
from flows.web.errors import BadRequest
from flows.web.reading import AtomFeed, PageView
from transforms.pages.links import DataTable
from transforms.pages.stories import headlines
from transforms.pages.words import HTML_LANGUAGE, PageWords
from transforms.text.tables import render_table

FEED_ENTRIES = 50


def render_rows(view: PageView, ask: DeskAsk) -> str:
    """Return a table of the page as JSON or CSV: its first, or the one that is named.

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


def render_feed(feed: AtomFeed, words: PageWords, base: str, path: str) -> bytes:
    """Return stories as an Atom document; an entry leads to the story's page at *base*."""
    items = []
    newest = sorted(feed.stories, key=lambda s: s.last_published_at, reverse=True)
    for story in newest[:FEED_ENTRIES]:
        own, other = headlines(words, story)
        told = ", ".join(story.publishers[:8])
        page = f"{base}{words.href(f'/stories/{story.story_id}')}"
        items.append(
            {
                "id": f"urn:sinowire:story:{story.story_id}",
                "title": own.text,
                "url": page,
                "date_published": _stamp(story.last_published_at),
                "content_html": _content(other.text if other else "", told),
            }
        )
    document = {
        "title": f"{feed.title} · Sinowire",
        "language": HTML_LANGUAGE[words.language],
        "authors": [{"name": "Sinowire"}],
        "feed_url": f"{base}{words.href(path)}",
        "atom_url": f"{base}{words.href('/today' if path == '/' else path)}/atom",
        "items": items,
    }
    return to_atom(document, f"urn:sinowire:desk:{path}")


def _content(other: str, told: str) -> str:
    parts = [other, told] if other else [told]
    return str(Markup().join(Markup("<p>{}</p>").format(part) for part in parts))


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
