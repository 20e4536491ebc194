"""Every format that feeds come in, read into the same entry."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from connectors.feeds.formats.parser import parse_document

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
AT = datetime(2026, 8, 4, 9, tzinfo=UTC)
RFC, ISO = "Tue, 04 Aug 2026 09:00:00 GMT", "2026-08-04T09:00:00Z"
ITEM = "<item><title>甲</title><link>https://x.example/1</link>{}</item>"
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'


@pytest.fixture
def parse(make_feed):
    """Parse a body that came from x.example."""

    def do(body, url="https://x.example/dir/feed", **fields):
        body = body.encode() if isinstance(body, str) else body
        return parse_document(body, feed=make_feed(url, **fields), now=NOW)

    return do


def rss(inner, attributes='version="2.0"', head=""):
    return f"{head}<rss {attributes}><channel><title>t</title>{inner}</channel></rss>"


def atom(inner, attributes='xmlns="http://www.w3.org/2005/Atom"'):
    return f"<feed {attributes}><title>t</title>{inner}</feed>"


DOCTYPE_091 = (
    '<?xml version="1.0"?><!DOCTYPE rss PUBLIC'
    ' "-//Netscape Communications//DTD RSS 0.91//EN"'
    ' "http://my.netscape.com/publish/formats/rss-0.91.dtd">'
)
ATOM_ENTRY = (
    '<entry><id>tag:x,1</id><title>甲</title><link href="https://x.example/1"/>{}</entry>'
)
DOCUMENTS = {
    "rss090": f'<rdf:RDF {RDF} xmlns="http://my.netscape.com/rdf/simple/0.9/">'
    f"<channel><title>t</title></channel>{ITEM.format('')}</rdf:RDF>",
    "rss091u with a DOCTYPE": rss(
        ITEM.format(f"<pubDate>{RFC}</pubDate>"), 'version="0.91"', DOCTYPE_091
    ),
    "rss091u": rss(ITEM.format(f"<pubDate>{RFC}</pubDate>"), 'version="0.91"'),
    "rss092": rss(ITEM.format(f"<pubDate>{RFC}</pubDate>"), 'version="0.92"'),
    "rss10": f'<rdf:RDF {RDF} {DC} xmlns="http://purl.org/rss/1.0/"><channel rdf:about="u">'
    f"<title>t</title></channel>{ITEM.format(f'<dc:date>{ISO}</dc:date>')}</rdf:RDF>",
    "rss20": rss(ITEM.format(f"<pubDate>{RFC}</pubDate><guid>1</guid>")),
    "atom03": atom(
        ATOM_ENTRY.format(f"<issued>{ISO}</issued><modified>{ISO}</modified>"),
        'version="0.3" xmlns="http://purl.org/atom/ns#"',
    ),
    "atom10": atom(
        ATOM_ENTRY.format(f"<published>{ISO}</published><updated>{ISO}</updated>")
    ),
    "json10": json.dumps(
        {
            "version": "https://jsonfeed.org/version/1",
            "items": [
                {
                    "id": 1,
                    "title": "甲",
                    "url": "https://x.example/1",
                    "date_published": ISO,
                }
            ],
        }
    ),
    "json11": json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "items": [
                {
                    "id": "1",
                    "title": "甲",
                    "external_url": "https://x.example/1",
                    "date_published": ISO,
                }
            ],
        }
    ),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_format(parse, name):
    """Each version is named, and title, link and date are read."""
    parsed = parse(DOCUMENTS[name])

    (entry,) = parsed.entries
    assert parsed.format == name.partition(" ")[0]
    assert (entry.title, entry.url) == ("甲", "https://x.example/1")
    assert entry.published_at == (AT if name != "rss090" else None)
    assert parsed.warnings == ()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_known_entries_of_every_format(make_feed, name):
    """In no format is an entry given twice."""
    body, feed = DOCUMENTS[name].encode(), make_feed()
    first = parse_document(body, feed=feed, now=NOW)

    again = parse_document(body, feed=feed, now=NOW, known=frozenset(first.item_hashes))

    assert (again.entries, again.total) == ([], 1)


@pytest.mark.parametrize(
    ("namespace", "element"),
    [
        (DC, f"<dc:date>{ISO}</dc:date>"),
        (
            'xmlns:dcterms="http://purl.org/dc/terms/"',
            f"<dcterms:issued>{ISO}</dcterms:issued>",
        ),
        (
            'xmlns:a="http://www.w3.org/2005/Atom"',
            f"<a:published>{ISO}</a:published>",
        ),
    ],
)
def test_dates_of_other_namespaces(parse, namespace, element):
    """A date counts whatever namespace it is written in."""
    (entry,) = parse(rss(ITEM.format(element), f'version="2.0" {namespace}')).entries

    assert entry.published_at == AT


def test_content_author_and_categories_of_namespaces(parse):
    """Full text, author and subjects of the usual modules reach the entry."""
    modules = (
        f'version="2.0" {DC} xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:media="http://search.yahoo.com/mrss/"'
        ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    )
    inner = (
        "<description>short</description><content:encoded><![CDATA[<p>long</p>]]>"
        "</content:encoded><dc:creator>Li</dc:creator><dc:subject>AI</dc:subject>"
        '<media:title>no title</media:title><media:thumbnail url="https://x.example/i"/>'
        "<itunes:duration>10</itunes:duration>"
    )

    (entry,) = parse(rss(ITEM.format(inner), modules)).entries

    assert (entry.summary, entry.content) == ("short", "<p>long</p>")
    assert (entry.authors, entry.categories) == (("Li",), ("AI",))
    assert entry.title == "甲"


@pytest.mark.parametrize(
    ("document", "url"),
    [
        (rss("<item><title>a</title><link>../n/1</link></item>"), "https://x.example/n/1"),
        (rss("<item><title>a</title><link>/n/1</link></item>"), "https://x.example/n/1"),
        (
            rss("<item><title>a</title><link>//y.example/1</link></item>"),
            "https://y.example/1",
        ),
        (
            atom('<entry><title>a</title><link href="1"/></entry>'),
            "https://x.example/dir/1",
        ),
        (
            rss(
                "<item><title>a</title><link>1</link></item>",
                'version="2.0" xml:base="https://b.example/r/"',
            ),
            "https://b.example/r/1",
        ),
        (
            atom(
                '<entry xml:base="deep/"><title>a</title><link href="1"/></entry>',
                'xmlns="http://www.w3.org/2005/Atom" xml:base="https://b.example/r/"',
            ),
            "https://b.example/r/deep/1",
        ),
        (
            atom(
                '<entry><title>a</title><link rel="self" href="/self"/>'
                '<link rel="alternate" type="text/html" href="/page"/></entry>'
            ),
            "https://x.example/page",
        ),
        (
            rss(
                '<item><title>a</title><guid isPermaLink="true">https://x.example/g</guid></item>'
            ),
            "https://x.example/g",
        ),
        (rss("<item><title>a</title><link>javascript:x</link></item>"), ""),
    ],
)
def test_links(parse, document, url):
    """Links are absolute by the nearest base, and lead to pages."""
    assert parse(document).entries[0].url == url


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("<![CDATA[AT&T <b>涨</b>]]>", "AT&T <b>涨</b>"),
        ("&lt;b&gt;涨&lt;/b&gt;", "<b>涨</b>"),
        ("A &amp;amp; B", "A & B"),
        ("  two\n  lines ", "two\n  lines"),
    ],
)
def test_titles(parse, title, expected):
    """Titles come unescaped once or twice, with their markup, for cleaning later."""
    (entry,) = parse(rss(f"<item><title>{title}</title></item>")).entries

    assert " ".join(entry.title.split()) == " ".join(expected.split())


def test_identities(parse):
    """Without a guid the link is the identity, without both the words are."""
    parsed = parse(
        rss(
            "<item><guid>g</guid><title>a</title></item>"
            "<item><title>b</title><link>https://x.example/b</link></item>"
            "<item><title>c</title></item><item><title>d</title></item>"
        )
    )

    guids = [entry.guid for entry in parsed.entries]
    assert guids[:2] == ["g", "https://x.example/b"]
    assert len(set(guids)) == 4


def test_reused_guids_stay_apart(parse):
    """Two items that share a guid are two entries, with a link each."""
    parsed = parse(
        rss(
            "<item><guid>7</guid><title>a</title><link>https://x.example/a</link></item>"
            "<item><guid>7</guid><title>b</title><link>https://x.example/b</link></item>"
        )
    )

    assert [entry.url for entry in parsed.entries] == [
        "https://x.example/a",
        "https://x.example/b",
    ]


def test_google_news(parse):
    """Of a wrapped article the outlet is the source's name, and the link stays opaque."""
    link = "https://news.google.com/rss/articles/CBMiabc?oc=5"
    (entry,) = parse(
        rss(
            f"<item><title>华为新品 - 某报</title><link>{link}</link>"
            '<source url="https://y.example">某报</source></item>'
        )
    ).entries

    assert (entry.publisher, entry.url) == ("某报", link)
