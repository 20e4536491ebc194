"""Feeds of a home that have second addresses, wait for an RSSHub, or lose entries."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from webserver import Page

pytestmark = pytest.mark.slow

DAY = datetime(2026, 8, 4, 12, tzinfo=UTC)


@pytest.fixture
def feeds(home, web):
    """Write tables of feeds, their addresses by path."""

    def write(text):
        (home / "feeds.toml").write_text(text.replace("WEB", web.url))

    return write


def items(*moments):
    """Return an entry of each moment."""
    return [
        (f"https://x.example/{at:%d%H%M}", f"Baidu at {at}", format_datetime(at))
        for at in moments
    ]


def test_a_wall_is_told_with_the_address_that_answers(home, web, feeds, sinowire):
    """The run says where the feed is read, `feeds health` that it still is."""
    feeds(
        '[feed.outlet]\nurl = "WEB/one"\nalso = ["WEB/two"]\npublisher = "Feed"\n'
        '[feed.ill]\nurl = "WEB/ill"\n'
    )
    web.page("/one", status=403)
    web.feed("/two", *items(DAY))
    web.page("/ill", body=b"<title>Just a moment...</title>", content_type="text/html")

    _, out, err = sinowire("run", "--now", DAY.isoformat(), "--json")
    _, rows, _ = sinowire("feeds", "health", "--format", "json")
    _, _, told = sinowire("feeds", "health")

    assert json.loads(out)["outcomes"] == {"challenge": 1, "new": 1}
    assert f"feed outlet is polled at {web.url}/two from now on, since {web.url}/one" in err
    outlet = next(row for row in json.loads(rows) if row["feed_id"] == "outlet")
    assert outlet["state"] == "healthy"
    assert outlet["other_url"] == f"{web.url}/two"
    assert outlet["reason"].endswith(f"It is asked at its second address {web.url}/two.")
    assert "1 of 2 enabled feeds answered when they were last asked" in told
    assert "  1 challenge since 2026-08-04 (ill); yours: give the feed a second" in told


def test_feeds_that_wait_for_an_rsshub_are_told_once(home, web, feeds, sinowire):
    """They are off, as `feeds list` and `doctor` say, until one setting names it."""
    feeds('[feed.hot]\nurl = "rsshub:/36kr/hot-list"\n[feed.outlet]\nurl = "WEB/f"\n')
    web.feed("/f", *items(DAY))
    web.feed("/36kr/hot-list", *items(DAY), title="36kr")
    said = 'waits for an RSSHub of your own: write rsshub = "http://host:1200" in sinowire'

    code, listed, told = sinowire("feeds", "list", "--format", "json")
    _, doctor, _ = sinowire("doctor", "--format", "json")
    _, ran, errors = sinowire("run", "--json")

    assert code == 0
    assert {row["feed_id"]: row["enabled"] for row in json.loads(listed)} == {
        "hot": False,
        "outlet": True,
    }
    assert f"1 feed {said}" in told
    found = next(row for row in json.loads(doctor) if row["what"] == "rsshub")
    assert (found["state"], said in found["detail"]) == ("good", True)
    assert json.loads(ran)["feeds"] == 1
    assert "rsshub" not in errors

    (home / "sinowire.toml").write_text(f'rsshub = "{web.url}"\n')
    _, ran, _ = sinowire("run", "--json")
    _, _, told = sinowire("feeds", "list")

    assert json.loads(ran)["feeds"] == 2
    assert "RSSHub" not in told


def test_an_rsshub_of_this_machine_is_reached_and_nothing_else(
    home, web, feeds, sinowire, monkeypatch
):
    """No private network is open: what the setting names is, for its routes."""
    monkeypatch.delenv("SINOWIRE_ALLOW_PRIVATE_ADDRESSES", raising=False)
    (home / "sinowire.toml").write_text(f'rsshub = "{web.url}"\n')
    feeds('[feed.hot]\nurl = "rsshub:/36kr/hot-list"\n[feed.plain]\nurl = "WEB/f"\n')
    web.feed("/f", *items(DAY))
    web.feed("/36kr/hot-list", *items(DAY), title="36kr")

    sinowire("run")
    _, rows, _ = sinowire(
        "sql",
        "select feed_id, outcome, error from feed_polls order by 1",
        "--format",
        "json",
    )

    hot, plain = json.loads(rows)
    assert (hot["outcome"], hot["error"]) == ("new", None)
    assert plain["outcome"] == "permanent_error"
    assert "is refused" in plain["error"]
    assert [path for _, path, _, _ in web.requests] == ["/36kr/hot-list"]


def test_a_feed_that_loses_entries_is_named(home, web, feeds, sinowire):
    """In the run that notices it, and by the doctor for a day."""
    feeds('[feed.short]\nurl = "WEB/f"\n')
    web.feed("/f", *items(*(DAY - timedelta(minutes=5 * n) for n in range(12))))
    sinowire("run", "--now", DAY.isoformat())
    later = DAY + timedelta(hours=6)
    web.feed("/f", *items(*(later - timedelta(minutes=5 * n) for n in range(12))))

    _, _, err = sinowire("run", "--now", later.isoformat())
    _, doctor, _ = sinowire("doctor", "--format", "json")

    assert "feed short: entries were missed: all 12 are newer" in err
    found = next(row for row in json.loads(doctor) if row["what"] == "windows")
    assert found["state"] == "warn"
    assert found["detail"] == "entries were missed in the last day of 1 feed: short"


def test_a_list_that_was_never_polled_is_worth_nothing_yet(home, web, feeds, sinowire):
    """Feeds that were not asked neither answered nor failed."""
    feeds('[feed.a]\nurl = "WEB/a"\n')
    web.feed("/a", *items(DAY))
    sinowire("run")
    feeds('[feed.a]\nurl = "WEB/a"\n[feed.b]\nurl = "WEB/b"\n')
    web.pages["/b"] = Page(429, headers={"Retry-After": "60"})
    sinowire("run", "--feed", "a")

    _, rows, _ = sinowire(
        "sql",
        "select kind, feeds, remedy_by from feed_answers order by 1",
        "--format",
        "json",
    )

    assert json.loads(rows) == [
        {"kind": "answered", "feeds": 1, "remedy_by": ""},
        {"kind": "not_polled", "feeds": 1, "remedy_by": ""},
    ]
