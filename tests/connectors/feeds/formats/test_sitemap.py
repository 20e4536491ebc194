"""News sitemaps, which carry titles and dates for search engines."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest

from connectors.errors import FeedParseError
from connectors.feeds.formats.parser import parse_document
from connectors.feeds.formats.sitemap import child_sitemaps, read
from connectors.feeds.formats.source import Source

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
NAMESPACE = "http://www.google.com/schemas/sitemap-news/0.9"


def url(number, *, title="", date="2026-08-04T10:00:00+08:00", extra=""):
    title = title or f"标题 {number}"
    return (
        f"<url><loc>https://x.example/{number}?a=1&amp;b=2</loc><news:news><news:publication>"
        f"<news:name>某网</news:name><news:language>zh-cn</news:language></news:publication>"
        f"<news:publication_date>{date}</news:publication_date><news:title>{title}</news:title>"
        f"<news:keywords>AI, 芯片，华为</news:keywords>{extra}</news:news>"
        "<image:image><image:loc>https://x.example/i.png</image:loc></image:image></url>"
    )


def sitemap(*urls, namespace=NAMESPACE):
    return (
        '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        f' xmlns:news="{namespace}" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
        f"{''.join(urls)}</urlset>"
    )


@pytest.fixture
def parse(make_feed):
    """Parse a sitemap."""

    def do(body, known=frozenset(), **fields):
        body = body.encode() if isinstance(body, str) else body
        return parse_document(body, feed=make_feed(**fields), now=NOW, known=known)

    return do


def test_news(parse):
    """Each address becomes an entry with its publisher, language, date and keywords."""
    parsed = parse(sitemap(url(1, title="<![CDATA[AT&T 与华为]]>"), url(2)))

    first = parsed.entries[0]
    assert (first.title, first.publisher, first.language) == (
        "AT&T 与华为",
        "某网",
        "zh-cn",
    )
    assert first.url == first.guid == "https://x.example/1?a=1&b=2"
    assert first.published_at == datetime(2026, 8, 4, 2, tzinfo=UTC)
    assert first.published_raw == "2026-08-04T10:00:00+08:00"
    assert first.categories == ("AI", "芯片", "华为")
    assert (parsed.format, parsed.total, parsed.encoding) == ("news_sitemap", 2, "utf-8")
    assert parsed.warnings == ()


def test_misspelt_namespace(parse):
    """The namespace's address is misspelt on many sites, and does not matter."""
    assert parse(sitemap(url(1), namespace="https://google.com/news")).total == 1


def test_known_addresses_are_not_given_again(parse):
    """Only new addresses are given; a new date alone is no news."""
    first = parse(sitemap(url(1), url(2)))
    later = sitemap(url(3), url(1), url(2, date="2026-08-04T11:00:00+08:00"))

    parsed = parse(later, known=frozenset(first.item_hashes))

    assert [e.title for e in parsed.entries] == ["标题 3"]
    assert (parsed.total, parsed.redated) == (3, 1)


def test_index_names_its_sitemaps(parse):
    """An index is no feed; the error names what to subscribe to, news first."""
    names = ["posts-1", "posts-2", "news", "a", "b", "c"]
    body = "<sitemapindex>" + "".join(
        f"<sitemap><loc>https://x.example/{name}.xml</loc></sitemap>" for name in names
    )

    with pytest.raises(
        FeedParseError, match=r"index of 6 .*: https://x.example/news.xml,.*…"
    ):
        parse(body + "</sitemapindex>")
    with pytest.raises(FeedParseError, match="names none"):
        parse("<sitemapindex></sitemapindex>")


PLAIN = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    "<url><loc>https://x.example/huawei-chip</loc><lastmod>2026-08-04</lastmod></url>"
    "<url><loc>https://x.example/no-date</loc></url></urlset>"
)


def test_plain_sitemap_is_taken_only_on_request(parse):
    """Addresses have no titles, so a feed must say that it wants them."""
    with pytest.raises(
        FeedParseError, match=r"2 addresses without news.*plain_sitemap = true"
    ):
        parse(PLAIN)

    parsed = parse(PLAIN, plain_sitemap=True)

    assert [e.updated_raw for e in parsed.entries] == ["2026-08-04", ""]
    assert parsed.entries[0].updated_at == datetime(2026, 8, 4, tzinfo=UTC)
    assert (parsed.format, parsed.entries[0].title) == ("sitemap", "")


def test_addresses_without_news_beside_news(parse):
    """In a mixed sitemap, what has no title is no news."""
    mixed = sitemap(url(1), "<url><loc>https://x.example/about</loc></url>")

    assert parse(mixed).total == 1
    assert parse(mixed, plain_sitemap=True).total == 2


def test_large_sitemap_keeps_the_newest(parse):
    """Of an archive, the newest thousand are read."""
    rows = "".join(
        f"<url><loc>https://x.example/{n}</loc>"
        f"<lastmod>{2000 + n // 100}-01-01</lastmod></url>"
        for n in range(2000)
    )

    parsed = parse(f"<urlset>{rows}</urlset>", plain_sitemap=True)

    assert parsed.total == 1000
    assert min(e.updated_raw for e in parsed.entries) == "2010-01-01"
    assert "of 2,000 addresses only the newest 1,000" in parsed.warnings[0]


def test_broken_sitemaps(parse):
    """Bare ampersands are mended, and an end that is missing costs one address."""
    bare = sitemap(url(1)).replace("&amp;", "&")
    cut = sitemap(url(1), url(2))[:-200]

    assert parse(bare).entries[0].url == "https://x.example/1?a=1&b=2"
    parsed = parse(cut)
    assert (parsed.total, parsed.is_cut) == (1, True)


def test_url_of_a_feed_ends_no_item(parse):
    """A feed that breaks off is cut after an item, not after the url of its picture."""
    body = (
        "<rss><channel><image><url>https://x.example/i</url></image><item><title>a</title>"
        "</item><item><title>b</title><image><url>https://x.example/j</url></image><des"
    )

    assert [entry.title for entry in parse(body).entries] == ["a"]


def test_no_entity_reads_a_file(parse):
    """External entities stay unread."""
    body = '<!DOCTYPE u [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + sitemap(
        url(1, title="A&x;B")
    ).removeprefix('<?xml version="1.0" encoding="UTF-8"?>')

    assert parse(body).entries[0].title in {"AB", "A&x;B"}


def test_empty_sitemap(parse):
    """A news sitemap of a quiet week is empty, and in order."""
    assert parse(sitemap()).total == 0


def test_compressed_sitemap(check_one, options, make_feed, web):
    """A sitemap kept as a .gz file is read like any other."""
    web.serve("/news.xml.gz", gzip.compress(sitemap(url(1)).encode()))

    report = check_one(make_feed(web.url("/news.xml.gz")), now=NOW, options=options)

    assert report.parsed.format == "news_sitemap"
    assert "标题 1" in report.text()


def test_what_can_be_read_of_a_broken_sitemap_is(parse):
    """Tags that do not match cost what they enclose, and the report says so."""
    parsed = parse(sitemap("<!-- made by hand -->", url(1), "<url><loc>x</lock></url>"))

    assert parsed.entries[0].title == "标题 1"
    assert "not well-formed" in parsed.warnings[0]


def test_what_is_no_xml_at_all(make_feed):
    """A sitemap of which nothing can be read is refused, and names no others."""
    assert child_sitemaps(b"<urlset/>") == []
    assert child_sitemaps(b"") == []
    with pytest.raises(FeedParseError, match="not XML"):
        read(Source(body=b"", feed=make_feed(), base_url="https://x.example/", now=NOW))
