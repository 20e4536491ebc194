"""Fixtures shared by the whole suite, and its one rule: no network but loopback."""

from __future__ import annotations

import fcntl
import gc
import ipaddress
import os
import shutil
import signal
import socket
import sys
from functools import _lru_cache_wrapper
from pathlib import Path
from types import SimpleNamespace

import pytest
from builders import article
from hypothesis import settings
from hypothesis.strategies import text
from lakes import (
    is_on_lake,
    lake,
    make_home_once,
    make_lake,
    pytest_addoption,
    replicas_begun,
    settings_of_lake,
    template_lake,
    template_replica,
)
from nurseries import Nurseries
from postgres import postgres

from connectors.feeds.poll import pool
from flows.console import GC_THRESHOLD
from warehouse.file import connect, writes

# Fixtures that are made elsewhere.
__all__ = [
    "is_on_lake",
    "lake",
    "make_home_once",
    "make_lake",
    "postgres",
    "pytest_addoption",
    "replicas_begun",
    "settings_of_lake",
    "template_lake",
    "template_replica",
]

# DuckDB looks for pandas at every value that it is handed, all along the path where there
# is none. To be told here that there is none saves a tenth of tests that ask it things.
sys.modules.setdefault("pandas", None)

# Half of Hypothesis's own number, where a test says none: the suite runs often. The rest
# is as Hypothesis has it, but for its deadline: a busy machine is no fault of the code.
settings.register_profile("suite", settings.default, max_examples=50, deadline=None)
settings.load_profile("suite")

# As our commands have it: looking for cycles takes a fifth of collecting tests.
gc.set_threshold(GC_THRESHOLD)

# Markers of tests that take long; one worker begins with the first, another with the next.
SLOW = ("prefect", "lake", "slow", "crash")
# Seconds for each test that has a target of its own, on a machine with other work as well.
LONGEST = 1200
# Pages by which a process may grow before it looks for what tests left: 48 MB on most.
GROWTH = 12_000


def pytest_configure():
    """Heed Ctrl-C and the like as started by hand, whoever starts the suite.

    What a shell starts with ``&`` or ``nohup`` ignores them, and so would each command that
    a test starts, and then stops.
    """
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_IGN:
            heed = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
            signal.signal(number, heed)


@pytest.hookimpl(trylast=True)
def pytest_sessionstart():
    """List the characters of texts that tests draw, before other processes begin.

    On a fresh clone that takes 200 MB for a moment, later beside all that tests hold; they
    read what was written.
    """
    text().validate()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Begin with what is slow, and count no lines where many examples are tried.

    One example of each is tested by its name.
    """
    items[:] = slow_first(items, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.timeout(LONGEST))
        if getattr(getattr(item, "function", None), "is_hypothesis_test", False):
            item.add_marker("no_cover")


def slow_first(items, workers):
    """Return *items* in another order, so that each worker begins with slow ones.

    Each is given an even part of the list, and who is done takes from the end of
    another's. So nothing slow is left for the end, when others have nothing more to do, and
    tests that share a server stay in one process.
    """
    quick, *slow = ([] for _ in range(len(SLOW) + 1))
    for item in items:
        kinds = (n for n, name in enumerate(SLOW) if item.get_closest_marker(name))
        kind = next(kinds, None)
        (quick if kind is None else slow[kind]).append(item)
    heads = [[item for kind in slow[n::workers] for item in kind] for n in range(workers)]
    ordered = []
    for left, head in zip(range(workers, 0, -1), heads, strict=True):
        part = (len(items) - len(ordered)) // left
        further = max(part - len(head), 0)
        ordered += [*head, *quick[:further]]
        del quick[:further]
    return ordered


def pytest_collection_finish():
    """Look for cycles only among what tests make from here on."""
    gc.freeze()


@pytest.fixture(scope="module", autouse=True)
def nothing_remembered():
    """Let go of what stories remember of headlines that a module's tests read."""
    yield
    for name, module in list(sys.modules.items()):
        if name.startswith("transforms.stories."):
            for each in vars(module).values():
                if isinstance(each, _lru_cache_wrapper):
                    each.cache_clear()


@pytest.fixture(scope="session")
def process_size():
    """Up to how many pages (``limit``) the process may have before it looks for cycles."""
    return SimpleNamespace(limit=0)


@pytest.fixture(autouse=True)
def nothing_left(process_size):
    """Let go of cycles that tests left, once a process has grown by some of them.

    Each command that is run within the process freezes all there is (``gc.freeze``), as it
    does once in a process of its own; here that holds what earlier tests left.
    """
    yield
    if _pages() > process_size.limit:
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        process_size.limit = _pages() + GROWTH


def _pages():
    """Return what the process has in memory, in pages; 0 where nothing says it."""
    counts = Path("/proc/self/statm")
    return int(counts.read_bytes().split()[1]) if counts.exists() else 0


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Fail a test that would connect to anything but this machine; no other name is known.

    A server of names that answers late would decide what tests see.
    """
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def guarded(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = address[0].partition("%")[0]
            if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
                raise AssertionError(f"a test tried to connect to {address}")
        return connect(self, address)

    def known(host, port, family=0, type=0, proto=0, flags=0):  # noqa: A002  as Python's
        if host not in {None, "", "localhost", socket.gethostname()}:
            flags |= socket.AI_NUMERICHOST
        return look_up(host, port, family, type, proto, flags)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    monkeypatch.setattr(socket, "getaddrinfo", known)


@pytest.fixture(autouse=True)
def own_environment(monkeypatch):
    """Keep the caller's own settings out of the tests."""
    for name in (
        *("PREFECT_API_URL", "PREFECT_API_KEY", "PREFECT_API_AUTH_STRING"),
        *("PREFECT_SERVER_API_AUTH_STRING", "SINOWIRE_HOME"),
    ):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def make_once(tmp_path_factory):
    """Fill a folder once for all test processes, which then read it and leave it alone.

    ``make_once("name", fill)`` calls ``fill(folder)`` in the first process that asks.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent

    def make(name, fill):
        folder, filled = shared / name, shared / f"{name}.filled"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not filled.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                fill(folder)
                filled.touch()
        return folder

    return make


@pytest.fixture(scope="session")
def template(make_once):
    """An empty, fully migrated warehouse file: to migrate takes longer than to copy."""

    def migrate(folder):
        with connect.writer(folder, command="test"):
            pass

    return make_once("template", migrate) / connect.PRIVATE_NAME


@pytest.fixture
def migrated_once(template, monkeypatch):
    """Let a new warehouse begin as a copy of one that was migrated: half a second less.

    It is opened, and found to be up to date, as any other is. Tables of tests are too small
    to be shared out: a second thread would only be woken, which takes a tenth of their
    time. What runs in processes of its own has as many as ever.
    """
    monkeypatch.setattr(connect, "THREADS", 1)
    open_private = connect._open_private

    def open_copy(path, **options):
        if not path.exists():
            try:
                shutil.copyfile(template, path)
            except OSError:  # there is no room: DuckDB is to say so in its own words
                path.unlink(missing_ok=True)
        return open_private(path, **options)

    monkeypatch.setattr(connect, "_open_private", open_copy)


@pytest.fixture
def of_any_size(monkeypatch):
    """Copies before the last serve small warehouses too, where nothing clones."""
    monkeypatch.setattr(writes, "WORTHWHILE", 0)
    monkeypatch.setattr(writes, "CLONE", 0)


@pytest.fixture(scope="session")
def nurseries():
    """Where nurseries are forked from, once one is asked for."""
    with Nurseries() as started:
        yield started


@pytest.fixture
def forked_once(request, monkeypatch):
    """Let nurseries be forked from a process that has imported what they need."""

    def spawn(reader):
        return request.getfixturevalue("nurseries").spawn(reader)

    monkeypatch.setattr(pool, "spawn_nursery", spawn)


@pytest.fixture
def data_dir():
    """The folder of test data."""
    return Path(__file__).parent / "data"


@pytest.fixture
def make_article():
    """Build an article; name only the fields a test is about."""
    return article
