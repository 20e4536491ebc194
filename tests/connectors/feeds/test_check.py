"""What `feeds check` tells."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from connectors.feeds.check import check_feed

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)


@pytest.fixture
def check(run, options, make_feed, web):
    """Check a path of the web."""

    def do(path, **fields):
        return run(check_feed(make_feed(web.url(path), **fields), now=NOW, options=options))

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
        "rss20, utf-8",
        "2, 2 of them dated",
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
        ("utf-16", "utf-16", "utf-16le"),
    ],
)
def test_encoding_is_that_of_the_document(web, check, rss, encoding, label, said):
    """What the bytes came in is told, not what we turned them into."""
    text = rss("新闻联播今天的主要内容").decode().replace('"utf-8"', f'"{label}"')
    web.serve("/f", text.encode(encoding))

    report = check("/f")

    assert f"rss20, {said}," in report.text()
    assert "新闻联播" in report.text()


@pytest.mark.parametrize(
    ("status", "body", "outcome", "remedy"),
    [
        (200, b"<html></html>", "not_a_feed", "feeds add"),
        (200, b"<html><title>Just a moment...</title>", "challenge", "user_agent"),
        (410, b"", "gone", "remove the feed"),
        (503, b"", "transient_error", "try again"),
        (404, b"", "permanent_error", "feeds.toml"),
    ],
)
def test_bad_feed_has_a_remedy(web, check, status, body, outcome, remedy):
    """What is wrong is named, and what to do about it."""
    web.serve("/f", body, status=status)

    report = check("/f")

    assert (report.ok, report.outcome) == (False, outcome)
    assert remedy in report.remedy
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
