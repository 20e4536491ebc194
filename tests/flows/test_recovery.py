"""What a run fetched and could not store, the next one stores, as of then and once."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from processes import eventually

from flows.steps.cycle import run
from flows.steps.ingest.fetched import taken_over
from warehouse.errors import WarehouseBusy
from warehouse.file.connect import open_published
from warehouse.file.lock import turn

pytestmark = [
    pytest.mark.of_a_file("the turn is taken by a lock on the file"),
    pytest.mark.slow,
]
NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
PATIENT = "writer_wait_seconds = 30\n"


def entries(*names, title="News of {}"):
    return [(f"https://x.example/{name}", title.format(name), "") for name in names]


@pytest.fixture
def go(config):
    """Make a pass at a pretended moment."""
    quiet = {"report": lambda _: None, "progress": lambda _: None}
    return lambda now=NOW: run(config(), now=now, **quiet)


@pytest.fixture
def ask(home):
    """Return the rows of a query on the published file."""

    def query(sql):
        path = home / "data" / "sinowire.duckdb"
        with contextlib.closing(open_published(path)) as con:
            return con.execute(sql).fetchall()

    return query


@pytest.fixture
def lists(home):
    """The lists of what was fetched and is not committed."""
    return lambda: sorted((home / "data" / "raw" / "fetched").glob("*"))


@pytest.fixture
def refused(home, web, go):
    """Make a pass whose commit is refused: somebody else has the turn and keeps it."""

    def make(now):
        settings = home / "sinowire.toml"
        settings.write_text("writer_wait_seconds = 0.2\n", "utf-8")
        # A run keeps the turn of its beginning for a second.
        web.delay = 2.5
        ended = threading.Event()
        asked = len(web.requests)

        def hold():
            # Not before the run has begun: it would be refused without having fetched.
            eventually(lambda: len(web.requests) > asked)
            with turn(home / "data", command="other", wait=30):
                ended.wait(60)

        holder = threading.Thread(target=hold)
        holder.start()
        with pytest.raises(WarehouseBusy):
            go(now)
        ended.set()
        holder.join()
        web.delay = 0.0
        settings.write_text(PATIENT, "utf-8")

    return make


def sightings(ask):
    rows = ask(
        "select split_part(a.url, '/', 4), s.first_seen_at from sightings s "
        "join articles a using (article_id) order by 1"
    )
    return {name: at.astimezone(UTC) for name, at in rows}


def test_the_next_run_stores_what_a_refused_one_fetched(
    web, subscribe, go, ask, refused, lists, sinowire
):
    """A hot list is another one by then: what stood on it is seen when it was fetched."""
    web.feed("/hot", *entries("a", "b"))
    subscribe("/hot")
    go()
    web.feed("/hot", *entries("c", "d"))
    refused(NOW + QUARTER)
    assert len(lists()) == 1
    web.feed("/hot", *entries("e"))

    done = go(NOW + 2 * QUARTER)

    assert (done.new_articles, done.outcomes) == (3, {"undated": 1})
    seen = {"a": 0, "b": 0, "c": 1, "d": 1, "e": 2}
    assert sightings(ask) == {name: NOW + n * QUARTER for name, n in seen.items()}
    polled = ask("select polled_at, entries, new_articles from feed_polls order by seq")
    assert [(at.astimezone(UTC), *rest) for at, *rest in polled] == [
        (NOW, 2, 2),
        (NOW + QUARTER, 2, 2),
        (NOW + 2 * QUARTER, 1, 1),
    ]
    assert lists() == []
    assert go(NOW + 3 * QUARTER).new_articles == 0
    assert sinowire("checks")[0] == 0


def test_runs_that_are_refused_one_after_the_other_lose_nothing(
    web, subscribe, go, ask, refused, lists
):
    """Each reads what the one before had fetched, and leaves what it fetched itself."""
    subscribe("/hot")
    for n, name in enumerate("ab"):
        web.feed("/hot", *entries(name))
        refused(NOW + n * QUARTER)
        assert len(lists()) == 1
    web.feed("/hot", *entries("c"))

    assert go(NOW + 2 * QUARTER).new_articles == 2
    seen = {"a": 0, "b": 1, "c": 2}
    assert sightings(ask) == {name: NOW + n * QUARTER for name, n in seen.items()}
    # The first poll of a feed raises no alert, and its archive is no news.
    assert ask("select count(*) from alerts") == [(0,)]


def test_what_is_on_record_is_not_stored_again(
    home, web, subscribe, go, ask, refused, lists, sinowire
):
    """Killed between its commit and the end of the list, a run leaves what is stored."""
    web.feed("/hot", *entries("a"))
    subscribe("/hot")
    refused(NOW)
    [left] = lists()
    aside = shutil.copy(left, home / "aside")
    web.feed("/hot", *entries("b"))
    go(NOW + QUARTER)
    shutil.copy(aside, left)

    assert go(NOW + 2 * QUARTER).new_articles == 0
    assert ask("select count(*) from feed_polls") == [(3,)]
    assert lists() == []
    assert sinowire("checks")[0] == 0


def test_what_a_later_poll_has_overtaken_edits_nothing(
    home, web, subscribe, go, ask, refused, lists, sinowire
):
    """Another host may have read the feed since: what it did not see is taken, as late."""
    web.feed("/hot", *entries("a", "b"))
    subscribe("/hot")
    refused(NOW)
    [left] = lists()
    aside = shutil.move(left, home / "aside")
    web.feed("/hot", *entries("a", title="Newer words on {}"))
    go(NOW + QUARTER)
    shutil.move(aside, left)

    assert go(NOW + 2 * QUARTER).new_articles == 1
    assert sightings(ask) == {"a": NOW + QUARTER, "b": NOW}
    assert ask("select title from articles order by title") == [
        ("Newer words on a",),
        ("News of b",),
    ]
    polls = ask("select polled_at from feed_polls order by seq")
    assert [at.astimezone(UTC) for (at,) in polls] == [NOW + QUARTER, NOW + 2 * QUARTER]
    assert go(NOW + 3 * QUARTER).changed_articles == 0
    assert sinowire("checks")[0] == 0


def test_what_is_no_longer_kept_or_cut_is_passed_over(
    home, web, subscribe, go, ask, refused, lists
):
    """A document's retention may be over, a line half, a feed another one."""
    web.feed("/hot", *entries("a"))
    web.feed("/old", *entries("b"))
    subscribe("/hot", "/old")
    refused(NOW)
    [left] = lists()
    lines = left.read_text("utf-8").splitlines()
    left.write_text("\n".join([*lines, lines[0][:99]]), "utf-8")
    [of_hot] = [line for line in lines if '"feed_id":"hot"' in line]
    [kept] = [p for p in (home / "data" / "raw").glob("??/*.gz") if p.stem in of_hot]
    kept.unlink()
    subscribe("/hot")
    web.feed("/hot", *entries("c"))

    assert go(NOW + QUARTER).new_articles == 1
    assert list(sightings(ask)) == ["c"]
    assert lists() == []


def test_a_list_that_no_run_can_store_is_set_aside(
    home, web, subscribe, go, ask, refused, lists
):
    """It ends one run, not all that follow, and is there to be looked at."""
    web.feed("/hot", *entries("a"))
    subscribe("/hot")
    refused(NOW)
    [left] = lists()
    noted = left.read_bytes()

    with pytest.raises(ZeroDivisionError), taken_over(left) as lines:
        assert len(lines) == 1 / 0

    assert lists() == [left.with_suffix(".unread")]
    assert lists()[0].read_bytes() == noted
    web.feed("/hot", *entries("b"))
    assert go(NOW + QUARTER).new_articles == 1


def test_no_list_holds_a_secret(home, web, subscribe, go, ask, refused, lists):
    """The address is that of feeds.toml once more when the document is read."""
    web.feed("/hot?token=tok-5f4dcc3b", ("/relative", "News of a", ""))
    subscribe("/hot?token=tok-5f4dcc3b")
    file = home / "feeds.toml"
    file.write_text(
        file.read_text("utf-8").replace("feed.hot?token=tok-5f4dcc3b", "feed.hot")
    )
    refused(NOW)
    [left] = lists()
    assert "5f4dcc3b" not in left.read_text("utf-8")
    assert left.stat().st_mode & 0o077 == 0

    assert go(NOW + QUARTER).new_articles == 1
    assert ask("select url from articles") == [(f"{web.url}/relative",)]


def test_a_home_that_keeps_no_documents_has_no_lists(home, web, subscribe, lists, refused):
    """There is nothing that they could lead to."""
    web.feed("/hot", *entries("a"))
    subscribe("/hot")
    (home / "sinowire.toml").write_text("raw_retention_days = 0\n", "utf-8")
    os.environ["SINOWIRE_RAW_RETENTION_DAYS"] = "0"
    try:
        refused(NOW)
    finally:
        del os.environ["SINOWIRE_RAW_RETENTION_DAYS"]
    assert lists() == []


@pytest.mark.crash
def test_a_run_that_is_killed_leaves_what_it_had_fetched(
    home, web, subscribe, go, ask, lists
):
    """Its list is free as soon as it is dead, and belongs to it alone before."""
    subscribe("/hot", "/slow")
    web.feed("/hot", *entries("a", "b"))
    web.feed("/slow", *entries("s"))
    web.slow = {"/slow": 60.0}
    at = NOW.isoformat()
    words = [sys.executable, "-m", "flows.console.cli", "run", "--now", at]
    environment = {**os.environ, "SINOWIRE_HOME": str(home)}
    running = subprocess.Popen(words, env=environment, start_new_session=True)
    try:
        until = time.monotonic() + 60
        while not lists() and time.monotonic() < until:
            time.sleep(0.05)
        web.slow = {}
        web.feed("/hot", *entries("c"))
        (home / "feeds.toml").write_text(
            (home / "feeds.toml").read_text("utf-8").replace("/slow", "/gone"), "utf-8"
        )
        assert go(NOW + QUARTER).new_articles == 1, "the list is held"
        assert len(lists()) == 1
    finally:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()

    assert go(NOW + 2 * QUARTER).new_articles == 2
    assert sightings(ask) == {"a": NOW, "b": NOW, "c": NOW + QUARTER}
    assert lists() == []
