"""Pages and JSON answers that are no feeds, read by declared selectors."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.errors import ChallengeError, FeedError, FeedParseError
from connectors.feeds.formats.page_items import is_css
from connectors.feeds.formats.parser import parse_document
from transforms.models import Feed, ListSelectors

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
PAGE = """<!DOCTYPE html><html lang="zh-CN"><head><title>要闻 - 某部</title></head><body>
<ul class="nav"><li><a href="/">首页</a></li></ul>
<ul class="news">
  <li><a href="./202608/t1.html">华为发布<b>新芯片</b></a>
    <span class="date">[2026-08-03]</span>
    <p>一句话&lt;摘要&gt;</p></li>
  <li><a href="/img.html"><img src="x.png"></a>
    <a href="/202608/t2.html" title="比亚迪出海计划全文">比亚迪出海…</a>
    <span class="date">发布时间：2026年8月4日 18:30</span></li>
  <li><a href="https://y.example/3">三小时前的消息</a><span class="date">3小时前</span></li>
  <li class="ad"></li>
</ul></body></html>"""
NEWS = ListSelectors(items="ul.news > li", date=("span.date",), summary=("p",))


@pytest.fixture
def parse(make_feed):
    """Parse a body as a list of a Chinese site."""

    def do(body, selectors=NEWS, known=frozenset(), content_type="text/html", **fields):
        feed = make_feed(
            "https://x.example/news/list", selectors=selectors, language="zh", **fields
        )
        body = body.encode() if isinstance(body, str) else body
        return parse_document(
            body, feed=feed, content_type=content_type, now=NOW, known=known
        )

    return do


def test_page(parse):
    """Titles, absolute links and dates come out of a page, in its order."""
    parsed = parse(PAGE)

    assert [(e.title, e.url, e.published_raw) for e in parsed.entries] == [
        ("华为发布新芯片", "https://x.example/news/202608/t1.html", "[2026-08-03]"),
        (
            "比亚迪出海…",
            "https://x.example/img.html",
            "发布时间：2026年8月4日 18:30",
        ),
        ("三小时前的消息", "https://y.example/3", "3小时前"),
    ]
    assert [e.published_at.isoformat() for e in parsed.entries] == [
        "2026-08-02T16:00:00+00:00",
        "2026-08-04T10:30:00+00:00",
        "2026-08-04T09:00:00+00:00",
    ]
    assert [e.published_from for e in parsed.entries][1:] == ["published", "relative"]
    assert parsed.entries[0].summary == "一句话&lt;摘要&gt;"
    assert parsed.entries[0].language == "zh-CN"
    assert (parsed.format, parsed.total, parsed.title) == ("html_list", 3, "要闻 - 某部")
    assert "left out: 1 items" in parsed.warnings[0]


def test_first_selector_that_finds_something_counts(parse):
    """Of several selectors the first that yields text is taken, attributes included."""
    selectors = ListSelectors(
        items="ul.news > li", title=("a@title", "a"), link=("a:not(:has(img))@href",)
    )

    parsed = parse(PAGE, selectors)

    assert parsed.entries[0].title == "华为发布新芯片"
    assert parsed.entries[1].title == "比亚迪出海计划全文"
    assert parsed.entries[1].url == "https://x.example/202608/t2.html"


def test_items_that_are_links_themselves(parse):
    """An item may be the link, with "." and "@href" for the item's own text and address."""
    selectors = ListSelectors(items="ul.news > li > a", title=(".",), link=("@href",))

    assert [e.title for e in parse(PAGE, selectors).entries] == [
        "华为发布新芯片",
        "比亚迪出海…",
        "三小时前的消息",
    ]
    assert len(parse(PAGE, ListSelectors(items="ul.news > li > a")).entries) == 3


def test_template_in_a_page(parse):
    """A link may be put together from an attribute."""
    page = '<div class="row" data-id="a/7 ü">标题</div>'
    selectors = ListSelectors(
        items=".row", title=(".",), link=("https://x.example/a/{@data-id}.html",)
    )

    (entry,) = parse(page, selectors).entries

    assert entry.url == "https://x.example/a/a/7%20%C3%BC.html"


def test_base_of_the_page(parse):
    """Relative links follow the page's own base, and scripts are no text."""
    page = (
        '<html><head><base href="https://cdn.example/d/"></head>'
        '<p class="i"><a href="1"><script>var a=1</script>标题</a></p></html>'
    )

    (entry,) = parse(page, ListSelectors(items="p.i")).entries

    assert (entry.title, entry.url) == ("标题", "https://cdn.example/d/1")


def test_links_that_are_none(parse):
    """Scripts behind links are no addresses; such an item keeps its title only."""
    page = '<p><a href="javascript:open(1)">甲</a></p><p><a href="/b">乙</a></p>'

    parsed = parse(page, ListSelectors(items="p"))

    assert [e.url for e in parsed.entries] == ["", "https://x.example/b"]
    assert parsed.entries[0].guid


@pytest.mark.parametrize(
    ("charset", "label"),
    [
        ("gbk", '<meta charset="gb2312">'),
        ("gbk", ""),
        ("utf-8", '<meta charset="gbk">'),
        (
            "big5",
            '<meta http-equiv="Content-Type" content="text/html; charset=big5">',
        ),
    ],
)
def test_encoding_of_pages(parse, charset, label):
    """A page's own charset is used where it is true, and the bytes where it lies."""
    page = f"<html><head>{label}</head><p><a href='/1'>中國科技新聞今天的主要內容</a></p>"
    if charset == "gbk":
        page = page.replace("中國科技新聞今天的主要內容", "中国科技新闻今天的主要内容")

    (entry,) = parse(page.encode(charset), ListSelectors(items="p")).entries

    assert entry.title in page


def test_known_items_are_not_given_again(parse):
    """Items read before are dropped, also when only "an hour ago" has become "two"."""
    first = parse(PAGE)
    later = PAGE.replace("3小时前", "4小时前").replace(
        '<ul class="news">', '<ul class="news"><li><a href="/new">新的</a></li>'
    )

    again = parse(PAGE, known=frozenset(first.item_hashes))
    newer = parse(later, known=frozenset(first.item_hashes))

    assert (again.entries, again.total, again.redated) == ([], 3, 0)
    assert again.item_hashes == first.item_hashes
    assert [e.title for e in newer.entries] == ["新的"]
    # "An hour ago" is another text each time, and no sign of a feed that stamps anew.
    assert (newer.total, newer.redated) == (4, 0)


@pytest.mark.parametrize(
    ("selectors", "reason"),
    [
        (
            ListSelectors(items="ul.gone > li"),
            "selector 'ul.gone > li' matched nothing; the page has changed",
        ),
        (
            ListSelectors(items="ul.news > li", title=("h3", "h4")),
            "'h3' and 'h4' found no title in any of 4 items",
        ),
        (
            ListSelectors(items="ul.news > li", link=("b@href",)),
            "'b@href' found no link in any of 4 items",
        ),
        (ListSelectors(items="data.list[0]"), "a web page came.*not a CSS selector"),
    ],
)
def test_selectors_that_find_nothing(parse, selectors, reason):
    """A page that has changed is an error that names the selector, never no news."""
    with pytest.raises(FeedParseError, match=reason) as caught:
        parse(PAGE, selectors)

    assert caught.value.outcome == "not_a_feed"


def test_wall_before_a_page(parse):
    """A bot check in place of the list is called that; a mere word of login is not."""
    with pytest.raises(ChallengeError, match="instead of the list"):
        parse("<html><title>Just a moment...</title><body></body></html>")

    assert parse(PAGE.replace("首页", "请先登录")).total == 3


def test_empty_answer(parse):
    """Nothing at all is not a list."""
    with pytest.raises(FeedParseError, match="empty answer"):
        parse("  ")


def test_feed_instead_of_the_page(parse, rss):
    """A site that has come to publish a feed there is read as one."""
    assert parse(rss("one")).format == "rss20"


JSON = """{"code": 0, "data": {"list": [
 {"id": 7, "title": "示例 &amp; <em>新闻</em>", "url": "/a/7",
  "ctime": "1785830400", "tags": ["AI", "芯片"],
  "media": {"name": "某报"}, "intro": "<p>摘要</p>"},
 {"id": 8, "title": "只有编号", "url": "", "ctime": 1785834000, "tags": [], "intro": null},
 {"title": ""}]}}"""
ROLL = ListSelectors(
    items="data.list",
    link=("url", "https://x.example/n/{id}"),
    guid=("id",),
    date=("ctime",),
    summary=("intro",),
    publisher=("media.name",),
    categories=("tags",),
)


def test_json(parse):
    """Dotted paths read a JSON answer; an address may be made of an id."""
    parsed = parse(JSON, ROLL, content_type="application/json")

    first, second = parsed.entries
    assert (first.title, first.url) == (
        "示例 &amp; <em>新闻</em>",
        "https://x.example/a/7",
    )
    assert (first.guid, first.publisher) == ("7", "某报")
    assert (first.categories, first.summary) == (("AI", "芯片"), "<p>摘要</p>")
    assert first.published_at == datetime(2026, 8, 4, 8, tzinfo=UTC)
    assert second.url == "https://x.example/n/8"
    assert parsed.format == "json_list"


@pytest.mark.parametrize(
    ("body", "items"),
    [
        ('[{"title": "甲", "url": "/1"}]', "[]"),
        ('{"a": [{"b": [{"title": "甲", "url": "/1"}]}, {"c": 1}]}', "a[].b[]"),
        ('{"a": [[], [{"title": "甲", "link": "/1"}]]}', "a[1]"),
        ('{"a": {"9": {"title": "甲", "url": "/1"}}}', "a[]"),
        ('\ufeff{"a": [{"title": "甲", "url": "/1"}]}', "a"),
        ('cb({"a": [{"title": "甲", "url": "/1"}]});', "a"),
        ('try{x.cb({"a": [{"title": "甲", "url": "/1"}]})}catch(e){}', "a"),
    ],
)
def test_paths_and_callbacks(parse, body, items):
    """Lists in lists, by index, by any key, and wrapped in a callback are reached."""
    (entry,) = parse(body, ListSelectors(items=items)).entries

    assert (entry.title, entry.url) == ("甲", "https://x.example/1")


def test_json_without_news(parse):
    """An interface that answers with an empty list has no news, and is in order."""
    assert parse('{"data": {"list": []}}', ROLL).total == 0


@pytest.mark.parametrize(
    ("body", "items", "reason"),
    [
        ('{"code": 403, "msg": "no"}', "data.list", "'data.list' matched nothing"),
        ('{"data": {"list": "none"}}', "data.list", "matched nothing"),
        ("{", "data.list", "broken JSON"),
        ("{}", "ul > li", "JSON came.*not a path"),
    ],
)
def test_json_of_another_shape(parse, body, items, reason):
    """What has another shape, or a message of error, is not an empty list."""
    with pytest.raises(FeedParseError, match=reason):
        parse(body, ListSelectors(items=items))


def test_known_items_of_json(parse):
    """Only what is new in a JSON list is given."""
    first = parse(JSON, ROLL)

    again = parse(
        JSON.replace("1785830400", "1785830401"), ROLL, frozenset(first.item_hashes)
    )

    assert (again.entries, again.total, again.redated) == ([], 2, 1)


def test_long_lists_are_cut(parse):
    """A list without an end is read to a bound, and says so."""
    rows = "".join(f'<p><a href="/{n}">t{n}</a></p>' for n in range(1200))

    parsed = parse(rows, ListSelectors(items="p"))

    assert parsed.total == 1000
    assert "of 1,200 items only the first 1,000" in parsed.warnings[0]


def test_selector_that_hits_too_much(parse):
    """What a careless selector takes in is cut, not stored whole for every item."""
    page = "<div><a href='/{}'>{}</a>".format(1, "字" * 50_000) * 5

    parsed = parse(page, ListSelectors(items="div", title=(".",), summary=(".",)))

    assert all(len(e.title) <= 1000 and len(e.summary) <= 20_000 for e in parsed.entries)


SAMPLES = (
    (PAGE.encode(), NEWS),
    (JSON.encode(), ROLL),
    (f"cb({JSON})".encode(), ROLL),
    (PAGE.encode("gbk"), ListSelectors(items="li", link=("https://x.example/{a}",))),
)


@given(
    st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.integers(0, 2000), st.binary(max_size=6)), max_size=6),
    st.integers(0, 3000),
)
@settings(max_examples=150, deadline=None)
def test_no_document_surprises(sample, edits, length):
    """However a page is cut, flipped or spliced, it is read or refused with a reason."""
    body, selectors = sample
    for at, piece in edits:
        body = body[:at] + piece + body[at + len(piece) :]
    feed = Feed(feed_id="a", url="https://x.example/", selectors=selectors)

    with suppress(FeedError):
        parsed = parse_document(body[:length], feed=feed, now=NOW)
        assert all(e.title and e.guid for e in parsed.entries)


def test_selectors_of_the_other_kind_find_nothing(parse):
    """A part whose selector fits the other kind of document is missing, no more."""
    page = parse(PAGE, ListSelectors(items="ul.news > li", date=("data[0].x",)))
    answer = parse(
        JSON, ListSelectors(items="data.list", date=("span > i", "a[].b", "id[0]"))
    )

    assert {e.published_raw for e in page.entries + answer.entries} == {""}


def test_list_of_plain_texts(parse):
    """An item that is a text itself is read by a dot; truth values are no text."""
    selectors = ListSelectors(items="[]", title=(".",), link=("https://x.example/{.}",))

    parsed = parse('["a", "b c", true, null]', selectors)

    assert [e.url for e in parsed.entries] == [
        "https://x.example/a",
        "https://x.example/b%20c",
    ]
    assert is_css(".")
    assert is_css("@href")
    assert not is_css("")
