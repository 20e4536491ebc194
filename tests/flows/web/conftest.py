"""A desk that serves a newsroom's home over real HTTP, once a session."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime

import httpx
import pytest
from serving import served

from flows.home import load_config
from flows.settings import load_settings
from flows.steps import warehouse
from flows.steps.ingest.history import Imported, import_file
from flows.web.access import writing_token
from warehouse.file.connect import PUBLISHED_NAME, open_published

TOLD_AT = datetime(2026, 8, 4, 12, tzinfo=UTC)
LINES = (
    {
        "url": "https://x.example/1",
        "title": "Baidu opens a robot lab",
        "publisher": "A",
        "summary": "It stands in Beijing. Two hundred engineers of Baidu move in this "
        "autumn, the company said. Read more on our site.",
    },
    {"url": "https://x.example/2", "title": "Roborock shows a robot", "publisher": "B"},
)


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
def token(desk, desk_url):
    """The token of whoever writes at the newsroom's desk."""
    return writing_token(load_settings(desk))


@pytest.fixture(scope="session")
def get(desk_url, token):
    """Ask the newsroom's desk for a path.

    Connections are let go of before the desk does so, which would reset one in use.
    """
    limits = httpx.Limits(keepalive_expiry=2)
    asked = {"base_url": desk_url, "trust_env": False, "timeout": 30, "limits": limits}
    with httpx.Client(auth=("reader", token), **asked) as client:
        yield client.get


@pytest.fixture(scope="session")
def query(desk):
    """Ask the newsroom's published file, which nobody has open between two questions."""

    def ask(sql, *params):
        with open_published(desk / "data" / PUBLISHED_NAME) as con:
            return con.execute(sql, params).fetchall()

    return ask


@pytest.fixture
def copy_desk(tmp_path):
    """Copy what a home has published to one of its own."""

    def copy(desk):
        home = tmp_path / "home"
        (home / "data").mkdir(parents=True)
        shutil.copy2(desk / "data" / PUBLISHED_NAME, home / "data" / PUBLISHED_NAME)
        return home

    return copy


@pytest.fixture
def tell(furnish):
    """Fill a home with articles and names to watch, and publish them."""

    def fill(folder, lines=LINES, names=""):
        furnish(folder)
        with (folder / "watchlist.toml").open("a", encoding="utf-8") as watchlist:
            watchlist.write(names)
        config = load_config(load_settings(folder))
        file = folder / "lines.jsonl"
        rows = ({"published": "2026-08-04T09:00Z", **line} for line in lines)
        file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
        import_file(config, file, Imported(), now=TOLD_AT, report=str, progress=str)
        warehouse.publish(config.settings)

    return fill


@pytest.fixture
def told(home, make_once, tell, is_on_lake):
    """A home of its own with two articles."""
    if is_on_lake:
        tell(home)
    else:
        shutil.copytree(make_once("told-at-desk", tell), home, dirs_exist_ok=True)
    return home
