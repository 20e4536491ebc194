"""Readings that other parsers' suites taught us, with invented documents."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from builders import shipped_beat

from connectors.feeds.formats.parser import parse_document
from transforms.alerts import AlertRules, KnownStories, decide_alerts, items_of
from transforms.articles.normalize import normalize
from transforms.models import Condition, Mention, Rule
from transforms.models.findings import Findings

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:itunes="http://www.itunes.com/DTDs/PodCast-1.0.dtd"'
)


@pytest.fixture
def entry(make_feed):
    """Parse a document of one item and return its entry."""

    def do(body, **fields):
        feed = make_feed(**{"url": "https://x.example/sub/feed", **fields})
        (only,) = parse_document(body.encode(), feed=feed, now=NOW, keep_blank=True).entries
        return only

    return do


def rss(inner):
    channel = f"<channel><title>t</title><item>{inner}</item></channel>"
    return f'<rss version="2.0" {SPACES}>{channel}</rss>'


def atom(inner, around=""):
    inner = f"<title>t</title>{around}<entry>{inner}</entry>"
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{inner}</feed>'


DAY = datetime(2026, 8, 3, 10, tzinfo=UTC)
TEXT = "2026-08-03T10:00:00Z"


@pytest.mark.parametrize(
    ("body", "published", "updated"),
    [
        pytest.param(rss(f"<dc:date>{TEXT}</dc:date>"), DAY, DAY, id="dc:date alone"),
        pytest.param(
            rss(
                f"<pubDate>Sun, 02 Aug 2026 10:00:00 GMT</pubDate><dc:date>{TEXT}</dc:date>"
            ),
            DAY.replace(day=2),
            DAY,
            id="dc:date beside pubDate",
        ),
        pytest.param(rss(f"<pubDate>{TEXT}</pubDate>"), DAY, None, id="pubDate"),
        pytest.param(
            rss(f"<dcterms:created>{TEXT}</dcterms:created>"), DAY, None, id="created"
        ),
        pytest.param(
            rss(f"<dcterms:issued>{TEXT}</dcterms:issued>"), DAY, None, id="issued"
        ),
        pytest.param(
            rss(f"<atom:published>{TEXT}</atom:published>"), DAY, None, id="atom in RSS"
        ),
        pytest.param(atom(f"<updated>{TEXT}</updated>"), None, DAY, id="updated"),
        pytest.param(
            atom(f"<published>{TEXT}</published><updated>{TEXT}</updated>"),
            DAY,
            DAY,
            id="both",
        ),
    ],
)
def test_dates_of_several_namespaces(entry, body, published, updated):
    """The date of publication is found under all its names, and an update is none."""
    found = entry(body)

    assert (found.published_at, found.updated_at) == (published, updated)
    assert found.published_raw == (TEXT if published == DAY else found.published_raw)


PAGE, OTHER = "https://x.example/page", "https://x.example/other"


@pytest.mark.parametrize(
    ("inner", "url"),
    [
        pytest.param(f'<link href="{PAGE}"/>', PAGE, id="no rel"),
        pytest.param(
            f'<link href="{PAGE}"/><link rel="enclosure">{OTHER}</link>', PAGE, id="text"
        ),
        pytest.param(
            f'<link rel="related" href="{OTHER}"/><link rel="alternate" href="{PAGE}"/>',
            PAGE,
            id="related",
        ),
        pytest.param(
            f'<link rel="alternate" type="application/json" href="{PAGE}"/>',
            PAGE,
            id="alternate of another type",
        ),
        pytest.param(f'<link rel="self" href="{PAGE}"/>', PAGE, id="self at worst"),
        pytest.param(f'<link rel="edit" href="{OTHER}"/>', "", id="no page at all"),
        pytest.param('<link href="../page"/>', "https://x.example/page", id="relative"),
        pytest.param(
            '<link xml:base="https://y.example/a/" href="b"/>',
            "https://y.example/a/b",
            id="xml:base",
        ),
        pytest.param("<id>/page</id>", "https://x.example/page", id="relative id"),
        pytest.param("<id>tag:x.example,2026:1</id>", "", id="no address"),
    ],
)
def test_link_is_the_page(entry, inner, url):
    """The link is the page that an entry is about, absolute, or nothing."""
    assert entry(atom(f"<title>a</title>{inner}")).url == url


@pytest.mark.parametrize(
    ("body", "guid"),
    [
        (atom("<id>/page</id>"), "https://x.example/page"),
        (rss('<guid isPermaLink="false">/page</guid>'), "/page"),
        (rss('<guid isPermaLink="false">abc</guid>'), "abc"),
        (rss("<guid>abc</guid><link>https://x.example/1</link>"), "abc"),
    ],
)
def test_guid_is_as_published_unless_it_is_a_relative_link(entry, body, guid):
    """A guid is an opaque word, but for an address that leans on the feed's."""
    assert entry(body).guid == guid


@pytest.mark.parametrize(
    ("inner", "authors"),
    [
        ("<author>desk@x.example (Li Hua)</author>", ("Li Hua",)),
        ("<author>Li Hua (desk@x.example)</author>", ("Li Hua",)),
        ("<author>desk@x.example</author>", ("desk@x.example",)),
        ("<author>Li Hua &lt;desk@x.example&gt;</author>", ("Li Hua",)),
        ("<author>Li Hua &amp; Co (desk@x.example)</author>", ("Li Hua & Co",)),
        ("<author>@lihua</author>", ("@lihua",)),
        ("<author>李华</author>", ("李华",)),
        ("<dc:creator>李华</dc:creator>", ("李华",)),
        ("<dc:creator>李华</dc:creator><dc:creator>王芳</dc:creator>", ("李华", "王芳")),
        ("<itunes:author>李华</itunes:author>", ("李华",)),
        ("<atom:author><atom:name>李华</atom:name></atom:author>", ("李华",)),
        ("<author>李华</author><dc:creator>李华</dc:creator>", ("李华",)),
    ],
)
def test_authors_of_several_namespaces(entry, inner, authors):
    """Each author is one word: the name, else the address; and comes once."""
    assert entry(rss(inner)).authors == authors


WRITER, DESK = "<author><name>李华</name></author>", "<author><name>Desk</name></author>"


@pytest.mark.parametrize(
    ("inner", "around", "authors"),
    [
        (WRITER, DESK, ("李华",)),
        (f"<source>{WRITER}</source>", DESK, ("李华",)),
        ("", DESK, ("Desk",)),
        ("", "", ()),
        ("<author><email>desk@x.example</email></author>", "", ("desk@x.example",)),
        (WRITER + DESK, "", ("李华", "Desk")),
    ],
)
def test_authors_of_atom(entry, inner, around, authors):
    """An entry without authors has those of its source, else of its feed."""
    assert entry(atom(f"<title>a</title>{inner}", around)).authors == authors


@pytest.mark.parametrize(
    ("inner", "categories"),
    [
        ("<category>芯片</category><category>AI</category>", ("芯片", "AI")),
        ("<category>AI</category><category>AI</category>", ("AI",)),
        ("<category domain='x'>AI</category><category/>", ("AI",)),
        ("<dc:subject>芯片</dc:subject>", ("芯片",)),
        ("<itunes:keywords>芯片, AI</itunes:keywords>", ("芯片", "AI")),
        ('<atom:category term="ai" label="AI"/>', ("ai",)),
    ],
)
def test_categories_of_several_namespaces(entry, inner, categories):
    """Categories, subjects and keywords are gathered, each once and in order."""
    assert entry(rss(inner)).categories == categories


@pytest.mark.parametrize(
    ("inner", "title"),
    [
        ("a &lt;script&gt;alert(1)&lt;/script&gt;b", "a b"),
        ("a &lt;style type='x'&gt;p {}&lt;/style&gt;b", "a b"),
        ("a <![CDATA[<!-- note -->b]]>", "a b"),
        ("a &lt;b&gt;b&lt;/b&gt;", "a <b>b</b>"),
        ("1 &lt; 2", "1 < 2"),
        ("&#55357;&#56842; up & away", "😊 up & away"),
    ],
)
def test_title_holds_words_and_no_code(entry, inner, title):
    """Scripts, styles and comments are no part of a title; other markup is kept."""
    assert entry(rss(f"<title>{inner}</title>")).title == title


def test_entities_that_the_document_declares_are_read(entry):
    """An entity of the document's own is no bare ampersand."""
    declared = '<!DOCTYPE rss [\n<!ENTITY site "x.example">\n]>\n'

    found = entry(declared + rss("<title>a &amp; b</title><guid>&site;-1</guid>"))

    assert found.guid == "x.example-1"


def json_feed(item, **around):
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "t", **around}
    items = [{"id": "1", "title": "a", **item}]
    return json.dumps(feed | {"items": items}, ensure_ascii=False)


@pytest.mark.parametrize(
    ("item", "around", "authors"),
    [
        ({"authors": [{"name": "李华"}]}, {"authors": [{"name": "Desk"}]}, ("李华",)),
        ({"author": {"name": "李华"}}, {"authors": [{"name": "Desk"}]}, ("李华",)),
        ({}, {"authors": [{"name": "Desk"}]}, ("Desk",)),
        ({"authors": []}, {"author": {"name": "Desk"}}, ("Desk",)),
        ({"authors": [{"url": "https://x.example"}]}, {}, ()),
        ({"authors": "李华"}, {"authors": {"name": "Desk"}}, ()),
    ],
)
def test_authors_of_json_feeds(entry, item, around, authors):
    """An item without authors has those of its feed, in either version's spelling."""
    assert entry(json_feed(item, **around)).authors == authors


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16-le"])
def test_json_feeds_in_other_encodings(make_feed, encoding):
    """A JSON Feed in the wrong encoding, or with raw line breaks, is read all the same."""
    body = json_feed({"content_text": "国产大模型降价，云厂商跟进\n价格"})

    parsed = parse_document(
        body.replace("\\n", "\n").encode(encoding), feed=make_feed(), now=NOW
    )

    assert parsed.entries[0].content == "国产大模型降价，云厂商跟进\n价格"


def alerted(article, company):
    """The alerts that a rule on one company decides over an article that names it."""
    mention = Mention(
        article_id=article.article_id,
        company_id=company,
        field="title",
        alias=company,
        start=0,
        length=1,
        rules_version="w1",
    )
    rule = Rule(rule_id="r", wanted=Condition(companies=frozenset({company})))
    rules = AlertRules(rules=(rule,))
    items = items_of([article], {article.article_id: Findings([mention])}, rules)
    return decide_alerts(items, rules, KnownStories(), now=NOW, rules_version="w1")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_old_items_that_resurface_are_old(make_feed, language):
    """An item of 2013 in a search feed of today is stored as of 2013, and alerts nobody."""
    feed = make_feed(language=language)
    items = "".join(
        f"<item><title>Acme {n}</title><link>https://x.example/{n}</link>"
        f"<pubDate>{date}</pubDate></item>"
        for n, date in enumerate(["Tue, 20 Aug 2013 07:00:00 GMT", TEXT])
    )
    body = f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'.encode()
    parsed = parse_document(body, feed=feed, now=NOW)
    old, new = (
        normalize(entry, feed, shipped_beat().outlets, NOW).article
        for entry in parsed.entries
    )

    assert old.published_at == datetime(2013, 8, 20, 7, tzinfo=UTC)
    assert old.published_from == "published"
    assert old.first_seen_at == new.first_seen_at == NOW
    assert alerted(old, "acme") == []
    assert len(alerted(new, "acme")) == 1
