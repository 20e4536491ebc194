"""Fixtures shared by the whole suite, and its one rule: no network but loopback."""

from __future__ import annotations

import fcntl
import ipaddress
import os
import shutil
import socket
from pathlib import Path

import pytest
from builders import article
from hypothesis import settings

# Half of Hypothesis's own number, where a test says none: the suite runs often. The rest
# is as Hypothesis has it, but for its deadline: a busy machine is no fault of the code.
settings.register_profile("suite", settings.default, max_examples=50, deadline=None)
settings.load_profile("suite")


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Fail a test that would connect to anything but this machine."""
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = address[0].partition("%")[0]
            if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
                raise AssertionError(f"a test tried to connect to {address}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


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


@pytest.fixture
def data_dir():
    """The folder of test data."""
    return Path(__file__).parent / "data"


@pytest.fixture
def make_article():
    """Build an article; name only the fields a test is about."""
    return article
