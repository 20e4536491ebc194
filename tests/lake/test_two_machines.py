"""Two machines write to one lake by turns, and each publishes the same copy of it."""

from __future__ import annotations

import contextlib
import json
import re
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from connectors.samples.history import history
from flows.console import output
from flows.web.metrics import Counts, Metrics
from warehouse.file.connect import open_published
from warehouse.upkeep.checks import run_checks

pytestmark = pytest.mark.lake
NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
PUBLISH = """
from flows.settings import load_settings
from flows.steps.warehouse import publish

publish(load_settings())
"""
# Writes something, and commits it once it is told to.
HOLD = """
import sys
from flows.settings import load_settings
from flows.steps.warehouse import open_writer
from warehouse.file.connect import transaction

with open_writer(load_settings(), "hold") as con, transaction(con):
    con.execute("update reporting set zone = 'Europe/Paris'")
    print("in", flush=True)
    sys.stdin.readline()
"""
# Leaves all articles in one story.
CONFUSE = """
from flows.settings import load_settings
from flows.steps.warehouse import open_writer
from warehouse.file.connect import transaction
from warehouse.news.coverage import refresh_all_coverage

with open_writer(load_settings(), "confuse") as con, transaction(con):
    con.execute("update articles set story_id = (select min(story_id) from articles)")
    refresh_all_coverage(con)
    con.execute("delete from stories")
    con.execute(
        "insert into stories by name"
        " select *, 'old' as rules_version from derived_stories()"
    )
"""
# Retags in turns of five articles.
RETAG = """
import sys
from warehouse.upkeep import retag
from flows.console.cli import main

retag.PART = 5
sys.argv = ["sinowire", "retag"]
main()
"""
NEXT = """
import time
from flows.settings import load_settings
from flows.steps.warehouse import open_writer

def say(text):
    print(text, flush=True)

with open_writer(load_settings(), "next", say) as con:
    say(time.monotonic())
    say(con.execute("select zone from reporting").fetchone()[0])
"""


def published(host):
    return contextlib.closing(open_published(host.home / "data" / "sinowire.duckdb"))


def asked(host, sql):
    with published(host) as con:
        return con.execute(sql).fetchall()


def failed_checks(host):
    with published(host) as con:
        return [check.name for check in run_checks(con) if not check.ok]


def digests(host):
    """Return how many rows each table of the published file has, and a digest of them."""
    with published(host) as con:
        tables = con.execute(
            "select table_name from duckdb_tables() order by all"
        ).fetchall()
        return {
            name: con.execute(
                f'select count(*), bit_xor(hash(rows_of_it)) from "{name}" as rows_of_it'
            ).fetchall()
            for (name,) in tables
        }


def found(host):
    """Return what `doctor` finds there, by what it looked at."""
    rows = json.loads(host.sinowire("doctor", "--quick", "--format", "json").stdout)
    return {row["what"]: f"{row['state']}: {row['detail']}" for row in rows}


def waited(host):
    """Return what the metrics of its desk tell of waits for the turn."""
    metrics = Metrics(Counts(), host.home / "data")
    told = metrics.answer(None, pages=0, used=0, now=datetime.now(UTC)).body.decode()
    return float(re.search(r"sinowire_turn_wait_seconds\{.*\} (.+)", told)[1])


def polled(*runs):
    """Make passes at the same time: pairs of a machine and its further words."""
    program = ("-m", "flows.console.cli", "run", "--json")
    started = [
        host.start(
            *(sys.executable, *program, *words),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for host, *words in runs
    ]
    for process in started:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        assert out.startswith("{"), out


@pytest.mark.long
def test_both_machines_runs_meet_in_one_lake(machines, news):
    """At once, twice: nothing lost or doubled against a file; both copies are equal."""
    alpha, beta, gamma = machines.values()
    for edition in (1, 2):
        news(edition)
        polled((alpha, "--shard", "1/2"), (beta, "--shard", "2/2"), (gamma,))
    for host in (alpha, beta):
        assert host.python(PUBLISH).wait() == 0
    assert failed_checks(alpha) == []
    assert digests(alpha) == digests(beta)
    for what in (
        "select article_id, url from articles",
        "select article_id, feed_id from sightings",
        "select article_id, company_id from mentions",
        "select key from seen",
        "select rule_id, title, state from alerts",
        "select count(*) from articles group by story_id",
    ):
        assert sorted(asked(alpha, what)) == sorted(asked(gamma, what)), what
    where = "select host, outcome, count(*) from runs group by all"
    assert sorted(asked(alpha, where)) == [
        ("alpha", "completed", 2),
        ("beta", "completed", 2),
    ]


@pytest.mark.long
def test_what_one_machine_retags_both_publish(machines, news):
    """Stories made anew in the lake while the other polls: both copies have them."""
    alpha, beta, gamma = machines.values()
    news(1)
    polled((alpha, "--shard", "1/2"), (beta, "--shard", "2/2"), (gamma,))
    assert alpha.python(CONFUSE).wait() == 0
    news(2)
    program = (sys.executable, "-m", "flows.console.cli", "retag", "--all")
    with alpha.start(*program, stderr=subprocess.PIPE) as retag:
        polled((beta, "--shard", "2/2"), (gamma,))
        _, said = retag.communicate(timeout=120)
    assert "stories that were split: 1," in said
    polled((alpha, "--shard", "1/2"))
    assert beta.python(PUBLISH).wait() == 0

    assert failed_checks(alpha) == []
    assert digests(alpha) == digests(beta)
    stories = "select list(url order by url) from articles group by story_id"
    assert sorted(asked(alpha, stories)) == sorted(asked(gamma, stories))
    assert asked(beta, "select count(distinct split_from) from story_splits") == [(1,)]


@pytest.mark.long
def test_two_machines_that_retag_at_once_leave_what_one_leaves(machines):
    """One may be refused with a sentence; the end is that of a single one."""
    alpha, beta, gamma = machines.values()
    rows = sorted(history(NOW), key=lambda row: row["published"])[::10]
    for host in (alpha, gamma):
        file = host.home / "h.jsonl"
        file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        assert host.sinowire("import", file).returncode == 0
        assert host.sinowire("retag", "--all").returncode == 0
    for host in machines.values():
        with (host.home / "watchlist.toml").open("a", encoding="utf-8") as file:
            file.write(
                '[company.huawei]\nname = "Huawei"\nzh = "华为"\nsector = "internet"\n'
                '[company.alibaba]\nname = "Alibaba"\nsector = "internet"\n'
            )
    pipe = {"stderr": subprocess.PIPE, "stdout": subprocess.DEVNULL}
    both = [host.python(RETAG, **pipe) for host in (alpha, beta)]
    ends = [(process.communicate(timeout=200)[1], process.returncode) for process in both]
    for said, code in ends:
        refused = "the watchlist changed, or another retag began" in said
        assert code == 0 or refused, said
    assert beta.sinowire("retag").returncode == 0
    assert gamma.sinowire("retag").returncode == 0
    assert alpha.python(PUBLISH).wait() == 0

    assert failed_checks(alpha) == []
    assert digests(alpha) == digests(beta)
    for what in (
        "select article_id, company_id, alias, start from mentions",
        "select article_id, is_on_beat, relevance, story_id from articles",
        "select story_id, articles, headline from stories",
        "select article_id, subject_id, story_id from coverage",
    ):
        assert sorted(asked(alpha, what)) == sorted(asked(gamma, what)), what
    assert asked(alpha, "select count(*) > 10 from mentions") == [(True,)]


def test_the_turn_passes_on_when_its_holder_is_killed(machines):
    """In less than two seconds, and of what it had written nothing is there."""
    alpha, beta, _ = machines.values()
    pipe = {"stdout": subprocess.PIPE}
    with alpha.python(HOLD, stdin=subprocess.PIPE, **pipe) as holder:
        # Of a slow query DuckDB ends its line of progress before.
        assert "in\n" in iter(holder.stdout.readline, "")
        with beta.python(NEXT, **pipe) as following:
            waiting = following.stdout.readline()
            holder.send_signal(signal.SIGKILL)
            killed = time.monotonic()
            got, zone = following.stdout.read().split()
    assert "sinowire hold on alpha" in waiting
    assert float(got) - killed < 2
    assert zone == "Asia/Shanghai"


@pytest.mark.long
def test_a_stopped_holder_s_turn_is_taken(machines, news):
    """It is named at once, its late commit refused, and nothing is in the lake twice."""
    alpha, beta, _ = machines.values()
    for host in (alpha, beta):
        # Six seconds.
        host.env["SINOWIRE_LAKE_SILENT_MINUTES"] = "0.1"
    news(1)
    program = (sys.executable, "-m", "flows.console.cli", "run")
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with alpha.python(HOLD, **pipes) as holder:
        # Of a slow query DuckDB ends its line of progress before.
        assert "in\n" in iter(holder.stdout.readline, "")
        holder.send_signal(signal.SIGSTOP)
        beta.env |= {
            "SINOWIRE_LAKE_SILENT_MINUTES": "5",
            "SINOWIRE_WRITER_WAIT_SECONDS": "2",
        }
        assert beta.sinowire("run").returncode == 1
        assert waited(beta) >= 2
        beta.env |= {"SINOWIRE_LAKE_SILENT_MINUTES": "0.1"}
        told = found(beta)
        assert re.search(
            "1 command gave up .* `sinowire hold on alpha", told["waits for the turn"]
        )
        assert re.match("bad: `sinowire hold on alpha .* is stopped", told["turn"])
        beta.env |= {"SINOWIRE_WRITER_WAIT_SECONDS": "60"}
        with beta.start(*program, stderr=subprocess.PIPE) as run:
            err = run.communicate(timeout=120)[1]
        assert run.returncode == 0, err
        assert waited(beta) == 0
        assert "took the turn from `sinowire hold on alpha (" in err
        holder.send_signal(signal.SIGCONT)
        refused = holder.communicate("\n", timeout=60)[1]
    assert refused.splitlines()[-1].startswith(
        "warehouse.errors.TurnLost: this host lost its turn"
    )
    polled((alpha,))
    assert asked(alpha, "select count(*), count(distinct url) from articles") == [(7, 7)]
    assert asked(alpha, "select zone from reporting") == [("Asia/Shanghai",)]
    runs = "select split_part(process, ' ', 1), outcome from runs {} order by seq"
    assert asked(alpha, runs.format("where waited_seconds >= 2"))[0] == ("beta", "failed")
    hosts = [("beta", "failed"), ("beta", "completed"), ("alpha", "completed")]
    assert asked(alpha, runs.format("")) == hosts
    assert failed_checks(alpha) == []


@pytest.mark.long
def test_a_machine_ends_its_own_run_that_was_stopped(machines, news):
    """It kept that machine's lock, so that each later run there failed, for ever."""
    alpha, beta, _ = machines.values()
    for host in (alpha, beta):
        # Six seconds.
        host.env["SINOWIRE_LAKE_SILENT_MINUTES"] = "0.1"
    news(1)
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with alpha.python(HOLD, **pipes) as holder:
        assert "in\n" in iter(holder.stdout.readline, "")
        [signature] = (alpha.home / "data").glob("warehouse.lock")
        pid = json.loads(signature.read_text())["pid"]
        holder.send_signal(signal.SIGSTOP)
        # The other one first: the turn is taken, and the lock of alpha is kept.
        assert beta.sinowire("run", "--shard", "2/2").returncode == 0
        told = found(alpha)
        assert re.match(rf"bad: .*\(process {pid}, .* is stopped since", told["process"])
        assert told["copy"].startswith("bad: ")
        run = alpha.sinowire("run", "--shard", "1/2")
        assert run.returncode == 0, run.stderr
        assert "ended it, so that others can write" in run.stderr
        assert holder.wait(30) == -signal.SIGKILL
    assert "process" not in found(alpha)
    assert asked(alpha, "select count(*), count(distinct url) from articles") == [(7, 7)]
    assert failed_checks(alpha) == []


@pytest.mark.long
def test_ctrl_c_ends_a_run_whose_postgres_stands_still(machines, cluster, news, web):
    """In mid-batch, which a thread commits; within seconds, with nothing half done."""
    alpha, beta, _ = machines.values()
    news(1)
    web.delay = 3.0
    program = (sys.executable, "-m", "flows.console.cli", "run")
    with alpha.start(*program, stderr=subprocess.PIPE) as run:
        while not web.requests:
            time.sleep(0.05)
        with cluster.standing_still():
            time.sleep(6)
            run.send_signal(signal.SIGINT)
            err = run.communicate(timeout=60)[1]
    web.delay = 0.0
    assert (run.returncode, "Traceback" in err) == (output.STOPPED, False)
    polled((beta,))
    assert asked(beta, "select count(*) from articles") == [(7,)]


@pytest.mark.long
def test_a_run_whose_postgres_stops_fails_with_a_sentence(machines, cluster, news, web):
    """In the middle of its polls; the next run brings what this one could not."""
    alpha, beta, _ = machines.values()
    program = ("-m", "flows.console.cli", "run")
    for edition, how in ((1, signal.SIGINT), (2, signal.SIGQUIT)):
        news(edition)
        web.requests.clear()
        web.delay = 2.0
        with alpha.start(sys.executable, *program, stderr=subprocess.PIPE) as process:
            while not web.requests:
                time.sleep(0.05)
            cluster.stop(how)
            _, err = process.communicate(timeout=120)
        cluster.start()
        web.delay = 0.0

        assert process.returncode == 1, err
        assert "Traceback" not in err
        assert "PostgreSQL" in err.splitlines()[-1]
        assert cluster.password not in err
        polled([beta])
        assert asked(beta, "select count(*) from articles") == [(7 * edition,)]
    assert failed_checks(beta) == []
