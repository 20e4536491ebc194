"""Atom feed of a page: its stories, with addresses that lead back."""

from __future__ import annotations

from datetime import UTC

from markupsafe import Markup

from connectors.sinks.payload import to_atom
from flows.web.asked import DeskAsk
from flows.web.page import PageView
from transforms.pages.render import quoted
from transforms.pages.stories import headlines, labelled, said
from transforms.pages.words import PageWords, address
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


def feed_id(ask: DeskAsk) -> str:
    """Return the id of a page's feed: of each filter and language its own."""
    own = {name: value for name, value in ask.query.items() if name != "zone"}
    return f"urn:sinowire:desk:{address(ask.path, ask.language, own)}"
