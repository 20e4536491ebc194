"""Finding feeds behind web pages."""

from __future__ import annotations

import pytest

from connectors.errors import FeedError
from connectors.feeds.discover import find_feeds, named_feeds


@pytest.fixture
def find(run, options, web):
    """Find the feeds at a path of the web."""
    return lambda path: run(find_feeds(web.url(path), options=options))


def page(head="", body=""):
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode()


def test_address_of_a_feed(web, find, rss):
    """A feed's address is itself what is looked for."""
    web.serve("/f", rss("华为发布新芯片"))

    (found,) = find("/f")

    assert (found.url, found.title, found.format) == (web.url("/f"), "Sample", "rss20")
    assert found.language == "zh"


def test_feeds_that_a_page_names(web, find, rss):
    """The feeds in a page's head come first, those that answer only, each once."""
    link = '<link rel="alternate" type="application/rss+xml" href="{}">'
    web.serve(
        "/",
        page(
            head=link.format("/a")
            + link.format("/gone")
            + link.format("/a")
            + link.format("/page")
            + '<link rel="stylesheet" href="/style.css">',
            body='<a href="/b/rss.xml">RSS</a> <a href="/feeding-time">no</a>',
        ),
    )
    web.serve("/a", rss("one"))
    web.serve("/b/rss.xml", rss("two"))
    web.serve("/page", page())

    assert [found.url for found in find("/")] == [web.url("/a"), web.url("/b/rss.xml")]
    assert "/feeding-time" not in [path for path, _ in web.requests]


def test_common_places_are_tried(web, find, rss):
    """Where a page names no feed, the usual addresses are tried, and the first kept."""
    web.serve("/about", page())
    web.serve("/rss.xml", rss("one"))
    web.serve("/atom.xml", rss("one"))

    assert [found.url for found in find("/about")] == [web.url("/rss.xml")]


def test_nothing_to_be_found(web, find):
    """A site without feeds has none, and a file that is no page names none."""
    web.serve("/", page())
    web.serve("/data", b'{"a": 1}')

    assert find("/") == []
    assert find("/data") == []
    assert len([path for path, _ in web.requests if path == "/data"]) == 1


def test_unreachable_address(find):
    """An address that cannot be fetched is an error, not an empty answer."""
    with pytest.raises(FeedError, match="404"):
        find("/missing")


def test_base_of_the_page():
    """Relative addresses are resolved against the page's own base."""
    html = page(head='<base href="/deep/"><link rel="feed" href="f.xml">')

    assert list(named_feeds(html, "https://x.example/")) == ["https://x.example/deep/f.xml"]


def test_untitled_feed_is_called_after_its_host(web, find):
    """A feed without a title takes its host's name, and its declared language."""
    web.serve("/f", b'<rss version="2.0"><channel><language>nl</language></channel></rss>')

    (found,) = find("/f")

    assert found.title == "127.0.0.1"
