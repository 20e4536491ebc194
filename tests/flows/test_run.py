"""A pass end to end: a real web server, real files, a real warehouse, no Prefect."""

from __future__ import annotations

import asyncio
import contextlib
import os
import stat
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from flows.steps.cycle import run
from transforms.config import ConfigError
from transforms.urls.shards import parse_shard
from warehouse.file.connect import open_published

pytestmark = pytest.mark.slow

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def dated(moment):
    return format_datetime(moment)


def quiet(_message):
    pass


@pytest.fixture
def go(config):
    """Make a pass at a pretended moment and return its summary."""
    return lambda now=NOW, **options: run(
        config(), now=now, report=quiet, progress=quiet, **options
    )


@pytest.fixture
def ask(home):
    """Return the rows of a query on the published file."""

    def query(sql):
        path = home / "data" / "sinowire.duckdb"
        with contextlib.closing(open_published(path)) as con:
            return con.execute(sql).fetchall()

    return query


def test_a_broken_feed_does_not_stop_the_rest(web, subscribe, go, ask):
    """The good feed's article arrives with its mention; the bad one has its outcome."""
    web.feed("/good", ("https://x.example/1", "Baidu opens a lab", dated(NOW)))
    subscribe("/good", "/gone")

    summary = go()

    assert summary.outcomes == {"new": 1, "permanent_error": 1}
    assert ask("select company_id, alias from mentions") == [("baidu", "Baidu")]
    assert not summary.failed


@pytest.mark.parametrize("made_by", ["uvloop", "asyncio"])
def test_a_pass_needs_no_uvloop(web, subscribe, config, monkeypatch, made_by):
    """It has uvloop's event loop where there is one, else Python's, and does the same."""
    if made_by == "uvloop":
        pytest.importorskip("uvloop")
    else:
        monkeypatch.setitem(sys.modules, "uvloop", None)
    web.feed("/good", ("https://x.example/1", "Baidu opens a lab", dated(NOW)))
    subscribe("/good")
    loops = []

    def progress(_message):
        with contextlib.suppress(RuntimeError):  # after the polls there is no loop
            loops.append(asyncio.get_running_loop())

    assert run(config(), now=NOW, report=quiet, progress=progress).new_articles == 1
    assert {type(loop).__module__.partition(".")[0] for loop in loops} == {made_by}


def test_running_twice_adds_nothing(web, subscribe, go, ask):
    """The same document again leaves the same rows."""
    web.feed("/good", ("https://x.example/1", "Baidu opens a lab", dated(NOW)))
    subscribe("/good")
    go()

    again = go(LATER)

    assert (again.new_articles, again.mentions) == (0, 0)
    assert ask("select count(*) from articles") == [(1,)]
    assert ask("select count(*) from sightings") == [(1,)]
    assert ask("select outcome from feed_polls order by seq") == [("new",), ("unchanged",)]


def test_an_edited_headline_keeps_both_versions(web, subscribe, go, ask):
    """The article shows the newest words and what it names now; the old ones stay."""
    web.feed("/good", ("https://x.example/1", "Baidu opens a lab", dated(NOW)))
    subscribe("/good")
    go()
    web.feed("/good", ("https://x.example/1", "Roborock opens a lab", dated(NOW)))

    summary = go(LATER)

    assert (summary.new_articles, summary.changed_articles) == (0, 1)
    assert ask("select title from articles") == [("Roborock opens a lab",)]
    assert ask("select title from article_versions order by seen_at") == [
        ("Baidu opens a lab",),
        ("Roborock opens a lab",),
    ]
    assert ask("select company_id from mentions") == [("roborock",)]


def test_an_edit_alerts_of_what_it_brought(web, subscribe, go, received):
    """Whom the words before named already is no news, though nobody was alerted then."""
    subscribe("/good")

    def told(headline, now):
        web.feed("/good", ("https://x.example/1", headline, dated(NOW)))
        go(now)
        alerts = [line["alert"] for line in received()]
        return [(alert["company_id"], alert["title"]) for alert in alerts]

    assert told("Baidu opens a lab", NOW) == []
    assert told("Baidu opens a lab today", LATER) == []
    both = "Baidu and Roborock open a lab"
    assert told(both, LATER + timedelta(hours=1)) == [("roborock", both)]
    assert told(f"{both} now", LATER + timedelta(hours=2)) == [("roborock", both)]


def test_the_first_poll_of_a_feed_is_silent(web, subscribe, go, received):
    """Old entries of a feed that was just added alert nobody; its next news does."""
    old = ("https://x.example/1", "Baidu opens a lab", dated(NOW))
    web.feed("/good", old)
    subscribe("/good")
    first = go()
    news = ("https://x.example/2", "Roborock recalls a mop in Norway", dated(LATER))
    web.feed("/good", news, old)

    second = go(LATER)

    assert (len(first.alerts), len(second.alerts)) == (0, 1)
    assert [line["alert"]["title"] for line in received()] == [news[1]]


def test_an_archive_that_broke_off_stays_silent_to_its_end(web, subscribe, go, received):
    """The rest of a first document that was cut is archive as well, and no news."""
    old = [
        ("https://x.example/1", "Baidu opens a lab", dated(NOW)),
        ("https://x.example/2", "Roborock recalls a mop in Norway", dated(NOW)),
    ]
    web.feed("/good", *old)
    page = web.pages["/good"]
    whole = page.body
    page.body = whole[: whole.index(b"Roborock")]
    subscribe("/good")
    passes = [go(), go()]
    page.body = whole
    passes.append(go(LATER))
    web.feed("/good", ("https://x.example/3", "Baidu sells a bank", dated(LATER)), *old)
    passes.append(go(LATER))

    assert [done.new_articles for done in passes] == [1, 0, 1, 1]
    assert [len(done.alerts) for done in passes] == [0, 0, 0, 1]


def test_one_story_of_two_outlets_is_one_alert(web, subscribe, go, received):
    """The second outlet's copy of a headline is told by the first alert."""
    web.feed("/one", ("https://x.example/0", "Weather is fine", dated(NOW)))
    web.feed("/two", ("https://y.example/0", "Rain is expected", dated(NOW)))
    subscribe("/one", "/two")
    go()
    headline = "Baidu to buy livestreaming platform YY for $2.1 billion"
    web.feed("/one", ("https://x.example/1", headline, dated(LATER)))
    web.feed("/two", ("https://y.example/1", headline, dated(LATER)))

    summary = go(LATER)
    go(LATER + timedelta(hours=1))

    assert summary.new_articles == 2
    assert len(received()) == 1


def test_every_feed_failing_is_a_failed_run(subscribe, go, ask):
    """All feeds down: the run says so and is recorded as failed."""
    subscribe("/gone", "/lost")

    assert go().failed
    assert ask("select outcome, feeds from runs") == [("failed", 2)]


def test_no_feeds_is_no_failure(home, go):
    """An empty feeds.toml means no feeds, not the defaults."""
    assert (home / "feeds.toml").read_text() == ""

    summary = go()

    assert (summary.feeds, summary.failed) == (0, False)


def test_an_unknown_feed_is_refused_before_any_fetch(web, subscribe, go):
    """--feed with a name that nobody gave is an error that says where names are."""
    subscribe("/good")

    with pytest.raises(ConfigError, match="feeds list"):
        go(only=("goood",))
    assert web.requests == []


def test_a_malformed_file_stops_before_any_fetch(home, web, subscribe, go):
    """A mistake in alerts.toml is found before feeds are polled."""
    subscribe("/good")
    (home / "alerts.toml").write_text("[rule.x]\ncompanies = ['nobody']\n")

    with pytest.raises(ConfigError, match=r"alerts.toml:2.*nobody"):
        go()
    assert web.requests == []


def test_retry_after_holds_a_feed_until_its_time(web, subscribe, config):
    """A server that said when to come back is not asked before that by itself."""
    web.page("/busy", status=429, headers={"Retry-After": "3600"})
    subscribe("/busy")
    run(config(), report=quiet, progress=quiet)

    again = run(config(), report=quiet, progress=quiet)

    assert (again.feeds, again.held) == (0, 1)
    assert len(web.requests) == 1


def test_a_pretended_clock_holds_nothing_back(web, subscribe, go):
    """A replay polls every enabled feed at every moment, Retry-After or not."""
    web.page("/busy", status=429, headers={"Retry-After": "3600"})
    subscribe("/busy")
    go()

    assert go(NOW + timedelta(minutes=1)).feeds == 1


def test_secrets_of_an_address_stay_out_of_the_store(home, web, subscribe, go, ask):
    """Userinfo and tokens of a feed's address are not published."""
    web.feed("/good?token=s3cret", ("https://x.example/1", "News", dated(NOW)))
    address = web.url.replace("http://", "http://me:pa55@") + "/good?token=s3cret"
    (home / "feeds.toml").write_text(f'[feed.good]\nurl = "{address}"\n')
    go()

    published = str(ask("select * from feeds")) + str(ask("select * from feed_polls"))

    assert "s3cret" not in published
    assert "pa55" not in published


def test_a_pass_leaves_others_the_published_copy_alone(
    home, web, subscribe, go, monkeypatch
):
    """And that as far as `published_mode` says, also where nothing is new."""
    web.feed("/good", ("https://x.example/1", "Baidu opens a lab", dated(NOW)))
    subscribe("/good")
    before = os.umask(0)
    try:
        go()
        (home / "data" / "raw").chmod(0o777)
        monkeypatch.setenv("SINOWIRE_PUBLISHED_MODE", "0644")
        go()
    finally:
        os.umask(before)

    modes = {
        path.name: stat.S_IMODE(path.stat().st_mode) for path in (home / "data").iterdir()
    }
    assert modes.pop("sinowire.duckdb") == 0o644
    folders = {modes.pop(name) for name in ("raw", "cache", "warehouse.running")}
    assert folders == {0o700}
    assert set(modes.values()) == {0o600}


def test_two_stories_that_are_one_become_the_older(web, subscribe, go, ask, sinowire):
    """Articles and alerts move with the younger story, and its id leads to the older."""
    told = "Baidu buys into sensor maker Quayside"
    plain = "Quayside sells a quarter of itself to a Chinese backer: 百度"
    items = [
        ("https://x.example/1", told, dated(NOW - timedelta(hours=9))),
        ("https://x.example/2", plain, dated(NOW - timedelta(hours=5))),
    ]
    subscribe("/one", "/two")
    for path in ("/one", "/two"):
        web.feed(path, (f"https://z.example{path}", "Harbour seals rescued", dated(NOW)))
    go()
    web.feed("/one", *items)
    go(NOW + timedelta(minutes=20))
    kept, gone = (
        story
        for (story,) in ask(
            "select story_id from stories where headline <> 'Harbour seals rescued' "
            "order by first_published_at"
        )
    )
    web.feed("/two", ("https://y.example/3", f"{told}: {plain}", dated(NOW)))

    go(LATER)

    assert ask("select story_id, merged_into from story_merges") == [(gone, kept)]
    assert ask("select articles from stories order by all") == [(2,), (3,)]
    assert ask("select distinct story_id from alerts") == [(kept,)]
    out, err = sinowire("stories", "show", gone, "--format", "json")[1:]
    assert f"{told}: {plain}" in out
    assert f"{gone} was merged into {kept}" in err


@pytest.mark.long
def test_very_long_articles_get_the_memory_that_they_need(web, subscribe, go, ask):
    """A writer's usual 128 MB are too few to store thousands of them at once."""
    text = " ".join(f"word{n}" for n in range(5_000))
    paths = [f"/{feed}" for feed in range(24)]
    for path in paths:
        items = "".join(
            f"<item><link>https://x.example{path}/{n}</link><title>Lab {path}/{n}</title>"
            f"<content:encoded>{text}</content:encoded></item>"
            for n in range(100)
        )
        body = (
            "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'>"
            f"<channel><title>F</title>{items}</channel></rss>"
        )
        web.page(path, body=body.encode())
    subscribe(*paths)

    summary = go()

    assert summary.new_articles == 2_400
    assert ask("select count(*) from articles where length(content) > 40000") == [(2_400,)]
    assert go(LATER).new_articles == 0


def test_a_host_that_hears_nobody_holds_no_feed_back(home, web, config, ask):
    """Of a shard as of all: feeds stay due, for another host as well.

    Where one web host answers, the others are down; where feeds lie on two web hosts, both
    may be.
    """

    def polled(ends, shard, *urls):
        urls = (*urls, *(f"http://127.0.0.{end}:9/feed" for end in ends))
        feeds = (f'[feed.f{n}]\nurl = "{url}"\n' for n, url in enumerate(urls))
        (home / "feeds.toml").write_text("".join(feeds), "utf-8")
        share = parse_shard(shard) if shard else None
        done = run(config(), shard=share, report=quiet, progress=quiet)
        [(outcome,)] = ask("select outcome from runs order by seq desc limit 1")
        polls = ask(f"select count(*) from feed_polls where run_id = '{done.run_id}'")
        return done.is_offline, done.failed, outcome, polls[0][0]

    assert polled((2, 3, 4), "1/1") == (True, True, "offline", 0)
    web.feed("/good", ("https://x.example/1", "Baidu opens a lab", dated(NOW)))
    # What an outage may still be to blame for is on record from the next pass on.
    for polls in (1, 4):
        told = (False, False, "completed", polls)
        assert polled((2, 3, 4), "1/1", f"{web.url}/good") == told
    assert polled((2, 3), "1/1") == (False, True, "failed", 2)
    assert polled((2, 3, 4), None) == (True, True, "offline", 0)


def test_shards_share_the_feeds_by_host(home, web, config, subscribe, ask, sinowire):
    """Each polls its own, one has none and says so, and all have been asked once."""
    web.feed("/here", ("https://x.example/1", "Baidu opens a lab", dated(NOW)))
    web.feed("/there", ("https://y.example/2", "Roborock sells a mop", dated(NOW)))
    subscribe("/here", "/there")
    feeds = home / "feeds.toml"
    other = web.url.replace("127.0.0.1", "localhost")
    feeds.write_text(feeds.read_text("utf-8").replace(f"{web.url}/there", f"{other}/there"))
    said = []

    def polled(shard):
        run(config(), shard=parse_shard(shard), now=NOW, report=said.append, progress=quiet)
        paths = [path for _, path, _, _ in web.requests]
        web.requests.clear()
        return paths

    shards = [polled(f"{number}/4") for number in (1, 2, 3, 4)]

    assert shards == [["/there"], ["/here"], [], []]
    assert said == [f"no enabled feed is in shard {n}/4: nothing to poll" for n in (3, 4)]
    assert ask("select count(*) from articles") == [(2,)]
    assert ask("select shard, outcome, feeds from runs order by seq") == [
        ("1/4", "completed", 1),
        ("2/4", "completed", 1),
        ("3/4", "completed", 0),
        ("4/4", "completed", 0),
    ]
    assert ", 0 feeds of shard 4/4, 0 new articles" in sinowire("doctor")[1]
