"""Finding feeds behind web pages."""

from __future__ import annotations

import pytest

from connectors.errors import FeedError
from connectors.feeds.check.discover import find_feeds, find_list, named_feeds


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
    """A site without feeds has none, and a document of another kind says what it is."""
    web.serve("/", page())
    web.serve("/data", b'{"a": 1}')
    web.serve("/list", b"<opml><body/></opml>")
    web.serve("/map", b"<urlset><url><loc>https://x.example/a</loc></url></urlset>")
    web.serve("/wall", b"<html><title>Just a moment...</title></html>")

    assert find("/") == []
    for path, reason in {
        "/data": "JSON, but not a JSON Feed",
        "/list": "`sinowire feeds import` takes it",
        "/map": "plain_sitemap = true",
        "/wall": "a bot check",
    }.items():
        with pytest.raises(FeedError, match=reason):
            find(path)
    assert len([path for path, _ in web.requests if path == "/data"]) == 1


def test_unreachable_address(find):
    """An address that cannot be fetched is an error, not an empty answer."""
    with pytest.raises(FeedError, match="404"):
        find("/missing")


def test_base_of_the_page():
    """Relative addresses are resolved against the page's own base."""
    html = page(head='<base href="/deep/"><link rel="feed" href="f.xml">')

    assert named_feeds(html, "https://x.example/") == ["https://x.example/deep/f.xml"]


def test_untitled_feed_is_called_after_its_host(web, find):
    """A feed without a title takes its host's name, and its declared language."""
    web.serve("/f", b'<rss version="2.0"><channel><language>nl</language></channel></rss>')

    (found,) = find("/f")

    assert found.title == "127.0.0.1"


def test_comments_come_last(web, find, rss):
    """Feeds of readers' comments are found, after those of the outlet."""
    link = '<link rel="alternate" type="application/rss+xml" title="{}" href="{}">'
    web.serve(
        "/",
        page(
            link.format("Comments Feed", "/comments/feed")
            + link.format("最新评论", "/p.xml")
            + link.format("News", "/news.xml")
        ),
    )
    for path in ("/comments/feed", "/p.xml", "/news.xml"):
        web.serve(path, rss("one"))

    assert [found.url for found in find("/")] == [
        web.url(path) for path in ("/news.xml", "/comments/feed", "/p.xml")
    ]


def test_links_that_cannot_be_addresses():
    """A link that is no address is passed over."""
    html = page(body='<a href="http://[feed/rss">x</a><a href="javascript:rss()">y</a>')

    assert named_feeds(html, "https://x.example/") == []


NEWS = """<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url>
<loc>https://x.example/1</loc><news:news><news:publication><news:name>某网</news:name>
<news:language>zh</news:language></news:publication><news:title>华为发布新芯片</news:title>
</news:news></url></urlset>""".encode()


def test_news_sitemap_is_the_last_resort(web, find):
    """Where there is no feed, robots.txt names sitemaps, and one with news will do."""
    web.serve("/", page())
    web.serve("/robots.txt", b"User-agent: *\nSitemap: /all.xml\nsitemap: /map.xml")
    web.serve("/all.xml", b"<urlset><url><loc>https://x.example/a</loc></url></urlset>")
    index = "<sitemapindex>" + "".join(
        f"<sitemap><loc>{web.url(path)}</loc></sitemap>"
        for path in ("/p.xml", "/n-news.xml")
    )
    web.serve("/map.xml", f"{index}</sitemapindex>".encode())
    web.serve("/n-news.xml", NEWS)

    (found,) = find("/")

    assert (found.url, found.format) == (web.url("/n-news.xml"), "news_sitemap")
    assert (found.title, found.language) == ("某网", "zh")


def test_index_of_sitemaps(web, find):
    """An index given by its address leads to its sitemap of news."""
    index = (
        f"<sitemapindex><sitemap><loc>{web.url('/n.xml')}</loc></sitemap></sitemapindex>"
    )
    web.serve("/index.xml", index.encode())
    web.serve("/n.xml", NEWS)

    assert [found.url for found in find("/index.xml")] == [web.url("/n.xml")]


def test_feed_that_answers_at_two_addresses(web, find, rss):
    """What two links redirect to is one feed."""
    link = '<link rel="alternate" type="application/rss+xml" href="{}">'
    web.serve("/", page(link.format("/a") + link.format("/b")))
    web.serve("/a", status=302, Location="/f")
    web.serve("/b", status=302, Location="/f")
    web.serve("/f", rss("one"))

    assert [found.url for found in find("/")] == [web.url("/f")]


def test_list_of_a_page(web, run, options):
    """A page's list is found with its title, unless robots.txt closes the page."""
    rows = "".join(f"<li><a href='/{n}'>一条足够长的新闻标题{n}</a></li>" for n in range(6))
    body = f"<html><head><title>要闻</title></head><ul id='n'>{rows}</ul></html>"
    web.serve("/list", body.encode())
    web.serve("/closed/list", body.encode())
    web.serve("/bare", page())
    web.serve("/data", b"{}")
    web.serve("/robots.txt", b"User-agent: *\nDisallow: /closed/")

    def look(path):
        return run(find_list(web.url(path), options=options))

    found = look("/list")
    assert (found.title, found.language) == ("要闻", "zh")
    assert found.selectors.items == "ul#n > li"
    assert [look(path) for path in ("/closed/list", "/bare", "/data")] == [None, None, None]
