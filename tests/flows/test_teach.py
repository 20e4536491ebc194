"""`sinowire teach`: what verdicts teach holds for what comes, and its undo is exact."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256

import httpx
import pytest
from either_kind import all_rows_of, publish, writer
from serving import served

from flows.home import load_config
from flows.settings import load_settings
from flows.steps.apply_verdicts import apply_verdicts
from flows.steps.cycle import run
from flows.steps.ingest.history import Imported, import_file
from flows.steps.upkeep.retag import finish_retag, retag, rules_of
from transforms.models.verdicts import GivenVerdict
from warehouse.upkeep import retag as retag_store
from warehouse.upkeep.retag import Progress

pytestmark = pytest.mark.slow

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ALERTS = """
[channel.file]
type = "file"
path = "alerts.jsonl"

[rule.giants]
companies = ["baidu", "roborock"]
updates = { publishers = [2] }
channels = ["file"]
"""
PAGES = ("/teach", "/zh/teach", "/teach.json?table=taught", "/alerts", "/metrics")
OUTLETS = ("/daily", "/rumours")
# What teaching, a run, a writer or a reader's word leaves besides what is found.
LEFT_OUT = ("verdict_log", "teachings", "taught_weights", "runs", "waits", "retagged")
LEFT_OUT += ("grouped", "imports", "fence")


def headline(name):
    """Return a headline that is like no other."""
    words = (
        sha256(name.encode())
        .hexdigest()
        .translate(str.maketrans("0123456789", "ghijklmnop"))
    )
    return f"Baidu {words[:7]} {words[7:15]} {words[15:22]} {words[22:30]}"


def item(outlet, name, at):
    address = f"https://{outlet.strip('/')}.example/{name}"
    return address, headline(name), format_datetime(at)


class Newsroom:
    """Outlets that tell stories at an hour to a home, which polled all of them before."""

    def __init__(self, web, home):
        self.web, self.home = web, home
        self.told = {outlet: [item(outlet, f"first {outlet}", NOW)] for outlet in OUTLETS}
        (home / "alerts.toml").write_text(ALERTS, encoding="utf-8")
        self.tell(0, {})

    def tell(self, hours, stories):
        feeds = ""
        for outlet, items in self.told.items():
            name = outlet[1:]
            items += [
                item(outlet, each, NOW + hours * HOUR) for each in stories.get(outlet, ())
            ]
            self.web.feed(outlet, *items)
            feeds += f'[feed.{name}]\nurl = "{self.web.url}{outlet}"\n'
            feeds += f'publisher = "{name.title()}"\nlanguage = "en"\n\n'
        (self.home / "feeds.toml").write_text(feeds, encoding="utf-8")
        config = load_config(load_settings(self.home))
        return run(config, now=NOW + hours * HOUR, report=str, progress=str)


@pytest.fixture
def asked(home):
    """Ask the warehouse."""

    def ask(sql, *params):
        with writer(home) as con:
            return con.execute(sql, params or None).fetchall()

    return ask


@pytest.fixture
def all_rows(home):
    """Return all rows of what is found and counted."""
    return lambda: all_rows_of(home, LEFT_OUT)


@pytest.fixture
def say(sinowire, tmp_path):
    """Give verdicts, many at once: by subject, kind."""

    def give(said):
        file = tmp_path / "said.jsonl"
        file.write_text(lines_of(said), encoding="utf-8")
        code, _, err = sinowire("verdicts", "import", file)
        assert code == 0, err

    return give


def lines_of(said):
    lines = ({"subject_id": subject, "kind": kind} for subject, kind in said)
    return "".join(f"{json.dumps(line)}\n" for line in lines)


def judge(web, folder):
    """Fill a home where what Rumours tells is not wanted, as a reader said twelve times."""
    each = {"/daily": 14, "/rumours": 12}
    newsroom = Newsroom(web, folder)
    newsroom.tell(1, {o: [f"{o[1:]}-{n}" for n in range(each[o])] for o in OUTLETS})
    with writer(folder) as con:
        alerts = con.execute("select alert_id, url from alerts").fetchall()
    given = [
        GivenVerdict(subject_id=a, kind="unwanted" if "rumours" in url else "wanted")
        for a, url in alerts
    ]
    apply_verdicts(load_config(load_settings(folder)), given)
    return newsroom


@pytest.fixture
def judged(home, web, make_once, furnish, is_on_lake):
    """A home where a reader judged alerts; polls lead nowhere any more."""

    def fill(folder):
        furnish(folder)
        judge(web, folder)

    if is_on_lake:
        fill(home)
    else:
        shutil.copytree(make_once("judged", fill), home, dirs_exist_ok=True)


def rows_of(sinowire, *words):
    code, out, err = sinowire("teach", *words, "--format", "json")
    assert code == 0, err
    rows = json.loads(out)
    return {name: [r for r in rows if r["section"] == name] for name in (
        "summary", "part", "precision", "weight", "change"
    )}  # fmt: skip


STATE = "select state, muted_by from alerts where title = ? order by created_at, alert_id"


def test_what_nobody_wants_is_muted_and_says_why(
    home, web, asked, sinowire, received, all_rows
):
    """Nothing changes before --apply; then new ones are kept back, until undo."""
    tell = judge(web, home).tell
    before = all_rows()
    told = rows_of(sinowire)
    [summary], [alerts, *_] = told["summary"], told["part"]
    [muted] = told["change"]
    precise = {(r["part"], r["id"]): (r["wanted"], r["judged"]) for r in told["precision"]}

    assert all_rows() == before
    assert (summary["verdicts"], summary["helps"]) == (26, True)
    assert "apply it with: sinowire teach --apply" in summary["sentence"]
    assert (alerts["part"], alerts["helps"], alerts["kept"]) == ("alerts", True, 1)
    assert (alerts["before"], alerts["after"]) == (pytest.approx(14 / 26), 1)
    assert (muted["change"], muted["count"], muted["of"]) == ("alerts muted", 12, 26)
    assert len(muted["examples"]) == 10
    assert precise["source", "Rumours"] == (0, 12)
    assert precise["rule", "giants"] == (14, 26)

    code, out, err = sinowire("teach", "--apply")
    assert code == 0, err
    assert max(map(len, out.splitlines())) <= 80
    assert "source Rumours" in out
    assert "what is stored follows with: sinowire retag" in err
    tell(2, {"/rumours": ["secret"], "/daily": ["report"]})
    [(state, by)] = asked(STATE, headline("secret"))
    assert state == "suppressed"
    assert "from Rumours (-" in by
    assert asked(STATE, headline("report")) == [("delivered", None)]
    told = json.dumps(received())
    assert (headline("secret") in told, headline("report") in told) == (False, True)
    [(alert,)] = asked("select alert_id from alerts where muted_by is not null")
    assert "from Rumours (-" in sinowire("alerts", "explain", alert)[1]
    with served(home) as address:
        pages = {p: httpx.get(address + p, trust_env=False).text for p in PAGES}
    assert "Teaching 1 stands, learnt from 26 verdicts" in pages["/teach"]
    assert "alerts muted: 12 / 26" in pages["/teach"]
    assert "from Rumours" in pages["/teach"]
    assert "第1次教学生效" in pages["/zh/teach"]
    [stands] = json.loads(pages["/teach.json?table=taught"])
    assert stands["verdicts"] == 26
    assert "from Rumours (-" in pages["/alerts"]
    assert 'sinowire_taught{what="verdicts"} 26.0' in pages["/metrics"]
    assert 'sinowire_taught{what="muted_alerts"} 1.0' in pages["/metrics"]
    # Once an outlet that is read tells it too, it is worth a word.
    tell(3, {"/daily": ["secret"]})
    assert [state for state, _ in asked(STATE, headline("secret"))] == [
        "suppressed",
        "delivered",
    ]

    assert sinowire("teach", "--undo")[0] == 0
    tell(4, {"/rumours": ["gossip"]})
    assert asked(STATE, headline("gossip")) == [("delivered", None)]


def test_what_is_taught_of_the_beat_holds_until_it_is_taken_back(
    home, config, sinowire, say, asked, all_rows, tmp_path
):
    """Retag brings it into what is stored, another teaching is none, undo is to the row."""
    lines = [
        {
            "url": f"https://x.example/{outlet}/{n}",
            "title": headline(f"{outlet} {n}"),
            "publisher": outlet,
            "published": f"2026-08-04T{n % 20:02}:00Z",
        }
        for outlet, many in (("Daily", 40), ("Blog", 12))
        for n in range(many)
    ]
    file = tmp_path / "lines.jsonl"
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    import_file(config(), file, Imported(), now=NOW, report=str, progress=str)
    publish(home)
    blog = [a for (a,) in asked("select article_id from articles where publisher = 'Blog'")]
    off = "select count(*) from articles where not is_on_beat and publisher = ?"
    assert asked(off, "Blog") == asked(off, "Daily") == [(0,)]
    say((article, "off-beat") for article in blog[:9])
    before = all_rows()
    made_anew(config)
    assert all_rows() == before

    code, _, err = sinowire("teach", "--apply")
    assert code == 0, err
    # By which rules it is judged from now on; the rest waits for retag.
    noted = {name: before[name] for name in ("reporting", "rules_read")}
    assert {**all_rows(), **noted} == before
    made_anew(config)
    assert (asked(off, "Blog"), asked(off, "Daily")) == ([(12,)], [(0,)])
    [(reason,)] = asked("select beat_reason from articles where article_id = ?", blog[-1])
    assert reason == "from Blog: Blog"
    why = sinowire("watchlist", "why", blog[-1])[1]
    assert "readers' verdicts taught it" in why
    version = "select distinct rules_version from stories where publishers > 0"
    [taught] = asked(f"{version} and first_publisher = 'Blog'")
    code, _, err = sinowire("teach", "--apply")
    assert (code, "all of it is applied already" in err) == (2, True)

    code, out, _ = sinowire("teach", "--undo")
    assert (code, out.startswith("teaching 1 taken back")) == (0, True)
    made_anew(config)
    assert all_rows() == before
    assert taught not in asked(version)
    code, _, err = sinowire("teach", "--undo")
    assert (code, "nothing is applied" in err) == (2, True)


def made_anew(config):
    retag(config(), dry_run=False, report=str, progress=str)
    finish_retag(config(), str)


def test_without_verdicts_it_says_so(home, sinowire, asked, config):
    """And refuses to be applied; nothing is written."""
    run(config(), now=NOW, report=str, progress=str)
    code, out, _ = sinowire("teach")
    refused, _, err = sinowire("teach", "--apply")
    assert (code, out.splitlines()[0][:35]) == (0, "There are no verdicts to learn from")
    assert (refused, "Nothing was changed" in err) == (2, True)
    assert asked("select count(*) from teachings") == [(0,)]


def test_of_two_that_contradict_the_later_counts(judged, asked, say, sinowire):
    """Whatever was said before, and only what was said since the day that is asked for."""
    alerts = asked("select alert_id from alerts")
    say((alert, "wanted") for (alert,) in alerts)
    [alerts, *_] = rows_of(sinowire)["part"]
    assert (alerts["verdicts"], alerts["before"]) == (26, 1)
    code, _, err = sinowire("teach", "--apply")
    assert (code, "are too few to help" in err) == (2, True)
    told = rows_of(sinowire, "--since", "2100-01-01")
    assert told["summary"][0]["verdicts"] == 0
    assert told["precision"] == []
    code, _, err = sinowire("teach", "--undo", "--since", "2100-01-01")
    assert (code, "--undo takes no --apply or --since" in err) == (2, True)


def test_it_waits_for_its_turn_and_for_a_retag(judged, home, config, sinowire, monkeypatch):
    """Where another has the turn for too long it says who; a retag is not cut across."""
    monkeypatch.setenv("SINOWIRE_WRITER_WAIT_SECONDS", "1.2")
    with writer(home, command="sinowire hold"):
        code, _, err = sinowire("teach", "--apply")
    assert (code, "waiting for `sinowire hold`" in err) == (1, True)
    with writer(home) as con:
        retag_store.record(con, rules_of(config()), Progress(1))
    code, _, err = sinowire("teach", "--apply")
    assert (code, "a retag has begun" in err) == (2, True)
    finish_retag(config(), str)
    assert sinowire("teach", "--apply")[0] == 0


KILLED = """
import os, signal, sys
from warehouse.news import verdicts
verdicts.appends.insert_columns = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
sys.argv = ["sinowire", "teach", "--apply"]
from flows.console.cli import main
main()
"""


def test_killed_in_between_nothing_is_half_taught(judged, sinowire, asked, config):
    """Neither the teaching nor a weight is there, and it can be applied anew."""
    before = config().watchlist.rules_version
    made = subprocess.run([sys.executable, "-c", KILLED], env={**os.environ}, check=False)
    assert made.returncode == -9
    assert asked("select count(*) from teachings") == [(0,)]
    assert config().watchlist.rules_version == before
    assert sinowire("teach", "--apply")[0] == 0
    assert config().watchlist.rules_version != before
    assert asked("select count(*) > 0 from taught") == [(True,)]


@pytest.mark.of_a_file("the file of a warehouse is taken away")
def test_a_publication_alone_is_read_and_not_taught(judged, home, sinowire):
    """What verdicts teach is told; where the warehouse is missing it is not made anew."""
    for path in (home / "data").glob("warehouse.*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert rows_of(sinowire)["summary"][0]["helps"]
    code, _, err = sinowire("teach", "--apply")
    assert (code, "warehouse.duckdb is missing" in err) == (2, True)
    assert not (home / "data" / "warehouse.duckdb").exists()
