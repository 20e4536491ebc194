"""Articles that an earlier version stored twice: one row, and nothing of them is lost."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from contextlib import closing, suppress
from datetime import UTC, datetime

import pytest
from either_kind import publish, writer

from transforms.urls.identity import article_id
from warehouse.errors import LakeUnavailable
from warehouse.file.connect import open_published
from warehouse.upkeep.checks import run_checks

DATED = "Tue, 04 Aug 2026 {:02}:00:00 GMT"
TABLES = """
select table_name from duckdb_columns() join duckdb_tables() using (table_name)
where column_name = 'article_id' and table_name <> 'article_merges'
"""
COUNTED = ("articles", "article_versions", "sightings", "alerts", "stories", "story_merges")


def former_id(url):
    """Return what an earlier version made of a canonical address."""
    return hashlib.sha256(url.encode()).hexdigest()[:20]


def as_before(home, urls):
    """Make the warehouse what an earlier version would have made of *urls*.

    They go by the addresses that were really ingested.
    """
    with writer(home) as con:
        for stored, url in urls.items():
            old, new = article_id(stored, "", ""), former_id(url)
            con.execute("update articles set url = ? where article_id = ?", [url, old])
            for (table,) in con.execute(TABLES).fetchall():
                con.execute(
                    f"update {table} set article_id = ? where article_id = ?", [new, old]
                )
            con.execute(
                "update seen set key = md5(?)::uuid where key = md5(?)::uuid", [new, old]
            )
        # It made ids by no form of addresses.
        con.execute("delete from identified")
        # What has to be made anew where stories become one.
        con.execute(
            "insert into story_affairs by name"
            " select 'f1' as affair_id, story_id, row_number() over () as step,"
            " 'baidu' as group_id from stories"
        )
        con.execute("delete from schema_migrations where name = 'views'")
    # A lake that an earlier version wrote is published once a run brought it up to date.
    with suppress(LakeUnavailable):
        publish(home)


def count(home):
    """Return rows of tables, by name."""
    with writer(home) as con:
        return {
            table: con.execute(f"select count(*) from {table}").fetchone()[0]
            for table in COUNTED
        }


def failed(home):
    """Publish, and return the checks that fail."""
    publish(home)
    with closing(open_published(home / "data" / "sinowire.duckdb")) as con:
        return [check.name for check in run_checks(con) if not check.ok]


ROBOTS = "https://x.example/tech/baidu-opens-a-robot-lab-2026-08-04"
# Two outlets tell the same, one of them under three addresses.
STORED = {
    "https://x.example/1": f"{ROBOTS}/",
    "https://x.example/2": ROBOTS.replace("tech", "world/asia"),
    "https://x.example/3": ROBOTS,
    "https://x.example/4": "https://x.example/a/weather-in-baoding/",
    "https://x.example/5": "https://x.example/b?id=5",
}


@pytest.fixture
def twice(sinowire, web, subscribe, home, fill_once):
    """A home of an earlier version: of five articles three are one, and it was told."""
    subscribe("/good")
    headlines = [
        "Baidu opens a robot lab in Beijing",
        "Baidu opens a robot lab in Beijing",
        "Tencent buys a studio from Roborock",
        "Weather in Baoding",
    ]
    items = [
        (f"https://x.example/{n}", headline, DATED.format(9 + n))
        for n, headline in enumerate(headlines, 1)
    ]

    def poll_twice():
        web.feed("/good", ("https://x.example/5", "Rain in Baoding", DATED.format(8)))
        assert sinowire("run", "--now", "2026-08-04T09:00Z")[0] == 0
        web.feed("/good", *items)
        assert sinowire("run", "--now", "2026-08-04T15:00Z")[0] == 0
        as_before(home, STORED)

    fill_once("twice", poll_twice)
    web.feed("/good", *items)
    return home


def test_joins_what_was_stored_twice(twice, sinowire, received):
    """Sightings, wordings and alerts stay, ids lead on, and no count of others changes."""
    before, told = count(twice), received()

    assert sinowire("run", "--now", "2026-08-04T15:05Z")[0] == 0

    after = count(twice)
    assert (before["articles"], after["articles"]) == (5, 3)
    assert after["sightings"] == before["sightings"]
    # Two of the three were worded alike.
    assert after["article_versions"] == before["article_versions"] - 1
    assert after["alerts"] == before["alerts"]
    # The story of the third is empty now, and leads to the first.
    assert after["stories"] == before["stories"] - 1
    assert after["story_merges"] == 1
    assert failed(twice) == []
    assert received() == told
    with closing(open_published(twice / "data" / "sinowire.duckdb")) as con:
        sql = "select story_id from story_affairs anti join stories using (story_id)"
        assert con.execute(sql).fetchall() == []
    with closing(open_published(twice / "data" / "sinowire.duckdb")) as con:
        merges = dict(
            con.execute("select article_id, into_id from article_merges").fetchall()
        )
        [(seen, url)] = con.execute(
            "select first_seen_at, url from articles where article_id = ?",
            [article_id(ROBOTS, "", "")],
        ).fetchall()
        alerts = con.execute(
            "select count(*) from alerts join articles using (article_id)"
        ).fetchone()[0]
    assert merges == {
        former_id(f"{ROBOTS}/"): article_id(ROBOTS, "", ""),
        former_id(ROBOTS.replace("tech", "world/asia")): article_id(ROBOTS, "", ""),
        former_id(ROBOTS): article_id(ROBOTS, "", ""),
        former_id(STORED["https://x.example/4"]): article_id(
            STORED["https://x.example/4"], "", ""
        ),
    }
    assert (seen, url) == (datetime(2026, 8, 4, 15, tzinfo=UTC), f"{ROBOTS}/")
    assert alerts == after["alerts"] > 0


def test_former_ids_lead_on(twice, sinowire):
    """Commands that are given an id of before find the article, and say what it is now."""
    assert sinowire("run", "--now", "2026-08-04T15:05Z")[0] == 0
    old = former_id(f"{ROBOTS}/")

    code, out, err = sinowire("watchlist", "why", old)
    said = sinowire("verdicts", "add", old, "not-about", "baidu")
    story, _, _ = sinowire(
        "stories", "show", f"s{article_id('https://x.example/3', '', '')}"
    )
    unknown, _, _ = sinowire("watchlist", "why", "f" * 20)

    assert (code, said[0], story, unknown) == (0, 0, 0, 2)
    assert "Baidu" in out
    assert f"{old} is one article with {article_id(ROBOTS, '', '')} now" in err


def test_outlets_of_before_go_by_one_name(twice, sinowire):
    """A source that went by two names is one outlet in stories told before, too."""
    with writer(twice) as con:
        con.execute("update articles set publisher = 'reuters_gnews' where seq % 2 = 0")
        con.execute("update articles set publisher = 'Reuters' where seq % 2 = 1")

    assert sinowire("run", "--now", "2026-08-04T15:05Z")[0] == 0

    with closing(open_published(twice / "data" / "sinowire.duckdb")) as con:
        names = con.execute("select distinct publisher from articles").fetchall()
        counted = con.execute("select max(publishers) from stories").fetchone()
        first = con.execute("select distinct first_publisher from stories").fetchall()
    assert (names, counted, first) == ([("Reuters",)], (1,), [("Reuters",)])


@pytest.mark.of_a_file("an export is of what is published, and a lake of before is not")
def test_history_lands_on_the_same_articles(twice, sinowire):
    """An export of before brings nothing that is not there."""
    assert sinowire("export", twice / "before")[0] == 0
    assert sinowire("run", "--now", "2026-08-04T15:05Z")[0] == 0
    before = count(twice)

    code, _, _ = sinowire("import", twice / "before")
    assert code == 0

    assert count(twice)["articles"] == before["articles"]
    assert failed(twice) == []


def test_a_new_warehouse_has_nothing_to_make_anew(home, sinowire, web, subscribe):
    """What begins empty is up to date, and stays so."""
    web.feed("/good", (f"{ROBOTS}/", "Baidu opens a robot lab", DATED.format(8)))
    subscribe("/good")

    _, _, err = sinowire("run", "--now", "2026-08-04T09:00Z")
    with writer(home) as con:
        progress = con.execute("select seq from identified").fetchall()

    assert progress == [(None,)]
    assert "ids of today" not in err


# Kills itself at its Nth statement, for N from 1 on, until one comes to the end.
KILLED = """
import os, signal, sys
from pathlib import Path
from flows.settings import load_settings
from flows.steps.warehouse import open_writer
from warehouse.news import identities
from warehouse import queries

identities.BATCH = 40
run, done = queries.run, []

def run_until(con, name, **params):
    done.append(name)
    if len(done) == number:
        os.kill(os.getpid(), signal.SIGKILL)
    return run(con, name, **params)

number, kills = int(sys.argv[2]), 0
while True:
    child = os.fork()
    if child == 0:
        queries.run = run_until
        with open_writer(load_settings(Path(sys.argv[1])), "test"):
            pass
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if status == 0:
        break
    assert os.WTERMSIG(status) == signal.SIGKILL, status
    kills, number = kills + 1, number + 3
print(kills)
"""


@pytest.mark.crash
def test_goes_on_where_it_was_killed(home, sinowire):
    """Killed with -9 at statement after statement: all is there, once; readers read on."""
    lines = (
        {
            "url": f"https://x.example/{n}",
            "title": f"Baidu opens lab number {n // 2} in town {n // 2}",
            "published": "2026-08-04T08:00Z",
        }
        for n in range(200)
    )
    (home / "h.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert sinowire("import", home / "h.jsonl")[0] == 0
    as_before(
        home,
        {
            f"https://x.example/{n}": f"https://x.example/lab/{n // 2}{'/' * (n % 2)}"
            for n in range(200)
        },
    )
    before = count_raw(home)

    with closing(open_published(home / "data" / "sinowire.duckdb")) as reader:
        killed = subprocess.run(
            [sys.executable, "-c", KILLED, str(home), "2"],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ,
        )
        assert reader.execute("select count(*) from articles").fetchone() == (200,)

    assert int(killed.stdout) > 5
    after = count(home)
    assert before == {"articles": 200, "sightings": 200}
    assert (after["articles"], after["sightings"]) == (100, 200)
    assert failed(home) == []
    with writer(home) as con:
        lost = con.execute(
            "select count(*) from article_merges as m where not exists"
            " (from articles as a where a.article_id = m.into_id)"
        ).fetchone()
        given_up = con.execute("select count(*) from article_merges").fetchone()
    assert (lost, given_up) == ((0,), (100,))


def count_raw(home):
    """Return rows of the published copy, which an earlier version wrote."""
    with closing(open_published(home / "data" / "sinowire.duckdb")) as con:
        return {
            table: con.execute(f"select count(*) from {table}").fetchone()[0]
            for table in ("articles", "sightings")
        }
