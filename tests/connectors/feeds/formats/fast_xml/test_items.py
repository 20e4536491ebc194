"""Our own reading of plain items gives what feedparser gives."""

from __future__ import annotations

import re
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from connectors.errors import FeedParseError
from connectors.feeds.formats.parser import parse_document
from connectors.feeds.formats.xml.fast_items import read_items
from transforms.models import Entry, Feed

ROOT = Path(__file__).resolve().parents[5]
CORPUS = ROOT.parent / "shared" / "corpus"
CAPTURES = sorted(CORPUS.glob("feeds/*.tar.xz"))
SUITES = sorted(
    path
    for path in CORPUS.glob("parser_suites/**/*")
    if path.suffix in {".xml", ".rss", ".atom", ".rdf"}
)
OWN = sorted((ROOT / "tests/data/feeds").glob("*.xml"))
NOW = datetime(2026, 11, 1, tzinfo=UTC)
# Bytes read of one capture.
MOST = 1_000_000
NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:atom="http://www.w3.org/2005/Atom" xmlns:own="https://own.example/ns"'
)
ELEMENTS = """
title dc:title media:title own:title link atom:link guid id description summary content
content:encoded dc:description pubDate published updated dc:date category dc:subject
author dc:creator source comments enclosure own:id image media:content name pubTime own:time
""".split()  # noqa: SIM905  reads better
TEXTS = """

Plain words
小米发布会
a &amp; b
&lt;b&gt;bold&lt;/b&gt;
&amp;lt;i&amp;gt;twice&amp;lt;/i&amp;gt;
<![CDATA[<p>One & two</p>]]>
Ã©tÃ©
café
\u0093quoted\u0094
/relative?a=1&amp;b=2
https:///three.example/x
https://news.example/a
desk@news.example (Desk)
Desk
<b>inline</b>
x<!-- y -->z
Mon, 05 Jan 2026 14:30:00 +0800
2026-01-05T14:30:00Z
2026年1月5日
not a date
""".split("\n")  # noqa: SIM905  reads better
ATTRIBUTES = """

type="html"
type="xhtml"
type="text"
type="TEXT/HTML"
isPermaLink="false"
isPermaLink="true"
href="https://news.example/h"
url="https://news.example/u"
rel="self"
rel="alternate" href="/r"
domain="topics"
term="chips"
label="芯片"
xml:lang="zh_CN"
xml:lang=""
xml:base="https://base.example/"
lang="en"
mode="base64"
src="https://n.example/s"
""".split("\n")  # noqa: SIM905  reads better


def by_feedparser(body: bytes) -> bytes:
    """Return the document with a DOCTYPE, which sends all of it to feedparser."""
    declaration = re.match(rb"\s*<\?xml[^>]*\?>", body)
    at = declaration.end() if declaration else 0
    return body[:at] + b"<!DOCTYPE feed>" + body[at:]


def read(body: bytes) -> list[Entry] | str:
    """Parse a document as a poll would."""
    feed = Feed(feed_id="f", url="https://news.example/feed", language="zh")
    try:
        return parse_document(body, feed=feed, now=NOW).entries
    except FeedParseError:
        return "no feed"


def is_utf8_xml(body: bytes) -> bool:
    """Tell the documents that are taken apart at all."""
    try:
        etree.fromstring(body, etree.XMLParser(resolve_entities=False))
    except (etree.XMLSyntaxError, ValueError):
        return False
    return b"<!DOCTYPE" not in body and b"\x00" not in body[:8]


def assert_same(body: bytes, name: str) -> None:
    """Compare both readings of *body*, entry by entry."""
    ours, theirs = read(body), read(by_feedparser(body))
    assert len(ours) == len(theirs), name
    for mine, other in zip(ours, theirs, strict=True):
        assert mine == other, name


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_own_samples_read_alike(path: Path) -> None:
    """The documents of our own suite give feedparser's entries."""
    body = path.read_bytes()
    if is_utf8_xml(body):
        assert_same(body, path.name)


@pytest.mark.slow
@pytest.mark.no_cover
@pytest.mark.no_cover  # floors of coverage hold without what is not here
@pytest.mark.skipif(not CAPTURES, reason="needs ../shared/corpus/feeds")
@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.name.partition(".")[0])
def test_captures_read_alike(path: Path) -> None:
    """Documents of each feed of the corpus give feedparser's entries.

    The polls of a feed repeat each other, so that of a long capture some are read.
    """
    with tarfile.open(path) as archive:
        members = [member for member in archive if member.isfile()]
        step = 1 + sum(member.size for member in members) // MOST
        for member in members[::step]:
            document = archive.extractfile(member)
            if document and is_utf8_xml(body := document.read()):
                assert_same(body, member.name)


@pytest.mark.slow
@pytest.mark.no_cover
@pytest.mark.no_cover  # floors of coverage hold without what is not here
@pytest.mark.skipif(not SUITES, reason="needs ../shared/corpus/parser_suites")
def test_suites_read_alike() -> None:
    """Every document of the parsers' own suites gives feedparser's entries."""
    bodies = [(path, path.read_bytes()) for path in SUITES]
    compared = [(path, body) for path, body in bodies if is_utf8_xml(body)]
    assert len(compared) > 1000
    for path, body in compared:
        assert_same(body, path.name)


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """Draw an RSS or Atom document of known elements in unlikely combinations."""
    shape = draw(st.sampled_from(("rss", "atom")))
    items = draw(st.lists(st.lists(elements(), max_size=7), min_size=1, max_size=4))
    if shape == "rss":
        inner = "".join(f"<item>{''.join(item)}</item>" for item in items)
        inner = f"<channel><title>T</title>{inner}</channel>"
        text = f'<rss version="2.0" {NAMESPACES}>{inner}</rss>'
    else:
        inner = "".join(f"<entry>{''.join(item)}</entry>" for item in items)
        language = draw(
            st.sampled_from(("", 'xml:lang="en_US"', 'xml:base="https://b.example/"'))
        )
        text = f'<feed xmlns="http://www.w3.org/2005/Atom" {NAMESPACES} {language}>'
        text += f"{inner}</feed>"
    return text.encode()


@st.composite
def elements(draw: st.DrawFn) -> str:
    """Draw one element of an item."""
    name, text = draw(st.sampled_from(ELEMENTS)), draw(st.sampled_from(TEXTS))
    attributes = draw(st.sampled_from(ATTRIBUTES))
    if name == "author" and draw(st.booleans()):
        text = "<name>Desk</name><uri>https://d.example/</uri><email>d@e.example</email>"
    return f"<{name} {attributes}>{text}</{name}>"


@given(documents())
@settings(max_examples=300, deadline=None)
def test_unlikely_items_read_alike(body: bytes) -> None:
    """Elements and attributes in any order and number give feedparser's entries."""
    assert_same(body, body.decode())


def test_plain_items_are_read_here() -> None:
    """What most feeds are made of does not wait for feedparser."""
    rss = etree.fromstring(
        f"<rss {NAMESPACES}><channel><item><title>A</title><link>https://n.example/a</link>"
        "<guid>1</guid><pubDate>Mon, 05 Jan 2026 14:30:00 GMT</pubDate>"
        "<dc:creator>Li</dc:creator><category>x</category><description>d</description>"
        "<content:encoded>c</content:encoded></item></channel></rss>"
    )
    (item,) = read_items(rss.iter("item"), is_date=bool)
    assert item is not None
    assert item["title"] == "A"
    assert item["authors"] == [{"name": "Li"}]
    assert item["content"] == [{"value": "c"}]


@pytest.mark.parametrize(
    "child",
    [
        '<title type="xhtml">t</title>',
        "<title>t<b>u</b></title>",
        "<author>desk@news.example</author>",
        "<author>Desk</author><author><name>Li</name></author>",
        "<author><name>B</name><email>b@n.e</email></author><author><name>L</name></author>",
        "<image><url>https://n.example/i</url></image>",
        '<content mode="base64">aGk=</content>',
        "<pubDate>no date at all</pubDate>",
    ],
)
def test_other_items_are_left_to_feedparser(child: str) -> None:
    """Markup inside, addresses, persons after names, base64, odd dates are not read."""
    root = etree.fromstring(f"<rss><channel><item>{child}</item></channel></rss>")
    assert read_items(root.iter("item"), is_date=lambda text: "no" not in text) == [None]


@pytest.mark.parametrize(
    ("child", "raw"),
    [
        ("<pubTime>2024-08-14 10:00:00</pubTime>", "2024-08-14 10:00:00"),
        ("<pubdate>2024-08-14 10:00:00</pubdate>", "2024-08-14 10:00:00"),
        ("<publishTime>1723600800</publishTime>", "1723600800"),
        ("<pubDate/><pubTime><![CDATA[2024-08-14]]></pubTime>", "2024-08-14"),
        ("<pubTime>2020-01-01</pubTime><pubDate>2024-08-14</pubDate>", "2024-08-14"),
        ("<x:pubTime xmlns:x='https://n.example/x'>2024-08-14</x:pubTime>", ""),
    ],
)
def test_dates_of_other_names(child: str, raw: str) -> None:
    """Dates of a name that is no standard's are read, after those of one that is."""
    body = f"<rss><channel><item><title>A</title>{child}</item></channel></rss>".encode()
    (entry,) = read(body)
    assert entry.published_raw == raw
    assert (entry.published_at is not None) == bool(raw)
    assert_same(body, child)
    (item,) = read_items(etree.fromstring(body).iter("item"), is_date=bool)
    assert item is not None, "not left to feedparser"
