"""A pass in which nothing is new publishes nothing, but for once an hour."""

import contextlib
import os
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from warehouse.file.connect import open_published

NOW = format_datetime(datetime.now(UTC))
pytestmark = [
    pytest.mark.slow,
    pytest.mark.of_a_file("on a lake each pass brings this host's copy up to date"),
]


@pytest.fixture
def published(home):
    """Return which file is published, and what it answers to a query."""
    path = home / "data" / "sinowire.duckdb"

    def ask(query):
        with contextlib.closing(open_published(path)) as con:
            return con.execute(query).fetchall()

    ask.mark = lambda: path.stat().st_mtime_ns
    ask.path = path
    return ask


@pytest.fixture
def is_published(sinowire, published):
    """Make a pass; returns whether it published."""

    def run(*words):
        before = published.mark()
        code, _, err = sinowire("run", *words)
        assert code == 0, err
        return published.mark() != before

    return run


def test_quiet_passes_publish_once_an_hour(
    home, web, subscribe, sinowire, published, is_published
):
    """What a reader looks for is there at once: articles, other feeds, their states."""
    web.feed("/good", ("https://x.example/1", "A plant opens", NOW))
    web.feed("/other", ("https://x.example/2", "A plant closes", NOW))
    subscribe("/good", "/other")
    assert sinowire("run")[0] == 0
    polls = "select count(*) from feed_polls"

    assert not is_published()
    assert published(polls) == [(2,)]

    web.feed("/good", ("https://x.example/3", "A plant moves", NOW))
    assert is_published()
    assert published(polls) == [(6,)]

    (home / "feeds.toml").write_text(
        (home / "feeds.toml").read_text("utf-8").replace("Other", "Another"), "utf-8"
    )
    assert is_published()
    assert published("select publisher from feeds order by 1") == [("Another",), ("Good",)]

    web.page("/other", status=404)
    told = [is_published() for _ in range(5)]
    [(state,)] = published("select state from feed_health where feed_id = 'other'")
    assert state in ("failing", "dead")
    assert told[-1] is False, "its state is as it was"

    an_hour_ago = time.time() - timedelta(minutes=61).total_seconds()
    os.utime(published.path, (an_hour_ago, an_hour_ago))
    assert is_published()


def test_what_is_sent_and_a_pretended_clock_publish(
    home, web, subscribe, sinowire, published, is_published
):
    """A delivery that was put off is there at once, and a replay tells of each pass."""
    web.feed("/good", ("https://x.example/1", "A plant opens", NOW))
    subscribe("/good")
    (home / "alerts.jsonl").mkdir()
    assert sinowire("run")[0] == 0
    web.feed("/good", ("https://x.example/2", "Baidu opens a lab", NOW))
    assert is_published()
    attempts = "select outcome from alert_deliveries order by attempt"
    assert published(attempts) == [("parked",)]

    (home / "alerts.jsonl").rmdir()
    assert sinowire("alerts", "retry")[0] == 0
    assert published(attempts) == [("parked",), ("delivered",)]
    is_published()  # what another command published is another file
    assert not is_published()
    later = datetime.now(UTC) + timedelta(hours=1)
    assert is_published("--now", later.isoformat())


def test_a_killed_pass_is_told(web, subscribe, sinowire, published, is_published, config):
    """Also by the pass after it that brings nothing."""
    from flows.steps.ingest.plan import begin  # noqa: PLC0415
    from flows.steps.summary import clock_at  # noqa: PLC0415

    web.feed("/good", ("https://x.example/1", "A plant opens", NOW))
    subscribe("/good")
    assert sinowire("run")[0] == 0
    assert not is_published()
    plan = begin(config(), clock_at(None), report=print)
    with plan.turns.open(plan.config.settings, "test") as con:
        another_start = "update runs set process = process || '0' where outcome = 'running'"
        con.execute(another_start)
    plan.turns.let_go()

    assert is_published()
    assert ("crashed",) in published("select outcome from runs")
