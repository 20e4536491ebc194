"""Guessing the selectors of a page's list."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from connectors.feeds.check.page_guess import guess_list
from connectors.feeds.formats.page_items import page_tree
from connectors.feeds.formats.parser import parse_document

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
MENU = "".join(f"<li><a href='/c{n}'>栏目{n}</a></li>" for n in range(30))


def rows(pattern):
    return "".join(pattern.format(n=n, day=n % 4 + 1) for n in range(8))


PAGES = {
    "list with dates": (
        f"<ul class='nav'>{MENU}</ul><div class='con'><ul class='list'>"
        + rows(
            "<li><a href='/t{n}'>关于印发人工智能管理办法的通知之{n}</a>"
            "<span>2026-08-0{day}</span></li>"
        )
        + "</ul></div>",
        ("ul.list > li", ("span",)),
    ),
    "table": (
        "<table id='news'><tbody>"
        + rows(
            "<tr><td><a href='/n{n}'>Ministry announces export rules number {n}</a></td>"
            "<td class='d'>[08-0{day}]</td></tr>"
        )
        + "</tbody></table>",
        ("table#news > tbody > tr", ("td.d",)),
    ),
    "cards": (
        "<main><div class='feed'>"
        + rows(
            "<div class='card c{n}'><a href='/n{n}'><img></a><div><h3><a href='/n{n}'>"
            "Company says that its chip is number {n}</a></h3><i>{n}小时前</i></div></div>"
        )
        + "</div></main>",
        ("div.feed > div.card", ("i",)),
    ),
    "links alone": (
        f"<ul>{MENU}</ul><section>"
        + rows("<a class='x' href='/n{n}'>一条足够长的新闻标题第{n}条</a>")
        + "</section>",
        ("section > a.x", ()),
    ),
    "menu only": (f"<ul>{MENU}</ul><p><a href='/x'>关于本站的一些说明文字</a></p>", None),
    "nothing": ("", None),
}


@pytest.mark.parametrize("name", PAGES)
def test_guess(make_feed, name):
    """The list with the most headlines is found, with its dates, and menus are not."""
    page, expected = PAGES[name]
    tree, _ = page_tree(f"<html><body>{page}</body></html>".encode(), "text/html")

    found = guess_list(tree, make_feed(), NOW)

    assert (found and (found.items, found.date)) == expected


@pytest.mark.parametrize("name", [name for name, (_, found) in PAGES.items() if found])
def test_guess_can_be_used(make_feed, name):
    """What is guessed reads the page, every item with its link."""
    page = f"<html><body>{PAGES[name][0]}</body></html>".encode()
    tree, _ = page_tree(page, "text/html")
    feed = make_feed(selectors=guess_list(tree, make_feed(), NOW))

    parsed = parse_document(page, feed=feed, now=NOW)

    assert parsed.total == 8
    assert all(entry.url and entry.title for entry in parsed.entries)
