"""With a real Prefect server: the demo, scheduled runs, and no process left behind."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from warehouse.deliveries import digests, retries, updates
from warehouse.file.connect import open_published

pytestmark = [pytest.mark.prefect, pytest.mark.xdist_group("prefect")]
SINOWIRE = Path(sys.executable).with_name("sinowire")
NOW = format_datetime(datetime.now(UTC))


@pytest.fixture
def api(home, ask_prefect):
    """Return what the server's API answers who has the home's sign-in."""

    def ask(url, path, body):
        sign_in = sign_in_of(home)
        status, _, said = ask_prefect(f"{url}/api", path, body, sign_in=sign_in)
        assert status == 200, said
        return json.loads(said)

    return ask


def sign_in_of(home):
    """Return what `up` keeps for those who may sign in."""
    return (home / "data" / "prefect" / "sign-in").read_text("utf-8").strip()


def eventually(check, seconds=90):
    """Return what *check* returns once it is true; fail if it never is."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := check():
            return found
        time.sleep(0.5)
    raise AssertionError(f"not within {seconds} s: {check}")


def processes_of(folder):
    """Return the command lines of processes that name *folder*, in words or environment."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            said = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
        except OSError:
            continue
        if str(folder).encode() in said:
            found.append((entry / "cmdline").read_bytes().replace(b"\0", b" "))
    return found


def sinowire(*words, cwd, timeout):
    """Return a finished command."""
    return subprocess.run(
        [SINOWIRE, *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def start_up():
    """Start `sinowire up` in the home of the environment."""
    env = {**os.environ, "SINOWIRE_INGEST_MINUTES": "0.2"}
    return subprocess.Popen(
        [SINOWIRE, "up", "--port", "0"], env=env, stderr=subprocess.PIPE, text=True
    )


def page_of(process):
    """Return the address of the page, once it is told."""
    for line in process.stderr:
        if found := re.search(r"http://127\.0\.0\.1:\d+", line):
            return found[0]
    raise AssertionError("up ended before it was up")


def test_up_runs_by_itself_and_leaves_nothing_behind(home, web, subscribe, api):
    """Scheduled runs complete with artifacts; after SIGTERM no process is left."""
    web.feed("/good", ("https://x.example/1", "Baidu opens a lab", NOW))
    subscribe("/good")
    with start_up() as process:
        try:
            url = page_of(process)
            check_scheduled_runs(url, api)
            assert (home / "data" / "sinowire.duckdb").exists()
            check_a_second_up_is_refused()
            web.feed("/good", ("https://x.example/2", "Roborock recalls a mop", NOW))
            check_a_run_is_a_flow_run(url, api, sign_in_of(home))
            process.send_signal(signal.SIGTERM)
            process.wait(60)
        finally:
            process.kill()

    assert process.returncode == 0
    assert processes_of(home) == []


def check_scheduled_runs(url, api):
    """Two passes or more end well, by themselves, and the page is there."""
    finished = {"flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}}

    def ingested():
        runs = api(url, "flow_runs/filter", finished)
        return sum(run["name"] == "ingest" for run in runs) >= 2

    eventually(ingested, seconds=120)
    artifacts = api(url, "artifacts/filter", {})
    assert "feed-health" in {artifact["key"] for artifact in artifacts}
    assert len(api(url, "deployments/filter", {})) == 4
    automations = api(url, "automations/filter", {})
    assert [a["name"] for a in automations] == ["sinowire: end runs without a heartbeat"]
    assert urllib.request.urlopen(url, timeout=10).status == 200


def check_a_second_up_is_refused():
    """One home is scheduled by one process."""
    again = subprocess.run(
        [SINOWIRE, "up"], capture_output=True, text=True, timeout=60, check=False
    )
    assert again.returncode == 1
    assert "up already" in again.stderr


def check_a_run_is_a_flow_run(url, api, sign_in):
    """Where Prefect is configured; --json is one object, an alert is an event."""
    done = subprocess.run(
        [SINOWIRE, "run", "--json"],
        env={
            **os.environ,
            "PREFECT_API_URL": f"{url}/api",
            "PREFECT_API_AUTH_STRING": sign_in,
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["feeds"] == 1

    def mentioned():
        asked = {"filter": {"event": {"name": ["sinowire.company.mentioned"]}}}
        return api(url, "events/filter", asked)["events"]

    # Ours or a scheduled pass took the news; whichever it was said so.
    (event,) = eventually(mentioned)
    assert event["resource"]["prefect.resource.id"] == "sinowire.company.roborock"
    assert event["payload"]["title"] == "Roborock recalls a mop"


def test_killed_up_takes_its_runs_along_and_starts_again(home, web, subscribe, api):
    """SIGKILL in the middle of a pass: nothing lives on, and the next up completes."""
    web.feed("/good", ("https://x.example/1", "Baidu opens a lab", NOW))
    web.delay = 30
    subscribe("/good")
    first = start_up()
    url = page_of(first)
    eventually(lambda: web.requests, seconds=120)
    first.kill()
    first.wait()
    eventually(lambda: not processes_of(home), seconds=30)

    web.delay = 0
    second = start_up()
    url = page_of(second)
    done = {"flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}}
    eventually(lambda: api(url, "flow_runs/filter", done), seconds=120)
    second.terminate()
    second.wait(60)
    second.stderr.close()
    first.stderr.close()

    with contextlib.closing(open_published(home / "data" / "sinowire.duckdb")) as con:
        runs = con.execute("select outcome from runs order by started_at").fetchall()
    assert [outcome for (outcome,) in runs][:2] == ["crashed", "completed"]


def test_the_demo_tells_the_whole_story(tmp_path):
    """The real flow on the samples: alerts, bursts, a share table and a brief.

    In the tables stand a first alert, its update, a digest and a retry; the home that is
    left answers questions.
    """
    done = sinowire("demo", "here", cwd=tmp_path, timeout=300)

    assert done.returncode == 0, done.stderr
    for part in ("first pass", "third pass", "alerts", "bursts", "share of voice"):
        assert part in done.stdout
    assert done.stderr.count("\n! ") < 6
    assert (tmp_path / "here" / "briefs" / "week.html").stat().st_size > 10_000
    assert processes_of(tmp_path) == []
    assert "Traceback" not in done.stderr
    with contextlib.closing(open_published(tmp_path / "here/data/sinowire.duckdb")) as con:
        check_how_alerts_travelled(con)
    explained = re.search(r"alerts (explain \w+)", done.stdout)[1].split()
    for asked in (["list"], explained, ["deliver"]):
        answer = sinowire("--home", "here", "alerts", *asked, cwd=tmp_path, timeout=60)
        assert answer.returncode == 0, answer.stderr


def check_how_alerts_travelled(con):
    """Check a first alert, its update, a digest and a retry in the demo's tables."""
    plant, users = updates(con, rule_id="giants")
    assert "Roborock" in plant["title"]
    assert (plant["first_publishers"], plant["step"]) == (3, "publishers:5")
    assert "Doubao" in users["title"]
    assert (users["first_languages"], users["step"]) == (["en"], "language:zh")
    assert users["created_at"] - users["first_at"] == timedelta(hours=1)

    (digest,) = digests(con)
    assert (digest["channel_id"], digest["held"]) == ("summary", "digest")
    assert digest["alerts"] > 10
    assert digest["delivered_at"] > digest["since"]

    attempts = [(row["attempt"], row["outcome"], row["error"]) for row in retries(con)]
    refused, taken = attempts
    assert refused[:2] == (1, "retry")
    assert "503" in refused[2]
    assert taken == (2, "delivered", None)
    states = con.execute(
        "select state, count(*) from alert_ledger where channel_id = 'desk' group by all"
    )
    # The first alert, and its update behind it.
    assert states.fetchall() == [("delivered", 2)]


def test_an_unreachable_prefect_is_named(home):
    """The way around it is in the message."""
    env = {**os.environ, "PREFECT_API_URL": "http://127.0.0.1:9/api"}

    done = subprocess.run(
        [SINOWIRE, "run"], env=env, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert "127.0.0.1:9" in done.stderr
    assert "--direct" in done.stderr
    direct = subprocess.run([SINOWIRE, "run", "--direct"], env=env, check=False)
    assert direct.returncode == 0
