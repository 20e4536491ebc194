"""`sinowire up`: killed and started again, on schedule, and ours alone.

One of them serves all tests of this module, and one server beside it: each start takes as
long as a hundred other tests.
"""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
from processes import eventually, processes_of
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import connect

from flows.orchestration import server
from flows.orchestration.in_place import STAY
from flows.orchestration.server import PrefectError, listens_as_us, prefect_server
from warehouse.file.connect import PRIVATE_NAME, open_published
from warehouse.lake.replica import REPLICA_NAME

pytestmark = [pytest.mark.prefect, pytest.mark.slow, pytest.mark.xdist_group("prefect")]
SINOWIRE = Path(sys.executable).with_name("sinowire")
NOW = format_datetime(datetime.now(UTC))
STRANGER = 65534
# What tells that a server runs, and nothing else.
INGEST = f"ingest on {socket.gethostname()}"
ANSWERS_ALL = {("get", "/health"), ("get", "/ready"), ("get", "/api/health")}


@pytest.fixture(scope="module")
def home(furnish):
    """A home that strangers can walk into, with a feed."""
    folder = Path(tempfile.mkdtemp(prefix="sinowire-"))
    folder.chmod(0o755)
    furnish(folder)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def other_homes(tmp_path_factory):
    """Two more homes, in which `sinowire up` is started for the first one."""
    folders = []
    for name in ("before", "now"):
        folder = tmp_path_factory.mktemp(name)
        (folder / "feeds.toml").write_text(f"# of {name}\n", "utf-8")
        (folder / f"{name}.txt").write_text("a note of its own", "utf-8")
        folders.append(folder)
    return folders


@pytest.fixture(scope="module")
def lake_of_home(is_on_lake, request, tmp_path_factory):
    """What the environment says of the home's lake, nothing where the suite is on files."""
    if not is_on_lake:
        return {}
    catalog = request.getfixturevalue("postgres").make_database("up")
    return {
        "SINOWIRE_WAREHOUSE": f"ducklake:postgres:{catalog}",
        "SINOWIRE_LAKE": str(tmp_path_factory.mktemp("up")),
    }


@pytest.fixture(scope="module")
def start_up(home, lake_of_home):
    """Start `sinowire up` in the home, polling often; its output goes to *stderr*."""
    env = {
        **{k: v for k, v in os.environ.items() if not re.match("PREFECT_.*API_", k)},
        "SINOWIRE_HOME": str(home),
        "SINOWIRE_ALLOW_PRIVATE_ADDRESSES": "127.0.0.0/8",
        "SINOWIRE_INGEST_MINUTES": "0.4",
        "AWS_SECRET_ACCESS_KEY": "of a bucket",
        **lake_of_home,
        "PREFECT_SERVER_SERVICES_DB_VACUUM_LOOP_SECONDS": "2",
    }

    def start(**options):
        command = [SINOWIRE, "up", "--port", "0", "--web-port", "0"]
        return subprocess.Popen(command, env=env, **options)

    return start


@pytest.fixture(scope="module")
def killed(home, module_web, start_up, other_homes):
    """The home after `sinowire up` was killed in the middle of its first pass."""
    module_web.feed("/good", ("https://x.example/1", "Baidu opens a lab", NOW))
    module_web.delay = 60
    (home / "feeds.toml").write_text(
        f'[feed.good]\nurl = "{module_web.url}/good"\npublisher = "Good"\n'
        f'[feed.away]\nurl = "{module_web.url}/away"\npublisher = "Away"\n',
        "utf-8",
    )
    module_web.page("/away", status=503)
    with start_up(stderr=subprocess.DEVNULL, cwd=other_homes[0]) as process:
        try:
            eventually(lambda: module_web.requests)
            assert len(processes_of(home)) >= 3
        finally:
            process.kill()
    module_web.delay = 0
    return home


@pytest.fixture(scope="module")
def up(killed, start_up, other_homes):
    """`sinowire up` on a terminal: its page, its sign-in, and all that it said.

    It goes on where another one was killed, in folders that were left open, and with
    deployments as an earlier version made them.
    """
    eventually(lambda: not processes_of(killed), seconds=30)
    deploy_as_before(killed, other_homes[0])
    for name in ("prefect", "raw", "backups"):
        (killed / "data" / name).mkdir(exist_ok=True)
        (killed / "data" / name).chmod(0o755)
        (killed / "data" / name / "old.txt").write_text("secret", encoding="utf-8")
    ours, its = pty.openpty()
    with start_up(stderr=its, cwd=other_homes[1]) as process:
        os.close(its)
        heard = []
        threading.Thread(target=hear, args=(ours, heard), daemon=True).start()
        try:
            eventually(lambda: "Ctrl-C" in "".join(heard))
            said = "".join(heard)
            url = re.search(r"http://127\.0\.0\.1:\d+", said)[0]
            sign_in = (killed / "data" / "prefect" / "sign-in").read_text().strip()
            yield SimpleNamespace(
                url=url, api=f"{url}/api", sign_in=sign_in, said=said, heard=heard
            )
            process.send_signal(signal.SIGTERM)
            process.wait(60)
        finally:
            process.kill()
    assert process.returncode == 0
    assert processes_of(killed) == []
    assert not (killed / "data" / "prefect" / "sign-in").exists()


def deploy_as_before(home, folder):
    """Have deployments whose code is in *folder*, that of the first `up`, as they had."""
    database = sqlite3.connect(home / "data/prefect/prefect.db")
    with contextlib.closing(database), database:
        changed = database.execute(
            "update deployment set path = ?, pull_steps = null,"
            " entrypoint = replace(entrypoint, ?, ?)",
            (str(folder), ".ingest_feeds", ":ingest_feeds"),
        )
    assert changed.rowcount == 4


def hear(terminal, heard):
    """Keep what a terminal shows until its other side is gone."""
    with os.fdopen(terminal, "rb", 0) as shown, contextlib.suppress(OSError):
        while read := shown.read(4096):
            heard.append(read.decode("utf-8", "replace"))


@pytest.fixture
def ask(up, ask_prefect):
    """Ask the server; returns status, headers and what it said."""

    def call(path, body=None, **options):
        return ask_prefect(up.api, path, body, **options)

    return call


@pytest.fixture
def signed_in(up, ask):
    """Return what the server's API answers who has the sign-in."""

    def call(path, body):
        status, _, said = ask(path, body, sign_in=up.sign_in)
        assert status == 200, said
        return json.loads(said)

    return call


@pytest.fixture
def passes(signed_in):
    """Wait for scheduled passes that ended well; returns them all."""
    done = {"flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}}

    def completed(least):
        runs = signed_in("flow_runs/filter", done)
        ingests = [run for run in runs if run["name"] == INGEST]
        return ingests if len(ingests) >= least else None

    return lambda least: eventually(lambda: completed(least))


def test_after_a_kill_the_next_up_goes_on(home, passes):
    """The killed pass is told as such, and nothing of it kept the next from its work.

    That no process outlives a killed `up` is what the fixture waits for.
    """
    passes(1)
    with contextlib.closing(open_published(home / "data" / "sinowire.duckdb")) as con:
        runs = con.execute("select outcome from runs order by started_at").fetchall()
    assert [outcome for (outcome,) in runs][:2] == ["crashed", "completed"]


def test_scheduled_passes_complete(up, home, passes, signed_in):
    """By themselves, with artifacts and heartbeats; the page is there."""
    passes(2)
    # The second pass found every feed as the first had told.
    artifacts = [artifact["key"] for artifact in signed_in("artifacts/filter", {})]
    assert artifacts.count("feed-health") == 1
    assert len(signed_in("deployments/filter", {})) == 4
    automations = signed_in("automations/filter", {})
    assert [a["name"] for a in automations] == ["sinowire: end runs without a heartbeat"]
    published = home / "data" / "sinowire.duckdb"
    assert stat.S_IMODE(published.stat().st_mode) == 0o640


def test_no_run_copies_a_folder(up, home, other_homes, passes, signed_in):
    """Neither into the home nor into where `up` was started; what was copied is told."""
    passes(1)

    assert f"each run copied {other_homes[0]} over" in "".join(up.heard)

    for folder, name in zip(other_homes, ("before", "now"), strict=True):
        assert {each.name for each in folder.iterdir()} == {"feeds.toml", f"{name}.txt"}
        assert (folder / "feeds.toml").read_text("utf-8") == f"# of {name}\n"
    assert "[feed.away]" in (home / "feeds.toml").read_text("utf-8")
    assert not (home / "before.txt").exists()
    for deployment in signed_in("deployments/filter", {}):
        assert (deployment["path"], deployment["pull_steps"]) == (".", [STAY])


def test_a_pass_says_what_it_did(up, home, passes, signed_in):
    """On its page, in the log of the runner and on standard error: a few lines each.

    They have the run's name with the host, its id, and which feed failed; batches are
    numbered.
    """
    # Later ones may find no feed due.
    run = min(passes(1), key=lambda each: each["start_time"])
    of_run = {"flow_runs": {"id": {"any_": [run["id"]]}}}
    [task] = signed_in("task_runs/filter", of_run)
    assert task["name"] == "batch 1"

    asked = {"logs": {"flow_run_id": {"any_": [run["id"]]}}, "sort": "TIMESTAMP_ASC"}

    def messages():
        """Return what it said, once the server has all of it."""
        said = [
            line["message"]
            for line in signed_in("logs/filter", asked)
            if line["name"] == "prefect.flow_runs"
        ]
        return said if any(" feeds in " in line for line in said) else None

    lines = eventually(messages)
    host = re.escape(socket.gethostname())
    [began, ended] = [line for line in lines if line.startswith("run ")]
    assert re.fullmatch(rf"run (\S+) on {host}: 2 feeds to poll", began)
    assert re.match(rf"{began.split(':')[0]}: 2 feeds in \d.* 1 new, 1 transient", ended)
    assert any(re.match("away: .*HTTP 503", line) for line in lines), lines
    assert len(lines) < 10
    with contextlib.closing(open_published(home / "data" / "sinowire.duckdb")) as con:
        ids = con.execute("select run_id from runs").fetchall()
    assert (began.split()[1],) in ids

    # Some of it may be rotated by now.
    logs = (home / "data/prefect").glob("runner.log*")
    told = "".join(log.read_text("utf-8") for log in logs)
    for shown in (told, "".join(up.heard)):
        assert f"Flow run '{INGEST}' - {ended}" in shown.replace("\r\n", "\n")


def test_a_second_up_is_refused(up, start_up):
    """One home is scheduled by one process."""
    with start_up(stderr=subprocess.PIPE, text=True) as again:
        said = again.communicate(timeout=60)[1]
    assert again.returncode == 1
    assert "up already" in said


def test_a_terminal_is_told_the_sign_in(up):
    """It is new at each start, and too long to guess."""
    assert f"sign in with: {up.sign_in}" in up.said
    user, _, password = up.sign_in.partition(":")
    assert user == "sinowire"
    assert len(password) >= 32


def test_without_the_sign_in_no_route_answers(up, ask):
    """Every route that the server has, by every method of it, and the sockets."""
    for sign_in in ("", "sinowire:", "sinowire:guess", up.sign_in[:-1]):
        assert ask("admin/version", sign_in=sign_in)[0] == 401
    assert ask("openapi.json")[0] == 401
    routes = json.loads(ask("openapi.json", sign_in=up.sign_in)[2])["paths"]
    tried = {
        (method, path): ask(
            re.sub(r"{\w+}", str(uuid4()), path).lstrip("/"),
            {} if method in {"post", "put", "patch"} else None,
            method=method.upper(),
        )[0]
        for path, methods in routes.items()
        for method in methods
    }
    open_to_all = {route for route, status in tried.items() if status != 401}
    assert open_to_all <= ANSWERS_ALL
    assert len(tried) > 150


@pytest.mark.parametrize("route", ["events/in", "events/out", "logs/out"])
@pytest.mark.parametrize("protocols", [None, ["prefect"]])
def test_without_the_sign_in_no_socket_stays_open(up, route, protocols):
    """Events and logs are read and written over them."""

    def talk():
        address = f"ws{up.api.removeprefix('http')}/{route}"
        with connect(address, subprotocols=protocols) as line:
            line.send(json.dumps({"type": "auth", "token": "guess"}))
            for _ in range(3):
                line.recv(timeout=20)

    with pytest.raises((ConnectionClosed, InvalidHandshake)):
        talk()


@pytest.mark.parametrize(
    "origin", ["https://x.example", "http://127.0.0.1:1", "http://localhost", "null"]
)
def test_no_foreign_page_gets_permission(up, ask, origin):
    """Neither to ask, nor to read what the server said to somebody who is signed in."""
    wants = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,authorization",
    }
    status, headers, _ = ask("deployments/filter", method="OPTIONS", headers=wants)
    assert status == 400
    assert "Access-Control-Allow-Origin" not in headers

    headers = ask("flows/count", {}, sign_in=up.sign_in, headers={"Origin": origin})[1]
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_the_page_works_with_the_sign_in(up, ask, ask_prefect, host):
    """It is there, knows that it has to ask, and may speak to the server."""
    origin = up.url.replace("127.0.0.1", host)
    status, headers, page = ask_prefect(origin, "")
    assert (status, headers.get_content_type()) == (200, "text/html")
    assert b"<html" in page

    settings = json.loads(ask_prefect(origin, "ui-settings")[2])
    assert (settings["auth"], settings["api_url"]) == ("BASIC", up.api)
    # What the page asks, to see whether what was typed is right.
    status, headers, _ = ask(
        "admin/version", sign_in=up.sign_in, headers={"Origin": origin}
    )
    assert status == 200
    assert headers["Access-Control-Allow-Origin"] in {origin, "*"}


def run_there(up, home, **env):
    """Return what `sinowire run` does where that server is configured."""
    return subprocess.run(
        [SINOWIRE, "--home", home, "run", "--json"],
        env={
            **os.environ,
            "SINOWIRE_ALLOW_PRIVATE_ADDRESSES": "127.0.0.0/8",
            "PREFECT_API_URL": up.api,
            **env,
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("env", "why"),
    [
        ({}, "asks for a sign-in"),
        ({"PREFECT_API_AUTH_STRING": "sinowire:guess"}, "that is set"),
    ],
)
def test_a_run_that_the_server_refuses_says_what_to_set(up, home, env, why):
    """Not a traceback of Prefect's; none that is set is told apart from a wrong one."""
    done = run_there(up, home, **env)

    assert done.returncode == 1
    assert why in done.stderr
    assert "set PREFECT_API_AUTH_STRING" in done.stderr
    assert "data/prefect/sign-in" in done.stderr
    assert "--direct" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_run_with_the_sign_in_is_a_flow_run(
    up, home, passes, module_web, signed_in, lake_of_home
):
    """With --json it prints one object; an alert is an event of Prefect's."""
    passes(1)
    module_web.feed("/good", ("https://x.example/2", "Roborock recalls a mop", NOW))

    done = run_there(up, home, PREFECT_API_AUTH_STRING=up.sign_in, **lake_of_home)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["feeds"] == 2

    def mentioned():
        asked = {"filter": {"event": {"name": ["sinowire.company.mentioned"]}}}
        return signed_in("events/filter", asked)["events"]

    # Ours or a scheduled pass took the news; whichever it was said so.
    (event,) = eventually(mentioned)
    assert event["resource"]["prefect.resource.id"] == "sinowire.company.roborock"
    assert event["payload"]["title"] == "Roborock recalls a mop"


def test_old_flow_runs_are_forgotten(up, ask, home):
    """After a week; one of yesterday stays."""

    def create(path, body):
        """Return the id; tries again while others write the database, as Prefect does."""

        def tried():
            status, _, said = ask(path, body, sign_in=up.sign_in)
            assert status in (200, 201, 503), said
            return status != 503 and json.loads(said)["id"]

        return eventually(tried)

    def completed(days):
        made = create("flow_runs/", {"flow_id": flow, "state": {"type": "COMPLETED"}})
        ended = datetime.now(UTC) - timedelta(days=days)
        database = sqlite3.connect(home / "data" / "prefect" / "prefect.db", timeout=30)
        with contextlib.closing(database), database:
            changed = database.execute(
                "update flow_run set end_time = ? where id = ?",
                (f"{ended:%Y-%m-%d %H:%M:%S.%f}", made),
            )
        assert changed.rowcount == 1
        return made

    flow = create("flows/", {"name": "old"})
    old, young = completed(8), completed(1)

    eventually(lambda: ask(f"flow_runs/{old}", sign_in=up.sign_in)[0] == 404)
    assert ask(f"flow_runs/{young}", sign_in=up.sign_in)[0] == 200


def test_a_log_is_rotated_while_up_goes_on(up, home):
    """It may go on for months."""
    log = home / "data" / "prefect" / "runner.log"
    os.truncate(log, 6_000_000)

    eventually(lambda: log.stat().st_size < 6_000_000)

    former = log.with_name("runner.log.1").stat()
    # What was logged between is in it as well.
    assert 6_000_000 <= former.st_size < 6_100_000
    assert stat.S_IMODE(former.st_mode) == 0o600


def test_no_process_shows_the_sign_in(up, home):
    """Command lines are there for all to read, and logs for many."""
    _, _, password = up.sign_in.partition(":")
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            assert password.encode() not in line.read_bytes()
    for log in (home / "data" / "prefect").glob("*.log"):
        assert password not in log.read_text("utf-8")


@pytest.fixture(scope="module")
def as_stranger():
    """Run Python as another user of this machine; returns what it printed, as JSON."""
    if os.geteuid():
        pytest.skip("to be another user takes root")
    other = {"user": STRANGER, "group": STRANGER, "extra_groups": [], "cwd": "/", "env": {}}

    def can_run(python):
        try:
            return subprocess.run([python, "-c", ""], check=False, **other).returncode == 0
        except OSError:
            return False

    python = next(filter(can_run, [sys.executable, "/usr/bin/python3"]), None)
    if python is None:
        pytest.skip("there is no Python here that another user can run")

    def start(script, *words):
        command = [python, "-c", script, *map(str, words)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **other)

    return start


READ = """
import json, os, sys
def read(path):
    try:
        if os.path.isdir(path):
            return str(os.listdir(path))
        return open(path, "rb").read(9).hex()
    except OSError as exc:
        return type(exc).__name__
print(json.dumps({path: read(path) for path in sys.argv[1:]}))
"""
REACH = """
import json, sys, urllib.request, urllib.error
steps = [{"prefect.deployments.steps.run_shell_script": {"script": "id"}}]
request = urllib.request.Request(
    sys.argv[1], json.dumps({"pull_steps": steps}).encode(), method="PATCH",
    headers={"Content-Type": "application/json"})
try:
    print(urllib.request.urlopen(request, timeout=20).status)
except urllib.error.HTTPError as exc:
    print(exc.code)
"""


def test_a_stranger_can_read_nothing_private(home, passes, as_stranger, is_on_lake):
    """Files, folders that an earlier version left open, and what processes were given."""
    passes(1)
    (home / "open.txt").touch()
    data = home / "data"
    # What lets whoever has it correct what the desk shows; the desk may begin later.
    eventually((data / "web-token").exists)
    private_name = REPLICA_NAME if is_on_lake else PRIVATE_NAME
    private = [
        *(data / "prefect" / name for name in ("sign-in", "prefect.db", "server.log")),
        *(data / name for name in ("prefect", "raw", "backups")),
        *(data / name / "old.txt" for name in ("prefect", "raw", "backups")),
        *(data / name for name in (private_name, "warehouse.lock", "web-token")),
        data / "sinowire.duckdb",
        *(process / "environ" for process in processes_of(home)),
    ]
    assert all(path.exists() for path in private)

    with as_stranger(READ, home / "open.txt", *private) as process:
        read = json.loads(process.stdout.read())

    assert read.pop(str(home / "open.txt")) == ""
    assert set(read.values()) == {"PermissionError"}


def test_the_desk_knows_no_secret_of_what_it_does_not_read(home, up):
    """Whoever makes it tell its environment learns no sign-in, and no key to a bucket."""
    told = [
        (process / "environ").read_bytes()
        for process in processes_of(home)
        if b"\0web\0" in (process / "cmdline").read_bytes()
    ]
    assert told
    assert not any(b"AWS_SECRET" in each or b"API_AUTH" in each for each in told)


def test_a_stranger_cannot_change_what_is_run(up, signed_in, passes, as_stranger):
    """Steps before a run would be his code, run as us, with our secrets."""

    def deployments():
        return signed_in("deployments/filter", {})

    # `up` is reached before it changed what an earlier version deployed, a pass ends after.
    passes(1)
    deployment = deployments()[0]

    with as_stranger(REACH, f"{up.api}/deployments/{deployment['id']}") as process:
        assert process.stdout.read().strip() == "401"

    assert all(d["pull_steps"] == [STAY] for d in deployments())


LISTEN = """
import http.server
class Well(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.send_header("Content-Length", "4"); self.end_headers()
        self.wfile.write(b"true")
    do_POST = do_GET
    def log_message(self, *_): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Well)
print(server.server_port, flush=True)
server.serve_forever()
"""


def test_a_stranger_who_took_the_port_is_no_server_of_ours(tmp_path, as_stranger):
    """It would be handed the sign-in, and say what our runner is to run."""
    with as_stranger(LISTEN) as process:
        try:
            port = int(process.stdout.readline())
            assert not listens_as_us(port)
            with (
                pytest.raises(PrefectError, match=f"did not start on port {port}"),
                prefect_server(tmp_path, port),
            ):
                pass
        finally:
            process.kill()


@pytest.fixture(scope="module")
def beside(up, tmp_path_factory):
    """The environment of a server that saw *up*'s port free; its sign-in is given."""
    port = port_of(up.api)
    free = server.free_port
    with contextlib.ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PREFECT_SERVER_API_AUTH_STRING", "admin:p:ss word")
            patch.setattr(
                server, "free_port", lambda *given: free(*given) if given else port
            )
            folder = tmp_path_factory.mktemp("beside")
            env = stack.enter_context(prefect_server(folder))
        yield env


def port_of(api):
    """Return the port of an API's address."""
    return int(api.rsplit(":", 1)[1].split("/")[0])


def test_two_servers_that_start_at_once_take_two_ports(up, beside):
    """Both saw the port free; the second one goes on at another, with its own sign-in."""
    assert port_of(beside["PREFECT_API_URL"]) != port_of(up.api)


def test_real_server_takes_events_and_its_blocks_notify(
    beside, module_web, ask_prefect, tmp_path
):
    """The block's own receiver gets the words; the event is there, once."""
    module_web.page("/in", status=204)
    script = tmp_path / "send.py"
    script.write_text(SEND.format(receiver=module_web.url))
    done = subprocess.run(
        [sys.executable, script],
        env={**os.environ, **beside},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    url = beside["PREFECT_API_URL"]
    wanted = {"filter": {"event": {"name": ["sinowire.alert"]}}}
    assert ask_prefect(url, "events/filter", wanted)[0] == 401

    def events():
        said = ask_prefect(url, "events/filter", wanted, sign_in="admin:p:ss word")[2]
        return json.loads(said)["events"]

    [event] = eventually(events)
    assert event["payload"]["alert"]["title"] == "Alibaba opens a data centre"
    [message] = [body for _, path, _, body in module_web.requests if path == "/in"]
    assert "Alibaba opens a data centre" in json.loads(message)["message"]
    unknown, refused, sent = done.stdout.splitlines()
    assert (unknown, sent) == ("PermanentSinkError", "sent")
    assert "401" in refused
    assert "set PREFECT_API_AUTH_STRING" in refused


# A process of its own, so that it reads Prefect's settings from the environment.
SEND = """
import sys
from pathlib import Path
sys.path[:0] = ["tests", "tests/flows"]
from prefect.settings import PREFECT_API_AUTH_STRING, temporary_settings
from pydantic import SecretStr
from prefect.blocks.notifications import CustomWebhookNotificationBlock
from flows.prefect_channels import open_block
from test_prefect_sinks import hand_over
from transforms.models import Channel

CustomWebhookNotificationBlock(
    name="desk", url="{receiver}/in", method="POST",
    json_data={{"message": "{{{{body}}}}", "title": "{{{{subject}}}}"}},
).save("desk")
try:
    hand_over(Path("."), "prefect-block", "custom-webhook/no-such")
except Exception as exc:
    print(type(exc).__name__)
desk = Channel(channel_id="desk", type="prefect-block", address="custom-webhook/desk")
wrong = temporary_settings({{PREFECT_API_AUTH_STRING: "admin:guess"}})
try:
    with wrong, open_block(desk, None) as send:
        send(None)
except Exception as exc:
    print(exc)
hand_over(Path("."), "prefect-block", "custom-webhook/desk")
hand_over(Path("."), "prefect-event")
hand_over(Path("."), "prefect-event")
print("sent")
"""


def test_who_listens_is_told():
    """A socket of ours counts once it listens."""
    with socket.socket() as ours:
        ours.bind(("127.0.0.1", 0))
        port = ours.getsockname()[1]
        assert not listens_as_us(port)
        ours.listen()
        assert listens_as_us(port)
