"""OPML in and out."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from connectors.subscriptions import FEED_ID
from connectors.subscriptions.opml import parse_opml, render_opml
from connectors.subscriptions.toml import KINDS
from transforms.config import ConfigError
from transforms.models import Feed, ListSelectors

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


def test_bare_ampersands_are_repaired():
    """The commonest mistake is repaired, with folders kept."""
    found = read(
        '<outline text="Newsletters"><outline text="Q&A" xmlUrl="https://a.example/?a=1&b=2"/></outline>'
    )

    assert (found.feeds[0].publisher, found.feeds[0].url) == (
        "Q&A",
        "https://a.example/?a=1&b=2",
    )
    assert found.feeds[0].kind == "newsletter"
    assert "bare & signs repaired: 2" in found.warnings[0]


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


def test_depth_costs_nothing():
    """Each folder is read once, not once for each feed that lies deep in it."""
    folders = ["Regulators", *(f"folder {number}" for number in range(239))]
    outlines = (
        f'<outline text="Feed {number}" xmlUrl="https://x.example/{number}"/>'
        for number in range(12_000)
    )
    opened = "".join(f'<outline text="{name}">' for name in folders)
    body = f"<body>{opened}{''.join(outlines)}{'</outline>' * len(folders)}</body>"
    began = time.process_time()

    imported = parse_opml(f'<opml version="2.0">{body}</opml>'.encode())

    assert {feed.kind for feed in imported.feeds} == {"regulator"}
    assert len(imported.feeds) == 12_000
    assert time.process_time() - began < 5


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
    with pytest.raises(ConfigError, match="not an OPML"):
        parse_opml(body, "list.opml")


def test_no_file_is_read_by_an_entity():
    """External entities stay unread."""
    body = (
        b'<!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/hostname">]><opml><body>'
        b'<outline text="&x;A" xmlUrl="https://a.example/"/></body></opml>'
    )

    assert parse_opml(body).feeds[0].publisher in {"A", "&x;A"}


SELECTORS = ListSelectors(
    items='ul[class="news"] > li', title=("a@title", "a"), date=("span.date",)
)
# XML has no way to write the last two.
WRITABLE = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
TEXTS = st.text(WRITABLE, max_size=20).map(str.strip)
ANY_FEED = st.builds(
    Feed,
    feed_id=st.from_regex(FEED_ID, fullmatch=True),
    url=st.from_regex(
        r"https?://[a-z]{1,9}\.example/[a-z0-9&?=%~.+#-]{0,20}", fullmatch=True
    ),
    publisher=TEXTS,
    language=st.sampled_from(["", "zh", "en", "zh-Hant-TW", "yue"]),
    region=TEXTS,
    kind=st.sampled_from(KINDS),
    timezone=st.sampled_from(["", "Asia/Taipei", "UTC"]),
    enabled=st.booleans(),
    poll=st.none() | st.integers(1, 99_999).map(lambda n: timedelta(minutes=n)),
    max_silence=st.none() | st.integers(1, 999).map(lambda n: timedelta(hours=n)),
    note=TEXTS,
    selectors=st.none() | st.just(SELECTORS),
    plain_sitemap=st.booleans(),
    max_bytes=st.none() | st.integers(10_000, 50_000_000),
)


def _id_and_address(feed):
    return (feed.feed_id, feed.url)


@given(st.lists(ANY_FEED, max_size=6, unique_by=(lambda f: f.feed_id, lambda f: f.url)))
@settings(max_examples=150, deadline=None)
def test_any_list_comes_back(feeds):
    """Whatever the feeds are, what we write is what we read: folders, names, everything."""
    text = render_opml(feeds)

    if not feeds:
        with pytest.raises(ConfigError):
            parse_opml(text.encode())
        return
    found = parse_opml(text.encode())
    assert sorted(found.feeds, key=_id_and_address) == sorted(feeds, key=_id_and_address)
    assert found.warnings == []


def test_secrets_are_not_passed_on():
    """An export holds no header and no proxy."""
    feed = Feed(
        feed_id="a",
        url="https://a.example/",
        proxy="http://u:s3cret@p.example:1",
        headers=(("X", "s3cret"),),
    )

    assert "s3cret" not in render_opml([feed])


def test_own_attributes_of_strangers():
    """What feeds.toml would refuse does not come in through a list either."""
    found = parse_opml(
        b'<opml xmlns:s="https://sinowire.example/opml"><body><outline text="A"'
        b' xmlUrl="https://a.example/" s:id="a" s:timezone="Mars/Base" s:poll="1s"'
        b' s:max_silence="-1d" s:list="{&quot;items&quot;: &quot;a[[&quot;}"/>'
        b'<outline text="B" xmlUrl="https://b.example/" s:id="../b" s:list="{"/>'
        b"</body></opml>"
    )

    assert found.feeds == [
        Feed(feed_id="a", url="https://a.example/"),
        Feed(feed_id="example", url="https://b.example/", publisher="B"),
    ]


def test_outlines_that_are_no_feeds():
    """Comments, pages and further lists are named and left out."""
    found = read(
        '<outline text="A" xmlUrl="https://a.example/f" isComment="true"/>'
        '<outline text="B" type="link" url="https://b.example/"/>'
        '<outline text="C" type="include" url="https://c.example/list.opml"/>'
        '<outline text="D" xmlUrl="https://d.example/f" category="/Tech/Blogs,/China"/>'
    )

    assert [(feed.publisher, feed.kind) for feed in found.feeds] == [("D", "blog")]
    assert [w.partition(":")[0] for w in found.warnings] == [
        "left out 'A'",
        "left out 'B'",
        "left out 'C'",
    ]


@pytest.mark.parametrize(
    "path",
    sorted((SHARED / "corpus" / "opml").glob("*.opml")) or [None],
    ids=lambda path: path.name if path else "none",
)
def test_every_public_list_is_imported(path):
    """Lists as they are published give all their feeds, malformed ones with warnings."""
    if path is None:
        pytest.skip("the development corpus is not here")
    body = path.read_bytes()

    found = parse_opml(body, path.name)

    assert len(found.feeds) == body.lower().count(b"xmlurl=")
    try:
        etree.fromstring(body)
    except etree.XMLSyntaxError:
        assert any("repaired" in w or "not well-formed" in w for w in found.warnings)
    again = parse_opml(render_opml(found.feeds).encode())
    assert sorted(again.feeds, key=_id_and_address) == sorted(
        found.feeds, key=_id_and_address
    )
