"""Articles' pages: real ones over real HTTP, and whatever else a host may answer."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from connectors.feeds.full_text.pages import MAX_PAGE, ArticlePage, read_pages
from connectors.feeds.poll import pool

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
HTML = {"Content_Type": "text/html"}
ENGLISH = (
    "The ministry said on Tuesday that it would extend the trial to four districts.",
    "Two firms have applied so far, and a third is expected to follow by the autumn.",
    "A list of those admitted is to be published by the end of the year, it added.",
)
CHINESE = (
    "商务部周二表示，将把试点扩大到四个地区，并在年底前公布名单。",
    "目前已有两家企业提交申请，第三家企业预计将在秋季提交，有关部门正在审核。",
    "商务部新闻发言人说，试点范围今后还可能进一步扩大，欢迎更多企业参与。",
)


def page(*paragraphs, head=""):
    body = "".join(f"<p>{each}</p>" for each in paragraphs)
    return (
        f"<!doctype html><html><head>{head}<title>T</title></head><body><nav>"
        "<a href='/a'>Home</a></nav>"
        f"<article><h1>Trial</h1>{body}</article></body></html>"
    )


@pytest.fixture
def visit(web, options, make_feed, run):
    """Visit paths of the web; return what became of each, by path."""

    def do(*paths, seconds=20, feed=None, **changes):
        feed = feed or make_feed(url=web.url("/feed"))
        pages = [
            ArticlePage(article_id=path, url=web.url(path), feed=feed) for path in paths
        ]
        bounded = replace(options, **changes)
        reads = run(read_pages(pages, options=bounded, now=NOW, seconds=seconds))
        return {read.article_id: read for read in reads}

    return do


def dribble(handler):
    """Send a page that never ends, a byte at a time."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    while True:
        handler.wfile.write(b"<p>")
        time.sleep(0.05)


def test_what_pages_hold(web, visit):
    """Text without menus, in whatever encoding; what is no article says what it is."""
    web.serve("/en", page(*ENGLISH).encode(), **HTML)
    labelled = page(*CHINESE, head='<meta charset="gb2312">')
    web.serve("/gbk", labelled.encode("gb18030"), **HTML)
    web.serve("/unlabelled", page(*CHINESE).encode("gb18030"), **HTML)
    web.serve("/wide", page(*CHINESE).encode("utf-16"), **HTML)
    marks = "\u202e{}\x1b[2J <img src=x onerror=alert(1)>&lt;script&gt;"
    web.serve("/marks", page(*map(marks.format, ENGLISH)).encode(), **HTML)
    web.serve("/pdf", b"%PDF-1.7", Content_Type="application/pdf")
    web.serve("/json", b'{"a": 1}', **HTML)
    web.serve("/feed.xml", b"<rss><channel></channel></rss>", **HTML)
    web.serve("/little", page("Please accept our cookies.").encode(), **HTML)
    wall = "<html><title>Just a moment...</title><body>checking your browser</body></html>"
    web.serve("/wall", wall.encode(), **HTML)
    web.serve("/wall503", wall.encode(), status=503, **HTML)
    web.serve("/away", status=302, Location="/")
    web.serve("/", page(*ENGLISH).encode(), **HTML)
    web.serve("/busy", status=429, Retry_After="600")

    reads = visit(*(path for path in web.routes if path != "/"), "/nothing")

    assert {path: read.outcome for path, read in reads.items()} == {
        "/en": "read",
        "/gbk": "read",
        "/unlabelled": "read",
        "/wide": "read",
        "/marks": "read",
        "/pdf": "not_a_page",
        "/json": "not_a_page",
        "/feed.xml": "not_a_page",
        "/little": "no_text",
        "/wall": "challenge",
        "/wall503": "challenge",
        "/away": "gone",
        "/busy": "transient_error",
        "/nothing": "gone",
    }
    assert reads["/en"].text == "\n".join(ENGLISH)
    assert {reads[path].text for path in ("/gbk", "/unlabelled", "/wide")} == {
        "\n".join(CHINESE)
    }
    assert "<script>" in reads["/marks"].text, "what a page shows as text is text"
    assert not set("\u202e\x1b") & set(reads["/marks"].text)
    assert "onerror" not in reads["/marks"].text
    assert all(read.reason for read in reads.values() if read.outcome != "read")


def test_the_first_of_several_pages_says_so(web, visit):
    """Its text is read, the others are left alone, and no key of an address is told."""
    more = "<a href='/part_2.html?token=s3cret'>下一页</a>"
    web.serve("/part.html", page(*CHINESE, more).encode(), **HTML)
    web.serve("/whole.html", page(*CHINESE).encode(), **HTML)

    reads = visit("/part.html", "/whole.html")

    assert reads["/part.html"].outcome == reads["/whole.html"].outcome == "read"
    assert CHINESE[0] in reads["/part.html"].text
    assert reads["/part.html"].reason.startswith("the first of several pages; the next one")
    assert "part_2.html" in reads["/part.html"].reason
    assert "s3cret" not in reads["/part.html"].reason
    assert reads["/whole.html"].reason is None
    assert "/part_2.html" not in str(web.requests)


def test_hostile_pages_cost_themselves(web, visit, monkeypatch):
    """Huge, deep, wide, endless: each has a bound, and the others are read."""
    monkeypatch.setattr(pool, "GRACE", 0.2)
    web.serve("/good", page(*ENGLISH).encode(), **HTML)
    web.serve("/huge", b"<html>" + b"a" * MAX_PAGE, **HTML)
    web.serve("/deep", b"<html><body>" + b"<div>" * 300_000 + b"x", **HTML)
    web.serve("/tables", b"<html><body>" + b"<table><tr><td>" * 100_000, **HTML)
    attributes = b" ".join(b"a%d=1" % n for n in range(100_000))
    web.serve("/wide", b"<html><body " + attributes + b"><p>x</p>", **HTML)
    web.route("/endless", dribble)

    started = time.monotonic()
    reads = visit(*web.routes, timeout=1, parse_deadline=1)

    assert time.monotonic() - started < 25
    assert reads["/good"].outcome == "read"
    assert reads["/huge"].outcome == "permanent_error"
    assert reads["/endless"].outcome == "transient_error"
    for path in ("/deep", "/tables", "/wide"):
        assert reads[path].outcome in {"no_text", "unreadable"}, path
        assert not reads[path].text


def test_a_site_is_asked_as_it_wishes(web, visit, make_feed):
    """robots.txt, our name, one page at a time, and no secret to another's host."""
    web.serve("/robots.txt", b"User-agent: *\nDisallow: /members/\n")
    web.serve("/members/1", page(*ENGLISH).encode(), **HTML)
    web.serve("/1", page(*ENGLISH).encode(), **HTML)
    web.serve("/to-members", status=302, Location="/members/1")
    own = make_feed(url=web.url("/feed"), headers=(("X-Key", "secret"), ("Accept", "a/b")))

    reads = visit("/members/1", "/1", "/to-members", feed=own)

    assert {path: read.outcome for path, read in reads.items()} == {
        "/members/1": "disallowed",
        "/1": "read",
        "/to-members": "disallowed",
    }
    assert [path for path, _ in web.requests].count("/robots.txt") == 1
    assert "/members/1" not in [path for path, _ in web.requests]
    sent = dict(web.requests)
    assert sent["/1"]["X-Key"] == "secret"
    assert sent["/1"]["Accept"].startswith("text/html")

    web.requests.clear()
    other = make_feed(url=web.url("/feed", host="localhost"), headers=(("X-Key", "s"),))
    visit("/1", feed=other)
    assert "X-Key" not in dict(web.requests)["/1"]


def test_private_addresses_are_refused(visit, web):
    """A feed may name any address: the guard is that of feeds."""
    [read] = visit("/1", allow_private=()).values()
    assert (read.outcome, web.requests) == ("permanent_error", [])
    assert "refused" in read.reason


def test_a_pass_takes_its_time_and_no_more(web, visit):
    """What was not visited when the time is over is left for the next pass."""
    web.serve("/robots.txt", b"User-agent: *\nCrawl-delay: 30\n")
    for n in range(3):
        web.serve(f"/{n}", page(*ENGLISH).encode(), **HTML)
    started = time.monotonic()
    reads = visit("/0", "/1", "/2", seconds=4)
    assert time.monotonic() - started < 20
    assert list(reads) == ["/0"]
    assert visit() == {}
