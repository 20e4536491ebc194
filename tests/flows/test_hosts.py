"""Hosts of one lake that do not agree: one of them is refused, in words that name both."""

from __future__ import annotations

import socket
import time

import pytest

pytestmark = pytest.mark.lake


@pytest.fixture
def on(home, lake, settings_of_lake, sinowire, monkeypatch):
    """Run a command as if on a host of that name; returns its exit code and errors."""
    settings_of_lake(lake)

    def call(host, *words):
        monkeypatch.setattr(socket, "gethostname", lambda: host)
        code, _, err = sinowire(*words)
        return code, err

    return call


def test_a_host_with_another_watchlist_is_refused_until_one_is_settled(home, on):
    """Whoever runs `retag` makes its own the lake's; then the other one is refused."""
    watchlist = home / "watchlist.toml"
    old = watchlist.read_text("utf-8")
    new = old.replace('"Baidu", ', '"Baidu", "Ernie Bot", ')
    assert on("alpha", "run")[0] == 0

    watchlist.write_text(new, "utf-8")
    code, err = on("beta", "run")
    assert code == 2
    assert "watchlist.toml: of beta is another one than that of alpha" in err
    assert "sinowire retag" in err

    assert on("beta", "retag")[0] == 0
    assert on("beta", "run")[0] == 0
    watchlist.write_text(old, "utf-8")
    code, err = on("alpha", "run")
    assert (code, "of alpha is another one than that of beta" in err) == (2, True)
    watchlist.write_text(new, "utf-8")
    assert on("alpha", "run")[0] == 0


def test_a_clock_an_hour_off_is_refused(on, monkeypatch):
    """Nothing of that host is dated wrong; its clock set, it runs."""
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() - 3600)
    code, err = on("alpha", "run")
    assert code == 1
    assert "60 minutes behind that of the lake" in err
    assert "(NTP)" in err
    monkeypatch.setattr(time, "time", now)
    assert on("alpha", "run")[0] == 0
