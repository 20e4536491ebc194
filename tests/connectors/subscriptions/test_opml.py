"""OPML in and out."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.subscriptions import parse_opml, render_opml
from transforms.config import ConfigError
from transforms.models import Feed

SHARED = Path(__file__).resolve().parents[3].parent / "shared"
FEEDS = [
    Feed(
        feed_id="a", url="https://a.example/f?x=1&y=2", publisher="A & <B>", language="en"
    ),
    Feed(
        feed_id="hu-xiu",
        url="https://b.example/f",
        publisher="虎嗅",
        language="zh",
        region="CN",
        kind="regulator",
        enabled=False,
        note='why "not"',
    ),
    Feed(feed_id="c", url="https://c.example/f", kind="regulator"),
]


def read(body):
    return parse_opml(f'<opml version="2.0"><body>{body}</body></opml>'.encode())


def test_round_trip():
    """What we write is what we read, folders and all."""
    text = render_opml(FEEDS)

    found = parse_opml(text.encode())

    assert found.feeds == FEEDS
    assert found.warnings == []
    assert text.count('text="regulator"') == 1


def test_lists_of_other_readers():
    """Folders at any depth, attributes in any case, and titles become feeds."""
    found = read(
        '<outline text="Tech"><outline text="官方 监管">'
        '<outline text="Cyber" xmlurl="https://a.example/f"/></outline></outline>'
        '<outline TITLE="虎嗅" XMLURL="https://www.huxiu.com/rss" language="zh-CN"/>'
        '<outline text="Blogs"><outline type="rss" title="Bee" url="https://b.example/"/></outline>'
        '<outline text="no feed" htmlUrl="https://x.example"/>'
    )

    assert [(feed.feed_id, feed.publisher, feed.kind) for feed in found.feeds] == [
        ("cyber", "Cyber", "official"),
        ("huxiu", "虎嗅", "news"),
        ("bee", "Bee", "blog"),
    ]
    assert found.feeds[1].language == "zh-CN"
    assert found.warnings == []


def test_doubles_and_other_schemes_are_left_out():
    """An address comes once, and only http(s) addresses come."""
    found = read(
        '<outline text="A" xmlUrl="https://a.example/f"/><outline text="B" xmlUrl="https://a.example/f"/>'
        '<outline text="C" xmlUrl="feed://c.example/"/><outline xmlUrl="http://["/>'
        '<outline text="A" xmlUrl="https://z.example/f"/>'
    )

    assert len(found.feeds) == 2
    assert len({feed.feed_id for feed in found.feeds}) == 2
    assert [w.split(":")[0] for w in found.warnings] == [
        "left out 'B'",
        "left out 'C'",
        "left out 'http",
    ]


def test_bare_ampersands_are_mended():
    """The commonest mistake is mended, with folders kept."""
    found = read(
        '<outline text="Newsletters"><outline text="Q&A" xmlUrl="https://a.example/?a=1&b=2"/></outline>'
    )

    assert (found.feeds[0].publisher, found.feeds[0].url) == (
        "Q&A",
        "https://a.example/?a=1&b=2",
    )
    assert found.feeds[0].kind == "newsletter"
    assert "mended 2 bare &" in found.warnings[0]


def test_broken_lists_give_what_they_have():
    """A list that no XML parser takes still gives its feeds."""
    found = parse_opml(
        b'<opml><body><outline text="A" description="<p class="x">" xmlUrl="https://a.example/"/>'
        b'<outline text="B &amp; C" xmlUrl="https://b.example/'
        b'"/>'
    )

    assert [(feed.publisher, feed.url) for feed in found.feeds] == [
        ("A", "https://a.example/"),
        ("B & C", "https://b.example/"),
    ]
    assert "not well-formed" in found.warnings[-1]


def test_gbk_list():
    """Encodings are as true in lists as in feeds."""
    body = '<opml><body><outline text="示例科技新闻" xmlUrl="https://a.example/"/></body></opml>'

    found = parse_opml(body.encode("gbk"))

    assert found.feeds[0].publisher == "示例科技新闻"
    assert "gb18030" in found.warnings[0]


@pytest.mark.parametrize(
    "body", [b"", b"hello", b"<rss><channel/></rss>", b"<opml><body/></opml>"]
)
def test_no_list(body):
    """What holds no outline is no list of feeds."""
    with pytest.raises(ConfigError, match="no OPML"):
        parse_opml(body, "list.opml")


def test_no_file_is_read_by_an_entity():
    """External entities stay unread."""
    body = (
        b'<!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/hostname">]><opml><body>'
        b'<outline text="&x;A" xmlUrl="https://a.example/"/></body></opml>'
    )

    assert parse_opml(body).feeds[0].publisher in {"A", "&x;A"}


def test_public_lists():
    """Lists as they are published, malformed ones among them, give all their feeds."""
    folder = SHARED / "corpus" / "opml"
    if not folder.is_dir():
        pytest.skip("the development corpus is not here")
    counts = {
        "awesome_Tech.opml": 26,
        "awesome_Startups.opml": 23,
        "BestBlogs_RSS_ALL.opml": 400,
    }

    for name, count in counts.items():
        found = parse_opml((folder / name).read_bytes(), name)
        assert len(found.feeds) == count
        again = parse_opml(render_opml(found.feeds).encode())
        assert sorted(f.url for f in again.feeds) == sorted(f.url for f in found.feeds)
