"""`sinowire retag` makes stored stories anew: as polls would, by parts, telling nobody."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import product
from math import comb
from types import SimpleNamespace

import httpx
import pytest
from builders import refresh_all_stories
from either_kind import writer
from serving import served

from connectors.samples.history import history
from flows.steps.cycle import run
from flows.steps.ingest import history as imports
from flows.steps.upkeep import retag as run_retag
from flows.steps.upkeep.retag import finish_retag, retag
from transforms.stories import settling
from warehouse.file.connect import transaction
from warehouse.news.coverage import refresh_all_coverage
from warehouse.news.stories import merge_stories
from warehouse.upkeep import regroup
from warehouse.upkeep.checks import run_checks

pytestmark = pytest.mark.slow

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
LAB, DEAL = "Baidu opens a robot lab in Shenzhen", "Roborock recalls 4,200 vacuums in Spain"
# All that a retag of stories writes.
MADE = (
    *("select article_id, story_id from articles", "from stories", "from story_affairs"),
    *("from coverage", "from story_days", "from story_splits", "from story_merges"),
    *("from alerts", "from alert_parts", "from retagged"),
)
# A retag of small parts that ends like a pulled plug at one of its statements on stories.
KILLED = """
import os, signal, sys
from warehouse import queries
from warehouse.upkeep import regroup
from flows.console.cli import main
from flows.steps.upkeep import retag

retag.TURN = 0.0
regroup.PART, regroup.BATCH, left, run = 40, 20, int(sys.argv.pop()), queries.run

def counted(con, name, **params):
    global left
    left -= name.startswith("regroup.")
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return run(con, name, **params)

queries.run = counted
sys.argv = ["sinowire", "retag", "--all"]
main()
"""


def quiet(*_):
    pass


def retagged(config):
    """Retag with nobody listening."""
    made = retag(config(), dry_run=False, report=quiet, progress=quiet, everything=True)
    finish_retag(config(), quiet)
    return made.stories


def made(home):
    """Return what is stored of stories, whenever it was written."""
    with writer(home) as con:
        return {
            asked: [
                tuple(v for v in row if not isinstance(v, datetime) or v < NOW)
                for row in con.execute(f"{asked} order by all").fetchall()
            ]
            for asked in MADE
        }


def parts(home):
    """Return the articles of each story."""
    with writer(home) as con:
        asked = (
            "select list(article_id order by article_id) from articles group by story_id"
        )
        return sorted(ids for (ids,) in con.execute(asked).fetchall())


@pytest.fixture
def stored(home, sinowire, monkeypatch):
    """A home with so many articles of the demo's history, which came in order."""

    def fill(articles):
        monkeypatch.setattr(imports, "BATCH", 50)
        rows = sorted(history(NOW), key=lambda row: row["published"])[-articles:]
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (home / "h.jsonl").write_text(lines, encoding="utf-8")
        assert sinowire("import", home / "h.jsonl")[0] == 0

    return fill


def confuse(home):
    """Let stories be others, as an older engine may have left them."""
    with writer(home) as con, transaction(con):
        con.execute(
            "update articles set story_id = other.story_id from (select seq, first_value("
            "'s' || article_id) over (partition by seq // 3 order by seq) as story_id "
            "from articles where seq % 5 < 4) as other where articles.seq = other.seq"
        )
        refresh_all_coverage(con)
        refresh_all_stories(con, "old")


def test_a_retag_yields_what_polls_in_order_yield(home, stored, config, monkeypatch):
    """Whatever was stored, over months and smaller parts; a second one changes nothing."""
    stored(150)
    polled = parts(home)
    confuse(home)
    assert parts(home) != polled
    monkeypatch.setattr(regroup, "PART", 100)
    monkeypatch.setattr(regroup, "BATCH", 50)

    first = retagged(config)

    assert parts(home) == polled
    assert first.split > 5
    once = made(home)
    with writer(home) as con:
        assert [check.name for check in run_checks(con) if not check.ok] == []
    again = retagged(config)
    assert (again.split, again.joined) == (0, 0)
    assert made(home) == once


@pytest.mark.long
def test_one_act_of_a_state_is_one_story_of_two_languages(home, sinowire, config):
    """By polls of different hours, and by a retag of what was stored as two."""
    (home / "watchlist.toml").unlink()
    polls = (
        [
            ("en", "China adds 12 Japanese firms to export control list"),
            ("zh", "商务部：将8家美国实体列入出口管制管控名单"),
        ],
        [("zh", "商务部将12家日本实体列入出口管制管控名单")],
    )
    for hour, told in enumerate(polls, 10):
        rows = (
            {
                "title": title,
                "url": f"https://news.example/{title}",
                "published": f"2026-08-03T{hour}:00:00Z",
                "language": language,
                "publisher": language,
            }
            for language, title in told
        )
        (home / "h.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        assert sinowire("import", home / "h.jsonl")[0] == 0
    polled = parts(home)
    assert sorted(map(len, polled)) == [1, 2]
    with writer(home) as con, transaction(con):
        con.execute("update articles set story_id = 's' || article_id")
        refresh_all_coverage(con)
        refresh_all_stories(con, "old")

    retagged(config)

    assert parts(home) == polled


def test_a_close_call_stays_as_it_is_stored(home, sinowire, config):
    """Neither a score a little below the bar parts a story, nor one above joins two."""
    bridge = "青河大桥今晨通车", "青河大桥通车 全长12公里"
    jobs = "Lumo cuts 300 jobs in Lisbon", "Lumo to cut 300 jobs at Lisbon plant"
    flood = "Storm floods Lumo's plant in Porto", "Porto plant of Lumo is under water"
    given = [
        {"url": f"https://n.example/{n}", "title": title, "publisher": f"outlet {n}"}
        for n, title in enumerate((*bridge, *jobs, *flood, LAB, DEAL))
    ]
    late = {jobs[1]: NOW + timedelta(hours=13)}
    lines = (
        json.dumps(row | {"published": late.get(row["title"], NOW).isoformat()})
        for row in given
    )
    (home / "few.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert sinowire("import", home / "few.jsonl")[0] == 0
    polled = by_title(home)
    assert len({polled[title] for title in bridge}) == 2
    assert [len({polled[title] for title in pair}) for pair in (jobs, flood)] == [1, 1]
    with writer(home) as con, transaction(con):
        merge_stories(con, {polled[bridge[1]]: polled[bridge[0]]}, NOW)
        merge_stories(con, {polled[DEAL]: polled[LAB]}, NOW)
        con.execute("update articles set story_id = 's' || article_id where seq in (4, 6)")
        refresh_all_coverage(con)
        refresh_all_stories(con, "old")

    found = retagged(config)

    stories = by_title(home)
    assert len({stories[title] for title in bridge}) == 1
    assert len({stories[title] for title in jobs}) == 2
    assert len({stories[title] for title in flood}) == 1
    assert stories[LAB] != stories[DEAL]
    assert (found.split, found.joined) == (1, 1)
    again = retagged(config)
    assert (again.split, again.joined, by_title(home)) == (0, 0, stories)


def test_a_story_of_hundreds_that_is_none_costs_no_square(
    home, sinowire, config, monkeypatch
):
    """Of a stored story its first headlines are asked what holds it together, no more."""
    words = [
        "robot",
        "chip",
        "battery",
        "drone",
        "phone",
        "laser",
        "engine",
        "satellite",
        "printer",
        "sensor",
    ]
    given = [
        {
            "url": f"https://n.example/{n}",
            "title": f"{place} {words[n % 10]} maker {act} {word} line",
            "published": (NOW + timedelta(minutes=n)).isoformat(),
        }
        for n, (place, act, word) in enumerate(
            product(
                ("Baidu", "Porto", "Lisbon", "Oslo"),
                ("opens", "shuts", "sells", "buys"),
                words,
            )
        )
    ]
    lines = (json.dumps(row) for row in given)
    (home / "many.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert sinowire("import", home / "many.jsonl")[0] == 0
    polled = parts(home)
    with writer(home) as con, transaction(con):
        first = con.execute("select min(story_id) from articles").fetchall()[0][0]
        con.execute("update articles set story_id = $1", [first])
        refresh_all_coverage(con)
        refresh_all_stories(con, "old")
    asked = []
    is_one = settling.stay_one
    monkeypatch.setattr(
        settling, "stay_one", lambda *pair: asked.append(pair) or is_one(*pair)
    )

    retagged(config)

    assert len(polled) > 2
    assert len(parts(home)) > 1
    assert 0 < len(asked) <= comb(settling.ASKED, 2) < comb(len(given), 2)


def by_title(home):
    """Return the story of each headline."""
    with writer(home) as con:
        return dict(con.execute("select title, story_id from articles").fetchall())


def test_a_dry_run_counts_and_writes_nothing(home, stored, sinowire):
    """Stories that would be split and joined."""
    stored(40)
    confuse(home)
    before = made(home)

    said = sinowire("retag", "--all", "--dry-run")[2]

    found = re.search(r"stories that would be split: (\d+), joined to others: (\d+)", said)
    assert int(found[1]) > 0
    assert made(home) == before


def test_verdicts_hold_and_can_still_be_taken_back(home, stored, sinowire, config):
    """What readers said of two articles stands over stories that are made anew."""
    stored(70)
    polled = parts(home)
    joined = next(part for part in polled if len(part) > 1)
    one, other = [part[0] for part in polled if len(part) == 1][:2]
    assert sinowire("verdicts", "add", one, "one-event", other)[0] == 0
    assert sinowire("verdicts", "add", joined[0], "not-one-event", joined[1])[0] == 0
    judged = parts(home)
    confused = made(home)

    retagged(config)

    assert parts(home) == judged != polled
    assert made(home)["from stories"] == confused["from stories"]
    for number in (2, 1):
        assert sinowire("verdicts", "undo", number)[0] == 0
    assert parts(home) == polled


@pytest.mark.crash
def test_one_that_is_killed_anywhere_goes_on(home, stored, config, monkeypatch):
    """SIGKILL before, in and after the parts: the end is as if nothing had been."""
    stored(70)
    confuse(home)
    ended = []
    for statement in (9, 37):
        call = [sys.executable, "-c", KILLED, str(statement)]
        ended.append(subprocess.run(call, capture_output=True, check=False).returncode)
        with writer(home) as con:
            assert [check.name for check in run_checks(con) if not check.ok] == []
    assert set(ended) == {-signal.SIGKILL}
    monkeypatch.setattr(regroup, "PART", 40)
    monkeypatch.setattr(regroup, "BATCH", 20)
    retagged(config)
    killed = made(home)
    retagged(config)

    assert made(home) == killed


def item(path, headline, at):
    return f"https://{path}.example/{headline[:5]}", headline, format_datetime(at)


@pytest.fixture
def told_as_one(home, web, subscribe, config):
    """A story of two events of which a rule told, and how its outlets go on."""
    (home / "alerts.toml").write_text(
        '[rule.giants]\ncompanies = ["baidu", "roborock"]\nchannels = ["file"]\n'
        "updates = { publishers = [2], companies = false }\n"
        '[channel.file]\ntype = "file"\npath = "alerts.jsonl"\n',
        encoding="utf-8",
    )
    items = {path: [item(path, "Weather is fine", NOW)] for path in ("one", "two")}
    subscribe("/one", "/two")

    def tell(hours, **headlines):
        now = NOW + timedelta(hours=hours)
        for path, headline in headlines.items():
            items[path].append(item(path, headline, now))
        for path, told in items.items():
            web.feed(f"/{path}", *told)
        run(config(), now=now, report=quiet, progress=quiet)

    tell(0)
    tell(1, one=LAB, two=DEAL)
    with writer(home) as con, transaction(con):
        asked = "select title, story_id from articles where title <> 'Weather is fine'"
        stories = dict(con.execute(asked).fetchall())
        # What an older engine would have joined, and so never told of.
        con.execute("delete from alerts where title = $1", [DEAL])
        merge_stories(con, {stories[DEAL]: stories[LAB]}, NOW)
        con.execute("delete from story_merges")
        refresh_all_stories(con, "old")
    return tell, stories


def test_what_was_told_of_a_story_is_told_of_its_parts(
    home, told_as_one, config, received, sinowire
):
    """An article more of each part updates the alert; no first one, and none by a retag.

    An alert has one update a step, whichever part comes to it first.
    """
    tell, stories = told_as_one
    before = received()

    found = retagged(config)

    assert (found.split, received()) == (1, before)
    _tell_of_each_part(tell, sinowire)
    assert len(received()) == len(before) + 1
    _name_each_other(home, stories, sinowire)


@pytest.mark.parametrize("of_told", [True, False], ids=["told", "untold"])
def test_what_was_told_of_a_story_is_told_where_a_reader_parts_it(
    home, told_as_one, config, received, sinowire, of_told
):
    """Whichever half keeps the story's id; taken back, not a row is left of it."""
    tell, stories = told_as_one
    with writer(home) as con, transaction(con):
        ids = dict(con.execute("select title, article_id from articles").fetchall())
        if not of_told:
            for table in ("articles", "alerts"):
                con.execute(
                    f"update {table} set story_id = $1 where story_id = $2",
                    [stories[DEAL], stories[LAB]],
                )
        refresh_all_coverage(con)
        refresh_all_stories(con, config().watchlist.rules_version)
    said, before = received(), made(home)

    def part():
        code, _, err = sinowire("verdicts", "add", ids[LAB], "not-one-event", ids[DEAL])
        assert code == 0, err

    part()
    assert sinowire("verdicts", "undo", 1)[0] == 0
    assert made(home) == before
    part()
    assert received() == said
    _tell_of_each_part(tell, sinowire)
    assert len(received()) == len(said) + 1


def _tell_of_each_part(tell, sinowire):
    """Bring an article more of each: one of them updates the alert, and none is a first."""
    tell(3, one=DEAL)
    tell(4, two=LAB)
    rows = json.loads(sinowire("alerts", "list", "--format", "json")[1])
    [first] = [row["alert_id"] for row in rows if row["updates_alert_id"] is None]
    told = {(row["title"], row["updates_alert_id"], row["step"]) for row in rows}
    assert told == {(LAB, None, ""), (DEAL, first, "publishers:2")}


def _name_each_other(home, stories, sinowire):
    """Look at the page of each part, and at what the terminal shows of it."""
    with writer(home) as con:
        asked = "select distinct title, story_id from articles where title = any($1)"
        assert dict(con.execute(asked, [[LAB, DEAL]]).fetchall()) == stories
        splits = con.execute("select story_id, split_from from story_splits").fetchall()
        assert splits == [(stories[DEAL], stories[LAB])]
    with served(home) as address:
        for mine, other in ((LAB, DEAL), (DEAL, LAB)):
            page = httpx.get(
                f"{address}/stories/{stories[mine]}", trust_env=False, timeout=60
            )
            parts = page.text.partition('id="parts"')[2]
            assert f'href="/stories/{stories[other]}"' in parts
            assert other in sinowire("stories", "show", stories[mine])[1]


def test_what_a_reader_says_between_two_parts_of_a_retag_holds(
    home, stored, config, sinowire, monkeypatch
):
    """Of articles that are made anew already, and of those that are not yet."""
    stored(120)
    polled = parts(home)
    story = max(polled, key=len)
    with writer(home) as con:
        asked = "select article_id from articles order by published_at"
        ids = [key for (key,) in con.execute(asked).fetchall()]
    left = [
        (ids[0], "off-beat"),
        (ids[-1], "on-beat"),
        (story[0], "not-one-event", story[1]),
    ]

    def say(_seconds):
        with writer(home) as con:
            is_halfway = con.execute("select grouped_until from retagged").fetchone()[0]
        while is_halfway and left:
            assert sinowire("verdicts", "add", *left.pop(0))[0] == 0

    clock = SimpleNamespace(sleep=say, monotonic=time.monotonic)
    monkeypatch.setattr(run_retag, "time", clock)
    monkeypatch.setattr(run_retag, "TURN", 0.0)
    monkeypatch.setattr(regroup, "PART", 40)
    retagged(config)

    assert left == []
    with writer(home) as con:
        asked = "select beat_reason from articles where article_id in ($1, $2) order by 1"
        held = con.execute(asked, [ids[0], ids[-1]]).fetchall()
    assert held == [("verdict: 1",), ("verdict: 2",)]
    assert not any({story[0], story[1]} <= set(part) for part in parts(home))
    for number in (3, 2, 1):
        assert sinowire("verdicts", "undo", number)[0] == 0
    assert parts(home) == polled


def test_an_article_that_comes_between_two_parts_is_placed_right(
    home, told_as_one, config, received, monkeypatch
):
    """The turn is given up between parts, and whoever polls finds the parts of today."""
    tell, stories = told_as_one
    came = []

    def poll(_seconds):
        with writer(home) as con:
            is_halfway = con.execute("select grouped_until from retagged").fetchall()
        if not came and is_halfway[0][0]:
            came.append(is_halfway)
            tell(3, one=DEAL)

    # Its own pauses alone: a writer that waits for its turn sleeps as well.
    clock = SimpleNamespace(sleep=poll, monotonic=time.monotonic)
    monkeypatch.setattr(run_retag, "time", clock)
    monkeypatch.setattr(run_retag, "TURN", 0.0)
    monkeypatch.setattr(regroup, "PART", 3)
    retagged(config)

    assert came
    with writer(home) as con:
        asked = "select distinct story_id from articles where title = $1"
        assert con.execute(asked, [DEAL]).fetchall() == [(stories[DEAL],)]
    assert len([row for row in received() if row.get("title") == DEAL]) < 2
