"""Which format reads a document, and what is told of one that none reads."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from connectors.errors import ChallengeError, FeedParseError
from connectors.feeds.formats.parser import FORMATS, parse_document, read
from connectors.feeds.formats.result import KnownItems
from connectors.feeds.formats.source import Source
from transforms.models import Entry, ListSelectors

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
LIST = ListSelectors(items="li")
RSS = b'<rss version="2.0"><channel><item><title>x</title></item></channel></rss>'
SITEMAP = b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></urlset>'
JSON = b'{"version": "https://jsonfeed.org/version/1.1", "items": []}'
POSTS = b'[{"link": "https://x.example/1", "title": {"rendered": "x"}}]'
PAGE = b"<html><ul><li><a href='/1'>x</a></li></ul></html>"


@pytest.mark.parametrize(
    ("body", "selectors", "name"),
    [
        (RSS, None, "RSS, RDF or Atom"),
        (RSS, LIST, "RSS, RDF or Atom"),
        (RSS.decode().encode("utf-16"), None, "RSS, RDF or Atom"),
        (SITEMAP, None, "sitemap"),
        (SITEMAP, LIST, "sitemap"),
        (POSTS, None, "WordPress posts"),
        (POSTS, LIST, "list on a page or in JSON"),
        (JSON, None, "JSON Feed"),
        (JSON, LIST, "list on a page or in JSON"),
        (PAGE, LIST, "list on a page or in JSON"),
        (PAGE, None, None),
        (b"<opml version='2.0'></opml>", None, None),
        (b"<Error>gone</Error>", None, None),
        (b"", None, None),
    ],
)
def test_the_first_format_that_recognises_a_document_reads_it(
    make_feed, body, selectors, name
):
    """What came decides, not its label; selectors are for what is no feed by itself."""
    source = Source(body=body, feed=make_feed(selectors=selectors), base_url="", now=NOW)

    recognised = [name for name, each in FORMATS.items() if each.recognises(source)]

    assert recognised[:1] == ([name] if name else [])


@pytest.mark.parametrize(
    ("body", "error", "reason"),
    [
        (PAGE, FeedParseError, "a web page, not a feed"),
        (b"<html><title>Just a moment...</title></html>", ChallengeError, "a bot check"),
        (b"<opml version='2.0'></opml>", FeedParseError, "OPML list"),
        (b"<Error>gone</Error>", FeedParseError, "the server's storage"),
        (b"\x89PNG", FeedParseError, "a file of another kind"),
        (b" ", FeedParseError, "an empty answer"),
        (b"words", FeedParseError, "neither XML nor JSON"),
    ],
)
def test_what_no_format_reads_is_named(make_feed, body, error, reason):
    """The error says what the document seems to be."""
    with pytest.raises(error, match=reason):
        read(Source(body=body, feed=make_feed(), base_url="", now=NOW))


def test_a_new_format_is_a_line_in_the_table(make_feed, monkeypatch):
    """Known items, counts and limits are the table's: a format says what an item is."""

    def read_lines(source):
        return source.read_new(
            source.body.decode().split(),
            hashes_of=lambda line: (hash(line), hash(line)),
            entry_of=lambda line: Entry(guid=line, url="", title=line),
            format="lines",
        )

    lines = SimpleNamespace(
        recognises=lambda source: source.kind == "other", read=read_lines
    )
    formats = {**FORMATS, "lines": lines}
    monkeypatch.setattr("connectors.feeds.formats.parser.FORMATS", formats)

    first = parse_document(b"one two three", feed=make_feed(), now=NOW, limit=2)
    known = frozenset(first.item_hashes)
    second = parse_document(b"zero one two three", feed=make_feed(), now=NOW, known=known)

    assert [entry.title for entry in first.entries] == ["one", "two"]
    assert (first.format, first.total, first.postponed) == ("lines", 3, 1)
    assert [entry.title for entry in second.entries] == ["zero", "three"]


def test_an_item_whose_dates_alone_changed_is_no_news():
    """It counts as redated, and its new hashes are kept."""
    known = KnownItems(hashes=frozenset({1, 2}))

    new, counts = known.split(["same", "redated", "new"], {
        "same": (1, 2), "redated": (3, 2), "new": (4, 5),
    }.__getitem__)  # fmt: skip

    assert new == ["new"]
    assert (counts.total, counts.redated) == (3, 1)
    assert counts.item_hashes == (1, 2, 3, 2, 4, 5)
