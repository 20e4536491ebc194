"""One poll takes so many new entries; the next ones bring the rest."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from connectors.feeds.formats.parser import parse_document
from connectors.feeds.formats.result import POSTPONED
from connectors.feeds.poll.poll import poll_feeds
from transforms.models import ListSelectors

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
NAMES = [f"t{number}" for number in range(7)]


@pytest.fixture
def poll(run, options, make_feed, web):
    """Poll one path, three new entries at a time."""

    def do(cursor=None, **fields):
        feed = make_feed(web.url("/f"), **fields)

        async def go():
            found = poll_feeds(
                [feed],
                {feed.feed_id: cursor} if cursor else {},
                run_id="r",
                now=NOW,
                options=replace(options, entries_per_poll=3),
            )
            return [polled async for polled in found]

        return run(go())[0]

    return do


def serve(web, body, **headers):
    """Answer /f with *body*, or with 304 where its version is named."""

    def answer(handler):
        named = (handler.headers["If-None-Match"], handler.headers["If-Modified-Since"])
        if '"v1"' in named or "today" in named:
            handler.send(304, ETag='"v1"')
        else:
            handler.send(200, body, **headers)

    web.route("/f", answer)


def titles(polled):
    return [entry.title for entry in polled.entries]


@pytest.mark.parametrize(
    "headers",
    [{"ETag": '"v1"'}, {"Last_Modified": "today"}, {}],
    ids=["etag", "date", "neither"],
)
@pytest.mark.parametrize("ahead", [b"", b"<!DOCTYPE rss>"], ids=["cut", "whole"])
def test_all_entries_arrive_and_none_twice(web, poll, rss, headers, ahead):
    """The document never changes, and its server would answer 304 to whoever names it."""
    serve(web, rss(*NAMES).replace(b"?><rss", b"?>" + ahead + b"<rss"), **headers)

    first = poll()
    second = poll(first.cursor)
    third = poll(second.cursor)
    last = poll(third.cursor)

    assert [titles(p) for p in (first, second, third)] == [NAMES[:3], NAMES[3:6], NAMES[6:]]
    assert [p.poll.outcome for p in (first, second, third, last)] == [
        *("new", "new", "new", "unchanged")
    ]
    assert last.poll.http_status == (304 if headers else 200)
    assert last.entries == []


def test_a_poll_with_a_rest_says_so(web, poll, rss):
    """The record names it, so that the feed does not count as read, and a notice once."""
    serve(web, rss(*NAMES), ETag='"v1"')

    first = poll()
    second = poll(first.cursor)
    third = poll(second.cursor)

    assert [p.poll.error for p in (first, second, third)] == [POSTPONED, POSTPONED, None]
    [notice] = first.notices
    assert notice.startswith("feed sample: new entries left to the next polls: 4")
    assert third.notices == ()
    assert (first.poll.entries, first.body_hash) == (7, third.cursor.body_hash)


def test_what_is_new_meanwhile_comes_first(web, poll, rss):
    """A document's first entries are its newest; the rest of the old ones follows."""
    serve(web, rss(*NAMES))
    first = poll()
    serve(web, rss("fresh", *NAMES))

    second = poll(first.cursor)
    third = poll(second.cursor)

    assert titles(second) == ["fresh", "t3", "t4"]
    assert titles(third) == ["t5", "t6"]


def news(name):
    return (
        f"<url><loc>https://x.example/{name}</loc><n:news><n:title>{name}</n:title>"
        "</n:news></url>"
    )


DOCUMENTS = {
    "JSON Feed": json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "items": [{"id": name, "title": name} for name in NAMES],
        }
    ).encode(),
    "sitemap": (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">'
        f"{''.join(map(news, NAMES))}</urlset>"
    ).encode(),
    "list": "".join(f'<li><a href="/{name}">{name}</a></li>' for name in NAMES).encode(),
}


@pytest.mark.parametrize(("kind", "body"), DOCUMENTS.items(), ids=DOCUMENTS)
def test_every_format_is_capped(make_feed, kind, body):
    """What is left over is new at the next time."""
    feed = make_feed(selectors=ListSelectors(items="li") if kind == "list" else None)

    first = parse_document(body, feed=feed, now=NOW, limit=4)
    known = frozenset(first.item_hashes)
    rest = parse_document(body, feed=feed, now=NOW, limit=4, known=known)

    assert [entry.title for entry in first.entries] == NAMES[:4]
    assert (first.total, first.postponed) == (7, 3)
    assert [entry.title for entry in rest.entries] == NAMES[4:]
    assert (rest.total, rest.postponed) == (7, 0)
