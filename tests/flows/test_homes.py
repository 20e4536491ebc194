"""A home follows what is shipped: short files, and copies that shrink to them."""

from __future__ import annotations

import json
import resource
import stat

import pytest

from connectors.subscriptions import parse_feeds
from flows.home import default_text, load_config
from flows.settings import load_settings


@pytest.fixture
def own(tmp_path, monkeypatch):
    """An empty home."""
    folder = tmp_path / "own"
    folder.mkdir()
    monkeypatch.setenv("SINOWIRE_HOME", str(folder))
    return folder


def config(folder):
    return load_config(load_settings(folder)).check()


def copied(folder, name, *changes):
    """Write the whole shipped file into a home, with *changes*."""
    text = default_text(name)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / name).write_text(text, encoding="utf-8")
    return text


def findings(sinowire):
    _, out, _ = sinowire("doctor", "--format", "json")
    return {row["what"]: row for row in json.loads(out)}


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
    """A rejected match copies its company, an added feed stands beside the others."""
    monkeypatch.setenv("SINOWIRE_ALLOW_PRIVATE_ADDRESSES", "127.0.0.0/8")
    sinowire("init")
    line = {"url": "https://x.example/1", "title": "Xiaomi prices millet"}
    (own / "h.jsonl").write_text(json.dumps(line), encoding="utf-8")
    sinowire("import", own / "h.jsonl")
    _, out, _ = sinowire("sql", "select article_id from articles", "--format", "csv")
    web.feed("/f", ("https://x.example/1", "Hello", ""), title="F")

    assert sinowire("watchlist", "reject", out.split()[-1], "xiaomi", "--apply")[0] == 0
    assert sinowire("feeds", "add", f"{web.url}/f", "--id", "f")[0] == 0

    text = (own / "watchlist.toml").read_text("utf-8")
    assert text.index('extends = "default"') < text.index("\n[company.xiaomi]")
    assert "not: Xiaomi prices millet" in text
    feeds = parse_feeds((own / "feeds.toml").read_text("utf-8"))
    assert len(feeds) == len(parse_feeds(default_text("feeds.toml"))) + 1


def test_shrink_turns_copies_into_what_differs(own, sinowire):
    """The former file stays beside the new one, with its mode; the meaning is the same."""
    text = copied(own, "watchlist.toml", ('name = "Sogou"', 'name = "Sogou Inc"'))
    copied(own, "alerts.toml", ("[rule.silent-feeds]", "[rule.quiet-feeds]"))
    (own / "alerts.toml").chmod(0o600)
    before = config(own)

    code, out, _ = sinowire("init", "--shrink")

    assert code == 0
    assert "0 entries of your own, 1 changed, 0 left out" in out
    assert "1 entry of your own, 0 changed, 1 left out" in out
    assert f"the former file is {own / 'watchlist.toml.old'}" in out
    assert (own / "watchlist.toml.old").read_text("utf-8") == text
    for name in ("alerts.toml", "alerts.toml.old"):
        assert stat.S_IMODE((own / name).stat().st_mode) == 0o600
    after = config(own)
    assert (after.watchlist, after.alerts) == (before.watchlist, before.alerts)
    assert sorted(path.name for path in own.iterdir() if path.is_file()) == [
        "alerts.toml", "alerts.toml.old", "watchlist.toml", "watchlist.toml.old",
    ]  # fmt: skip


def test_shrink_of_another_folder_twice(own, sinowire, tmp_path):
    """What extends already stays; a second former file takes a name of its own."""
    other = tmp_path / "other"
    other.mkdir()
    for _ in range(2):
        copied(other, "watchlist.toml")
        assert sinowire("init", other, "--shrink")[0] == 0
    made = (other / "watchlist.toml").read_text("utf-8")

    code, out, _ = sinowire("init", other, "--shrink")

    assert code == 0
    assert "watchlist.toml extends the shipped one already" in out
    assert "alerts.toml is not here: the shipped one counts" in out
    assert (other / "watchlist.toml").read_text("utf-8") == made
    assert sorted(p.name for p in other.glob("*.old*")) == [
        "watchlist.toml.old",
        "watchlist.toml.old-2",
    ]
    assert not list(own.iterdir())


def test_a_watchlist_of_ones_own_is_no_copy(home, sinowire):
    """Whoever follows three companies goes on to; the doctor has nothing to say of it."""
    before = (home / "watchlist.toml").read_text("utf-8")

    code, out, _ = sinowire("init", "--shrink")

    assert (code, "it is your own, and stays as it is" in out) == (0, True)
    assert (home / "watchlist.toml").read_text("utf-8") == before
    assert not {"watchlist.toml", "alerts.toml"} & findings(sinowire).keys()


def test_doctor_says_what_an_old_copy_lacks(own, sinowire):
    """Counted by kind, with the remedy; what extends is not old."""
    copied(
        own,
        "watchlist.toml",
        ('"搜狗输入法"', ""),
        ("[event.sales-milestone]", "[event.milestone]"),
    )
    copied(own, "alerts.toml")

    rows = findings(sinowire)

    assert rows["watchlist.toml"]["state"] == rows["alerts.toml"]["state"] == "warn"
    watchlist = rows["watchlist.toml"]["detail"]
    assert watchlist.startswith("a copy: lacks 1 event, 1 alias; 1 entry differs; ")
    assert "lacks nothing yet" in rows["alerts.toml"]["detail"]
    assert rows["watchlist.toml"]["remedy"] == "sinowire init --shrink"

    sinowire("init", "--shrink")
    assert not {"watchlist.toml", "alerts.toml"} & findings(sinowire).keys()


def test_shrink_reads_every_file_before_it_writes_one(own, sinowire):
    """A mistake in the alerts leaves the watchlist as it was."""
    text = copied(own, "watchlist.toml")
    copied(own, "alerts.toml", ('["console", "file"]', '["consoles"]'))

    code, _, err = sinowire("init", "--shrink")

    assert (code, "did you mean 'console'?" in err) == (2, True)
    assert (own / "watchlist.toml").read_text("utf-8") == text
    assert not list(own.glob("*.old*"))


def test_shrink_without_room_changes_nothing(own, sinowire):
    """Neither half a former file is left, nor half a new one."""
    text = copied(own, "watchlist.toml")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        code, _, err = sinowire("init", "--shrink")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert (code, "make room" in err) == (1, True)
    assert (own / "watchlist.toml").read_text("utf-8") == text
    assert [path.name for path in own.iterdir() if path.is_file()] == ["watchlist.toml"]


def test_shrink_of_no_folder(sinowire, tmp_path):
    """There is nothing to shrink."""
    code, _, err = sinowire("init", tmp_path / "nowhere", "--shrink")

    assert (code, "is not a folder" in err) == (2, True)


def test_show_prints_what_one_would_copy(own, sinowire):
    """The home's own table, else the shipped one, as it is written; else the nearest."""
    sinowire("init")
    code, out, err = sinowire("watchlist", "show", "sogou")
    assert (code, "the shipped watchlist.toml" in err) == (0, True)
    assert out.startswith('[company.sogou]\nname = "Sogou"\n')
    assert sinowire("alerts", "show", "rule.giants")[1].startswith("[rule.giants]\nnote")

    with (own / "watchlist.toml").open("a", encoding="utf-8") as file:
        file.write("\n" + out.replace("搜狗输入法", "搜狗"))
    code, mine, err = sinowire("watchlist", "show", "company.sogou")
    assert (code, "your watchlist.toml" in err, "搜狗输入法" in mine) == (0, True, False)
    assert config(own).watchlist.company("sogou").aliases[0].text == "搜狗"

    code, _, err = sinowire("watchlist", "show", "sogo")
    assert (code, "did you mean 'sogou'?" in err) == (2, True)
