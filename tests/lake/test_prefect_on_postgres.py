"""Many machines' Prefect: a server on PostgreSQL, shards deployed to it, a worker."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from flows.orchestration.server import prefect_server

pytestmark = [pytest.mark.lake, pytest.mark.prefect]
SIGN_IN = "news:sesame"
CLI = (sys.executable, "-m", "flows.console.cli")


# Prefect evaluates no such automation more often.
SOONEST = """
import asyncio
from flows.orchestration import deployments

deployments.HEARTBEAT_SECONDS = 4
asyncio.run(deployments.deploy(1, 60))
"""


# One of two machines, which takes over from the other after seconds.
WORK = """
import asyncio
import sys
from pathlib import Path
from flows.orchestration import worker

worker.LATE_SECONDS = 3
asyncio.run(worker.work(int(sys.argv[2]), Path(sys.argv[1])))
"""


@pytest.fixture(scope="module")
def api(postgres, tmp_path_factory):
    """A server on PostgreSQL, as `sinowire up` starts it; yields its API's address."""
    postgres.make_database("prefect")
    where = f"127.0.0.1:{postgres.port}/prefect"
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(
            "PREFECT_SERVER_DATABASE_CONNECTION_URL",
            f"postgresql+asyncpg://sinowire:{postgres.password}@{where}",
        )
        environment.setenv("PREFECT_SERVER_API_AUTH_STRING", SIGN_IN)
        with prefect_server(tmp_path_factory.mktemp("server"), 0) as env:
            yield env["PREFECT_API_URL"]


@pytest.fixture
def server(api, monkeypatch):
    """The same, and what a test starts works for it."""
    monkeypatch.setenv("PREFECT_API_URL", api)
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", SIGN_IN)
    return api


@pytest.fixture
def ask(server):
    """Return what the server's API answers."""

    def call(path, body):
        auth = tuple(SIGN_IN.split(":"))
        said = httpx.post(f"{server}/{path}", json=body, auth=auth, trust_env=False)
        assert said.is_success, said.text
        return said.json()

    return call


def run_cli(home, *words, **env):
    done = subprocess.run(
        [*CLI, *words],
        cwd=home,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def eventually(check, seconds=120):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := check():
            return found
        time.sleep(0.5)
    raise AssertionError(f"not within {seconds} s: {check}")


def test_a_machine_works_off_its_shard_and_one_that_was_left(
    server, ask, furnish, news, network, monkeypatch, postgres, tmp_path
):
    """With events, heartbeats and artifacts; who would be it a second time is refused."""
    monkeypatch.setenv("SINOWIRE_ALLOW_PRIVATE_ADDRESSES", network.cidr)
    first, other = furnish(tmp_path / "first"), furnish(tmp_path / "other")
    news(1)
    assert run_cli(first, "deploy", "--shards", "3")[0] == 0
    code, said = run_cli(first, "deploy", "--shards", "2", SINOWIRE_INGEST_MINUTES="60")
    assert (code, "removed ingest-3" in said, "shard 2/2: " in said) == (0, True, True), (
        said
    )
    made = ask("deployments/filter", {})
    by_name = {each["name"]: each for each in made}
    assert set(by_name) == {"ingest-1", "ingest-2", "deliver", "trends", "maintain"}

    def schedule(name, *, late=0, **parameters):
        due = datetime.now(UTC) - timedelta(seconds=late)
        state = {"type": "SCHEDULED", "state_details": {"scheduled_time": due.isoformat()}}
        body = {"state": state, "parameters": parameters}
        ask(f"deployments/{by_name[name]['id']}/create_flow_run", body)

    def completed(*names):
        wanted = {"flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}}
        by_id = {each["id"]: each["name"] for each in made}
        runs = ask("flow_runs/filter", wanted)
        return sorted(by_id[run["deployment_id"]] for run in runs) == sorted(names)

    words = [*CLI, "--log-format", "json", "up", "--worker", "1", "--no-web"]
    with subprocess.Popen(words, cwd=first, stderr=subprocess.PIPE, text=True) as worker:
        try:
            schedule("ingest-1")
            schedule("ingest-2", late=90)
            eventually(lambda: completed("ingest-1", "ingest-2"))
            # What came with a feed's first poll alerts nobody.
            news(2)
            schedule("ingest-1", due=False)
            eventually(lambda: completed("ingest-1", "ingest-1", "ingest-2"))
            code, said = run_cli(other, "up", "--worker", "1", "--no-web")
            assert (code, "is that machine already" in said) == (1, True), said
            code, said = run_cli(other, "up", "--worker", "3", "--no-web")
            assert (code, "no shard is deployed for machine 3" in said) == (1, True), said
        finally:
            worker.send_signal(signal.SIGTERM)
            said = worker.communicate(timeout=60)[1]
    assert worker.returncode == 0, said
    check_what_runs_said(ask, made, [json.loads(line) for line in said.splitlines()])
    assert "Traceback" not in (first / "data/prefect/worker.log").read_text()

    assert [a["key"] for a in ask("artifacts/filter", {})].count("feed-health") >= 1
    for kind in ("sinowire.company.mentioned", "prefect.flow-run.heartbeat"):
        asked = {"filter": {"event": {"name": [kind]}}}
        assert eventually(lambda asked=asked: ask("events/filter", asked)["events"])
    assert postgres.sql("select count(*) > 0 from flow_run", "prefect") == [("t",)]


def check_what_runs_said(ask, deployments, said):
    """Each has its lines on the page and in the log, with its shard, host and run."""
    [shard_1] = [each["id"] for each in deployments if each["name"] == "ingest-1"]
    of_shard = {"deployments": {"id": {"any_": [shard_1]}}}
    host = socket.gethostname()
    for run in ask("flow_runs/filter", of_shard):
        if run["state_type"] != "COMPLETED":
            continue
        assert run["name"] == f"ingest 1/2 on {host}"
        page = ask("logs/filter", {"logs": {"flow_run_id": {"any_": [run["id"]]}}})
        mine = [line for line in said if line.get("flow_run_id") == run["id"]]
        ended = [line for line in mine if " of shard 1/2: 3 feeds in " in line["message"]]
        assert [(line["shard"], line["host"]) for line in ended] == [("1/2", host)]
        assert ended[0]["message"].startswith(f"run {ended[0]['run_id']} on {host} of ")
        assert ended[0]["message"] in {line["message"] for line in page}


def test_a_run_that_was_taken_and_never_begun_gives_its_place_back(
    server, ask, furnish, tmp_path
):
    """As where its machine died just then: it is ended, and the next one may run."""
    home = furnish(tmp_path / "home")
    assert run_cli(home, "deploy", "--shards", "1")[0] == 0
    # The automation that stands is brought up to date.
    subprocess.run([sys.executable, "-c", SOONEST], check=True, cwd=home, timeout=60)
    by_name = {each["name"]: each["id"] for each in ask("deployments/filter", {})}

    def take():
        """Take a run as a worker does; return its id and what it then is."""
        made = ask(f"deployments/{by_name['trends']}/create_flow_run", {})["id"]
        taken = ask(f"flow_runs/{made}/set_state", {"state": {"type": "PENDING"}})
        return made, taken["state"]["type"]

    def ended():
        [run] = ask("flow_runs/filter", {"flow_runs": {"id": {"any_": [first]}}})
        return run["state"]["message"] if run["state_type"] == "CRASHED" else None

    first, state = take()
    assert (state, take()[1]) == ("PENDING", "CANCELLED")
    assert eventually(ended) == "no heartbeat: the process is gone"
    assert take()[1] == "PENDING"


@pytest.fixture
def small_disk(tmp_path, network):
    """A disk of its own, of 200 MB; yields where it is mounted."""
    folder = tmp_path / "alpha" / "data"
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", folder]
    subprocess.run(mount, check=True)
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill(disk):
    """Leave no room on *disk*; return the file that takes it."""
    filler = disk / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    return filler


@contextlib.contextmanager
def machine(name, number, home):
    """Have a machine called *name* work in *home*; yields what it says, line by line."""
    words = [sys.executable, "-c", WORK, str(home), str(number)]
    named = ["unshare", "--uts", "sh", "-c", 'hostname "$0" && exec "$@"', name, *words]
    env = {"PREFECT_HOME": str(home / "data/prefect"), "PREFECT_WORKER_QUERY_SECONDS": "1"}
    said = []
    with subprocess.Popen(
        named,
        cwd=home,
        env={**os.environ, **env, "SINOWIRE_HOME": str(home), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        threading.Thread(target=lambda: said.extend(process.stdout), daemon=True).start()
        try:
            eventually(lambda: sum("started!" in line for line in said) == 2)
            yield said
        finally:
            process.terminate()


def test_a_host_without_room_leaves_its_shard_until_it_has_some(
    server, ask, furnish, news, network, monkeypatch, lake, settings_of_lake, small_disk
):
    """The other one reads it, in each poll; nobody has to resume anything."""
    settings_of_lake(lake)
    monkeypatch.setenv("SINOWIRE_ALLOW_PRIVATE_ADDRESSES", network.cidr)
    alpha, beta = furnish(small_disk.parent), furnish(small_disk.parent.parent / "beta")
    news(1)
    assert run_cli(beta, "deploy", "--shards", "2", SINOWIRE_INGEST_MINUTES="60")[0] == 0
    by_name = {each["name"]: each["id"] for each in ask("deployments/filter", {})}

    def polled():
        """Have shard 1 polled now; return what the run was called."""
        path = f"deployments/{by_name['ingest-1']}/create_flow_run"
        asked = {"flow_runs": {"id": {"any_": [ask(path, {})["id"]]}}}

        def ended():
            [run] = ask("flow_runs/filter", asked)
            return run if run["end_time"] else None

        run = eventually(ended)
        assert run["state_type"] == "COMPLETED", run["state"]
        return run["name"]

    filler = fill(small_disk)
    with machine("alpha", 1, alpha) as said:
        with machine("beta", 2, beta):
            assert [polled(), polled()] == 2 * ["ingest 1/2 on beta"]
        [line] = [line for line in said if "takes no runs" in line]
        assert "alpha/data has no room left on its disk; make room there" in line
        code, found = run_cli(alpha, "doctor", "--format", "json")
        states = {row["what"]: row["state"] for row in json.loads(found)}
        assert (code, states["disk"], states["data"]) == (1, "bad", "bad")
        filler.unlink()
        assert polled() == "ingest 1/2 on alpha"
        assert any("takes runs again" in line for line in said)
