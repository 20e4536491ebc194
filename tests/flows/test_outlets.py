"""Who stands behind a story.

The hosts are invented: a server on loopback answers for them as a proxy.
"""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from xml.sax.saxutils import escape

import pytest

from flows.steps.backtest import backtest
from flows.steps.run import run
from warehouse.connect import open_published
from warehouse.publish import publish

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
HEADLINE = "Baidu to buy livestreaming platform YY for $2.1 billion"
NAMED = ("Bloomberg", "Caixin", "FT", "Reuters", "Xinhua")


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
        publish(home / "data")
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
        found = backtest(con, config(), since=NOW + HOUR / 2)
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
