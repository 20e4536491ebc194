"""Hosts of one lake that do not agree: one of them is refused, in words that name both."""

from __future__ import annotations

import json
import re
import shutil
import socket
import time

import pytest
from either_kind import writer

from flows.home import home_name

pytestmark = pytest.mark.lake


@pytest.fixture
def on(home, lake, settings_of_lake, sinowire, monkeypatch):
    """Run a command as if on a host of that name; returns exit code, output and errors."""
    settings_of_lake(lake)

    def call(host, *words):
        monkeypatch.setattr(socket, "gethostname", lambda: host)
        return sinowire(*words)

    return call


@pytest.mark.long
def test_a_host_with_another_watchlist_is_refused_until_one_is_settled(home, on):
    """Whoever runs `retag` makes its own the lake's; then the other one is refused."""
    watchlist = home / "watchlist.toml"
    old = watchlist.read_text("utf-8")
    new = old.replace('"Baidu", ', '"Baidu", "Ernie Bot", ')
    assert on("alpha", "run")[0] == 0

    watchlist.write_text(new, "utf-8")
    code, _, err = on("beta", "run")
    assert code == 2
    assert "watchlist.toml: beta and alpha, which ran at" in err
    assert "sinowire retag" in err

    assert on("beta", "retag")[0] == 0
    assert on("beta", "run")[0] == 0
    watchlist.write_text(old, "utf-8")
    code, _, err = on("alpha", "run")
    assert (code, "alpha and beta, which ran at" in err) == (2, True)
    watchlist.write_text(new, "utf-8")
    assert on("alpha", "run")[0] == 0


@pytest.mark.long
def test_a_host_with_another_beat_is_refused(home, on, monkeypatch):
    """Its articles would be told by other rules; the words name both beats and hosts."""
    assert on("alpha", "run")[0] == 0
    folder = home / "beats" / "wind"
    folder.mkdir(parents=True)
    (folder / "beat.toml").write_text(
        'id = "wind"\nname = "Wind"\nzh = "风"\nextends = "china-tech"\n', "utf-8"
    )
    monkeypatch.setenv("SINOWIRE_BEAT", "wind")

    code, _, err = on("beta", "run")

    assert code == 2
    assert "`beat` is 'wind' on beta, but 'china-tech' on alpha, which ran at 20" in err
    assert "all hosts of a lake need the same beat" in err


@pytest.mark.long
def test_a_host_that_looks_for_topics_in_every_article_is_refused(home, on, monkeypatch):
    """What the other one rejects early has none; the words say what to set alike."""
    assert on("alpha", "run")[0] == 0
    monkeypatch.setenv("SINOWIRE_TOPICS_OFF_BEAT", "true")

    code, _, err = on("beta", "run")

    assert code == 2
    assert "only one of beta and alpha, which ran at 20" in err
    assert "set `topics_off_beat = true` on every machine" in err
    assert on("beta", "retag")[0] == 0
    assert on("beta", "run")[0] == 0


@pytest.mark.long
def test_a_verdict_waits_for_the_host_that_has_the_turn(
    home, on, monkeypatch, tmp_path_factory
):
    """It says which; it is looked at once the turn is there."""
    other = shutil.copytree(home, tmp_path_factory.mktemp("homes") / "other")
    given = ("verdicts", "add", "x", "off-beat", "--home", other)
    assert on("alpha", "run")[0] == 0
    monkeypatch.setenv("SINOWIRE_WRITER_WAIT_SECONDS", "3")
    with writer(home, command="sinowire hold"):
        code, _, err = on("beta", *given)
    assert (code, "sinowire hold on alpha (" in err) == (1, True), err
    code, _, err = on("beta", *given)
    assert (code, "no article or story 'x'" in err) == (2, True), err


@pytest.mark.long
def test_two_homes_of_one_machine_have_to_agree_as_two_hosts(home, on, tmp_path_factory):
    """The second one is refused by name: each would tag anew what the other one tagged."""
    other = tmp_path_factory.mktemp("homes") / "other"
    shutil.copytree(home, other)
    watchlist = other / "watchlist.toml"
    words = watchlist.read_text("utf-8")
    watchlist.write_text(words.replace('"Baidu", ', '"Baidu", "Ernie Bot", '), "utf-8")
    assert on("alpha", "run")[0] == 0

    code, _, err = on("alpha", "--home", other, "run")

    assert code == 2
    theirs = re.escape(f"alpha ({home_name(home)})")
    assert re.search(
        rf"alpha \(other \w+\) and {theirs}, which ran at .* different watchlists", err
    )
    assert str(home) not in err


@pytest.mark.long
def test_hosts_with_other_feeds_are_named_until_they_have_the_same(
    home, on, subscribe, web
):
    """A feed of one list alone may lie idle: each run says so, and so do checks, doctor."""
    for path in ("/one", "/two"):
        web.feed(
            path, (f"https://x.example{path}", "Baidu", "Tue, 04 Aug 2026 00:00:00 GMT")
        )
    subscribe("/one")
    assert "feeds.toml" not in on("alpha", "run")[2]
    subscribe("/one", "/two")
    code, out, err = on("beta", "run", "--json")
    said = "feeds.toml of beta differs from that of alpha (ran at 20"
    assert code == 0
    assert said in err
    [warning] = json.loads(out)["warnings"]
    assert said in warning
    assert "copy the feeds.toml that you want to every machine" in warning

    code, out, _ = on("beta", "checks")
    assert (code, "hosts_have_one_feed_list" in out) == (1, True)
    found = json.loads(on("beta", "doctor", "--format", "json")[1])
    [hosts] = [each for each in found if each["what"] == "hosts"]
    assert hosts["state"] == "warn"
    assert "differs between alpha (ran at 20" in hosts["detail"]
    assert " and beta (ran at 20" in hosts["detail"]

    subscribe("/two")
    _, _, err = on("gamma", "run")
    assert re.search(r"of alpha \(ran at [^)]+\) and beta \(ran at [^)]+\); a feed", err)
    subscribe("/three")
    _, _, err = on("delta", "run")
    assert re.search(r"of alpha \([^)]+\), beta \([^)]+\) and gamma \([^)]+\); a feed", err)
    subscribe("/one", "/two")
    for host in ("gamma", "delta"):
        assert on(host, "run")[0] == 0

    code, out, err = on("alpha", "run", "--json")
    assert (json.loads(out)["warnings"], "feeds.toml" in err) == ([], False)
    assert on("alpha", "checks")[0] == 0
    found = json.loads(on("alpha", "doctor", "--format", "json")[1])
    assert [each for each in found if each["what"] == "hosts"] == []


@pytest.mark.long
def test_a_host_with_another_reporting_zone_is_refused_until_one_is_settled(home, on):
    """Days and weeks of all would be counted anew with each run, now so and now so."""
    assert on("alpha", "run")[0] == 0
    (home / "sinowire.toml").write_text('reporting_zone = "Europe/Paris"\n', "utf-8")
    code, _, err = on("beta", "run")
    assert code == 2
    assert "`reporting_zone` is Europe/Paris on beta" in err
    assert "alpha" in err
    assert "Asia/Shanghai" in err

    assert on("beta", "retag")[0] == 0
    assert on("beta", "run")[0] == 0


def test_a_clock_a_minute_off_is_refused(on, monkeypatch):
    """It would send what others have in hand; its clock set, it runs."""
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() - 60)
    code, _, err = on("alpha", "run")
    assert code == 1
    assert "60 s behind that of the lake" in err
    assert "(NTP)" in err
    monkeypatch.setattr(time, "time", now)
    assert on("alpha", "run")[0] == 0
