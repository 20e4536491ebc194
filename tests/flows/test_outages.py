"""An outage of one's own is no fault of feeds: they stay due, and the run says so."""

from __future__ import annotations

import contextlib
import socket
from datetime import UTC, datetime, timedelta
from functools import partial

import httpx
import pytest
import trustme
from internet import internet_of
from serving import served
from webserver import Page

from flows.steps import cycle
from flows.steps.cycle import run
from warehouse.file.connect import open_published

pytestmark = pytest.mark.slow

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
HOSTS = 5


@pytest.fixture
def reported():
    """What passes told their user."""
    return []


@pytest.fixture
def go(config, monkeypatch, reported):
    """Make a scheduled pass at a moment."""

    def do(now, **options):
        monkeypatch.setattr(cycle, "clock_at", lambda _now: lambda: now)
        say = {"report": reported.append, "progress": lambda _: None}
        return run(config(), due=True, **say, **options)

    return do


@pytest.fixture
def ask(home):
    """Return the rows of a query on the published file."""

    def query(sql):
        path = home / "data" / "sinowire.duckdb"
        with contextlib.closing(open_published(path)) as con:
            return con.execute(sql).fetchall()

    return query


@pytest.fixture
def furnished(home, monkeypatch):
    """Subscribe to the feeds of an internet, and trust its authority."""

    def write(internet):
        (home / "feeds.toml").write_text(internet.feeds_toml(), "utf-8")
        file = home / "authority.pem"
        internet.authority.cert_pem.write_to_path(file)
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        return internet

    return write


def intercepted(internet):
    """Stand between with certificates of one's own, as a firm's gateway does."""
    internet.signed_by(trustme.CA(organization_name="Acme Gateway"))


def portal(internet):
    """Answer for all hosts with a page that repeats what it was asked for."""
    page = "<html><title>Hotel</title><a href='/login?to=http://{}/feed'>Log in</a></html>"
    shown = {"content_type": "text/html"}
    internet.everywhere(lambda host: Page(body=page.format(host).encode(), **shown))


def led_to(internet, target):
    """Lead all hosts to a page of the portal's own."""
    internet.everywhere(lambda _: Page(302, headers={"Location": target}))


def login_wanted(internet):
    """Answer that the network wants a login (RFC 6585)."""
    internet.everywhere(lambda _: Page(511, b"Log in", "text/html"))


@pytest.mark.parametrize(
    ("tls", "stand", "said"),
    [
        pytest.param(False, lambda net: net.close(), "5 gave no connection", id="refused"),
        pytest.param(
            True,
            intercepted,
            "5 showed a certificate that is not trusted "
            "(one issuer for all: 'Acme Gateway')",
            id="interceptor",
        ),
        pytest.param(
            False, portal, "5 gave one and the same page in place of a feed", id="portal"
        ),
        pytest.param(
            False,
            partial(led_to, target="http://192.168.0.1/login"),
            "5 led to a private address",
            id="portal inside",
        ),
        pytest.param(
            False, login_wanted, "5 were answered for by a proxy or portal", id="511"
        ),
    ],
)
def test_two_days_without_a_network_hold_no_feed_back(
    go, ask, furnished, reported, tls, stand, said
):
    """A pass every quarter of an hour; once the way is open each feed is read at once."""
    with internet_of(HOSTS, tls=tls) as internet:
        furnished(internet)
        assert go(NOW).outcome == "completed"
        stand(internet)
        reported.clear()

        # Of two days the first passes, one in between, and the last.
        ended = [go(NOW + n * QUARTER).outcome for n in (1, 3, 4, 50, 192)]
        assert ended == ["completed", *4 * ["offline"]], "nothing is due in the first"
        [sentence] = set(reported)
        assert "no host answered as it should: network, portal or proxy?" in sentence
        assert f"Of 5 hosts {said}. Nothing is held against feeds" in sentence
        assert "`proxy`" in sentence
        assert "SSL_CERT_FILE" in sentence
        assert ask("select count(*) from feed_polls") == [(HOSTS,)]
        assert ask("select distinct error from feed_polls") == [(None,)]
        assert ask("select distinct state from feed_health") == [("healthy",)]

        internet.open()
        after = go(NOW + 193 * QUARTER)

    assert (after.outcome, after.feeds) == ("completed", HOSTS)
    assert ask("select count(*) from feed_polls where outcome <> 'transient_error'") == [
        (2 * HOSTS,)
    ]


def test_a_private_address_for_all_names_brings_no_advice_to_allow_it(
    home, sinowire, monkeypatch
):
    """The names are led astray: to open that network would be what a portal likes."""
    lookup = socket.getaddrinfo
    hosts = [f"paper{n}.example" for n in range(3)]

    def led_astray(host, port, *more, **options):
        return lookup("10.1.2.3" if host in hosts else host, port, *more, **options)

    monkeypatch.setattr(socket, "getaddrinfo", led_astray)
    # Its own loop asks Python's resolver, and uvloop the system's.
    monkeypatch.setattr(cycle, "_swiftest_loop", lambda: None)
    lines = (f'[feed.f{n}]\nurl = "https://{host}/feed"\n' for n, host in enumerate(hosts))
    (home / "feeds.toml").write_text("".join(lines), "utf-8")

    code, out, err = sinowire("run", "--json")

    assert code == 1
    assert '"outcome": "offline"' in out
    assert "3 led to a private address" in err
    assert "paper0.example leads to the private address 10.1.2.3" in out
    assert "ALLOW_PRIVATE" not in out + err


def test_an_outage_is_told_by_each_that_is_asked(home, furnished, sinowire, ask):
    """Exit 1, and a reason; `doctor`, the health of feeds, metrics and the run's row."""
    with internet_of(3) as internet:
        furnished(internet)
        assert sinowire("run")[0] == 0
        internet.close()
        code, _, err = sinowire("run")
        assert code == 1
        assert err.count("no host answered as it should") == 2
        assert (
            "error: no host answered as it should: network, portal or proxy? 3 of 3" in err
        )
        assert ask("select outcome, feeds from runs order by seq desc limit 1") == [
            ("offline", 3)
        ]
        code, out, _ = sinowire("doctor", "--format", "json")
        assert code == 1
        assert "no host answered as it should" in out
        assert "no host answered as it should" in sinowire("feeds", "health")[2]
        with served(home) as address:
            metrics = httpx.get(f"{address}/metrics", trust_env=False).text
        assert "\nsinowire_offline 1.0\n" in metrics
        assert sinowire("checks")[0] == 0
        internet.open()
        assert sinowire("run")[0] == 0
        assert "no host" not in sinowire("doctor", "--format", "json")[1]
        assert "no host" not in sinowire("feeds", "health")[2]


def test_what_is_of_few_hosts_is_theirs(home, go, ask, furnished):
    """Two hosts may well both be down; so may one that a person asks for alone."""
    with internet_of(4) as internet:
        furnished(internet)
        internet.close()
        assert go(NOW, only=["f0"]).outcome == "failed"
        assert go(NOW, only=["f0", "f1"]).outcome == "failed"
        assert go(NOW, only=["f0", "f1", "f2"]).outcome == "offline"

    assert ask("select count(*) from feed_polls") == [(3,)]


def test_one_answer_shows_that_the_network_is_there(home, go, ask, furnished):
    """The others are down, and are asked less often."""
    with internet_of(5) as internet:
        furnished(internet)
        for host in list(internet.hosts.values())[1:]:
            host.pages["/feed"] = Page(503)
        assert go(NOW).outcome == "completed"

    assert ask("select count(*) from feed_polls where outcome = 'transient_error'") == [
        (4,)
    ]


def test_pages_that_differ_are_those_of_hosts(go, ask, furnished):
    """Feeds that were given up lead to front pages, each to its own."""
    with internet_of(3) as internet:
        furnished(internet)
        internet.everywhere(
            lambda host: Page(
                body=f"<html>{host[::-1]}</html>".encode(), content_type="text/html"
            )
        )
        assert go(NOW).outcome == "failed"

    assert ask("select distinct outcome from feed_polls") == [("not_a_feed",)]


def test_the_first_success_makes_all_feeds_due(go, ask, furnished):
    """Those too that were blamed before an outage was known for one, or as it ended."""
    with internet_of(4) as internet:
        furnished(internet)
        go(NOW)
        internet.close()
        for n in range(8):
            go(NOW + n * QUARTER, only=["f0"])
        late = NOW + 9 * QUARTER
        first, next_one = go(late), go(late + QUARTER)
        assert [(done.outcome, done.feeds) for done in (first, next_one)] == [
            ("offline", 3),
            ("offline", 4),
        ]
        internet.open()
        internet.hosts["127.0.0.12"].pages["/feed"] = Page(
            302, headers={"Location": "http://10.0.0.1/"}
        )

        done = go(late + 2 * QUARTER)
        assert (done.outcome, done.outcomes) == (
            "completed",
            {"unchanged": 3, "permanent_error": 1},
        )
        internet.open()
        assert go(late + 3 * QUARTER).outcomes == {"unchanged": 1}


def test_an_authority_that_cannot_be_read_is_named(home, go, furnished, monkeypatch):
    """The variable is at fault, and no feed."""
    with internet_of(3, tls=True) as internet:
        furnished(internet)
        monkeypatch.setenv("SSL_CERT_FILE", str(home / "none.pem"))
        done = go(NOW)

    assert done.outcome == "offline"
    [said] = done.errors
    assert f"SSL_CERT_FILE names {home / 'none.pem'}, which holds no certificates" in said
