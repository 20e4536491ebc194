"""Hosts that run no more, and shards that nobody reads: `doctor` and /metrics name them."""

from __future__ import annotations

import socket
from contextlib import closing
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from either_kind import publish, writer
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from serving import served

from flows.home import home_name
from flows.settings import load_settings
from flows.steps.published import published
from flows.steps.upkeep.health import look_at_hosts
from transforms.models import Run
from warehouse.file.connect import transaction
from warehouse.runs import begin_run, finish_run

pytestmark = pytest.mark.slow

NOW = datetime.now(UTC).replace(microsecond=0)
MINUTE = timedelta(minutes=1)
EVERY_TWO = range(60, 0, -2)


@pytest.fixture
def ran(home, monkeypatch):
    """Record runs of a host, so many minutes ago each; a second long, of *shard*."""

    def record(host, minutes_ago, shard=None, *, outcome="completed", of_home=None):
        monkeypatch.setattr(socket, "gethostname", lambda: host)
        with writer(home) as con, transaction(con):
            for minutes in minutes_ago:
                at = NOW - minutes * MINUTE
                run = Run(
                    run_id=f"{host} {shard} {of_home} {minutes}",
                    started_at=at,
                    ended_at=None,
                    outcome="running",
                    feeds=0,
                    new_articles=0,
                    alerts=0,
                    version="0",
                    rules_version="w0",
                    shard=shard,
                    home=of_home or home_name(home),
                )
                begin_run(con, run)
                finish_run(
                    con,
                    run.run_id,
                    ended_at=at + timedelta(seconds=1),
                    outcome=outcome,
                    feeds=0,
                    new_articles=0,
                    alerts=0,
                )

    return record


@pytest.fixture
def told(home, monkeypatch):
    """What `doctor` says of hosts and shards, on a host of a lake; state and words."""

    def look(host="a", *, max_age=None, is_lake=True):
        monkeypatch.setattr(socket, "gethostname", lambda: host)
        publish(home)
        settings = load_settings(home)
        if is_lake and settings.lake_address is None:
            lake = {"warehouse": SecretStr("ducklake:postgres:dbname=x"), "lake": "x"}
            settings = settings.model_copy(update=lake)
        with published(settings) as con:
            found = look_at_hosts(con, settings, now=NOW, max_age=max_age)
            return [(each.state, each.detail) for each in found]

    return look


def test_a_host_that_was_killed_is_named_by_its_own_rhythm(ran, told):
    """After twice its pause and a minute; one that runs once an hour is not late yet."""
    ran("slow", range(610, 0, -60))
    ran("b", EVERY_TWO[:24])
    ran("a", EVERY_TWO)

    assert told() == [("warn", "host b has not run for 14 min: it did every 2 min")]


def test_a_run_that_is_a_little_late_is_not(ran, told):
    """Four minutes and a bit, where it did every two."""
    ran("b", EVERY_TWO[:28])
    ran("a", EVERY_TWO)

    assert told() == []


def test_a_host_that_only_fails_is_told_as_that(ran, told):
    """It runs, and reads nothing: its disk is full, or it reaches no feed."""
    ran("b", EVERY_TWO[:20])
    ran("b", EVERY_TWO[20:], outcome="failed")
    ran("a", EVERY_TWO)

    assert told() == [("warn", "every run of host b failed for 22 min")]


def test_of_others_is_known_what_the_copy_has(ran, told):
    """A host that stood still itself blames nobody else, and names itself."""
    ran("b", range(90, 20, -2))
    ran("a", range(90, 20, -2))

    assert told() == [("warn", "host a has not run for 22 min: it did every 2 min")]


def test_a_host_that_is_gone_for_good_is_forgotten(ran, told):
    """After the week after which it has no say in the watchlist."""
    week = 7 * 24 * 60
    ran("gone", range(week + 20, week + 10, -2))
    ran("leaving", range(week - 20, week - 30, -2))
    ran("a", EVERY_TWO)

    [(state, said)] = told()
    assert state == "warn"
    assert said.startswith("host leaving has not run for 10")


def test_two_homes_of_a_machine_are_two_hosts(ran, told):
    """Each of its own: the second one's death is no less one for the first one's life."""
    ran("a", EVERY_TWO[:20], of_home="two 2")
    ran("a", EVERY_TWO, of_home="one 1")

    assert told() == [("warn", "host a (two 2) has not run for 22 min: it did every 2 min")]


def test_a_shard_is_late_by_the_schedule(ran, told, monkeypatch):
    """Not by how often it was read until now, which may be as seldom."""
    monkeypatch.setenv("SINOWIRE_INGEST_MINUTES", "1")
    ran("b", range(74, 2, -12), "1/2")
    ran("a", range(73, 0, -12), "2/2")

    assert told() == [("warn", "shard 1/2 was not read for 14 min")]


def test_a_shard_that_nobody_reads_is_named(ran, told):
    """One that stopped, and one that no machine was ever started for."""
    ran("b", EVERY_TWO[:10], "2/3")
    ran("a", EVERY_TWO, "1/3")

    assert [each for each in told() if "shard" in each[1]] == [
        ("warn", "shard 2/3 was not read for 42 min"),
        ("warn", "shard 3/3 was not read for 60 min, nor ever"),
    ]
    assert [state for state, said in told(max_age=50 * MINUTE) if "shard" in said] == [
        *("warn", "bad")
    ]


def test_a_shard_that_another_host_took_over_is_read(ran, told):
    """The host that is gone is named, the shard is not."""
    ran("b", EVERY_TWO[:10], "2/2")
    ran("a", EVERY_TWO, "1/2")
    ran("a", EVERY_TWO[11:], "2/2")

    assert told(max_age=5 * MINUTE) == [
        ("warn", "host b has not run for 42 min: it did every 2 min"),
        ("good", "2 shards, each read in the last 2 min"),
    ]


def test_shards_are_those_of_the_newest_deployment(ran, told):
    """Of three there are two now; and without any run of one for a day there are none."""
    ran("b", EVERY_TWO[:10], "3/3")
    ran("a", EVERY_TWO[11:], "1/2")
    ran("b", EVERY_TWO[11:], "2/2")
    assert told() == [("good", "2 shards, each read in the last 2 min")]

    ran("a", range(-60 * 24, -60 * 24 - 10, -2))
    assert [said for _, said in told() if "shard" in said] == []


def test_a_file_may_be_an_hour_behind(ran, told):
    """Where two lines of cron share out a home's feeds; and its one host may rest."""
    ran("a", EVERY_TWO[:10], "1/2")
    ran("a", EVERY_TWO, "2/2")

    said = told(is_lake=False, max_age=MINUTE)
    assert ("warn", "shard 1/2 was not read for 42 min") in said
    assert not [each for each in said if "host" in each[1]]


def test_metrics_tell_hosts_and_shards(home, ran, told):
    """When each host ran; and how long ago each shard was read, which grows by itself."""
    ran("b", EVERY_TWO[:10], "2/2")
    ran("a", EVERY_TWO, "1/2")
    told()
    with served(home) as address, closing(httpx.Client(trust_env=False)) as client:
        text = client.get(f"{address}/metrics").text
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }

    age = (datetime.now(UTC) - NOW).total_seconds()
    of_shard = "sinowire_shard_age_seconds"
    assert found[of_shard, "1/2"] == pytest.approx(age + 119, abs=60)
    assert found[of_shard, "2/2"] - found[of_shard, "1/2"] == 40 * 60
    of_host = "sinowire_host_last_run_timestamp_seconds"
    assert found[of_host, "b"] == (NOW - 42 * MINUTE).timestamp() + 1
    assert found[of_host, "a"] == (NOW - 2 * MINUTE).timestamp() + 1
