"""Posts as WordPress's REST interface lists them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from builders import shipped_beat

from connectors.errors import FeedParseError
from connectors.feeds.formats.parser import parse_document
from transforms.articles.normalize import normalize

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
ADDRESS = "https://x.example/wp-json/wp/v2/posts?_embed=author,wp:term"


def post(number=1, **fields):
    """Return a post as a site with Chinese local time sends it."""
    return {
        "id": number,
        "date": "2026-08-04T16:00:00",
        "date_gmt": "2026-08-04T08:00:00",
        "guid": {"rendered": f"https://x.example/?p={number}"},
        "modified": "2026-08-04T17:30:00",
        "modified_gmt": "2026-08-04T09:30:00",
        "link": f"https://x.example/2026/08/{number}",
        "title": {"rendered": "Maker&#8217;s chips &amp; the &#8220;Kirin&#8221;"},
        "excerpt": {"rendered": "<p>It began [&hellip;]</p>\n", "protected": False},
        "content": {"rendered": "\n<p>It began in spring.</p>\n", "protected": False},
        "author": 3,
        "categories": [7],
    } | fields


@pytest.fixture
def parse(make_feed):
    """Parse what a site answered."""

    def do(document, *, url=ADDRESS, known=frozenset(), limit=None, **fields):
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        feed = make_feed(url, **fields)
        return parse_document(body, feed=feed, now=NOW, known=known, limit=limit)

    return do


def test_post(parse):
    """A post becomes an entry: HTML is kept, dates are in UTC without saying so."""
    parsed = parse([post()], timezone="Asia/Shanghai")

    [entry] = parsed.entries
    assert parsed.format == "wordpress"
    assert (entry.guid, entry.url) == (
        "https://x.example/?p=1",
        "https://x.example/2026/08/1",
    )
    assert entry.published_at == datetime(2026, 8, 4, 8, tzinfo=UTC)
    assert entry.updated_at == datetime(2026, 8, 4, 9, 30, tzinfo=UTC)
    assert entry.summary == "<p>It began [&hellip;]</p>"
    assert entry.content == "<p>It began in spring.</p>"
    assert (entry.authors, entry.categories) == ((), ())


def test_title_of_an_article_has_no_entities(parse, make_feed):
    """WordPress writes every quote as an entity; readers see the quote."""
    [entry] = parse([post()]).entries

    article = normalize(entry, make_feed(ADDRESS), shipped_beat().outlets, NOW).article

    assert article.title == "Maker’s chips & the “Kirin”"


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"date_gmt": "2026-08-04T08:00:00Z"}, datetime(2026, 8, 4, 8, tzinfo=UTC)),
        ({"date_gmt": "2026-08-04T08:00:00+08:00"}, datetime(2026, 8, 4, 0, tzinfo=UTC)),
        ({"date_gmt": "0000-00-00T00:00:00"}, datetime(2026, 8, 4, 8, tzinfo=UTC)),
        ({"date_gmt": None}, datetime(2026, 8, 4, 8, tzinfo=UTC)),
        ({"date_gmt": None, "date": None}, None),
        ({"date_gmt": "soon"}, None),
    ],
)
def test_date(parse, fields, at):
    """In UTC, else by the clock of the site, whose zone is the feed's."""
    [entry] = parse([post(**fields)], timezone="Asia/Shanghai").entries

    assert entry.published_at == at


def test_embedded_names(parse):
    """With `_embed` authors and terms have names; an error in their place is none."""
    embedded = {
        "author": [{"id": 3, "name": "李四"}, {"code": "rest_user_invalid_id"}],
        "wp:term": [[{"name": "Chips"}, {"name": "AI"}], [{"name": "Chips"}], None],
    }

    [entry] = parse([post(_embedded=embedded)]).entries

    assert (entry.authors, entry.categories) == (("李四",), ("Chips", "AI"))


@pytest.mark.parametrize(
    "fields",
    [
        {"title": {"rendered": ""}},
        {"title": None},
        {"guid": None, "excerpt": None, "content": {"rendered": 7}},
        {"_embedded": [], "modified_gmt": 5},
        {"_embedded": {"author": {"name": "x"}, "wp:term": 5}},
    ],
)
def test_post_with_parts_of_another_kind(parse, fields):
    """What is missing or odd costs itself; a post without a title is an article, too."""
    [entry] = parse([post(**fields)]).entries

    assert entry.url == "https://x.example/2026/08/1"


def test_a_few_fields_will_do(parse):
    """Sites are asked for `_fields`, to spare them and us the rest."""
    [entry] = parse([{"link": "/a", "title": {"rendered": "Chips"}}]).entries

    assert (entry.url, entry.guid, entry.title) == (
        "https://x.example/a",
        "https://x.example/a",
        "Chips",
    )


def test_known_posts_are_told_apart(parse):
    """By what they say: neither a new date nor a plugin's counts make one new."""
    first = parse([post(1), post(2)])
    known = frozenset(first.item_hashes)
    again = [
        post(1, modified_gmt="2026-08-04T10:00:00", views=10_000, _links={"self": []}),
        post(2, title={"rendered": "Corrected"}),
        post(3),
    ]

    second = parse(again, known=known, limit=1)

    assert [entry.title for entry in second.entries] == ["Corrected"]
    assert (second.total, second.redated, second.postponed) == (3, 1, 1)


def test_huge_content_is_cut(parse, make_feed):
    """A post of megabytes is one article of bounded size."""
    huge = post(content={"rendered": "<p>" + "chips " * 500_000 + "</p>"})
    [entry] = parse([huge]).entries

    article = normalize(entry, make_feed(ADDRESS), shipped_beat().outlets, NOW).article

    assert article.content is not None
    assert len(article.content) < 200_000


@pytest.mark.parametrize(
    "url",
    [
        "https://x.example/wp-json/wp/v2/posts",
        "https://x.example/?rest_route=/wp/v2/posts",
        "https://x.example/?rest_route=%2Fwp%2Fv2%2Fposts",
    ],
)
def test_no_posts_are_an_empty_feed(parse, url):
    """An empty list says of itself nothing; where it was asked for, it is one of posts."""
    assert parse([], url=url).total == 0


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (
            {"code": "rest_no_route", "message": "No <b>route</b> was\nfound", "data": {}},
            r"WordPress refuses its posts: No route was found \(rest_no_route\)",
        ),
        (
            {"code": "x", "message": "\x1b[31m" + "long " * 200, "data": None},
            r"WordPress refuses its posts: \[31mlong [long ]*…$",
        ),
        ({"code": 404, "message": "no", "data": {}}, "not a JSON Feed"),
        ([{"id": 1, "title": "x"}], "not a JSON Feed"),
        (["x", 1, None], "not a JSON Feed"),
        (b"[{", "broken JSON"),
    ],
)
def test_other_json_is_refused(parse, document, reason):
    """What WordPress says against it is told, in one line; other JSON is none of its."""
    with pytest.raises(FeedParseError, match=reason):
        parse(document)


def test_empty_list_elsewhere_is_no_feed(parse):
    """An address that is not WordPress's may list anything."""
    with pytest.raises(FeedParseError, match="not a JSON Feed"):
        parse([], url="https://x.example/api")
