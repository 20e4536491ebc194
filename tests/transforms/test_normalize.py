"""From an entry to an article."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from builders import shipped_beat
from hypothesis import given
from hypothesis import strategies as st

from transforms.articles.normalize import content_hash, normalize
from transforms.models import Entry, Feed
from transforms.text.lengths import cut

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
FEED = Feed(
    feed_id="sample", url="https://www.feed.example/rss", publisher="Sample", language="en"
)
CHINESE = replace(FEED, language="zh")
ENTRY = Entry(
    guid="g1",
    url="https://x.example/a?utm_source=rss",
    title="Maker of chips opens a plant",
    summary="<p>It is the first of its kind.</p>",
    published_at=NOW - timedelta(hours=2),
    published_raw="two hours before noon",
)


def article(feed=FEED, **fields):
    return normalize(replace(ENTRY, **fields), feed, shipped_beat().outlets, NOW).article


def test_article_and_sighting():
    """An entry becomes an article at its canonical address and a sighting of its link."""
    made = normalize(ENTRY, FEED, shipped_beat().outlets, NOW)

    assert made.article.url == "https://x.example/a"
    assert made.article.title == "Maker of chips opens a plant"
    assert made.article.summary == "It is the first of its kind."
    assert made.article.content is None
    assert (made.article.language, made.article.script) == ("en", "latin")
    assert made.article.publisher == "Sample"
    assert made.article.published_at == NOW - timedelta(hours=2)
    assert made.article.published_from == "published"
    assert made.article.published_raw == "two hours before noon"
    assert made.article.first_seen_at == NOW
    assert "maker of chips" in made.article.search_text
    assert made.sighting.url == "https://x.example/a?utm_source=rss"
    assert made.sighting.article_id == made.article.article_id
    assert (made.sighting.feed_id, made.sighting.guid) == ("sample", "g1")


def test_entry_without_link():
    """An entry that cannot be visited is an article all the same, told by its guid."""
    made = normalize(replace(ENTRY, url="javascript:x"), FEED, shipped_beat().outlets, NOW)

    assert (made.article.url, made.sighting.url) == ("", "")
    assert (
        made.article.article_id
        == normalize(
            replace(ENTRY, url=""), FEED, shipped_beat().outlets, NOW
        ).article.article_id
    )


@pytest.mark.parametrize(
    ("fields", "at", "origin"),
    [
        ({}, NOW - timedelta(hours=2), "published"),
        ({"published_from": "relative"}, NOW - timedelta(hours=2), "relative"),
        ({"published_at": NOW + timedelta(minutes=5)}, NOW, "published"),
        ({"published_at": NOW + timedelta(hours=5)}, NOW, "first_seen"),
        ({"published_at": None}, NOW, "first_seen"),
        (
            {"published_at": None, "updated_at": NOW - timedelta(days=1)},
            NOW - timedelta(days=1),
            "updated",
        ),
        (
            {"published_at": None, "url": "https://x.example/2026/08/03/a.html"},
            datetime(2026, 8, 3, tzinfo=UTC),
            "url",
        ),
        (
            {"published_at": None, "url": "https://x.example/t20260803_1.html"},
            NOW,
            "first_seen",
        ),
        (
            {"published_at": None, "url": "https://x.example/20260803/1.html"},
            datetime(2026, 8, 3, tzinfo=UTC),
            "url",
        ),
        (
            {"published_at": None, "url": "https://x.example/2026/02/31/a"},
            NOW,
            "first_seen",
        ),
        (
            {"published_at": None, "url": "https://x.example/2026/09/01/a"},
            NOW,
            "first_seen",
        ),
        (
            {"published_at": None, "url": "https://x.example/2026/08/05/a"},
            NOW,
            "first_seen",
        ),
        (
            {"published_at": None, "url": "https://x.example/1989/06/04/a"},
            NOW,
            "first_seen",
        ),
        (
            {"published_at": None, "url": "https://x.example/2026-07/18/c_1.htm"},
            datetime(2026, 7, 18, tzinfo=UTC),
            "url",
        ),
        (
            {"published_at": None, "url": "https://x.example/2026-07-18/1.html"},
            datetime(2026, 7, 18, tzinfo=UTC),
            "url",
        ),
        (
            {"published_at": None, "url": "https://x.example/2026/7/8/1.html"},
            datetime(2026, 7, 8, tzinfo=UTC),
            "url",
        ),
        (
            {"published_at": None, "url": "https://x.example/zt/202607/t20260716_1.html"},
            datetime(2026, 7, 16, tzinfo=UTC),
            "url",
        ),
        (
            {"published_at": None, "title": "新闻发布会（2026年7月16日）"},
            datetime(2026, 7, 16, tzinfo=UTC),
            "title",
        ),
        (
            {"published_at": None, "title": "[2026-07-16] Notice No. 4"},
            datetime(2026, 7, 16, tzinfo=UTC),
            "title",
        ),
        ({"published_at": None, "title": "2026年9月1日起施行的规定"}, NOW, "first_seen"),
        ({"published_at": None, "title": "What 2026-07-16 means"}, NOW, "first_seen"),
    ],
)
def test_date_and_where_it_is_from(fields, at, origin):
    """The best date that there is, never one to come, and a word on its origin."""
    made = article(**fields)

    assert (made.published_at, made.published_from) == (at, origin)


@pytest.mark.parametrize(
    ("updated", "stored"),
    [
        pytest.param(None, None, id="none"),
        pytest.param(timedelta(hours=-1), timedelta(hours=-1), id="after publication"),
        pytest.param(timedelta(hours=-2), timedelta(hours=-2), id="as published"),
        pytest.param(timedelta(hours=-3), None, id="before publication"),
        pytest.param(timedelta(minutes=5), timedelta(0), id="by a clock that is fast"),
        pytest.param(timedelta(hours=5), None, id="in the future"),
    ],
)
def test_last_change(updated, stored):
    """The feed's own date of change is kept where it can be true."""
    made = article(updated_at=None if updated is None else NOW + updated)

    assert made.updated_at == (None if stored is None else NOW + stored)


def test_last_change_may_follow_the_first_sight():
    """What was seen before has a date of then, and a wording of later."""
    before, changed = NOW - timedelta(days=2), NOW - timedelta(days=1)
    entry = replace(ENTRY, published_at=before, updated_at=changed)

    made = normalize(entry, FEED, shipped_beat().outlets, NOW, first_seen_at=before).article

    assert (made.published_at, made.first_seen_at) == (before, before)
    assert made.updated_at == changed


def test_local_time_labelled_gmt():
    """A Chinese feed that is hours ahead calls Beijing time GMT."""
    made = article(CHINESE, published_at=NOW + timedelta(hours=7))

    assert (made.published_at, made.published_from) == (
        NOW - timedelta(hours=1),
        "published",
    )


def test_date_in_the_address_is_local():
    """A day in an address begins at midnight in the feed's zone."""
    made = article(CHINESE, published_at=None, url="https://x.example/2026/08/03/a")

    assert made.published_at == datetime(2026, 8, 2, 16, tzinfo=UTC)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_nothing_is_published_in_the_future(at):
    """Whatever an entry says, its article was published by now."""
    made = article(CHINESE, published_at=at, updated_at=at)

    assert datetime(1995, 1, 1, tzinfo=UTC) <= made.published_at <= NOW


@pytest.mark.parametrize(
    ("fields", "title", "summary"),
    [
        ({"title": "<b>Bold</b> &amp; new", "summary": ""}, "Bold & new", ""),
        ({"title": "", "summary": "Only a summary"}, "Only a summary", "Only a summary"),
        (
            {"title": "", "summary": "", "url": "https://x.example/some-thing.html"},
            "some thing",
            "",
        ),
        ({"title": "", "summary": "", "url": "https://www.x.example/"}, "x.example", ""),
        ({"title": "", "summary": "", "url": ""}, "g1", ""),
        ({"summary": "", "content": "<p>Body</p>"}, ENTRY.title, "Body"),
        ({"summary": ENTRY.title}, ENTRY.title, ""),
        ({"summary": "Article URL: https://x Comments URL: y"}, ENTRY.title, ""),
        (
            {"title": "Headline - Outlet", "publisher": "Outlet", "summary": "x"},
            "Headline",
            "x",
        ),
        (
            {
                "url": "https://news.google.com/rss/articles/C?oc=5",
                "summary": "<ol>others</ol>",
            },
            ENTRY.title,
            "",
        ),
    ],
)
def test_words(fields, title, summary):
    """Titles and summaries are plain, never empty without need, never another's words."""
    made = article(**fields)

    assert (made.title, made.summary) == (title, summary)


def test_long_texts_are_cut():
    """Summary and content have their limits; the cut is at a word's end."""
    made = article(summary="word " * 1000, content="词" * 60_000)

    assert len(made.summary) <= 600
    assert made.summary.endswith("word…")
    assert len(made.content) == 50_000


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"{'一' * 149}。”{'二' * 300}", f"{'一' * 149}。”"),
        (f"{'一' * 148}。”{'二' * 300}", f"{'一' * 148}。”{'二' * 149}…"),
        (f"{'一' * 180}。二{'！' * 9}{'三' * 300}", f"{'一' * 180}。二{'！' * 9}"),
    ],
    ids=["ends right behind the half", "ends at the half", "several ends"],
)
def test_long_summary_ends_with_a_sentence(text, kept):
    """The last one that ends in its second half, with its quotation mark."""
    assert article(summary=text, title="标题").summary == kept


def test_cut():
    """A cut falls between words where there are any nearby."""
    assert cut("short", 10) == "short"
    assert cut("one two three four", 15) == "one two three…"
    assert cut("一二三四五六", 4) == "一二三…"


@pytest.mark.parametrize(
    ("publisher", "feed", "expected"),
    [
        ("Outlet &amp; Co", replace(FEED, kind="aggregator"), "Outlet & Co"),
        ("", replace(FEED, kind="aggregator"), "Sample"),
        ("Reuters", FEED, "Sample"),
        ("Reuters", replace(FEED, publisher=""), "feed.example"),
        ("reuters.com", replace(FEED, kind="aggregator"), "Reuters"),
        ("Reuters UK", replace(FEED, kind="aggregator"), "Reuters"),
        ("路透社", replace(FEED, kind="aggregator"), "Reuters"),
        ("", replace(FEED, publisher="reuters_gnews"), "Reuters"),
        ("", replace(FEED, publisher="BBC Technology"), "BBC"),
        ("", replace(FEED, publisher="36Kr"), "36氪"),
        ("China Daily", replace(FEED, kind="aggregator"), "China Daily"),
        ("Example RSS", replace(FEED, kind="aggregator"), "Example RSS"),
    ],
)
def test_publisher(publisher, feed, expected):
    """The outlet is the feed's, else its host; only an aggregator's entries name others."""
    assert article(feed, publisher=publisher).publisher == expected


def test_an_aggregator_without_sources_names_the_outlets_of_its_links():
    """Where a feed speaks for others, a link to a known site says for whom."""
    aggregator = replace(FEED, kind="aggregator")
    url = "https://www.reuters.com/world/a-1"

    assert article(aggregator, publisher="", url=url).publisher == "Reuters"
    assert article(FEED, publisher="", url=url).publisher == "Sample"


def test_authors_are_plain_and_named_once():
    """Authors lose markup and repetition."""
    made = article(authors=("<b>Ann</b>", "Ann", " ", "Bo"))

    assert made.authors == ("Ann", "Bo")


def test_script_and_language():
    """Traditional and Simplified Chinese are one language in two scripts."""
    hans = article(CHINESE, title="国产软件与芯片发展迅速", summary="")
    hant = article(CHINESE, title="國產軟體與晶片發展迅速", summary="")

    assert (hans.language, hant.language) == ("zh", "zh")
    assert (hans.script, hant.script) == ("hans", "hant")


def test_digest_is_marked():
    """A round-up is marked as one."""
    assert article(CHINESE, title="9点1氪｜a；b").is_digest


def test_hash_is_of_the_words():
    """Spaces and line breaks are no edit; a word is."""
    assert content_hash("a b", "c\n d") == content_hash("a  b", "c d")
    assert content_hash("a b", "c") != content_hash("a b", "d")


def test_title_made_of_an_address_steers_no_terminal():
    """Characters that an address escapes are as plain in a title as any other's."""
    url = "https://x.example/a/g%12%1b%5b31mrowth-falls"

    assert article(title="", summary="", content="", url=url).title == "g[31mrowth falls"


@pytest.mark.parametrize(
    ("title", "publisher", "expected"),
    [
        (
            "Norway bans AI in schools - Reuters",
            "reuters_gnews",
            "Norway bans AI in schools",
        ),
        ("比亚迪发布新车_新浪财经_新浪网", "Sample", "比亚迪发布新车"),
        ("比亚迪发布新车-新华网", "Sample", "比亚迪发布新车"),
        ("Norway bans AI in schools - WSJ", "Google News", "Norway bans AI in schools"),
        ("Norway bans AI - Bloomberg.com", "Sample", "Norway bans AI"),
        ("Norway bans AI | TechCrunch", "Hacker News", "Norway bans AI"),
        ("Norway bans AI - BBC", "BBC News", "Norway bans AI"),
        ("Norway bans AI - Sample Daily", "Sample Daily Technology", "Norway bans AI"),
        ("The next market - China", "China Daily", "The next market - China"),
        ("Norway bans AI - sources", "Sample", "Norway bans AI - sources"),
        ("Apple and Amazon - Booking.com", "Sample", "Apple and Amazon - Booking.com"),
        ("How we got here — Reuters", "Sample", "How we got here — Reuters"),
        ("新车为何卖不动｜36氪首发", "Sample", "新车为何卖不动｜36氪首发"),
        ("专访 | 机器之心", "Sample", "专访 | 机器之心"),
        ("中国-东盟自贸区3.0版签署", "Sample", "中国-东盟自贸区3.0版签署"),
        ("对话新浪财经", "新浪财经", "对话新浪财经"),
        ("比亚迪发布新车 | 36氪", "36氪", "比亚迪发布新车"),
        ("Chips – TechCrunch", "TechCrunch China", "Chips"),
        (
            "Apple vs Google - a Reuters guide",
            "Reuters",
            "Apple vs Google - a Reuters guide",
        ),
        ("Up 3% - Re", "Sample", "Up 3% - Re"),
        ("Re-launch", "Launch", "Re-launch"),
    ],
)
def test_an_outlet_behind_a_headline_is_no_part_of_it(title, publisher, expected):
    """Whoever published it; what only looks like one, or stands in a sentence, stays."""
    made = article(replace(FEED, publisher=publisher), title=title)

    assert made.title == expected


def test_what_a_portal_glues_to_a_headline_is_no_part_of_it():
    """Nor is the outlet that the feed names, in front of an age or behind a bar."""
    feed = replace(CHINESE, publisher="某某报")

    assert article(feed, title="热点精选新桥通车环球网-3小时前").title == "新桥通车"
    assert article(feed, title="热点精选新桥通车某某报-3小时前").title == "新桥通车"
    assert article(feed, title="新桥今天通车 | 某某报").title == "新桥今天通车"


@pytest.mark.parametrize(
    ("sentence", "limit"),
    [("The maker of chips opens a plant in Wuhan. ", 600), ("芯片厂商在武汉建厂。", 300)],
)
def test_a_summary_that_is_the_article_gives_its_beginning(sentence, limit):
    """The first sentences are the summary, and all of it is the content."""
    made = article(summary=sentence * 200)

    assert limit // 2 < len(made.summary) <= limit
    assert made.summary.endswith(sentence.strip())
    assert made.content.startswith(sentence * 150)


def test_a_summary_beside_a_longer_content_is_only_a_summary():
    """What is longer is the article; a short text has no content beside it."""
    made = article(summary="One sentence. " * 60, content="word " * 2_000)

    assert made.summary.endswith("One sentence.")
    assert made.content.startswith("word word")
    assert article(summary="One sentence.").content is None


def test_what_is_stored_of_an_entry_is_bounded():
    """However long its particulars are, rows stay of a size that people read."""
    made = normalize(
        replace(
            ENTRY,
            guid="g" * 100_000,
            url=f"https://x.example/{'a' * 100_000}",
            publisher="P" * 100_000,
            authors=("A" * 100_000,) * 100,
            published_raw="9" * 100_000,
            language="z" * 100_000,
        ),
        replace(FEED, kind="aggregator", publisher="", language=""),
        shipped_beat().outlets,
        NOW,
    )

    article, sighting = made.article, made.sighting
    assert len(sighting.guid) == 1_000
    assert (article.url, sighting.url) == ("", "")
    assert len(article.publisher) == len(article.authors[0]) == 200
    assert len(article.authors) == 1
    assert len(article.published_raw) == 200
    assert len(article.language) < 50


def test_long_guids_that_differ_at_their_end_are_two():
    """A bounded guid is another than all others, and the same every time."""
    one, two, again = (
        normalize(
            replace(ENTRY, url="", guid="g" * 5_000 + end),
            FEED,
            shipped_beat().outlets,
            NOW,
        )
        for end in ("1", "2", "1")
    )

    assert one.article.article_id != two.article.article_id
    assert one.sighting.guid != two.sighting.guid
    assert one == again
    stored = normalize(
        replace(ENTRY, url="", guid=one.sighting.guid), FEED, shipped_beat().outlets, NOW
    )
    assert stored.article.article_id == one.article.article_id
