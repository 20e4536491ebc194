"""What `feeds check` tells."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import pytest

from connectors.feeds.check.check import check_feeds
from transforms.models import ListSelectors

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)


@pytest.fixture
def check(check_one, options, make_feed, web):
    """Check a path of the web."""

    def do(path, **fields):
        return check_one(make_feed(web.url(path), **fields), now=NOW, options=options)

    return do


def test_good_feed(web, check, rss):
    """A good feed's report names format, dates, caching and a sample."""
    web.serve("/f", rss("one", "two"), ETag='"v1"', Content_Type="application/rss+xml")

    report = check("/f", language="zh")

    assert report.ok
    text = report.text()
    for words in (
        "outcome   new",
        "HTTP 200",
        "format    rss20, 'Sample'",
        "encoding  utf-8 (document says utf-8): as declared",
        "entries   2",
        "ids       2 by guid",
        "2 of 2 dated, pubDate: 'Tue, 04 Aug 2026 09:00:00 GMT' is 2026-08-04 09:00 UTC",
        "ETag",
        "Asia/Shanghai",
        "2026-08-04T09:00+00:00",
        "https://x.example/one",
    ):
        assert words in text
    assert "warning" not in text
    assert "remedy" not in text


@pytest.mark.parametrize(
    ("encoding", "label", "said"),
    [
        ("gbk", "gbk", "gb18030"),
        ("gbk", "utf-8", "gb18030"),
        ("utf-16", "utf-16", "utf-16"),
    ],
)
def test_encoding_is_that_of_the_document(web, check, rss, encoding, label, said):
    """What the bytes came in is told, not what we turned them into."""
    text = rss("新闻联播今天的主要内容").decode().replace('"utf-8"', f'"{label}"')
    web.serve("/f", text.encode(encoding))

    report = check("/f")

    assert f"encoding  {said}" in report.text()
    assert "新闻联播" in report.text()


@pytest.mark.parametrize(
    ("status", "body", "outcome", "remedy"),
    [
        (200, b"<html></html>", "not_a_feed", "feeds add"),
        (200, b"<html><title>Just a moment...</title>", "challenge", "user_agent"),
        (410, b"", "gone", "remove it"),
        (503, b"", "transient_error", "try again"),
        (404, b"", "permanent_error", "look for"),
    ],
)
def test_bad_feed_has_a_remedy(web, check, status, body, outcome, remedy):
    """What is wrong is named, and what to do about it."""
    web.serve("/f", body, status=status)

    report = check("/f")

    assert (report.ok, report.outcome) == (False, outcome)
    assert remedy in report.sentence
    assert outcome in report.text()


def test_moved_feed(web, check):
    """A redirect to a page is a move, and the report shows the way it took."""
    web.serve("/f", status=301, Location="/home?key=secret1")
    web.serve("/home?key=secret1", b"<html></html>")

    report = check("/f")

    assert report.outcome == "moved"
    assert "redirect  301 to /home?key=REDACTED" in report.text()
    assert "secret1" not in report.text()


def test_warnings(web, check, rss):
    """Unread dates, missing links and moves for good are pointed out."""
    item = b"<item><title>a</title><pubDate>some day</pubDate></item>"
    web.serve("/f", status=308, Location="/g")
    web.serve("/g", rss().replace(b"</channel>", item + b"</channel>"))

    report = check("/f")

    text = report.text()
    assert report.outcome == "undated"
    assert "'some day'" in text
    assert "no entry has a link" in text
    assert f'write url = "{web.url("/g")}"' in text
    assert "no validators" in text
    assert "no date" in text


def test_dates_without_a_zone(web, check, rss):
    """The report names the element, its raw text, the reading, and the zone assumed."""
    body = rss("one", when="2026-08-04 18:00:00").replace(b"pubDate", b"dc:date")
    body = body.replace(b'"2.0"', b'"2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"')
    web.serve("/f", body)

    text = check("/f").text()
    chinese = check("/f", language="zh").text()

    assert "dc:date: '2026-08-04 18:00:00' is 2026-08-04 18:00 UTC" in text
    assert "1 name no zone and are read in UTC" in text
    assert 'write timezone = "…"' in text
    assert "is 2026-08-04 10:00 UTC" in chinese
    assert "warning" not in chinese


def test_encoding_decision(web, check, rss):
    """Who said what about the encoding is told, what was believed, and why, once."""
    body = rss("新闻联播今天的主要内容").decode().encode("gbk")
    web.serve("/f", body, Content_Type="text/xml; charset=big5")

    report = check("/f")

    facts = report.findings.encoding
    assert (facts.used, facts.header, facts.declared) == ("gb18030", "big5", "utf-8")
    assert "gb18030 (header says big5, document says utf-8)" in report.text()
    assert report.text().count(facts.why) == 1


def test_ids(web, check, rss):
    """By what entries are told apart is counted, and a guid on two links is pointed out."""
    reused = rss("one", "two").replace(b"<guid>two<", b"<guid>one<")
    link_only = b"<item><title>c</title><link>https://x.example/c</link></item>"
    neither = b"<item><title>d</title><description>text</description></item>"
    web.serve("/f", reused.replace(b"</channel>", link_only + neither + b"</channel>"))

    report = check("/f")

    ids = report.findings.ids
    assert (ids.guid, ids.link, ids.neither, ids.repeated) == (2, 1, 1, 1)
    assert "2 by guid, 1 by link, 1 by title and date" in report.text()
    assert "different links: 1, such as 'one'" in report.warnings[0]


def test_pace(web, check, rss):
    """What server and feed ask for between two polls is told."""
    body = rss("one").replace(b"<link>", b"<ttl>90</ttl><link>", 1)
    web.serve("/f", body, Cache_Control="max-age=600", Last_Modified="x")

    text = check("/f").text()

    assert "Last-Modified x" in text
    assert "Cache-Control max-age=600; fresh for 10 min; ttl 90 min" in text


def test_dates_that_cannot_be_trusted(web, check, rss):
    """One date for all, and a newest entry of long ago, are pointed out."""
    web.serve("/f", rss("a", "b", "c", when="Tue, 04 Mar 2025 09:00:00 GMT"))

    warnings = check("/f").warnings

    assert any("same date" in warning for warning in warnings)
    assert any("nothing new since 2025-03-04" in warning for warning in warnings)


LIST = ListSelectors(items="li", date=("i",))


def test_page(web, check):
    """A page's report names its robots.txt, and the selector that its dates come from."""
    web.serve("/robots.txt", b"User-agent: *\nCrawl-delay: 1")
    web.serve("/p", b"<li><a href='/1'>one</a><i>2026-08-04 09:00</i></li>")

    text = check("/p", selectors=LIST, timezone="UTC").text()

    assert "robots    allows sinowire, 1 s between pages" in text
    assert "i: '2026-08-04 09:00' is 2026-08-04 09:00 UTC" in text


def test_page_that_changed(web, check):
    """Selectors that find nothing, and a closed page, come with their own remedies."""
    web.serve("/p", b"<p>new design</p>")

    report = check("/p", selectors=LIST)

    assert report.outcome == "not_a_feed"
    assert "selector 'li' matched nothing" in report.sentence
    assert "correct the selectors" in report.sentence
    web.serve("/robots.txt", b"User-agent: *\nDisallow: /")
    assert "ask the outlet for a feed" in check("/p", selectors=LIST).sentence


def test_no_network(check_one, options, make_feed):
    """A name that leads nowhere is one sentence with a remedy."""
    feed = make_feed("http://no-such-host.invalid/feed")

    report = check_one(feed, now=NOW, options=options)

    assert report.sentence.startswith("sample: the connection failed: no-such-host.invalid")
    assert "this machine online" in report.sentence
    assert "\n" not in report.sentence


def test_record_is_json(web, check, rss, run, options, make_feed):
    """The same report comes as an object of plain values, without secrets."""
    web.serve("/f?key=s3cret", rss("one"), ETag='"v1"')
    web.serve("/page", b"<html></html>")

    good = json.loads(json.dumps(check("/f?key=s3cret").record(), default=str))
    bad = json.loads(json.dumps(check("/page").record(), default=str))

    assert (good["ok"], good["format"], good["entries"]) == (True, "rss20", 1)
    assert good["answer"]["etag"] == '"v1"'
    assert good["dates"]["source"] == "pubDate"
    assert good["ids"]["guid"] == 1
    assert good["sample"][0]["url"] == "https://x.example/one"
    assert "s3cret" not in json.dumps(good)
    assert (bad["ok"], bad["outcome"], bad["sample"]) == (False, "not_a_feed", [])
    assert "feeds add" in bad["remedy"]


def test_feeds_are_reported_in_their_order(web, run, options, make_feed, rss):
    """A slow feed holds nobody up, and reports keep the order of the file."""
    web.route("/slow", lambda handler: (time.sleep(0.2), handler.send(503)))
    web.serve("/f", rss("one"))

    async def go():
        feeds = [make_feed(web.url(path)) for path in ("/slow", "/f", "/missing")]
        return [r.outcome async for r in check_feeds(feeds, now=NOW, options=options)]

    assert run(go()) == ["transient_error", "new", "permanent_error"]


def test_page_with_a_list_is_suggested(web, check):
    """A page that is no feed but lists articles comes with the line that would read it."""
    rows = "".join(f"<li><a href='/{n}'>一条足够长的新闻标题{n}</a></li>" for n in range(6))
    web.serve("/p", f"<html><body><ul id='n'>{rows}</ul></body></html>".encode())

    assert 'list = { items = "ul#n > li" }' in check("/p").sentence
    assert "this may do: list = " in check("/p", selectors=LIST_OF_NOTHING).sentence


LIST_OF_NOTHING = ListSelectors(items="ol > li")


@pytest.mark.parametrize("kind", ["news", "aggregator"])
def test_sources_are_believed_in_aggregators_only(web, check, rss, kind):
    """A feed that names others is told what it takes, and one that may do so is not."""
    body = rss("one").replace(
        b"</item>", b'<source url="https://o.example">Wire</source></item>'
    )
    web.serve("/f", body)

    warned = [w for w in check("/f", kind=kind).warnings if "'Wire'" in w]

    assert len(warned) == (kind == "news")
    assert all('kind = "aggregator"' in warning for warning in warned)


def test_robots_txt_that_forbids_a_feed_is_told(web, options, make_feed, check_one, rss):
    """A poll does not ask it: whoever adds the feed decides."""
    web.serve("/f", rss("a"))
    web.serve("/robots.txt", b"User-agent: *\nDisallow: /")

    report = check_one(make_feed(web.url("/f")), now=NOW, options=options)

    assert report.ok
    assert any(
        "disallows this page for sinowire" in line and "yours to decide" in line
        for line in report.warnings
    )


def test_second_addresses_are_asked_too(web, options, make_feed, check_one, rss):
    """Each is told with what it answers; one of another outlet is named as such."""
    web.serve("/f", rss("a"))
    web.serve("/same", rss("b"))
    web.serve("/other", rss("x").replace(b"Sample", b"Another Paper"))
    paths = ("/same", "/other", "/none")
    feed = make_feed(web.url("/f"), also=tuple(map(web.url, paths)))

    report = check_one(feed, now=NOW, options=options)

    [same, other, none] = [line for line in report.warnings if "second address" in line]
    assert same == f"second address {web.url('/same')}: answers"
    assert other.startswith(f"second address {web.url('/other')}: another feed ('Another")
    assert none.startswith(f"second address {web.url('/none')}: HTTP 404")


def test_a_feed_works_where_a_second_address_does(web, options, make_feed, check_one, rss):
    """So a run would read it there."""
    web.serve("/f", status=403)
    web.serve("/same", rss("b"))
    feed = make_feed(web.url("/f"), also=(web.url("/same"),))

    report = check_one(feed, now=NOW, options=options)

    assert report.ok
    assert report.feed == feed
    assert report.warnings[0].startswith("its own address does not: HTTP 403")
