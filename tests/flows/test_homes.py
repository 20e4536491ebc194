"""A home follows what is shipped: its files are short."""

from __future__ import annotations

import json

import pytest

from connectors.subscriptions import parse_feeds
from flows.beats import default_text
from flows.home import load_config
from flows.settings import load_settings

pytestmark = pytest.mark.slow


@pytest.fixture
def own(tmp_path, monkeypatch):
    """An empty home."""
    folder = tmp_path / "own"
    folder.mkdir()
    monkeypatch.setenv("SINOWIRE_HOME", str(folder))
    return folder


def config(folder):
    return load_config(load_settings(folder)).check()


def findings(sinowire):
    _, out, _ = sinowire("doctor", "--format", "json")
    return {row["what"]: row for row in json.loads(out)}


def test_a_former_setting_is_told_and_has_no_effect(own, sinowire, monkeypatch):
    """A home that still sets one goes on; doctor names the line or the variable."""
    (own / "sinowire.toml").write_text('timeout_seconds = 9\nper_host = "x"\n', "utf-8")
    monkeypatch.setenv("SINOWIRE_SHARD_SIZE", "50")

    _, out, _ = sinowire("doctor", "--format", "json")

    told = [row for row in json.loads(out) if row["what"] == "settings"]
    assert load_settings(own).timeout_seconds == 9
    assert [row["state"] for row in told] == ["warn", "warn"]
    assert told[0]["detail"].startswith("sinowire.toml:2: per_host has no effect: two")
    assert told[1]["detail"].startswith("SINOWIRE_SHARD_SIZE has no effect: at most")
    assert told[0]["remedy"].startswith("remove it")


def test_init_writes_files_that_follow_the_shipped_ones(own, sinowire):
    """Watchlist and alerts are short and mean what is shipped; the feeds are a list."""
    assert sinowire("init")[0] == 0

    for name in ("watchlist.toml", "alerts.toml"):
        assert len((own / name).read_text("utf-8").splitlines()) < 60
    assert (own / "feeds.toml").read_text("utf-8") == default_text("feeds.toml")
    made = config(own)
    bare = config(own.parent)
    assert (made.watchlist, made.alerts) == (bare.watchlist, bare.alerts)
    assert made.own_aliases == frozenset()
    assert "watchlist.toml" not in findings(sinowire)


def test_commands_that_edit_work_on_what_init_wrote(own, web, sinowire, monkeypatch):
    """A wrong match copies its company, an added feed stands beside the others."""
    monkeypatch.setenv("SINOWIRE_ALLOW_PRIVATE_ADDRESSES", "127.0.0.0/8")
    sinowire("init")
    line = {"url": "https://x.example/1", "title": "Xiaomi prices millet"}
    (own / "h.jsonl").write_text(json.dumps(line), encoding="utf-8")
    sinowire("import", own / "h.jsonl")
    _, out, _ = sinowire("sql", "select article_id from articles", "--format", "csv")
    web.feed("/f", ("https://x.example/1", "Hello", ""), title="F")

    key = out.split()[-1]
    said = ("verdicts", "add", key, "not-about", "xiaomi", "--scope", "rule")
    assert sinowire(*said)[0] == 0
    assert sinowire("feeds", "add", f"{web.url}/f", "--id", "f")[0] == 0

    text = (own / "watchlist.toml").read_text("utf-8")
    assert text.index('extends = "default"') < text.index("\n[company.xiaomi]")
    assert "not: Xiaomi prices millet" in text
    feeds = parse_feeds((own / "feeds.toml").read_text("utf-8"))
    assert len(feeds) == len(parse_feeds(default_text("feeds.toml"))) + 1


def test_show_prints_what_one_would_copy(own, sinowire):
    """The home's own table, else the beat's, as it is written; else the nearest."""
    sinowire("init")
    code, out, err = sinowire("watchlist", "show", "sogou")
    assert (code, "the beat's watchlist.toml" in err) == (0, True)
    assert out.startswith('[company.sogou]\nname = "Sogou"\n')
    assert sinowire("alerts", "show", "rule.giants")[1].startswith("[rule.giants]\nnote")

    with (own / "watchlist.toml").open("a", encoding="utf-8") as file:
        file.write("\n" + out.replace("搜狗输入法", "搜狗"))
    code, mine, err = sinowire("watchlist", "show", "company.sogou")
    assert (code, "your watchlist.toml" in err, "搜狗输入法" in mine) == (0, True, False)
    assert config(own).watchlist.company("sogou").aliases[0].text == "搜狗"

    code, keys, _ = sinowire("watchlist", "show", "keys")
    assert (code, "[person.<id>]" in keys, "[event.<id>]" in keys) == (0, True, True)

    code, _, err = sinowire("watchlist", "show", "sogo")
    assert (code, "did you mean 'sogou'?" in err) == (2, True)
