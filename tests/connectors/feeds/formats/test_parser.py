"""Parsing, driven by the documents in tests/data/feeds and by the traps."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import shipped_beat

from connectors.errors import ChallengeError, FeedParseError
from connectors.feeds.formats.parser import parse_document
from transforms.articles.normalize import normalize

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
DATA = Path(__file__).resolve().parents[3] / "data" / "feeds"
CASES = sorted(DATA.glob("*.expected.json"))
SHARED = Path(__file__).resolve().parents[4].parent / "shared"
SUITES = SHARED / "corpus" / "parser_suites"


@pytest.fixture
def parse(make_feed):
    """Parse a body as a Chinese feed would be."""

    def do(body, known=frozenset(), content_type="", **fields):
        feed = make_feed(**{"language": "zh", **fields})
        body = body.encode() if isinstance(body, str) else body
        return parse_document(
            body, feed=feed, content_type=content_type, now=NOW, known=known
        )

    return do


@pytest.mark.parametrize("expected", CASES, ids=lambda path: path.name)
def test_document_yields_expected_entries(parse, expected):
    """Each sample document parses to the entries recorded beside it."""
    document = expected.with_name(expected.name.removesuffix(".expected.json"))

    parsed = parse(document.read_bytes())

    assert as_json(parsed.entries) == json.loads(expected.read_text(encoding="utf-8"))


@pytest.mark.parametrize("expected", CASES, ids=lambda path: path.name)
def test_known_document_yields_nothing(parse, expected):
    """A document whose items are all known yields no entry, and still counts them."""
    document = expected.with_name(expected.name.removesuffix(".expected.json")).read_bytes()
    first = parse(document)

    again = parse(document, known=frozenset(first.item_hashes))

    assert again.entries == []
    assert again.item_hashes == first.item_hashes
    assert (again.total, again.redated) == (first.total, 0)


def item(inner):
    return (
        f'<rss version="2.0"><channel><title>t</title><item>{inner}</item></channel></rss>'
    )


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            "<!DOCTYPE html><html><title>Home\n page</title></html>",
            'a web page.*"Home page"',
        ),
        ("<html><body>Moved</body></html>", "a web page, not a feed$"),
        ("", "an empty answer"),
        ("  \n", "an empty answer"),
        ("hello", "neither XML nor JSON"),
        (b"%PDF-1.7", "a file of another kind"),
        ("{", "broken JSON"),
        ("[1]", "no list of items"),
        ('{"items": []}', "jsonfeed.org"),
        ("[" * 100_000, "broken JSON"),
        ("<opml version='2.0'><body/></opml>", "an OPML list"),
        ("<urlset xmlns='x'><url/></urlset>", "a sitemap"),
        ("<Error><Code>AccessDenied</Code></Error>", "an error message"),
        ("<note><to>you</to></note>", "not an RSS, RDF or Atom document"),
        ("\0" * 67, "not an RSS, RDF or Atom document"),
        ("<rss><channel><item><title>half", "breaks off before its first item"),
    ],
)
def test_what_is_no_feed_is_an_error(parse, body, reason):
    """A document that is no feed is an error that says what it seems to be."""
    with pytest.raises(FeedParseError, match=reason):
        parse(body)


@pytest.mark.parametrize(
    "page",
    [
        "<html><title>Just a moment...</title></html>",
        "<html><title>Access Denied</title></html>",
        "<html><script>var acw_sc__v2</script></html>",
        "<html><title>安全验证</title></html>",
        "<html><form><input type='password'></form></html>",
    ],
)
def test_wall_is_a_challenge(parse, page):
    """Bot checks, captchas and logins are told from other pages."""
    with pytest.raises(ChallengeError):
        parse(page)


def test_page_with_a_login_in_its_corner_is_a_page(parse):
    """A home page that has a captcha or password field somewhere is no wall."""
    page = "<html><title>Home</title><input type='password'>" + "<a href='/x'>x</a>" * 20

    with pytest.raises(FeedParseError, match="a web page") as caught:
        parse(page)
    assert not isinstance(caught.value, ChallengeError)


def test_only_new_and_edited_items_are_parsed(parse):
    """What is known is cut out, and the rest comes out as in a full parse."""
    one, two = (f"<item><guid>{n}</guid><title>{n}</title></item>" for n in ("one", "two"))
    frame = "<rss version='2.0'><channel><title>t</title>{}</channel></rss>"
    first = parse(frame.format(one))

    second = parse(frame.format(two + one), known=frozenset(first.item_hashes))
    edited = parse(
        frame.format(one.replace("<title>one", "<title>One")),
        known=frozenset(first.item_hashes),
    )

    assert [entry.title for entry in second.entries] == ["two"]
    assert second.total == 2
    assert second.entries == parse(frame.format(two)).entries
    assert [entry.title for entry in edited.entries] == ["One"]


@pytest.mark.parametrize("broken", ["", "&nbsp;"])
def test_fresh_date_alone_is_no_news(parse, broken):
    """An item whose date alone changed is known, in documents well-formed or not."""
    dated = f"<title>a{broken}</title><guid>1</guid><pubDate>{{}}</pubDate>"
    first = parse(item(dated.format("Tue, 04 Aug 2026 09:00:00 GMT")))

    again = parse(
        item(dated.format("Tue, 04 Aug 2026 10:00:00 GMT")),
        known=frozenset(first.item_hashes),
    )

    assert (again.entries, again.redated, again.total) == ([], 1, 1)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ('<rss version="2.0"><channel><title>t</title>', ""),
        (
            (
                '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
                'xmlns="http://purl.org/rss/1.0/">'
            ),
            "",
        ),
        ('<rss version="2.0"><channel><title>t</title>', "<item><title>half"),
    ],
)
def test_document_that_breaks_off(parse, start, end):
    """The whole items of a cut document are taken, and the cut is known."""
    whole = "<item><title>a</title></item><item><title>b</title></item>"

    parsed = parse(start + whole + end)

    assert [entry.title for entry in parsed.entries] == ["a", "b"]
    assert parsed.is_cut
    assert parsed.warnings == ("the end of the document is missing",)


@pytest.mark.parametrize(
    ("document", "total"),
    [
        pytest.param(
            '{"version": "https://jsonfeed.org/version/1.1", "title": "t", "items":'
            ' [{"no": "id"}, {"id": "1"}, {"id": "2", "title": "a"}]}',
            1,
            id="JSON Feed",
        ),
        pytest.param(
            "<rss version='2.0'><channel><title>t</title><item><guid>1</guid></item><item>"
            "<category>x</category><description>&lt;p> &lt;/p></description></item>"
            "<item><title>a</title></item></channel></rss>",
            1,
            id="RSS",
        ),
    ],
)
def test_items_with_nothing_in_them_are_left_out(parse, document, total):
    """Without title, text and link there is nothing to read, and it is said."""
    parsed = parse(document)

    assert [entry.title for entry in parsed.entries] == ["a"]
    assert parsed.total == total
    assert "left out: 2 without title, text and link" in parsed.warnings


def test_item_with_a_link_alone_is_called_after_it(parse, make_feed):
    """The last part of its address is the best there is to name it by."""
    link = "https://x.example/2026/baidu-opens-a-lab.html"
    (entry,) = parse(item(f"<link>{link}</link>")).entries

    assert (
        normalize(entry, make_feed(), shipped_beat().outlets, NOW).article.title
        == "baidu opens a lab"
    )


def test_hashes_fit_a_signed_column(parse):
    """Item hashes are 63-bit numbers."""
    hashes = parse(item("<title>a</title>")).item_hashes

    assert len(hashes) == 2
    assert all(0 <= number < 2**63 for number in hashes)


def test_items_inside_entries_are_not_items(parse):
    """An element called item within an entry's content is the entry's affair."""
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><id>1</id><title>a</title>'
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><item/></div></content>'
        "</entry></feed>"
    )

    assert parse(atom).total == 1


def test_doctype_is_parsed_whole(parse):
    """A document with a DOCTYPE is not split by us, and its entities stay unread."""
    document = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + item(
        "<title>a &x; b</title><guid>1</guid>"
    )

    (entry,) = parse(document).entries

    assert "root:" not in entry.title


def test_bytes_that_look_like_a_path_open_no_file(parse, tmp_path):
    """The body is never taken for the name of a file."""
    path = tmp_path / "feed.xml"
    path.write_text(item("<title>secret</title>"))

    with pytest.raises(FeedParseError):
        parse(str(path))


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("AT&T &amp; Q&A", "AT&T & Q&A"),
        ("a&nbsp;b &mdash; c", "a\xa0b — c"),
        ("&unheard; of", "&unheard; of"),
        ("<![CDATA[AT&T &amp; Q&A]]>", "AT&T & Q&A"),
        ("&#8217;&#x2019;", "’’"),
        ("R&D", "R&D"),
    ],
)
def test_bare_ampersands_and_html_entities(parse, title, expected):
    """What XML does not allow between tags is read as it was meant."""
    parsed = parse(item(f"<title>{title}</title><!-- R&D -->"))

    assert parsed.entries[0].title == expected
    assert parsed.warnings == ()


@pytest.mark.parametrize(
    ("before", "title"),
    [
        ("\n\n  ", "a"),
        ("\ufeff", "a"),
        ("<br />\n<b>Warning</b>: something in x.php on line 5<br />\n", "a"),
        ("junk", "a"),
        ("<!-- cached -->", "a"),
    ],
)
def test_junk_before_the_document_is_dropped(parse, before, title):
    """Blank lines, byte order marks and server warnings do not hide a feed."""
    declared = '<?xml version="1.0" encoding="utf-8"?>' + item("<title>a</title>")

    assert parse(before + declared).entries[0].title == title


def test_warning_before_an_undeclared_document(parse):
    """A feed without an XML declaration is found behind a warning as well."""
    body = "<br />\n<b>Notice</b>: x<br />\n" + item("<title>a</title>")

    assert parse(body).entries[0].title == "a"


def test_control_characters_do_not_break_a_feed(parse):
    """Characters that XML forbids are dropped, and the feed stays well-formed."""
    parsed = parse(item("<title>a\x0b\x08b</title>"))

    assert parsed.entries[0].title == "ab"
    assert parsed.warnings == ()


@pytest.mark.parametrize(
    ("inner", "url"),
    [
        ("<link>javascript:alert(1)</link>", ""),
        ("<link>/a?b=1&amp;c=2#d</link>", "https://x.example/a?b=1&c=2#d"),
        (
            "<link> https://Y.example/A%2f?utm_source=rss </link>",
            "https://Y.example/A%2f?utm_source=rss",
        ),
        ("<guid>https://x.example/g</guid>", "https://x.example/g"),
        ("<guid>12345</guid>", ""),
        ('<guid isPermaLink="false">https://x.example/g</guid>', ""),
    ],
)
def test_link_is_absolute_and_otherwise_untouched(parse, inner, url):
    """Links come out absolute, as they were carried, and only http(s)."""
    (entry,) = parse(item(f"<title>a</title>{inner}")).entries

    assert entry.url == url


def test_entry_without_identity_gets_one(parse):
    """An entry with neither guid nor link is told by title and date."""
    same = "<title>a</title><pubDate>Tue, 04 Aug 2026 09:00:00 GMT</pubDate>"

    first, again, other = (
        parse(item(inner)).entries[0] for inner in (same, same, same.replace("09:", "10:"))
    )

    assert first.url == ""
    assert first.guid == again.guid != other.guid


def test_feedparser_knows_rarer_dates(parse):
    """Where we cannot read a date, feedparser's reading counts if it names that day."""
    raws = ["2026-08-04T09:00:00.000+0800 junk", "2026-W10", "junk 2026"]
    dates = [
        parse(item(f"<title>a</title><pubDate>{r}</pubDate>")).entries[0] for r in raws
    ]

    assert [entry.published_raw for entry in dates] == raws
    assert all(entry.published_at is None or entry.published_at <= NOW for entry in dates)


def test_greek_date_is_read_by_feedparser(parse):
    """Dates in the languages that feedparser knows are read."""
    (entry,) = parse(
        item("<title>a</title><pubDate>Κυρ, 11 Ιούλ 2004 12:00:00 EST</pubDate>")
    ).entries

    assert entry.published_at == datetime(2004, 7, 11, 17, tzinfo=UTC)


def test_feed_level_facts(parse):
    """The document's title, format and language come along."""
    parsed = parse((DATA / "jsonfeed11.json").read_bytes())

    assert (parsed.format, parsed.title) == ("json11", "JSON Example")
    assert parsed.entries[0].language == "zh-Hant"
    assert parse(item("<title>a</title>")).format == "rss20"


def test_no_case_of_the_parser_suites_surprises(make_feed):
    """Whatever the suites hold, the result is entries or a FeedParseError."""
    if not SUITES.is_dir():
        pytest.skip("the development corpus is not here")
    paths = sorted(path for path in SUITES.rglob("*") if path.suffix == ".xml")
    counts = {"entries": 0, "errors": 0}
    for path in paths[::4]:
        try:
            parse_document(path.read_bytes(), feed=make_feed(), now=NOW)
            counts["entries"] += 1
        except FeedParseError:
            counts["errors"] += 1

    assert counts["entries"] > counts["errors"] * 5


def as_json(entries):
    told = [asdict(entry) for entry in entries]
    # Only an official notice has these, and its own tests read them.
    assert {(each.pop("in_force_on"), each.pop("comments_close_on")) for each in told} <= {
        (None, None)
    }
    return json.loads(json.dumps(told, default=str))
