"""One bad entry costs itself, and never its document."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import pytest
from builders import reader_of

from connectors.errors import FeedError, FeedParseError
from connectors.feeds.formats import result
from connectors.feeds.formats.deadline import deadline
from connectors.feeds.formats.result import read_batches, read_each
from connectors.feeds.formats.xml import rss_atom
from connectors.feeds.poll.parse_requests import ParseRequest
from connectors.feeds.poll.parser_process import answer_in_time
from transforms.models import Feed, ListSelectors
from transforms.names.rules.file import parse_watchlist

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
READER = reader_of(parse_watchlist('[company.acme]\nname = "Acme"'))
FEED = Feed(feed_id="sample", url="https://x.example/feed", publisher="Sample")
# No such zone can be configured: whatever has to look at it fails.
NOWHERE = Feed(feed_id="sample", url="https://x.example/feed", timezone="No/Where")
# Python refuses to read a decimal number of more than 4,300 digits.
HUGE = "9" * 5_000
DOCTYPE = "<!DOCTYPE rss>"
GOOD = "2026-08-04T10:00:00Z"


def item(name, more=""):
    return (
        f"<item><title>{name}</title><link>https://x.example/{name}</link>"
        f"<guid>{name}</guid>{more}</item>"
    )


def rss(*items, ahead=""):
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{ahead}<rss version="2.0"><channel>'
        f"<title>Sample</title>{''.join(items)}</channel></rss>"
    ).encode()


def sitemap(*names, bad):
    urls = "".join(
        f"<url><loc>https://x.example/{name}</loc><n:news><n:title>{name}</n:title>"
        f"<n:publication_date>{bad if name == 'bad' else GOOD}</n:publication_date>"
        f"</n:news><lastmod>{GOOD}</lastmod></url>"
        for name in names
    )
    return (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">{urls}</urlset>'
    ).encode()


def jsonfeed(*items):
    version = "https://jsonfeed.org/version/1.1"
    return json.dumps({"version": version, "title": "S", "items": items}).encode()


def parse(body, feed=FEED, reader=READER):
    request = ParseRequest(
        body=body,
        feed=feed,
        content_type="",
        base_url="https://x.example/feed",
        now=NOW,
        deadline=30,
    )
    parsed = answer_in_time(request, reader)
    if isinstance(parsed, FeedError):
        raise parsed
    return parsed


def titles(parsed):
    return [reading.article.title for reading in parsed.readings]


HOSTILE = {
    "a reference in a title": item("bad", f"<title>a &amp;amp; &amp;#{HUGE};</title>"),
    "a reference in a text": item(
        "bad", f"<description><![CDATA[<p>x &#{HUGE}; &amp; y</p>]]></description>"
    ),
    "a reference that is no XML": item("bad", f"<description>&#{HUGE};</description>"),
    "a reference in a date": item("bad", f"<pubDate>&amp;amp;&amp;#{HUGE};</pubDate>"),
    "a reference in an author": item("bad", f"<author>&amp;lt;&amp;#{HUGE};</author>"),
    "a date of many digits": item("bad", f"<pubDate>{HUGE}</pubDate>"),
    "hours of many digits": item("bad", f"<pubDate>{HUGE}小时前</pubDate>"),
    "a year of many digits": item("bad", f"<pubDate>民国{HUGE}年1月1日</pubDate>"),
    "a number of many digits": item("bad", f"<title>Acme raises ${HUGE} billion</title>"),
    "a port of many digits": item(
        "bad", f"<source url='http://x.example:{HUGE}/'>S</source>"
    ),
    "a host that IDNA refuses": item("bad").replace("x.example", "é" * 80 + ".example"),
    "a host that is none": item("bad").replace("https://x.example", "http://[::x"),
    "half a character": item("bad", "<description>&amp;#xD800; &#55357;</description>"),
}


@pytest.mark.parametrize("ahead", ["", DOCTYPE], ids=["cut", "whole"])
@pytest.mark.parametrize("bad", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_field_costs_itself(bad, ahead):
    """The other entries are read, and the bad one as far as it can be."""
    parsed = parse(rss(item("one"), bad, item("two"), ahead=ahead))

    assert len(parsed.readings) == 3
    assert [titles(parsed)[0], titles(parsed)[2]] == ["one", "two"]
    assert parsed.notices == ()


def test_a_number_that_is_no_characters_is_an_unreadable_character():
    """As HTML has it; leading zeros are none of the number."""
    text = f"&amp; &#{HUGE}; &#{'0' * 5_000}65;"

    parsed = parse(rss(item("one", f"<description><![CDATA[{text}]]></description>")))

    assert parsed.readings[0].article.summary == "& \ufffd A"


@pytest.mark.parametrize("ahead", ["", DOCTYPE], ids=["cut", "whole"])
def test_an_item_that_feedparser_fails_over_is_left_out(ahead):
    """The parser reads several items at once, and dies of one."""
    place = (
        '<g:where xmlns:g="http://www.georss.org/georss" xmlns:m="http://www.opengis.net/gml">'
        '<m:Point srsName="EPSG:north"><m:pos>1 2</m:pos></m:Point></g:where>'
    )
    hard = "<media:group xmlns:media='http://search.yahoo.com/mrss/'><media:title>x</media:title></media:group>"
    body = rss(
        item("one", hard), item("bad", place), item("two", hard), item("3"), ahead=ahead
    )

    parsed = parse(body)

    assert titles(parsed) == ["one", "two", "3"]
    [notice] = parsed.notices
    assert notice.startswith("left out 1 entry that could not be read (feedparser fails")


NAMED = ("author", "dc:creator", "itunes:author", "managingEditor", "webMaster")
NAMESPACES = (
    "xmlns:dc='http://purl.org/dc/elements/1.1/' "
    "xmlns:itunes='http://www.itunes.com/DTDs/Podcast-1.0.dtd'"
)
# feedparser is to see what we read ourselves, and in a broken document by its other parser.
HARD = "<media:group xmlns:media='http://search.yahoo.com/mrss/'><media:title>x</media:title></media:group>"


@pytest.mark.parametrize("broken", ["", DOCTYPE, "<br>"], ids=["cut", "whole", "loose"])
def test_a_name_without_end_costs_its_length(broken):
    """For an address in it feedparser looks at each letter: 5 s for 40,000 of them."""
    names = "".join(f"<{at} {NAMESPACES}>{'a' * 100_000}</{at}>" for at in NAMED)
    tags = "".join(f"<category>t{number}</category>" for number in range(20_000))
    bad = item("bad", HARD + names + tags)
    head = f"<managingEditor>{'a' * 100_000}</managingEditor>"
    began = time.process_time()

    parsed = parse(rss(head, item("one"), bad, item("two"), ahead=broken))

    assert titles(parsed) == ["one", "bad", "two"]
    assert parsed.notices == ()
    assert time.process_time() - began < 20


@pytest.mark.parametrize("ahead", ["", DOCTYPE], ids=["cut", "whole"])
def test_an_item_that_takes_too_long_is_left_out(ahead, monkeypatch):
    """Of the document's time it gets a part; the other items are read."""
    for part in ("WHOLE", "REST", "ALONE"):
        monkeypatch.setattr(rss_atom, part, 0.005)
    one = "<media:title>x</media:title>"
    bad = item("bad", HARD.replace(one, one * 80_000))
    body = rss(item("one", HARD), bad, item("two", HARD), item("3"), ahead=ahead)

    parsed = parse(body)

    assert titles(parsed) == ["one", "two", "3"]
    assert parsed.notices == (
        "left out 1 entry that could not be read (feedparser takes too long over it)",
    )


def test_a_document_whose_only_entry_takes_too_long_is_a_slow_one(monkeypatch):
    """Whichever of its times is over first, its end is the same: it may well be a feed."""
    for part in ("WHOLE", "REST", "ALONE"):
        monkeypatch.setattr(rss_atom, part, 0.005)
    one = "<media:title>x</media:title>"
    body = rss(item("bad", HARD.replace(one, one * 80_000)), ahead=DOCTYPE)
    request = ParseRequest(
        body=body, feed=FEED, content_type="", base_url=FEED.url, now=NOW, deadline=60
    )

    answer = answer_in_time(request)

    assert answer.outcome == "permanent_error"
    assert answer.reason == "parsing takes too long, so it was stopped (limit 60 s)"


def test_an_entry_that_takes_too_long_is_left_out(monkeypatch):
    """As one over which its reader fails; without an alarm nothing has an end."""

    def read(name):
        until = time.monotonic() + (30 if name == "bad" else 0)
        while time.monotonic() < until:
            pass
        return name

    monkeypatch.setattr(result, "ENTRY_SHARE", 0.01)
    with deadline(25):
        entries, notice = read_each(read, ["one", "bad", "two"], feed=FEED, total=3)

    assert entries == ["one", "two"]
    assert notice == ("left out 1 entry that could not be read (it takes too long)")


@pytest.mark.parametrize("size", [1, 2, 3, 4])
@pytest.mark.parametrize("is_slow", [False, True], ids=["fails", "lasts"])
def test_one_entry_of_a_batch_costs_that_entry_alone(size, is_slow, monkeypatch):
    """The others come in their order, whatever the batch that they are read in."""

    def read(batch):
        until = time.monotonic() + (30 if "bad" in batch else 0)
        while is_slow and time.monotonic() < until:
            pass
        if "bad" in batch:
            raise ValueError(batch)
        return [name.upper() for name in batch]

    names = ["one", "two", "bad", "three", "four"]
    monkeypatch.setattr(result, "ENTRY_SHARE", 0.01)
    with deadline(25):
        entries, notice = read_batches(read, names, size=size, feed=FEED, total=5)

    assert entries == ["ONE", "TWO", "THREE", "FOUR"]
    reason = "it takes too long" if is_slow else "ValueError(['bad'])"
    assert notice == f"left out 1 entry that could not be read ({reason})"


BARE = "2026-08-04 10:00:00"
LATER = f"<pubDate>{BARE}</pubDate>"
DATED = {
    "rss": rss(item("one"), item("bad", LATER), item("two")),
    "rss read whole": rss(item("one"), item("bad", LATER), item("two"), ahead=DOCTYPE),
    "sitemap": sitemap("one", "bad", "two", bad=BARE),
    "JSON Feed": jsonfeed(
        {"id": "1", "title": "one", "date_published": GOOD, "date_modified": GOOD},
        {"id": "2", "title": "bad", "date_published": BARE, "date_modified": GOOD},
        {"id": "3", "title": "two", "date_published": GOOD, "date_modified": GOOD},
    ),
}


@pytest.mark.parametrize("body", DATED.values(), ids=DATED)
def test_an_entry_that_cannot_be_read_is_left_out(body):
    """Whatever it is that fails, in every format, the others come and a notice says so."""
    parsed = parse(body, NOWHERE)

    assert titles(parsed) == ["one", "two"]
    [notice] = parsed.notices
    assert notice.startswith("left out 1 entry that could not be read (ZoneInfoNotFound")


def test_an_item_of_a_list_that_cannot_be_read_is_left_out():
    """The same goes for pages."""
    page = "".join(
        f'<li><a href="/{name}">{name}</a><i>{date}</i></li>'
        for name, date in [("one", GOOD), ("bad", BARE), ("two", GOOD)]
    )
    selectors = ListSelectors(items="li", date=("i",))
    feed = Feed(
        feed_id="s", url="https://x.example/", timezone="No/Where", selectors=selectors
    )

    parsed = parse(f"<html><body><ul>{page}</ul></body></html>".encode(), feed)

    assert titles(parsed) == ["one", "two"]
    assert len(parsed.notices) == 1


def test_an_entry_that_cannot_be_stored_is_left_out():
    """What fails in making an article of an entry costs that article."""
    ahead = "<pubDate>Tue, 04 Aug 2026 13:00:00 GMT</pubDate>"

    parsed = parse(rss(item("one"), item("bad", ahead), item("two")), NOWHERE)

    assert titles(parsed) == ["one", "two"]
    assert [entry.published_at for entry in parsed.entries] == [None, None]
    assert len(parsed.notices) == 1


def test_where_every_entry_fails_the_document_does():
    """That is no entry's fault: nothing counts as read, and the next poll tries again."""
    with pytest.raises(FeedParseError, match="no entry could be read: left out 2 entries"):
        parse(rss(item("one", LATER), item("two", LATER)), NOWHERE)


def test_of_a_known_document_one_new_entry_may_fail():
    """The feed is well, for it was read before."""
    numbers = ["1", HUGE]

    entries, notice = read_each(int, numbers[1:], feed=FEED, total=len(numbers))

    assert entries == []
    assert notice.startswith("left out 1 entry that could not be read (ValueError")


def test_a_notice_keeps_the_feeds_secret():
    """Exceptions quote what they fail over, which may be the feed's own address."""
    feed = Feed(feed_id="s", url="https://x.example/feed?token=abcdef123")

    entries, notice = read_each(int, ["1", "token=abcdef123"], feed=feed, total=2)

    assert entries == [1]
    assert "abcdef123" not in notice
