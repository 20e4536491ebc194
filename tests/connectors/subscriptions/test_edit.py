"""Changing feeds.toml in place."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.subscriptions import add_feeds, feed_id_for, parse_feeds, remove_feed
from transforms.config import ConfigError
from transforms.models import Feed, ListSelectors

TEXT = """# my feeds

[feed.a]   # the first
url = "https://a.example/feed"
publisher = 'A'

# about b
[feed.b]
url = "https://b.example/feed"
"""
NEW = Feed(
    feed_id="c",
    url='https://c.example/feed?x="1"&y=2'.replace('"', ""),
    publisher='The "C"',
    language="zh",
    region="CN",
    kind="blog",
    timezone="Asia/Taipei",
    poll=timedelta(minutes=90),
    max_silence=timedelta(days=2),
    enabled=False,
    note="why \\ not",
    proxy="http://127.0.0.1:1",
)


def test_added_feed_is_read_back():
    """A feed is added at the end, and what stood there stays to the letter."""
    text = add_feeds(TEXT, [NEW])

    assert text.startswith(TEXT)
    assert parse_feeds(text)[-1] == NEW
    assert 'poll = "90m"' in text
    assert add_feeds("", [NEW]).startswith("[feed.c]")


def test_hours_and_no_more_than_needed():
    """Only what was said is written."""
    feed = Feed(feed_id="d", url="https://d.example/", poll=timedelta(hours=3))

    text = add_feeds("", [feed])

    assert text == '[feed.d]\nurl = "https://d.example/"\npoll = "3h"\n'


def test_removed_feed_takes_only_itself():
    """Removing a feed leaves the others, and the comments at their head."""
    text = remove_feed(add_feeds(TEXT, [NEW]), "a")

    assert [feed.feed_id for feed in parse_feeds(text)] == ["b", "c"]
    assert text.startswith("# my feeds")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            lambda: add_feeds(TEXT, [Feed(feed_id="a", url="https://x.example/")]),
            "is taken",
        ),
        (
            lambda: add_feeds(TEXT, [Feed(feed_id="x", url="https://a.example/feed")]),
            "has this address",
        ),
        (lambda: add_feeds(TEXT, [Feed(feed_id="x", url="nonsense")]), "not an http"),
        (lambda: add_feeds("[feed.a", [NEW]), "not valid TOML"),
        (lambda: remove_feed(TEXT, "x"), "there is no feed 'x'"),
    ],
)
def test_refusals(change, problem):
    """What cannot be done is refused in a sentence, and nothing is written."""
    with pytest.raises(ConfigError, match=problem):
        change()


@pytest.mark.parametrize(
    ("title", "url", "expected"),
    [
        ("South China Post: Tech", "", "south-china-post-tech"),
        ("虎嗅", "https://www.huxiu.com/rss", "huxiu"),
        ("36氪", "https://36kr.com/feed", "36kr"),
        ("What's on", "", "whats-on"),
        ("snake_case 2026", "", "snake_case-2026"),
        ("Café Économie", "", "cafe-economie"),
        ("x" * 200, "", "x" * 48),
    ],
)
def test_id(title, url, expected):
    """Ids are ASCII, made of the title, else of the host."""
    assert feed_id_for(title, url=url) == expected


def test_id_without_letters():
    """A title in Chinese alone gets the same id every time."""
    assert feed_id_for("虎嗅") == feed_id_for("虎嗅") != feed_id_for("知乎")
    assert feed_id_for("虎嗅", url="http://[").startswith("feed-")


def test_ids_differ():
    """An id that is taken is told apart by its address, then by a number."""
    first = feed_id_for("News", taken={"news"}, url="https://a.example/")
    second = feed_id_for("News", taken={"news"}, url="https://b.example/")
    third = feed_id_for("News", taken={"news", first}, url="https://a.example/")

    assert len({"news", first, second, third}) == 4
    assert third == f"{first}-2"
    assert (
        feed_id_for("News", taken={"news", first, third}, url="https://a.example/")
        == f"{first}-3"
    )


def test_list_is_written_and_read_back():
    """A feed with selectors survives being added."""
    selectors = ListSelectors(
        items="ul.news > li", title=("a@title", 'a[rel="x"]'), link=("a@href",)
    )
    feed = Feed(feed_id="e", url="https://e.example/", selectors=selectors)

    text = add_feeds(TEXT, [replace(feed, plain_sitemap=True)])

    assert parse_feeds(text)[-1] == replace(feed, plain_sitemap=True)
    assert "plain_sitemap" not in add_feeds(TEXT, [feed])
