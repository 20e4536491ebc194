"""Two machines, a web server and a PostgreSQL on one bridge, for `make test-lake`."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from email.utils import format_datetime

import hosts
import postgres
import pytest
from webserver import running

from warehouse.lake.address import pairs_of

WATCHLIST = """
[company.baidu]
name = "Baidu"
zh = "百度"
kind = "company"
sector = "internet"
aliases = ["Baidu", "百度"]

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
companies = ["baidu"]
channels = ["file"]
"""
# Nobody could take two of them for one story, whichever came first.
BY_ALL = ("Baidu opens a robot laboratory in Shenzhen", "Court fines Baidu over maps")
BY_ONE = (
    ("Harbour crane collapses in a storm", "Pear farmers get cheaper loans"),
    ("Museum lends bronze bells to Berlin", "Ferry to Hainan sails again"),
    ("Typhoon empties schools of Fujian", "Novelist wins a prize for essays"),
    ("Steel output falls for a third month", "Panda twins learn to climb"),
    ("Bridge over the Yangtze is repainted", "Tea auction sets a record"),
    ("Hospital trains its nurses at night", "Opera tours eleven villages"),
)
NOW = format_datetime(datetime.now(UTC))


@pytest.fixture(scope="session")
def network():
    """A :class:`hosts.Network`."""
    if why_not := hosts.needed() or postgres.needed():
        pytest.skip(why_not)
    with hosts.Network() as made:
        yield made


@pytest.fixture(scope="session")
def cluster(network, template_lake, postgres):
    """The :class:`postgres.Postgres` of the session, where the machines reach it too."""
    postgres.listen_at(network.addresses[0])
    return postgres


@pytest.fixture
def web(network):
    """A :class:`webserver.Web` at every address of the bridge."""
    with running("0.0.0.0") as server:
        yield server


@pytest.fixture
def furnish(network, web):
    """Make a home whose feeds are in both of two shards."""
    feeds = "".join(
        f'[feed.f{n}]\nurl = "http://{address}:{web.server_port}/f{n}"\n'
        f'publisher = "Paper {n}"\nlanguage = "en"\n\n'
        for n, address in enumerate(network.web_hosts)
    )

    def make(home):
        home.mkdir(exist_ok=True)
        (home / "feeds.toml").write_text(feeds)
        (home / "watchlist.toml").write_text(WATCHLIST, encoding="utf-8")
        (home / "alerts.toml").write_text(ALERTS)
        return home

    return make


@pytest.fixture
def machines(network, cluster, lake, furnish, tmp_path):
    """Machines alpha and beta on one lake, and gamma with a file."""
    [database] = (value for key, value in pairs_of(lake.catalog) if key == "dbname")
    catalog = cluster.dsn(database, host=network.addresses[0])
    with contextlib.ExitStack() as stack:
        made = {}
        for name in ("alpha", "beta", "gamma"):
            host = stack.enter_context(network.host(name, furnish(tmp_path / name)))
            host.env["SINOWIRE_ALLOW_PRIVATE_ADDRESSES"] = network.cidr
            if name != "gamma":
                host.env["SINOWIRE_WAREHOUSE"] = f"ducklake:postgres:{catalog}"
                host.env["SINOWIRE_LAKE"] = str(lake.folder)
            made[name] = host
        yield made


@pytest.fixture
def news(network, web):
    """Publish edition *number*: a story of each feed's own, and one that all carry."""
    own = [f"/f{n}" for n in range(len(network.web_hosts))]

    def publish(number):
        for n, path in enumerate(own):
            web.feed(
                path,
                (f"https://all.example/{number}", BY_ALL[number - 1], NOW),
                (f"https://own.example/{number}/{n}", BY_ONE[n][number - 1], NOW),
            )

    return publish
