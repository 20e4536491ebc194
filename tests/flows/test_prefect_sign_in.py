"""A server of our own is ours alone: for strangers on this machine and in a browser."""

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
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import connect

from flows.orchestration import server
from flows.orchestration.environment import listens_as_us
from flows.orchestration.server import PrefectError, prefect_server

pytestmark = [pytest.mark.prefect, pytest.mark.xdist_group("prefect")]
SINOWIRE = Path(sys.executable).with_name("sinowire")
STRANGER = 65534
# What tells that a server runs, and nothing else.
ANSWERS_ALL = {("get", "/health"), ("get", "/ready"), ("get", "/api/health")}


def eventually(check, seconds=120):
    """Return what *check* returns once it is true; fail if it never is."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := check():
            return found
        time.sleep(0.5)
    raise AssertionError(f"not within {seconds} s: {check}")


@pytest.fixture(scope="module")
def home():
    """A home that strangers can walk into, with folders that were left open."""
    folder = Path(tempfile.mkdtemp(prefix="sinowire-"))
    folder.chmod(0o755)
    (folder / "feeds.toml").write_text("", encoding="utf-8")
    for name in ("prefect", "raw", "backups"):
        (folder / "data" / name).mkdir(parents=True)
        (folder / "data" / name).chmod(0o755)
        (folder / "data" / name / "old.txt").write_text("secret", encoding="utf-8")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def up(home):
    """`sinowire up` on a terminal: its page, its sign-in, and all that it said."""
    ours, its = pty.openpty()
    env = {
        **{k: v for k, v in os.environ.items() if not re.match("PREFECT_.*API_", k)},
        "SINOWIRE_HOME": str(home),
        "PREFECT_SERVER_SERVICES_DB_VACUUM_LOOP_SECONDS": "2",
    }
    with subprocess.Popen([SINOWIRE, "up", "--port", "0"], env=env, stderr=its) as process:
        os.close(its)
        try:
            said = read_until(ours, "Ctrl-C")
            url = re.search(r"http://127\.0\.0\.1:\d+", said)[0]
            sign_in = (home / "data" / "prefect" / "sign-in").read_text().strip()
            yield SimpleNamespace(url=url, api=f"{url}/api", sign_in=sign_in, said=said)
            process.send_signal(signal.SIGTERM)
            process.wait(60)
        finally:
            process.kill()
            os.close(ours)
    assert process.returncode == 0
    assert not (home / "data" / "prefect" / "sign-in").exists()


def read_until(terminal, word):
    """Return what a terminal shows up to *word*."""
    said = ""
    while word not in said:
        said += os.read(terminal, 4096).decode()
    return said


@pytest.fixture
def ask(up, ask_prefect):
    """Ask the server; returns status, headers and what it said."""

    def call(path, body=None, **options):
        return ask_prefect(up.api, path, body, **options)

    return call


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


def test_a_scheduled_run_completes(up, ask, home):
    """The runner and its children have the sign-in; heartbeats and artifacts arrive."""
    done = {"flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}}

    def ingested():
        runs = json.loads(ask("flow_runs/filter", done, sign_in=up.sign_in)[2])
        return any(run["name"] == "ingest" for run in runs)

    eventually(ingested)
    artifacts = json.loads(ask("artifacts/filter", {}, sign_in=up.sign_in)[2])
    assert "feed-health" in {artifact["key"] for artifact in artifacts}
    published = home / "data" / "sinowire.duckdb"
    assert stat.S_IMODE(published.stat().st_mode) == 0o640


def run_there(up, home, **env):
    """Return what `sinowire run` does where that server is configured."""
    return subprocess.run(
        [SINOWIRE, "--home", home, "run", "--json"],
        env={**os.environ, "PREFECT_API_URL": up.api, **env},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("env", [{}, {"PREFECT_API_AUTH_STRING": "sinowire:guess"}])
def test_a_run_that_the_server_refuses_says_what_to_set(up, home, env):
    """Not a traceback of Prefect's."""
    done = run_there(up, home, **env)

    assert done.returncode == 1
    assert "set PREFECT_API_AUTH_STRING" in done.stderr
    assert "data/prefect/sign-in" in done.stderr
    assert "--direct" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_run_with_the_sign_in_is_a_flow_run(up, home, ask):
    """As with a server that lets everybody in."""
    done = run_there(up, home, PREFECT_API_AUTH_STRING=up.sign_in)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["feeds"] == 0


def test_old_flow_runs_are_forgotten(up, ask, home):
    """After a week; one of yesterday stays."""

    def completed(days):
        body = {"flow_id": flow, "state": {"type": "COMPLETED"}}
        made = json.loads(ask("flow_runs/", body, sign_in=up.sign_in)[2])["id"]
        ended = datetime.now(UTC) - timedelta(days=days)
        database = sqlite3.connect(home / "data" / "prefect" / "prefect.db", timeout=30)
        with contextlib.closing(database), database:
            changed = database.execute(
                "update flow_run set end_time = ? where id = ?",
                (f"{ended:%Y-%m-%d %H:%M:%S.%f}", made),
            )
        assert changed.rowcount == 1
        return made

    flow = json.loads(ask("flows/", {"name": "old"}, sign_in=up.sign_in)[2])["id"]
    old, young = completed(8), completed(1)

    eventually(lambda: ask(f"flow_runs/{old}", sign_in=up.sign_in)[0] == 404)
    assert ask(f"flow_runs/{young}", sign_in=up.sign_in)[0] == 200


def test_a_log_is_rotated_while_up_goes_on(up, home):
    """It may go on for months."""
    log = home / "data" / "prefect" / "runner.log"
    os.truncate(log, 6_000_000)

    eventually(lambda: log.stat().st_size < 6_000_000)

    former = log.with_name("runner.log.1").stat()
    assert (former.st_size, stat.S_IMODE(former.st_mode)) == (6_000_000, 0o600)


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


def test_a_stranger_can_read_nothing_private(up, home, as_stranger, ask):
    """Files, folders that an earlier version left open, and what processes were given."""
    test_a_scheduled_run_completes(up, ask, home)
    (home / "open.txt").touch()
    data = home / "data"
    private = [
        *(data / "prefect" / name for name in ("sign-in", "prefect.db", "server.log")),
        *(data / name for name in ("prefect", "raw", "backups")),
        *(data / name / "old.txt" for name in ("prefect", "raw", "backups")),
        *(data / name for name in ("warehouse.duckdb", "warehouse.lock")),
        data / "sinowire.duckdb",
        *(line.with_name("environ") for line in processes_of(home)),
    ]
    assert all(path.exists() for path in private)

    with as_stranger(READ, home / "open.txt", *private) as process:
        read = json.loads(process.stdout.read())

    assert read.pop(str(home / "open.txt")) == ""
    assert set(read.values()) == {"PermissionError"}


def processes_of(home):
    """Return the command lines, in /proc, of processes that were given *home*."""
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if f"SINOWIRE_HOME={home}".encode() in environ.read_bytes():
                found.append(environ.with_name("cmdline"))
    assert len(found) >= 3
    return found


def test_a_stranger_cannot_change_what_is_run(up, ask, as_stranger):
    """Steps before a run would be his code, run as us, with our secrets."""

    def deployments():
        return json.loads(ask("deployments/filter", {}, sign_in=up.sign_in)[2])

    deployment = eventually(deployments)[0]

    with as_stranger(REACH, f"{up.api}/deployments/{deployment['id']}") as process:
        assert process.stdout.read().strip() == "401"

    assert not any(d["pull_steps"] for d in deployments())


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


@pytest.mark.prefect
def test_two_servers_that_start_at_once_take_two_ports(tmp_path, monkeypatch):
    """Both saw the port free; the second one goes on at another, with its own sign-in."""
    with prefect_server(tmp_path / "first") as first:
        port = int(first["PREFECT_API_URL"].rsplit(":", 1)[1].split("/")[0])
        free = server.free_port
        monkeypatch.setattr(
            server, "free_port", lambda *given: free(*given) if given else port
        )
        with prefect_server(tmp_path / "second") as second:
            assert second["PREFECT_API_URL"] != first["PREFECT_API_URL"]
        with (
            pytest.raises(PrefectError, match=f"did not start on port {port}"),
            prefect_server(tmp_path / "third", port),
        ):
            pass


def test_who_listens_is_told():
    """A socket of ours counts once it listens."""
    with socket.socket() as ours:
        ours.bind(("127.0.0.1", 0))
        port = ours.getsockname()[1]
        assert not listens_as_us(port)
        ours.listen()
        assert listens_as_us(port)
