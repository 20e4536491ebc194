"""A home of its own and a real loopback web server for tests of the pipeline."""

from __future__ import annotations

import base64
import io
import json
import shutil
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from chromium import browser
from newsroom import fill
from replayed import REPLAY
from replayed import fill as fill_replayed
from webserver import running

from flows.console.cli import main
from flows.home import load_config
from flows.settings import load_settings

# A fixture that is made elsewhere.
__all__ = ["browser"]

WATCHLIST = """
[company.baidu]
name = "Baidu"
zh = "百度"
kind = "company"
sector = "internet"
aliases = ["Baidu", "百度"]

[company.roborock]
name = "Roborock"
zh = "石头科技"
kind = "company"
sector = "smart-home"
aliases = ["Roborock", "石头科技"]

[topic.robotics]
name = "Robotics"
zh = "机器人"
terms = ["robot", "机器人"]
"""
ALERTS = """
[channel.file]
type = "file"
path = "alerts.jsonl"

[rule.giants]
companies = ["baidu", "roborock"]
channels = ["file"]
"""


# The packages below are covered by their own tests, and by these of the flows.
COVERING = (
    *("test_retag.py", "test_watchlist_command.py"),
    *("test_pages.py", "test_publication.py", "test_hostile.py"),
    *("test_full_texts.py", "test_translate.py", "test_lake.py"),
)


def pytest_collection_modifyitems(config, items):
    """Count no lines in the other tests of the flows: they take half the time.

    On a lake leave out what is about a file, before anything is made for it.
    """
    here = Path(__file__).parent
    is_on_lake = config.getoption("--warehouse") == "lake"
    for item in items:
        if item.path.is_relative_to(here) and item.path.name not in COVERING:
            item.add_marker("no_cover")
        if is_on_lake and (of_a_file := item.get_closest_marker("of_a_file")):
            item.add_marker(pytest.mark.skip(reason=f"of a file: {of_a_file.args[0]}"))


@pytest.fixture(autouse=True)
def begun_soon(migrated_once, forked_once):
    """Whatever a test starts has a warehouse and parsers soon."""


@pytest.fixture(autouse=True)
def on_lake(request, is_on_lake):
    """Give each test a lake, where the suite is run on lakes."""
    if is_on_lake:
        request.getfixturevalue("replicas_begun")
        request.getfixturevalue("settings_of_lake")(request.getfixturevalue("lake"))


@pytest.fixture(scope="session")
def desk(make_home_once):
    """A newsroom's home whose published file is of ``newsroom.NOW``."""
    return make_home_once("desk", fill)


@pytest.fixture(scope="session")
def replayed(make_home_once):
    """A home that polled real feeds of four weeks as they stood."""
    if not REPLAY.is_file():
        pytest.skip("the captures of ../shared are not here")
    return make_home_once("replayed", fill_replayed)


@pytest.fixture
def web():
    """A running :class:`webserver.Web`."""
    with running() as server:
        yield server


@pytest.fixture(scope="module")
def module_web():
    """A running :class:`webserver.Web` for all tests of a module."""
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def furnish():
    """Write a small watchlist, one rule and no feeds into a folder."""

    def write(folder):
        (folder / "watchlist.toml").write_text(WATCHLIST, encoding="utf-8")
        (folder / "alerts.toml").write_text(ALERTS, encoding="utf-8")
        (folder / "feeds.toml").write_text("", encoding="utf-8")

    return write


@pytest.fixture
def home(tmp_path, monkeypatch, furnish):
    """A home folder with a small watchlist and one rule; loopback may be fetched."""
    furnish(tmp_path)
    monkeypatch.setenv("SINOWIRE_HOME", str(tmp_path))
    monkeypatch.setenv("SINOWIRE_ALLOW_PRIVATE_ADDRESSES", "127.0.0.0/8")
    return tmp_path


@pytest.fixture
def fill_once(home, make_once, is_on_lake):
    """Fill the home as the first test that asks did: ``fill_once("name", work)``.

    Others take a copy, but for files of TOML, which each writes. Rows of a lake are not in
    the home.
    """

    def fill(name, work):
        def first(folder):
            work()
            ours = shutil.ignore_patterns("*.toml")
            shutil.copytree(home, folder, ignore=ours, dirs_exist_ok=True)

        if is_on_lake:
            work()
        else:
            shutil.copytree(make_once(name, first), home, dirs_exist_ok=True)

    return fill


@pytest.fixture
def subscribe(home, web):
    """Write feeds.toml for paths of the web server."""

    def write(*paths):
        (home / "feeds.toml").write_text(
            "".join(
                f'[feed.{path.strip("/")}]\nurl = "{web.url}{path}"\n'
                f'publisher = "{path.strip("/").title()}"\nlanguage = "en"\n\n'
                for path in paths
            ),
            encoding="utf-8",
        )

    return write


@pytest.fixture
def config(home):
    """Return the home's configuration, read anew at each call."""
    return lambda: load_config(load_settings(home))


@pytest.fixture(scope="session")
def ask_prefect():
    """Ask a server of Prefect's; returns status, headers and what it said."""

    def ask(url, path, body=None, *, sign_in="", **options):
        headers = {"Content-Type": "application/json", **options.pop("headers", {})}
        if sign_in:
            pair = base64.b64encode(sign_in.encode()).decode()
            headers["Authorization"] = f"Basic {pair}"
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(f"{url}/{path}", data, headers, **options)
        try:
            with urllib.request.urlopen(asked, timeout=20) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.status, refusal.headers, refusal.read()

    return ask


@pytest.fixture
def received(home):
    """Return what the file channel received so far."""

    def read():
        file = home / "alerts.jsonl"
        lines = file.read_text("utf-8").splitlines() if file.exists() else []
        return [json.loads(line) for line in lines]

    return read


@pytest.fixture
def sinowire(monkeypatch, capsys):
    """Run a command; returns exit code, standard output, standard error.

    It prints as into a file, with and without pytest-xdist, which gives workers COLUMNS=80.
    """
    monkeypatch.delenv("COLUMNS", raising=False)

    def call(*args, stdin=None):
        monkeypatch.setattr(sys, "argv", ["sinowire", *map(str, args)])
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as stop:
            main()
        said = capsys.readouterr()
        return int(stop.value.code or 0), said.out, said.err

    return call


@pytest.fixture
def import_once(fill_once, sinowire):
    """Import a file into the home, as :func:`fill_once` does."""

    def bring(name, file):
        def work():
            assert sinowire("import", file)[0] == 0

        fill_once(name, work)

    return bring
