"""Whether a page is the first of several, by what it leads to."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from connectors.feeds.full_text.extract import next_part

PARTS = [
    ("https://n.example/a/123.html", "123_2.html", "下一页"),
    ("https://n.example/a/123.html", "123_1.html", "[下一页]"),
    ("https://n.example/a/123_1.shtml", "/a/123_2.shtml", "下页"),
    ("https://n.example/a/123-p1.html", "/a/123-p2.html", "下一頁 >"),
    (
        "https://n.example/zug/verkehr",
        "https://n.example/zug/verkehr/seite-2",
        "Nächste Seite",
    ),
    ("https://n.example/a-16604622.html", "a-16604622-p2.html", "Next"),
    ("https://n.example/2019/06/polo/", "/2019/06/polo/2/", "Next Page"),
    ("https://n.example/five_lessons.html", "/five_lessons_page_2.html", "Next Page »"),
    ("https://n.example/a?id=7", "?id=7&page=2", "下一页"),
    ("https://n.example/a?id=7&page=1", "?page=2&id=7", "次のページへ"),
]
OTHERS = [
    ("https://n.example/a/123.html", "124.html", "下一页"),
    ("https://n.example/a/123.html", "1232.html", "下一页"),
    ("https://n.example/a/123.html", "123_2.html", "相关阅读"),
    ("https://n.example/a/123.html", "https://other.example/a/123_2.html", "下一页"),
    ("https://n.example/2019/06/polo/", "/2019/07/chess/", "Next"),
    ("https://n.example/a?id=7", "?id=8", "下一页"),
    ("https://n.example/a?id=7", "?id=8&page=2", "下一页"),
    ("https://n.example/a/123.html", "javascript:;", "下一页"),
    ("https://n.example/a/123.html", "//[bad/123_2.html", "下一页"),
    ("https://n.example/a/123.html", "#2", "下一页"),
    ("", "123_2.html", "下一页"),
    ("https://n.example/", "/page/2", "Next"),
]


def asked(url, markup):
    return next_part(LexborHTMLParser(f"<html>{markup}</html>"), url)


@pytest.mark.parametrize(("url", "href", "words"), PARTS)
def test_the_next_part_is_this_address_with_a_number(url, href, words):
    """By the words of the link, or by rel=next of a link or of the head."""
    by_words = asked(url, f"<body><a href='{href}'>{words}</a></body>")
    by_relation = asked(url, f"<body><a rel='next nofollow' href='{href}'>2</a></body>")
    in_head = asked(url, f"<head><link rel=next href='{href}'></head>")

    assert by_words.startswith("https://n.example/")
    assert by_words == by_relation == in_head


@pytest.mark.parametrize(("url", "href", "words"), OTHERS)
def test_the_next_article_is_no_part(url, href, words):
    """It is what rel=next leads to on most sites; nor is another host's page one."""
    assert asked(url, f"<body><a href='{href}'>{words}</a></body>") == ""


def test_rel_next_of_another_article_does_not_hide_the_part():
    """Where both are there, the part is found."""
    page = "<link rel=next href='/a/124.html'><a href='/a/123_2.html'>下一页</a>"

    assert asked("https://n.example/a/123.html", page) == "https://n.example/a/123_2.html"
