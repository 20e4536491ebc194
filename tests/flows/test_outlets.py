"""Who stands behind a story, and whose words an article has.

The hosts are invented: a server on loopback answers for them as a proxy.
"""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from xml.sax.saxutils import escape

import pytest
from either_kind import publish

from flows.steps.backtest import backtest
from flows.steps.cycle import run
from warehouse.file.connect import open_published

pytestmark = pytest.mark.slow

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
URGENT = """
[channel.file]
type = "file"
path = "alerts.jsonl"

[rule.confirmed]
companies = ["baidu"]
min_publishers = 3
severity = "urgent"
channels = ["file"]
"""
ANYTHING = URGENT.replace("min_publishers = 3\n", "")
HEADLINE = "Baidu to buy livestreaming platform YY for $2.1 billion"
NAMED = ("Bloomberg", "Caixin", "Financial Times", "Reuters", "Xinhua")
LINK = "http://outlet.example/news/1"


def quiet(_message):
    pass


@pytest.fixture
def subscribe(home, monkeypatch, web):
    """Write feeds.toml of (address, kind) by id; every host is the web server's."""
    monkeypatch.setenv("SINOWIRE_PROXY", web.url)
    monkeypatch.setenv("SINOWIRE_HOST_SPACING_SECONDS", "0")

    def write(**feeds):
        tables = (
            f'[feed.{key}]\nurl = "{url}"\npublisher = "{key.title()}"\n'
            f'kind = "{kind}"\nlanguage = "en"\n'
            for key, (url, kind) in feeds.items()
        )
        (home / "feeds.toml").write_text("\n".join(tables), encoding="utf-8")

    return write


@pytest.fixture
def tell(web, config):
    """Let feeds carry items at an hour beside the old ones, and run; nothing at 0."""
    told = {}

    def at(hours, **items):
        now = NOW + hours * HOUR
        for feed in config().feeds:
            listed = told.setdefault(feed.feed_id, [])
            if not listed:
                listed.append(item(f"{feed.url}/old", f"Weather of {feed.feed_id}", NOW))
            new = items.get(feed.feed_id, ())
            links = {link for link, _, _ in new}
            listed[:] = [old for old in listed if old[0] not in links]
            listed += [item(link, title, now, source) for link, title, source in new]
            web.page(feed.url, body=rss(listed))
        return run(config(), now=now, report=quiet, progress=quiet)

    return at


@pytest.fixture
def rows(home):
    """Return the rows of a query on the published file."""

    def ask(query):
        publish(home)
        with contextlib.closing(open_published(home / "data" / "sinowire.duckdb")) as con:
            return con.execute(query).fetchall()

    return ask


def item(link, title, at, source=""):
    return (
        link,
        title,
        (
            f"<item><guid>{escape(link)}</guid><link>{escape(link)}</link>"
            f"<title>{escape(title)}</title><pubDate>{format_datetime(at)}</pubDate>"
            + (f'<source url="http://s.example/">{source}</source>' if source else "")
            + "</item>"
        ),
    )


def rss(items):
    rows = "".join(text for _, _, text in items)
    return (
        "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel>"
        f"<title>Feed</title>{rows}</channel></rss>"
    ).encode()


def forged(host="blog.example"):
    return [(f"http://{host}/{name}", HEADLINE, name) for name in NAMED]


# --- who stands behind a story ------------------------------------------------------------


def test_one_blog_does_not_make_itself_five_outlets(home, subscribe, tell, rows, received):
    """Whatever sources and hosts its items name, a feed is one outlet."""
    (home / "alerts.toml").write_text(URGENT, encoding="utf-8")
    subscribe(blog=("http://blog.example/feed", "blog"))
    tell(0)
    hosts = [(f"http://{n}.example/a", HEADLINE, n) for n in ("ft", "reuters", "caixin")]
    tell(1, blog=[*forged(), *hosts])

    assert received() == []
    assert rows("select articles, publishers from stories where articles > 1") == [(8, 1)]
    assert rows("select distinct publisher from articles") == [("Blog",)]


def test_sources_of_an_aggregator_are_outlets(home, subscribe, tell, rows, received):
    """Who is subscribed as an aggregator is believed."""
    (home / "alerts.toml").write_text(URGENT, encoding="utf-8")
    subscribe(wire=("http://wire.example/feed", "aggregator"))
    tell(0)
    tell(1, wire=forged("wire.example"))

    [alert] = received()
    assert alert["alert"]["severity"] == "urgent"
    assert alert["publishers"] == sorted(NAMED)
    assert rows("select max(publishers) from stories") == [(5,)]
    assert rows("select publishers from alerts") == [(5,)]


SITES = {
    "one site": (("www.big.example", "tech.big.example", "cn.big.example"), 1),
    "a platform": (("ann.github.io", "bob.github.io", "cy.github.io"), 1),
    "three sites": (("one.example", "two.example", "three.example"), 3),
}


@pytest.mark.parametrize(("hosts", "outlets"), SITES.values(), ids=SITES)
def test_feeds_of_one_site_are_one_outlet(
    home, config, subscribe, tell, rows, received, hosts, outlets
):
    """Alert, story, update and backtest count the same: sites, not names."""
    (home / "alerts.toml").write_text(URGENT, encoding="utf-8")
    names = ("first", "second", "third")
    feeds = {n: (f"http://{h}/feed", "news") for n, h in zip(names, hosts, strict=True)}
    subscribe(**feeds)
    tell(0)
    tell(
        1,
        **{n: [(url.replace("feed", "a"), HEADLINE, "")] for n, (url, _) in feeds.items()},
    )

    assert len(received()) == (outlets >= 3)
    assert rows("select publishers from stories where articles > 1") == [(outlets,)]
    with contextlib.closing(open_published(home / "data" / "sinowire.duckdb")) as con:
        found, _ = backtest(con, config(), since=NOW + HOUR / 2)
    assert sum(day["alerts"] for day in found) == (outlets >= 3)


def test_a_feed_made_an_aggregator_is_counted_anew(subscribe, tell, rows, sinowire):
    """What a person says of a feed counts for the stories that it told before."""
    feeds = {"one": ("http://a.big.example/feed", "news")}
    feeds["two"] = ("http://b.big.example/feed", "news")
    subscribe(**feeds)
    tell(0)
    links = {n: [(url.replace("feed", "a"), HEADLINE, "")] for n, (url, _) in feeds.items()}
    tell(1, **links)
    before = rows("select publishers from stories where articles > 1")
    subscribe(**feeds | {"two": ("http://b.big.example/feed", "aggregator")})
    tell(2)

    assert before == [(1,)]
    assert rows("select publishers from stories where articles > 1") == [(2,)]
    assert sinowire("checks")[0] == 0


# --- whose words an article has -----------------------------------------------------------

FALSE = "Baidu files for bankruptcy"
TRUE = "Baidu opens a campus in Wuhan"
BLOG = {"blog": ("http://blog.example/feed", "blog")}
OUTLET = {"outlet": ("http://rss.outlet.example/feed", "news")}
ARTICLE = f"select title, feed_id, publisher from articles where url = '{LINK}'"


@pytest.fixture
def alerting(home):
    """Alert of every article on Baidu."""
    (home / "alerts.toml").write_text(ANYTHING, encoding="utf-8")


def test_an_outlet_takes_its_article_over(alerting, subscribe, tell, rows, received):
    """Its own words stand from then on, and who heard others is told."""
    subscribe(**BLOG, **OUTLET)
    tell(0)
    tell(1, blog=[(LINK, FALSE, "")])
    tell(2, outlet=[(LINK, TRUE, "")])
    tell(3, blog=[(LINK, "Baidu is sold for $1 million", "")])

    assert rows(ARTICLE) == [(TRUE, "outlet", "Outlet")]
    assert rows(
        "select title, feed_id from article_versions where title like 'Baidu%'"
    ) == [
        (FALSE, "blog"),
        (TRUE, "outlet"),
    ]
    assert rows(f"select count(*) from sightings where url = '{LINK}'") == [(2,)]
    told, correction = received()
    assert correction["alert"]["updates_alert_id"] == told["alert"]["alert_id"]
    assert (correction["alert"]["step"], correction["alert"]["corrects"]) == (
        "correction",
        FALSE,
    )
    assert correction["text"].splitlines()[:2] == [
        f"URGENT CORRECTION Baidu (百度): {TRUE}",
        f"correction: told before, but not by the outlet itself: “{FALSE}”",
    ]


@pytest.fixture
def without_the_blog(home):
    """Alert of every article on Baidu but the blog's."""
    rule = ANYTHING.replace("severity", 'not_feeds = ["blog"]\nseverity')
    (home / "alerts.toml").write_text(rule, encoding="utf-8")


def test_feed_that_is_left_out_speaks_by_the_outlet_itself(
    without_the_blog, subscribe, tell, received
):
    """Its article is told once the outlet's own feed carries it."""
    subscribe(**BLOG, **OUTLET)
    tell(0)
    tell(1, blog=[(LINK, FALSE, "")])
    before = received()
    tell(2, outlet=[(LINK, TRUE, "")])

    assert before == []
    assert [line["alert"]["title"] for line in received()] == [TRUE]


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [("blog", "other", 0), ("other", "blog", 1), ("other", "outlet", 1)],
)
def test_feed_that_brought_an_article_decides(
    without_the_blog, subscribe, tell, received, first, second, told
):
    """Another that lists it, too, neither silences it nor lets it speak."""
    subscribe(**BLOG, **OUTLET, other=("http://else.example/feed", "news"))
    tell(0)
    tell(1, **{first: [(LINK, TRUE, "")]})
    tell(2, **{second: [(LINK, TRUE, "")]})

    assert len(received()) == told


def test_a_correction_is_written_in_chinese(home, subscribe, tell, received):
    """As the channel wants it."""
    chinese = ANYTHING.replace("path =", 'language = "zh"\npath =')
    (home / "alerts.toml").write_text(chinese, encoding="utf-8")
    subscribe(**BLOG, **OUTLET)
    tell(0)
    tell(1, blog=[(LINK, FALSE, "")])
    tell(2, outlet=[(LINK, TRUE, "")])

    _, correction = received()
    assert correction["text"].splitlines()[:2] == [
        f"【紧急】【更正】百度（Baidu）：{TRUE}",
        f"更正：此前的提醒并非该媒体自己的说法：“{FALSE}”",
    ]


def test_other_words_for_the_same_facts_are_no_correction(
    alerting, subscribe, tell, rows, received
):
    """The article is the outlet's own from then on, and nobody hears of it."""
    subscribe(**BLOG, **OUTLET)
    tell(0)
    tell(1, blog=[(LINK, "Search giant Baidu opens new Wuhan campus", "")])
    tell(2, outlet=[(LINK, TRUE, "")])

    assert rows(ARTICLE) == [(TRUE, "outlet", "Outlet")]
    assert len(received()) == 1


def test_what_no_alert_told_is_not_corrected(subscribe, tell, rows, received):
    """Nor is there anything to tell of an archive that came silently."""
    subscribe(**BLOG, **OUTLET)
    tell(0, blog=[(LINK, FALSE, "")])
    tell(1, outlet=[(LINK, TRUE, "")])

    assert rows(ARTICLE) == [(TRUE, "outlet", "Outlet")]
    assert received() == []


def test_an_outlets_feeds_do_not_take_over_from_each_other(subscribe, tell, rows):
    """The first of them stays, however often another carries the article as well."""
    subscribe(
        **OUTLET,
        section=("http://www.outlet.example/tech", "news"),
        chinese=("http://cn.outlet.example/feed", "news"),
    )
    tell(0)
    tell(1, section=[(LINK, TRUE, "")])
    tell(2, outlet=[(LINK, f"{TRUE} today", "")], chinese=[(LINK, "百度在武汉建园区", "")])
    tell(3, outlet=[(LINK, f"{TRUE} now", "")])

    assert rows(ARTICLE) == [(TRUE, "section", "Section")]


def test_the_outlets_own_feed_words_an_article_that_comes_by_two(
    alerting, subscribe, tell, rows, received
):
    """Of the feeds of one run, too, whichever is first."""
    subscribe(**BLOG, **OUTLET)
    tell(0)
    tell(1, blog=[(LINK, FALSE, "")], outlet=[(LINK, TRUE, "")])

    assert rows(ARTICLE) == [(TRUE, "outlet", "Outlet")]
    assert [line["alert"]["title"] for line in received()][-1] == TRUE


@pytest.mark.parametrize(
    "other",
    [
        ("http://rss.outlet.example/feed", "aggregator"),
        ("http://else.example/feed", "news"),
        ("http://outlet.example.evil.example/feed", "news"),
    ],
)
def test_nobody_else_takes_an_article_over(subscribe, tell, rows, other):
    """No aggregator does, and no other site."""
    subscribe(**BLOG, other=other)
    tell(0)
    tell(1, blog=[(LINK, TRUE, "")])
    tell(2, other=[(LINK, FALSE, "")])

    assert rows(ARTICLE) == [(TRUE, "blog", "Blog")]


def test_an_edit_counts_that_comes_beside_anothers_words(subscribe, tell, rows):
    """Who words an article may edit it, whoever else carries it in the same run."""
    subscribe(**BLOG, **OUTLET)
    tell(0)
    tell(1, outlet=[(LINK, TRUE, "")])
    tell(2, blog=[(LINK, FALSE, "")], outlet=[(LINK, f"{TRUE} today", "")])

    assert rows(ARTICLE) == [(f"{TRUE} today", "outlet", "Outlet")]
