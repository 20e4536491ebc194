"""`sinowire feeds check --all`: the list as a whole, and what mends it."""

from __future__ import annotations

import asyncio
import csv
import json
import os
import pty
import re
import signal
import subprocess
import sys
import threading
import tomllib
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import duckdb
import pytest
from webserver import Page, running

from connectors.feeds.check import survey
from connectors.feeds.fetch.politeness import FetchOptions, Politeness, host_of
from connectors.net.guard import Resolver
from transforms.models import Feed

pytestmark = pytest.mark.slow

NAMES = (
    "<html><head><link rel='alternate' type='application/rss+xml' href='{}'></head></html>"
)


def dated(days_ago=0):
    """Return a date as a feed has it."""
    return format_datetime(datetime.now(UTC) - timedelta(days=days_ago))


@pytest.fixture
def outlet(web):
    """A site with a feed for each way in which one may be found."""
    # Who asked for what is slow may have been stopped.
    web.handle_error = lambda *_args: None
    for name in ("/well", "/here", "/front"):
        web.feed(name, (f"https://x.example{name}", f"Hello {name}", dated()))
    web.feed("/old", ("https://x.example/old", "Hello", dated(days_ago=400)))
    web.feed("/empty")
    web.page("/gone", status=410)
    web.page("/missing", status=404)
    web.page("/refused", status=403)
    web.page("/busy", status=503)
    web.page("/moved", status=302, headers={"Location": "/page"})
    web.page("/moved-well", status=301, headers={"Location": "/well"})
    web.page("/page", body=NAMES.format("/here").encode(), content_type="text/html")
    web.page("/plain", body=b"<html>Under repair</html>", content_type="text/html")
    return web


COMMAND = [sys.executable, "-m", "flows.console.cli", "feeds", "check", "--all"]
ILL = ("/gone", "/missing", "/refused", "/busy", "/moved", "/plain")


def rows_of(out):
    """Return the rows of a report in JSON by their feed."""
    return {row["feed_id"]: row for row in json.loads(out)}


def test_each_feed_is_named_with_its_state_and_the_edit(home, outlet, subscribe, sinowire):
    """What is lost is paused or leads on, and what works but not well is told apart."""
    subscribe(*ILL, "/well", "/old", "/empty", "/moved-well")

    code, out, err = sinowire("feeds", "check", "--all", "--format", "json")

    rows = rows_of(out)
    assert {name: (row["state"], row["edit"]) for name, row in rows.items()} == {
        "gone": ("gone", "enabled = false"),
        "missing": ("permanent_error", "enabled = false"),
        "refused": ("permanent_error", None),
        "busy": ("transient_error", None),
        "moved": ("moved", f'url = "{outlet.url}/here"'),
        "plain": ("not_a_feed", "enabled = false"),
        "well": ("new", None),
        "old": ("stale", "enabled = false"),
        "empty": ("empty", None),
        "moved-well": ("moved_for_good", f'url = "{outlet.url}/well"'),
    }
    assert code == 1
    assert "4 of 10 feeds work, fewer than nine in ten" in err
    assert not (home / "data").exists()


def test_report_fits_a_terminal_and_its_edits_are_toml(
    home, outlet, subscribe, monkeypatch
):
    """Prose is broken at 80 cells, and the line below a feed is one of feeds.toml."""
    subscribe(*ILL, "/well", "/old", "/empty", "/moved-well")
    monkeypatch.setenv("COLUMNS", "80")

    done = subprocess.run(COMMAND, capture_output=True, text=True, check=False, timeout=60)

    out = done.stdout
    told = " ".join(out.split())
    assert told.startswith("4 of 10 feeds answered; 2 permanent error, 1 gone, 1 moved")
    assert "of those that answered: " in told
    assert "gone (1): remove the feed gone http" in told
    assert f"redirects to {outlet.url}/page; a web page, not a feed; its site" in told
    assert all(len(line) <= 80 for line in out.splitlines() if "http" not in line)
    edits = re.findall(r"^ +(\w+ = .*)$", out, re.MULTILINE)
    assert len(edits) == 6
    assert all(tomllib.loads(edit) for edit in edits)


def test_address_of_a_lost_feed_is_asked_of_its_site(home, outlet, subscribe, sinowire):
    """Of two that are gone, one leads to the feed that the front page names, not both."""
    outlet.page("/", body=NAMES.format("/front").encode(), content_type="text/html")
    subscribe("/gone", "/missing", "/well")

    rows = rows_of(sinowire("feeds", "check", "--all", "--format", "json")[1])

    found = [rows["gone"]["edit"], rows["missing"]["edit"]]
    assert sorted(found) == ["enabled = false", f'url = "{outlet.url}/front"']


def test_feed_that_is_subscribed_is_no_new_address(home, outlet, subscribe, sinowire):
    """Two feeds of one address would be refused."""
    subscribe("/moved", "/here")

    rows = rows_of(sinowire("feeds", "check", "--all", "--format", "json")[1])

    assert rows["moved"]["edit"] == "enabled = false"


def test_key_of_a_feed_stays_with_its_host(home, outlet, sinowire):
    """The page of one's feed may name a feed elsewhere, which gets no header of ours."""
    with running("127.0.0.2") as other:
        other.feed("/there", ("https://x.example/1", "Hello", dated()))
        address = f"http://127.0.0.2:{other.server_port}/there"
        outlet.page("/keyed", body=NAMES.format(address).encode(), content_type="text/html")
        (home / "feeds.toml").write_text(
            f'[feed.keyed]\nurl = "{outlet.url}/keyed"\nheaders = {{ X-Key = "s3cret" }}\n'
        )
        rows = rows_of(sinowire("feeds", "check", "--all", "--format", "json")[1])
        [(_, _, headers, _)] = other.requests

    assert rows["keyed"]["edit"] == f'url = "{address}"'
    assert "s3cret" not in str(headers)


def test_a_surprise_stops_no_other_feed(home, outlet, subscribe, sinowire, monkeypatch):
    """What nobody thought of is said of the one feed, without the secret in its address."""
    subscribe("/plain", "/well")

    def fail(_body):
        raise RuntimeError(f"{outlet.url}/plain?token=tok-5f4dcc3b5aa7")

    monkeypatch.setattr(survey, "sniff", fail)
    text = (home / "feeds.toml").read_text()
    (home / "feeds.toml").write_text(
        text.replace("/plain", "/plain?token=tok-5f4dcc3b5aa7")
    )
    outlet.pages["/plain?token=tok-5f4dcc3b5aa7"] = outlet.pages["/plain"]

    _, out, _ = sinowire("feeds", "check", "--all", "--format", "json")

    assert rows_of(out)["well"]["works"]
    assert rows_of(out)["plain"]["error"].startswith("unexpected: RuntimeError(")
    assert "tok-5f4" not in out


@pytest.mark.parametrize(("well", "code"), [(9, 0), (8, 1)])
def test_nine_in_ten_are_enough(home, outlet, subscribe, sinowire, well, code):
    """Some feed of a long list is always ill."""
    for n in range(9):
        outlet.feed(f"/well{n}", (f"https://x.example/{n}", "Hello", dated()))
    subscribe("/gone", *(f"/well{n}" for n in range(well)))

    assert sinowire("feeds", "check", "--all")[0] == code


def test_host_that_asked_to_be_left_alone_is(home, outlet, subscribe, sinowire):
    """What a run was told counts for a check of all, too: nothing is looked up or asked."""
    subscribe("/well")
    sinowire("run")
    with duckdb.connect(home / "data" / "sinowire.duckdb") as con:
        con.execute(
            "insert into host_holds by name select 'x.example' as host, now() as asked_at,"
            " now() + interval '1 hour' as until, 'held' as feed_id"
        )
    (home / "feeds.toml").write_text('[feed.held]\nurl = "https://x.example/feed"\n')

    _, out, _ = sinowire("feeds", "check", "--all", "--format", "json")

    assert rows_of(out)["held"]["error"].startswith("not asked: its host wants to be left")


def test_request_that_means_nothing_is_refused(home, sinowire):
    """Nobody wonders which of the two was taken."""
    assert sinowire("feeds", "check", "--all", "x")[0] == 2
    assert sinowire("feeds", "check", "--format", "csv")[0] == 2


def test_a_ctrl_c_ends_it_with_what_was_found(home, outlet, subscribe):
    """A terminal shows how far it is; stopped, it says what it knows, and no traceback."""
    subscribe("/well", "/gone", "/hanging")
    outlet.pages["/hanging"] = hanging = Slow()
    parent, child = pty.openpty()
    with subprocess.Popen(
        COMMAND, stdout=subprocess.PIPE, stderr=child, text=True, start_new_session=True
    ) as process:
        os.close(child)
        said = ""
        while "2 of 3 feeds" not in said:
            said += os.read(parent, 4096).decode()
        os.killpg(process.pid, signal.SIGINT)
        out, _ = process.communicate(timeout=30)
        said += os.read(parent, 4096).decode()
    os.close(parent)
    hanging.may_come.set()

    assert process.returncode == 130
    assert out.startswith("1 of 2 feeds answered; 1 gone")
    assert "stopped: 2 of 3 feeds were asked" in said
    assert "Traceback" not in said


class Slow(Page):
    """A page that comes once it may."""

    def __init__(self):
        super().__init__()
        self.may_come = threading.Event()

    @property
    def status(self):
        """Come late."""
        self.may_come.wait(60)
        return 503

    @status.setter
    def status(self, _):
        """Stay as it is."""


def test_a_reader_that_goes_away_is_no_error(home, outlet, subscribe):
    """`| head -1` ends it in the midst of its looks, quietly."""
    subscribe("/well", "/slow")
    outlet.pages["/slow"] = slow = Slow()
    with subprocess.Popen(
        [*COMMAND, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert json.loads(process.stdout.readline())["feed_id"]
        process.stdout.close()
        slow.may_come.set()
        said = process.stderr.read()

    assert said == ""


def test_first_pass_ends_with_how_many_answered(home, outlet, subscribe, sinowire):
    """The pass after it does not repeat that."""
    subscribe("/well", "/gone")

    _, first, _ = sinowire("run")
    _, second, _ = sinowire("run")

    assert "first pass: 1 of 2 feeds answered; 1 gone\n" in first
    assert first.endswith("sinowire feeds check --all\n")
    assert "first pass" not in second


def test_what_failed_is_asked_again_slowly(home, outlet, subscribe, sinowire, monkeypatch):
    """A server that chokes on the sweep answers the patient one, and needs no edit."""
    times = Counter()

    def answer(path):
        times[path] += 1
        return outlet.pages["/well"] if times[path] > 1 else Page(503)

    class Pages(dict):
        def get(self, path, other=None):
            return answer(path) if path == "/choked" else super().get(path, other)

    outlet.pages = Pages(outlet.pages)
    subscribe("/choked", "/gone", "/well")

    rows = rows_of(sinowire("feeds", "check", "--all", "--format", "json")[1])

    assert (rows["choked"]["state"], rows["choked"]["edit"]) == ("new", None)
    assert rows["gone"]["edit"] == "enabled = false"
    asked = Counter(path for _, path, _, _ in outlet.requests)
    assert (asked["/choked"], asked["/gone"], asked["/well"]) == (2, 2, 1)


def test_a_host_that_asked_for_a_pause_is_not_asked_again(home, subscribe):
    """The second look is no way around Retry-After."""
    feed = Feed(feed_id="a", url="http://x.example/feed")
    politeness = Politeness(FetchOptions(), Resolver())

    asyncio.run(politeness.hold(host_of(feed.url)))

    assert politeness.held == {"x.example"}


def test_the_report_as_csv_is_a_record(home, outlet, subscribe, sinowire):
    """A line a feed, with the moment at which it was asked."""
    subscribe("/well", "/gone")

    out = sinowire("feeds", "check", "--all", "--format", "csv")[1]

    gone, well = csv.DictReader(out.splitlines())
    assert (gone["feed_id"], gone["state"], gone["works"]) == ("gone", "gone", "false")
    assert (well["feed_id"], well["entries"]) == ("well", "1")
    assert datetime.fromisoformat(well["asked_at"]).date() == datetime.now(UTC).date()
