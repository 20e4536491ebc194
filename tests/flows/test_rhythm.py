"""Rhythm and manners over several passes: what one learns, the next one keeps to."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from flows.steps import cycle
from flows.steps.cycle import run
from flows.steps.ingest import ingest
from warehouse.file.connect import open_published

pytestmark = pytest.mark.slow

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def quiet(_message):
    pass


@pytest.fixture
def reported():
    """What passes told their user."""
    return []


@pytest.fixture
def go(config, reported):
    """Make a pass at a pretended moment."""
    return lambda now: run(config(), now=now, report=reported.append, progress=quiet)


@pytest.fixture
def go_due(config, monkeypatch, reported):
    """Make a scheduled pass: the clock is another, but nothing is pretended."""

    def do(now):
        monkeypatch.setattr(cycle, "clock_at", lambda _now: lambda: now)
        return run(config(), due=True, report=reported.append, progress=quiet)

    return do


@pytest.fixture
def ask(home):
    """Return the rows of a query on the published file."""

    def query(sql):
        path = home / "data" / "sinowire.duckdb"
        with contextlib.closing(open_published(path)) as con:
            return con.execute(sql).fetchall()

    return query


@pytest.fixture
def proxied(home, web, monkeypatch):
    """Subscribe to addresses of invented hosts, behind the web server as a proxy.

    Hosts are asked for one document at a time, so that the first answer holds the others.
    """
    made = ingest.fetch_options
    one = lambda settings: replace(made(settings), per_host=1)  # noqa: E731
    monkeypatch.setattr(ingest, "fetch_options", one)
    monkeypatch.delenv("SINOWIRE_ALLOW_PRIVATE_ADDRESSES")
    (home / "sinowire.toml").write_text(f'proxy = "{web.url}"\nhost_spacing_seconds = 0\n')

    def write(**urls):
        (home / "feeds.toml").write_text(
            "".join(f'[feed.{key}]\nurl = "{url}"\n' for key, url in urls.items())
        )

    return write


def articles(n, end=NOW, gap=3 * HOUR):
    return [
        (
            f"https://x.example/{end - i * gap:%d%H%M}",
            "News",
            format_datetime(end - i * gap),
        )
        for i in range(n)
    ]


def test_a_host_that_asks_for_rest_gets_it_in_later_passes_too(web, proxied, go_due, ask):
    """One feed was told to come back in three hours: its host is left alone until then."""
    proxied(a="http://busy.test/a", b="http://busy.test/b", c="http://else.test/c")
    web.page("http://busy.test/a", status=429, headers={"Retry-After": "10800"})
    web.feed("http://busy.test/b", *articles(2))
    web.feed("http://else.test/c", *articles(2))

    first = go_due(NOW)
    assert (first.feeds, first.held, first.failed) == (2, 1, False)

    second = go_due(NOW + HOUR)
    assert (second.outcomes, second.held) == ({"unchanged": 1}, 2)
    [(reason,)] = ask("select reason from feed_health where feed_id = 'b'")
    assert reason == (
        "Not polled yet. Its server asked to be left alone until 2026-08-04 15:00 UTC."
    )

    # The feed that was told goes last, or it would starve the others for ever.
    third = go_due(NOW + 3 * HOUR)
    assert third.outcomes["new"] == 1
    assert third.outcomes["transient_error"] == 1


def test_a_pretended_clock_heeds_no_hold(web, proxied, go, go_due):
    """A replay asks every feed each time; what it was told holds back no real pass."""
    proxied(a="http://busy.test/a", b="http://busy.test/b")
    web.page("http://busy.test/a", status=429, headers={"Retry-After": "10800"})
    web.feed("http://busy.test/b", *articles(2))

    assert go(NOW).feeds == 2
    assert go(NOW + HOUR).feeds == 2
    web.feed("http://busy.test/a", *articles(2))
    assert go_due(NOW - 9 * HOUR).feeds == 2


def test_a_pretended_clock_is_that_of_what_is_due(web, proxied, sinowire):
    """With --due as well: pace, back-off and Retry-After are counted from that moment."""
    urls = {key: f"http://{key}.test/" for key in ("lively", "broken", "busy")}
    proxied(**urls)
    web.feed(urls["lively"], *articles(9, gap=timedelta(minutes=20)))
    web.page(urls["broken"], status=500)
    web.page(urls["busy"], status=429, headers={"Retry-After": "10800"})

    def asked(after, *words):
        """Return which feeds a run asks that long after NOW."""
        web.requests.clear()
        moment = (NOW + after).isoformat()
        _, out, err = sinowire("run", "--now", moment, "--json", *words)
        asked = {key for key in urls for request in web.requests if urls[key] in request}
        assert json.loads(out)["feeds"] == len(asked), err
        return asked

    assert asked(0 * HOUR, "--due") == set(urls)
    assert asked(timedelta(minutes=5), "--due") == set()
    assert asked(timedelta(minutes=50), "--due") == {"lively", "broken"}
    assert "busy" not in asked(timedelta(minutes=175), "--due")
    assert "busy" in asked(timedelta(minutes=181), "--due")
    assert asked(timedelta(minutes=182)) == set(urls)


def test_a_lively_feed_is_asked_more_often_than_a_slow_one(web, subscribe, go_due, ask):
    """After one poll the feeds' own dates say when to come again."""
    web.feed("/lively", *articles(9, gap=timedelta(minutes=20)))
    web.feed("/slow", *articles(9, gap=timedelta(days=3)))
    web.feed("/unknown", *articles(1))
    subscribe("/lively", "/slow", "/unknown")
    go_due(NOW)

    assert [go_due(NOW + minutes * HOUR / 60).feeds for minutes in (10, 16, 31, 90)] == [
        0,
        1,
        2,
        2,
    ]
    waits = dict(ask("select feed_id, pace from feed_health"))
    assert waits == {
        "lively": timedelta(minutes=20),
        "slow": timedelta(days=3),
        "unknown": None,
    }
    assert go_due(NOW + 6 * HOUR).feeds == 3


def test_a_document_may_ask_for_more_time(web, subscribe, go_due):
    """A ttl stretches the interval, also while the document does not come again."""
    web.feed(
        "/f",
        *articles(9, gap=timedelta(minutes=20)),
        title="F</title><ttl>120</ttl><title>",
    )
    subscribe("/f")
    go_due(NOW)

    assert go_due(NOW + HOUR).feeds == 0
    assert go_due(NOW + 2 * HOUR).outcomes == {"unchanged": 1}
    assert go_due(NOW + 3 * HOUR).feeds == 0


def test_a_moved_feed_is_adopted_and_told_once(web, subscribe, go, ask, reported):
    """The run says it, health shows it, and the old address is asked no more."""
    web.page("/old", status=301, headers={"Location": "/new"})
    web.feed("/new", *articles(3))
    subscribe("/old")
    for hours in (0, 6, 12, 24, 30):
        go(NOW + hours * HOUR)

    assert [path for _, path, _, _ in web.requests] == ["/old", "/new"] * 4 + ["/new"]
    told = [line for line in reported if "moved permanently" in line]
    assert len(told) == 1
    assert told[0].startswith("warning: feed old moved permanently")
    assert f'write url = "{web.url}/new" in feeds.toml' in told[0]
    assert ask("select moved_to from feed_health") == [(f"{web.url}/new",)]


def test_secret_targets_are_not_adopted_nor_stored(web, subscribe, go, ask):
    """A redirect to an address with a key is followed each time, and kept nowhere."""
    web.page("/old", status=301, headers={"Location": "/new?token=s3cr3t"})
    web.feed("/new?token=s3cr3t", *articles(3))
    subscribe("/old")
    for days in range(4):
        go(NOW + timedelta(days=days))

    stored = str(ask("from feed_standings")) + str(ask("from feed_health"))
    assert "s3cr3t" not in stored
    assert [path for _, path, _, _ in web.requests][-2] == "/old"


def test_a_gone_feed_is_retired_and_asked_once_a_week(
    web, subscribe, go_due, ask, reported
):
    """It shows as dead with the day, is told once, and is healthy when it comes back."""
    web.page("/f", status=410)
    subscribe("/f")
    polled = [day for day in range(22) if go_due(NOW + timedelta(days=day)).feeds]
    assert polled == [0, 1, 8, 15]
    assert ask("select state, reason from feed_health") == [
        (
            "dead",
            "Gone (410), retired on 2026-08-05; asked once a week in case it comes back.",
        )
    ]
    assert len([line for line in reported if "retired" in line]) == 1

    web.feed("/f", *articles(3, end=NOW + timedelta(days=22)))
    go_due(NOW + timedelta(days=22))
    assert ask("select state, error_score from feed_health") == [("healthy", 0)]
    assert reported[-1] == "warning: feed f is back"


def test_an_unchanged_feed_leaves_no_new_standing(web, subscribe, go, ask):
    """The cost of a poll follows the news: nothing is written where nothing was learned."""
    web.feed("/f", *articles(9))
    subscribe("/f")
    go(NOW)
    before = ask("select rowid, * from feed_standings")

    go(NOW + HOUR)

    assert ask("select rowid, * from feed_standings") == before
