"""Heads of feeds read here against feedparser's reading of them."""

from __future__ import annotations

import itertools

import pytest
from lxml import etree

from connectors.feeds.formats.xml.entry import ask_feedparser, head_of
from connectors.feeds.formats.xml.fast_head import read_head
from transforms.models import Feed

FEED = Feed(feed_id="f", url="https://news.example/feed")
SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:a="http://www.w3.org/2005/Atom"'
    ' xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    ' xmlns:itunes="http://www.itunes.com/DTDs/PodCast-1.0.dtd" xmlns:x="https://x.example/"'
)
ROOTS = (
    '<rss version="2.0" {}><channel>{}</channel></rss>',
    '<rss version="0.91" {}><channel>{}</channel></rss>',
    "<rss {}><channel>{}</channel></rss>",
    '<rss xml:lang="de" {}><channel>{}</channel></rss>',
    '<rss version="2.0" xmlns:r="http://purl.org/rss/1.0/" {}><channel>{}</channel></rss>',
    '<rss version="2.0" xmlns="http://purl.org/rss/1.0/" {}><channel>{}</channel></rss>',
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh_CN" {}>{}</feed>',
    '<feed xmlns="http://purl.org/atom/ns#" version="0.3" {}>{}</feed>',
)
CHILDREN = """
<title>News</title>
<title type="html">&lt;b&gt;News&lt;/b&gt;</title>
<title/>
<title>cafÃ© x</title>
<a:title>Other</a:title>
<dc:title>DC</dc:title>
<itunes:title>IT</itunes:title>
<language>zh-cn</language>
<dc:language>fr</dc:language>
<image><title>Logo</title><url>https://n.example/i</url><link>https://n.example/</link></image>
<image><x:credit>Li</x:credit><title>Logo</title></image>
<textInput><title>Search</title><name>q</name></textInput>
<link>https://n.example/</link>
<a:link rel="self" href="https://n.example/feed"/>
<description>d</description>
<managingEditor>desk@n.example (Desk)</managingEditor>
<author><name>Li</name><email>li@n.example</email></author>
<author>Li</author>
<contributor><name>Wang</name></contributor>
<pubDate>Mon, 05 Jan 2026 14:30:00 GMT</pubDate>
<sy:updatePeriod>hourly</sy:updatePeriod>
<generator uri="https://g.example/">G</generator>
<x:title>X</x:title>
<Item><title>t</title></Item>
<!-- a comment -->
<?pi of some kind?>
""".strip().split("\n")


def readings(document: str) -> tuple[object, object]:
    """Return our head of a document, and feedparser's."""
    body = document.encode()
    return read_head(etree.fromstring(body)), head_of(ask_feedparser(body, "utf-8", FEED))


def plain(head: object) -> dict[str, object]:
    """Leave out what only a whole document has, and other parts of an author."""
    names = [{k: a.get(k) for k in ("name", "email")} for a in head.authors]
    is_atom = head.version.startswith("atom")
    return {
        "version": head.version,
        "title": head.title,
        "language": head.language,
        "authors": names if is_atom else [],
        "warnings": head.warnings,
    }


@pytest.mark.parametrize("root", ROOTS)
def test_heads_read_alike(root):
    """Whatever two elements a head holds, what we read of it is what feedparser reads."""
    for pair in itertools.product(CHILDREN, repeat=2):
        ours, theirs = readings(root.format(SPACES, "".join(pair)))
        assert ours is None or plain(ours) == plain(theirs), pair


def test_plain_heads_are_read_here():
    """What most heads are made of does not wait for feedparser."""
    rss = ROOTS[0].format(SPACES, CHILDREN[0] + CHILDREN[7] + CHILDREN[9] + CHILDREN[13])
    ours, _ = readings(rss)
    assert (ours.version, ours.title, ours.language) == ("rss20", "News", "zh-cn")


def test_items_of_an_unusual_name_are_left_to_feedparser():
    """Only what was cut out as an item is passed over."""
    assert readings(ROOTS[0].format(SPACES, "<Item><title>t</title></Item>"))[0] is None
