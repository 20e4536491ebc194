"""HTML to plain text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.text.html import plain_line, plain_text, safe_link


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("plain  text\n\n here", "plain text\nhere"),
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("<p>a\nb   c</p>", "a b c"),
        ("华<b>为</b>发布", "华为发布"),
        ("AT&amp;T &#8217;s &hellip;", "AT&T ’s …"),
        ("AT&T 3 < 5", "AT&T 3 < 5"),
        ("<p>ok</p><script>x()</script><style>p{}</style>", "ok"),
        ("<!-- no --><p>yes</p>", "yes"),
        (
            "<img src='x'><figcaption>Image: Netflix</figcaption><p>Text</p>",
            "Text",
        ),
        ('<img alt="a > b" src="x">text', "text"),
        ("<img alt='it<s'>text", "text"),
        ("&lt;p&gt;one&lt;/p&gt;&lt;p&gt;two&lt;/p&gt;", "one\ntwo"),
        ("&amp;lt;p&amp;gt;deep", "<p>deep"),
        ("Tom &amp;amp; Jerry", "Tom & Jerry"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a\nb"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("<p>unclosed <b>bold", "unclosed bold"),
        ("a\u3000b\xa0c", "a b c"),
        ("<p> a </p><p>b  c</p><p> </p><p>d </p>", "a\nb c\nd"),
        ("<p> a </p><p> b</p>", "a\nb"),
    ],
)
def test_text(html, text):
    """Tags go, entities are read, paragraphs are lines, captions and code are dropped."""
    assert plain_text(html) == text


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("<b>36氪</b>首发 &amp; more", "36氪首发 & more"),
        ("It&amp;#8217;s", "It’s"),
        ("How &lt;video&gt; works", "How <video> works"),
        ('x<img src=x onerror="alert(1)">y', "xy"),
        ("&lt;img src=x onerror=alert(1)&gt;y", "y"),
        ("a<script>alert(1)</script>b", "ab"),
        ("line\none\u3000 two\u200b", "line one two"),
        ("5 < 6 > 4", "5 < 6 > 4"),
        ("R&D", "R&D"),
    ],
)
def test_line(title, line):
    """A title is one line of words; markup goes, words that look like it stay."""
    assert plain_line(title) == line


@given(st.text(max_size=200))
def test_plain_text_is_stable(text):
    """No input breaks the reader, and nothing invisible or doubled comes out."""
    for read in (plain_text(text), plain_line(text)):
        assert "  " not in read
        assert read == read.strip()


def test_deep_nesting_is_no_trap():
    """A document of tags within tags is read, not recursed into."""
    assert plain_text("<b>" * 100_000 + "<!---->deep").strip() in {"deep", ""}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x.example/a?B=1#c", "https://x.example/a?B=1#c"),
        ("/b", "https://base.example/b"),
        ("c.html", "https://base.example/dir/c.html"),
        ("//cdn.example/x", "https://cdn.example/x"),
        (" https://x.example/ ", "https://x.example/"),
        ("javascript:alert(1)", ""),
        ("JaVaScRiPt:alert(1)", ""),
        ("data:text/html,x", ""),
        ("", ""),
        ("http://[", ""),
        ("https://", ""),
        ("https://x\x8dy.example/a", ""),
    ],
)
def test_link(url, expected):
    """A link is absolute and http(s), or it is none."""
    assert safe_link(url, "https://base.example/dir/page") == expected


@pytest.mark.parametrize(
    "source",
    [
        "<!---->" + "<div>" * 200_000 + "x",
        "<!---->" + "<b></p>" * 140_000,
        "<!----><div " + " ".join(f"a{i}" for i in range(150_000)) + ">",
        "<!----><div x='>' " + " ".join(f"a{i}" for i in range(120_000)) + ">",
        "<!----><div x=\"<b' " + " ".join(f"a{i}" for i in range(120_000)) + ">",
        "<script" * 140_000,
        "<script>" * 120_000,
        "<style></script>" * 60_000,
    ],
    ids=[
        "nested",
        "misnested",
        "attributes",
        "quoted",
        "quoted twice",
        "open",
        "code",
        "both",
    ],
)
def test_hostile_markup_takes_no_time(source):
    """A megabyte made to keep a parser busy for a minute is read in a moment."""
    start = time.monotonic()

    plain_text(source)
    plain_line(source)

    assert time.monotonic() - start < 10


def test_long_html_keeps_its_words():
    """The way of long documents gives the same text as that of short ones."""
    short = (
        "<!-- x --><p title='a > b'>One <b id=x>two</b></p><script>no</script><p>three</p>"
    )
    filler = "<p>" + "word " * 5_000 + "</p>"

    assert plain_text(short + filler).startswith(plain_text(short))
    assert plain_text(short) == "One two\nthree"


def test_text_steers_nothing():
    """Controls of terminals and of direction are no text."""
    assert plain_line("a\x1b[1m\x9bb\u202ec\u2066d\x85e") == "a[1mbcd e"
    assert plain_text("a\x9b\u202e\u2069b") == "ab"
