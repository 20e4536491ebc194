"""A desk that serves a newsroom's home over real HTTP, once a session."""

from __future__ import annotations

import shutil

import httpx
import pytest
from serving import served

from warehouse.file.connect import PUBLISHED_NAME


@pytest.fixture(scope="session")
def serve_desk():
    """Serve the desk of a home, with further settings; a context manager."""
    return served


@pytest.fixture(scope="session")
def desk_url(desk):
    """The address of the newsroom's desk."""
    with served(desk) as address:
        yield address


@pytest.fixture(scope="session")
def get(desk_url):
    """Ask the newsroom's desk for a path."""
    with httpx.Client(base_url=desk_url, trust_env=False, timeout=30) as client:
        yield client.get


@pytest.fixture
def copy_desk(tmp_path):
    """Copy what a home has published to one of its own."""

    def copy(desk):
        home = tmp_path / "home"
        (home / "data").mkdir(parents=True)
        shutil.copy2(desk / "data" / PUBLISHED_NAME, home / "data" / PUBLISHED_NAME)
        return home

    return copy
