"""Many machines' Prefect: a server on PostgreSQL, shards deployed to it, a worker."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import httpx
import pytest
from prefect import get_client
from prefect.deployments.runner import RunnerDeployment
from prefect.settings import (
    PREFECT_API_AUTH_STRING,
    PREFECT_API_URL,
    temporary_settings,
)
from pydantic import SecretStr

from flows.orchestration import deployments
from flows.orchestration.in_place import STAY
from flows.orchestration.schedules import SCHEDULES
from flows.orchestration.server import PrefectError, free_port, prefect_server
from flows.orchestration.worker import refuse_a_second
from flows.steps.machines import known_machines
from flows.web.metrics import Counts, Metrics
from warehouse.file import standstill

pytestmark = [pytest.mark.lake, pytest.mark.prefect]
SIGN_IN = "news:sesame"
CLI = (sys.executable, "-m", "flows.console.cli")


# A machine of many, which looks for runs every second, and soon for those left behind.
WORK = """
import asyncio
import sys
from pathlib import Path
from flows.orchestration import deployments, peers, worker

worker.HEARTBEAT_SECONDS, deployments.SILENT_SECONDS = 1, int(sys.argv[3])
peers.HEARTBEAT_SECONDS, worker.LOOK_SECONDS = 3, 1
asyncio.run(worker.work(int(sys.argv[2]), Path(sys.argv[1])))
"""
SOON = {"PREFECT_WORKER_QUERY_SECONDS": "1", "PYTHONUNBUFFERED": "1"}


@pytest.fixture(scope="module")
def api(postgres, tmp_path_factory):
    """A server on PostgreSQL, as `sinowire up` starts it: its address, and a restart."""
    postgres.make_database("prefect")
    where = f"127.0.0.1:{postgres.port}/prefect"
    # Below those that Linux gives to connections, one of which may have it meanwhile.
    port = free_port(random.randrange(20_000, 32_000))
    folder = tmp_path_factory.mktemp("server")
    env = {
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": (
            f"postgresql+asyncpg://sinowire:{postgres.password}@{where}"
        ),
        "PREFECT_SERVER_API_AUTH_STRING": SIGN_IN,
        "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_FLUSH_INTERVAL": "1",
    }

    def start():
        with pytest.MonkeyPatch.context() as environment:
            for name, value in env.items():
                environment.setenv(name, value)
            started = running.enter_context(prefect_server(folder, port))
        return started["PREFECT_API_URL"]

    def restart(*, meanwhile):
        running.close()
        meanwhile()
        start()

    with contextlib.ExitStack() as running:
        yield SimpleNamespace(url=start(), restart=restart)


@pytest.fixture
def server(api, monkeypatch):
    """Its address; what a test starts works for it, and so does what it calls."""
    monkeypatch.setenv("PREFECT_API_URL", api.url)
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", SIGN_IN)
    sign_in = SecretStr(SIGN_IN)
    ours = {PREFECT_API_URL: api.url, PREFECT_API_AUTH_STRING: sign_in}
    with temporary_settings(ours):
        yield api.url


@pytest.fixture
def pool(server):
    """What a test asks of the server; its deployments are gone with it."""
    with httpx.Client(
        base_url=server, auth=tuple(SIGN_IN.split(":")), trust_env=False
    ) as h:
        asked = Pool(h)
        yield asked
        for deployment in asked.deployed().values():
            asked.delete(f"deployments/{deployment}")


class Pool:
    """The deployments and runs of a server, by its API."""

    def __init__(self, http):
        self._http = http
        self.said = []

    def ask(self, path, body=()):
        """Return what it answers."""
        said = self._http.post(f"/{path}", json=body or {})
        assert said.is_success, said.text
        return said.json() if said.content else None

    def deploy(self, shards):
        """Deploy so many shards; return the ids of all deployments by name."""
        asyncio.run(deployments.deploy(shards, 60, self.said.append))
        return self.deployed()

    def deployed(self):
        """Return the ids of all deployments by name."""
        return {each["name"]: each["id"] for each in self.ask("deployments/filter")}

    def delete(self, path):
        """Delete what is there."""
        self._http.delete(f"/{path}").raise_for_status()

    def deployment(self, deployment):
        """Return all of a deployment."""
        said = self._http.get(f"/deployments/{deployment}")
        assert said.is_success, said.text
        return said.json()

    def schedule(self, deployment, *, late=0, job=(), **parameters):
        """Schedule a run that is *late* by so many seconds; return its id."""
        due = datetime.now(UTC) - timedelta(seconds=late)
        state = {"type": "SCHEDULED", "state_details": {"scheduled_time": due.isoformat()}}
        body = {"state": state, "parameters": parameters, "job_variables": dict(job)}
        return self.ask(f"deployments/{deployment}/create_flow_run", body)["id"]

    def take(self, run, state="PENDING"):
        """Take a run as a worker does; return what it then is."""
        asked = {"state": {"type": state}}
        return self.ask(f"flow_runs/{run}/set_state", asked)["state"]["type"]

    def run(self, run):
        """Return all of a run."""
        [found] = self.ask("flow_runs/filter", {"flow_runs": {"id": {"any_": [run]}}})
        return found

    def state(self, run):
        """Return the type of a run's state."""
        return self.run(run)["state_type"]


def run_cli(home, *words):
    done = subprocess.run(
        [*CLI, *words], cwd=home, capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stdout + done.stderr


def eventually(check, seconds=120):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := check():
            return found
        time.sleep(0.5)
    raise AssertionError(f"not within {seconds} s: {check}")


@pytest.mark.long
def test_a_machine_works_off_its_shard_and_one_that_was_left(
    pool, furnish, news, network, monkeypatch, postgres, tmp_path
):
    """With events, heartbeats and artifacts; who would be it a second time is refused."""
    monkeypatch.setenv("SINOWIRE_ALLOW_PRIVATE_ADDRESSES", network.cidr)
    monkeypatch.setenv("SINOWIRE_INGEST_MINUTES", "60")
    home, other = furnish(tmp_path / "first"), furnish(tmp_path / "other")
    news(1)
    pool.deploy(3)
    code, said = run_cli(home, "deploy", "--shards", "2")
    assert (code, "removed ingest-3" in said, "shard 2/2: " in said) == (0, True, True), (
        said
    )
    made = pool.deployed()
    assert set(made) == {"ingest-1", "ingest-2", "deliver", "trends", "maintain"}
    # What came with a feed's first poll alerts nobody.
    assert run_cli(home, "run", "--direct")[0] == 0
    news(2)

    words = [*CLI, "--log-format", "json", "up", "--worker", "1", "--no-web"]
    env = {**os.environ, **SOON}
    with subprocess.Popen(
        words, cwd=home, env=env, stderr=subprocess.PIPE, text=True
    ) as worker:
        try:
            runs = [
                pool.schedule(made["ingest-1"], due=False),
                pool.schedule(made["ingest-2"], due=False, late=90),
            ]
            eventually(lambda: {pool.state(run) for run in runs} == {"COMPLETED"})
            # A run is completed before its last words are handed on.
            eventually(lambda: all(map(pool_log(home).count, ENDED)))
            with pytest.raises(PrefectError, match="has that number already"):
                asyncio.run(refuse_a_second(1, other))
            with pytest.raises(PrefectError, match="no shard is deployed for machine 3"):
                asyncio.run(refuse_a_second(3, other))
        finally:
            worker.send_signal(signal.SIGTERM)
            said = worker.communicate(timeout=60)[1]
    assert worker.returncode == 0, said
    check_what_runs_said(pool, runs, [json.loads(line) for line in said.splitlines()])
    assert "Traceback" not in (home / "data/prefect/worker.log").read_text()

    assert [a["key"] for a in pool.ask("artifacts/filter")].count("feed-health") >= 1
    for kind in ("sinowire.company.mentioned", "prefect.flow-run.heartbeat"):
        asked = {"filter": {"event": {"name": [kind]}}}
        assert eventually(lambda asked=asked: pool.ask("events/filter", asked)["events"])
    assert postgres.sql("select count(*) > 0 from flow_run", "prefect") == [("t",)]


ENDED = (" of shard 1/2: ", " of shard 2/2: ")


def pool_log(home):
    return (home / "data/prefect/worker.log").read_text(encoding="utf-8")


def check_what_runs_said(pool, runs, said):
    """Each has its lines on the page and in the log, with its shard, host and run."""
    host = socket.gethostname()
    for number, run_id in enumerate(runs, 1):
        run = pool.run(run_id)
        assert run["name"] == f"ingest {number}/2 on {host}"
        page = pool.ask("logs/filter", {"logs": {"flow_run_id": {"any_": [run_id]}}})
        mine = [line for line in said if line.get("flow_run_id") == run_id]
        # How many feeds were due hangs on what ran before.
        found = re.compile(rf" of shard {number}/2: \d+ feeds? in ")
        [ended] = [line for line in mine if found.search(line["message"])]
        assert (ended["shard"], ended["host"]) == (f"{number}/2", host)
        assert ended["message"].startswith(f"run {ended['run_id']} on {host} of ")
        assert ended["message"] in {line["message"] for line in page}


@pytest.fixture
def deployed_before(pool, tmp_path, monkeypatch):
    """Deploy `trends` as earlier versions did, from within a folder; returns its id."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "canary.txt").write_text("not to be copied")
    pool.delete(f"deployments/{pool.deploy(1)['trends']}")
    with monkeypatch.context() as there:
        there.chdir(folder)
        old = RunnerDeployment.from_entrypoint(
            entrypoint="flows.trends:summarize_trends",
            name="trends",
            tags=["sinowire"],
            work_pool_name="sinowire",
            work_queue_name="host-1",
        )
        trends = str(asyncio.run(old.aapply()))
    found = pool.deployment(trends)
    assert (found["path"], found["pull_steps"]) == (str(folder), [])
    return trends


def test_what_was_deployed_before_is_deployed_without_a_folder(
    pool, deployed_before, tmp_path
):
    """An update alone would leave it, and it is told; others' deployments are theirs."""
    flow = tmp_path / "other.py"
    flow.write_text("from prefect import flow\n@flow\ndef other(): pass\n")
    other = RunnerDeployment.from_entrypoint(f"{flow}:other", "other", tags=["sinowire"])
    theirs = asyncio.run(other.aapply())

    assert pool.deploy(1)["trends"] == deployed_before

    [said] = pool.said
    assert f"each run copied {tmp_path}/folder over" in said
    assert pool.deployment(theirs)["path"] == str(Path.cwd())
    unnamed = pool.schedule(pool.deployed()["ingest-1"])
    assert "shard 1/1" in pool.run(unnamed)["tags"]
    for name in set(pool.deployed()) - {"other"}:
        found = pool.deployment(pool.deployed()[name])
        assert (found["path"], found["pull_steps"]) == (".", [STAY])


@pytest.mark.long
def test_a_run_of_a_pool_leaves_its_folder_as_it_was(
    pool, furnish, deployed_before, tmp_path
):
    """Also where nobody deploys again, and a worker of this version begins to work."""
    room = tmp_path / "room"
    room.mkdir()
    with machine("alpha", 1, furnish(tmp_path / "alpha")):
        run = pool.schedule(deployed_before, job={"working_dir": str(room)})
        eventually(lambda: pool.state(run) not in {"SCHEDULED", "PENDING", "RUNNING"})
    assert pool.run(run)["start_time"]
    assert list(room.iterdir()) == []


@pytest.mark.long
def test_a_run_that_was_taken_and_never_begun_gives_its_place_back(pool, monkeypatch):
    """As where its machine died just then: it is ended, and the next one may run."""
    trends = pool.deploy(1)["trends"]
    # The automation that stands is brought up to date.
    monkeypatch.setattr(deployments, "HEARTBEAT_SECONDS", 4)
    pool.deploy(1)

    first = pool.schedule(trends)
    assert (pool.take(first), pool.take(pool.schedule(trends))) == ("PENDING", "CANCELLED")
    eventually(lambda: pool.state(first) != "PENDING")
    assert pool.state(first) == "CRASHED"
    assert pool.run(first)["state"]["message"] == "no heartbeat: the process is gone"
    assert pool.take(pool.schedule(trends)) == "PENDING"


@pytest.mark.long
def test_a_worker_ends_what_a_server_forgot(api, pool, furnish, postgres, tmp_path):
    """Started again, it waits for no sign of a run that it knew; one that lives goes on."""
    made = pool.deploy(2)
    before, living = (pool.schedule(made[name]) for name in ("trends", "ingest-1"))
    assert (pool.take(before), pool.take(living)) == ("PENDING", "PENDING")
    # Due in an hour, so that no worker takes it.
    after = pool.schedule(made["deliver"], late=-3600)
    with machine("beta", 2, furnish(tmp_path / "beta"), silent=10):
        # As it does itself, where it was away for as long as two minutes and a half.
        forget = "delete from automation_bucket"
        api.restart(meanwhile=lambda: postgres.sql(forget, "prefect"))
        with alive(pool, living):
            # What it hears of this one it puts off until it hears what was before.
            taken = pool.take(after), pool.take(living, "RUNNING")
            assert taken == ("PENDING", "RUNNING")
            eventually(lambda: all(pool.state(run) == "CRASHED" for run in (before, after)))
            said = pool.run(before)["state"]["message"]
            assert said == "no sign of life for 10 s: the process is gone"
            assert pool.state(living) == "RUNNING"
            assert pool.take(pool.schedule(made["ingest-1"])) == "CANCELLED"
    for name in ("trends", "deliver"):
        assert pool.take(pool.schedule(made[name])) == "PENDING"


@pytest.mark.long
def test_a_machine_that_is_stopped_is_told_by_the_others(pool, furnish, tmp_path):
    """In their logs and for their doctor and desks; and that it is back."""
    pool.deploy(2)
    alpha, beta = furnish(tmp_path / "alpha"), furnish(tmp_path / "beta")

    def silent():
        return [each for each in known_machines(beta / "data") if each.is_silent]

    with machine("alpha", 1, alpha), machine("beta", 2, beta) as said:
        eventually(lambda: known_machines(beta / "data"))
        with stopped(alpha):
            [found] = eventually(silent)
            assert found.name.startswith("host-1 on alpha, alpha ")
            told = eventually(lambda: [line for line in said if "no sign of life" in line])
            assert told[0].startswith("warning: host-1 on alpha, ")
            assert "other machines take its runs" in told[0]
            assert any(what == "hosts" and found.name in why for what, why in ill(beta))
            assert any(
                what == "process" and "up --worker 1" in why for what, why in ill(alpha)
            )
            metrics = Metrics(Counts(), beta / "data")
            body = metrics.answer(None, pages=0, used=0, now=datetime.now(UTC)).body
            assert f'machine_silent_seconds{{machine="{found.name}"}}'.encode() in body
        eventually(lambda: any("shows signs of life again" in line for line in said))
        assert not silent()


@contextlib.contextmanager
def stopped(home):
    """Let the worker of that home stand still."""
    [signature] = (home / "data" / standstill.FOLDER).glob("worker-*")
    pid = int(signature.name.partition("-")[2])
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def ill(home):
    """Return what doctor does not find good there, with its detail."""
    name = home.name
    words = ["unshare", "--uts", "sh", "-c", 'hostname "$0" && exec "$@"', name, *CLI]
    done = subprocess.run(
        [*words, "--home", home, "doctor", "--quick", "--format", "json"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    rows = json.loads(done.stdout)
    return [(row["what"], row["detail"]) for row in rows if row["state"] != "good"]


@contextlib.contextmanager
def alive(pool, run):
    """Give signs of life for a run, as its process does, however slow its test is."""
    ended = threading.Event()

    def tell():
        while True:
            pool.ask("events", [heartbeat(run)])
            if ended.wait(1):
                return

    thread = threading.Thread(target=tell)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def heartbeat(run):
    """Return a heartbeat of a run."""
    return {
        "id": str(uuid4()),
        "event": "prefect.flow-run.heartbeat",
        "occurred": datetime.now(UTC).isoformat(),
        "resource": {"prefect.resource.id": f"prefect.flow-run.{run}"},
    }


def test_while_no_server_answers_no_run_counts_as_silent(pool, monkeypatch):
    """Its host had nobody to tell. One that cannot be ended keeps none of the others."""
    monkeypatch.setattr(deployments, "SILENT_SECONDS", 2)
    made = pool.deploy(1)
    run, other = pool.schedule(made["maintain"]), pool.schedule(made["trends"])
    assert (pool.take(run), pool.take(other)) == ("PENDING", "PENDING")
    # The server refuses to free a place that is gone.
    pool.delete(f"v2/concurrency_limits/deployment:{made['trends']}")

    said = []

    async def looks():
        watch = deployments.Watch(said.append)
        async with get_client() as client:
            await watch.look(client)
            await asyncio.sleep(2)
            nobody = {PREFECT_API_URL: f"http://127.0.0.1:{free_port(0)}/api"}
            with temporary_settings(nobody):
                async with get_client() as lost:
                    with pytest.raises(httpx.TransportError):
                        await watch.look(lost)
            await watch.look(client)
            assert pool.state(run) == "PENDING"
            await asyncio.sleep(2)
            await watch.look(client)

    asyncio.run(looks())
    assert (pool.state(run), pool.state(other)) == ("CRASHED", "PENDING")
    [line] = said
    assert line.startswith(f"warning: flow run {other} cannot be ended")


def test_up_ends_what_it_left_and_no_run_of_a_worker(pool, tmp_path):
    """Taken or begun as its server went down; what a pool's worker took may well live."""
    of_worker = pool.schedule(pool.deploy(1)["trends"])
    [mine] = (each for each in SCHEDULES if each.name == "trends")
    own = deployments.deployment(mine, 60, home=tmp_path)
    own.name = "own"
    # The server would schedule further runs meanwhile.
    own.schedules = []
    asyncio.run(own.aapply())
    left = pool.schedule(pool.deployed()["own"])
    assert (pool.take(left), pool.take(of_worker)) == ("PENDING", "PENDING")

    async def start_again():
        async with get_client() as client:
            return await deployments.end_runs_left_behind(client)

    assert asyncio.run(start_again()) == 1
    assert (pool.state(left), pool.state(of_worker)) == ("CRASHED", "PENDING")
    assert pool.take(pool.schedule(pool.deployed()["own"])) == "PENDING"


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
def machine(name, number, home, *, silent=120):
    """Have a machine called *name* work in *home*; yields what it says, line by line."""
    words = [sys.executable, "-c", WORK, str(home), str(number), str(silent)]
    named = ["unshare", "--uts", "sh", "-c", 'hostname "$0" && exec "$@"', name, *words]
    env = {**SOON, "PREFECT_HOME": str(home / "data/prefect"), "SINOWIRE_HOME": str(home)}
    said = []
    with subprocess.Popen(
        named,
        cwd=home,
        env={**os.environ, **env},
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


@pytest.mark.long
def test_a_host_without_room_leaves_its_shard_until_it_has_some(
    pool, furnish, news, network, monkeypatch, lake, settings_of_lake, small_disk
):
    """The other one reads it; nobody has to resume anything."""
    settings_of_lake(lake)
    monkeypatch.setenv("SINOWIRE_ALLOW_PRIVATE_ADDRESSES", network.cidr)
    alpha, beta = furnish(small_disk.parent), furnish(small_disk.parent.parent / "beta")
    news(1)
    shard_1 = pool.deploy(2)["ingest-1"]

    def polled(late):
        """Have shard 1 polled; return the run's name."""
        run = pool.schedule(shard_1, late=late)
        eventually(lambda: pool.state(run) not in {"SCHEDULED", "PENDING", "RUNNING"})
        assert pool.state(run) == "COMPLETED", pool.run(run)["state"]
        return pool.run(run)["name"]

    filler = fill(small_disk)
    with machine("alpha", 1, alpha) as said:
        with machine("beta", 2, beta):
            # So late, whoever can takes it at once.
            assert polled(late=90) == "ingest 1/2 on beta"
        [line] = [line for line in said if "takes no runs" in line]
        assert "alpha/data has no room left on its disk; make room there" in line
        code, found = run_cli(alpha, "doctor", "--format", "json")
        states = {row["what"]: row["state"] for row in json.loads(found)}
        assert (code, states["disk"], states["data"]) == (1, "bad", "bad")
        filler.unlink()
        assert polled(late=0) == "ingest 1/2 on alpha"
        assert any("takes runs again" in line for line in said)
