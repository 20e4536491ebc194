"""A run keeps the writer's turn while steps follow closely, and lets others have it."""

from __future__ import annotations

import threading
import time

import duckdb
import pytest

from flows.settings import load_settings
from flows.steps import turns
from flows.steps.turns import EACH_ITS_OWN, KeptTurn
from flows.steps.warehouse import publish, warehouse_of
from warehouse.errors import WarehouseBusy
from warehouse.file.connect import PRIVATE_NAME, REWRITING, transaction
from warehouse.file.lock import LOCK_NAME
from warehouse.file.signature import signature_of

pytestmark = pytest.mark.slow

RUN = """
insert into runs by name
select
    'r1' as run_id, 1 as seq, now() as started_at, 'running' as outcome, '' as version,
    '' as rules_version
"""


@pytest.fixture
def settings(tmp_path):
    return load_settings(tmp_path)


@pytest.fixture
def kept():
    turn = KeptTurn()
    yield turn
    turn.let_go()


def write(turn, settings, **options):
    with turn.open(settings, "run", **options) as con, transaction(con):
        con.execute(RUN)
        return con


def count(settings, *, wait=0.0):
    with warehouse_of(settings).writer(command="test", wait=wait) as con:
        return con.execute("select count(*) from runs").fetchall()[0][0]


def test_a_turn_counts_how_long_it_was_waited_for_and_had(settings, kept):
    """What a run tells of the queue: how long others had the turn, and how long it."""
    open_to_others = threading.Event()

    def have():
        with warehouse_of(settings).writer(command="other", wait=0):
            open_to_others.set()
            time.sleep(0.5)

    other = threading.Thread(target=have)
    other.start()
    open_to_others.wait(20)
    with kept.open(settings, "run"):
        time.sleep(0.2)
        assert kept.held >= 0.2
    kept.let_go()
    other.join()
    waited, held = kept.waited, kept.held
    time.sleep(0.1)
    assert (kept.waited, kept.held) == (waited, held)
    assert waited >= 0.4
    assert held >= 0.2


def test_to_open_the_warehouse_is_no_wait(settings, kept, monkeypatch):
    """Who is stopped in the midst of that has the turn: it is others who wait."""
    monkeypatch.setattr("flows.steps.warehouse.settle_waits", lambda *_: time.sleep(0.5))
    with kept.open(settings, "run"):
        assert kept.waited < 0.5 <= kept.held


def test_steps_that_follow_closely_share_a_turn(settings, kept):
    """The second finds the warehouse open; what more memory it asks for it gets."""
    first = write(kept, settings)
    with kept.open(settings, "run", memory=REWRITING) as con:
        assert con is first
        [(memory,)] = con.execute("select current_setting('memory_limit')").fetchall()
        assert memory == "953.6 MiB"

    with pytest.raises(WarehouseBusy):
        count(settings)
    kept.let_go()

    assert count(settings) == 1
    assert not (settings.data / f"{PRIVATE_NAME}.wal").exists()


def test_a_step_that_keeps_others_waiting_is_not_waited_for(settings, kept):
    """After a second without a step the turn is free, and can be had again."""
    write(kept, settings)
    deadline = time.monotonic() + 20
    while signature_of(settings.data / LOCK_NAME) and time.monotonic() < deadline:
        time.sleep(0.02)

    # The holder's name goes a moment before the turn does.
    assert count(settings, wait=1.0) == 1
    write(kept, settings)
    kept.let_go()
    assert count(settings) == 2


def test_a_turn_does_not_last_for_ever(settings, kept, monkeypatch):
    """Steps that follow each other all the time let others in between."""
    monkeypatch.setattr(turns, "LONGEST", 0)

    write(kept, settings)

    assert count(settings) == 1


def test_a_step_that_fails_ends_the_turn(settings, kept):
    """Its error is raised, what it did is undone, what came before stays."""
    write(kept, settings)
    step = kept.open(settings, "run")
    with pytest.raises(duckdb.CatalogException), step as con, transaction(con):
        con.execute("delete from runs; from nowhere")

    assert count(settings) == 1


def test_a_turn_that_does_not_come_is_an_error_and_the_next_may(settings, kept):
    """Somebody else's turn is none of ours."""
    hasty = settings.model_copy(update={"writer_wait_seconds": 0})
    other = warehouse_of(settings).writer(command="other", wait=0)
    with other, pytest.raises(WarehouseBusy):
        write(kept, hasty)

    write(kept, settings)
    kept.let_go()
    assert count(settings) == 1


@pytest.mark.of_a_file("to close a lake's connection twice is no error")
def test_what_went_wrong_when_nobody_asked_is_told(settings, kept):
    """A turn that could not be closed well tells whoever comes next, once."""
    con = write(kept, settings)
    con.close()
    deadline = time.monotonic() + 20
    while signature_of(settings.data / LOCK_NAME) and time.monotonic() < deadline:
        time.sleep(0.02)

    with pytest.raises(duckdb.ConnectionException):
        kept.let_go()
    kept.let_go()
    assert count(settings) == 1


def test_one_thread_has_it_at_a_time(settings, kept):
    """A commit in a thread and what the run does meanwhile come one after the other."""
    seen = []

    def step():
        with kept.open(settings, "run") as con, transaction(con):
            seen.append("in")
            con.execute("select sum(i) from range(1000000) as r (i)").fetchall()
            seen.append("out")

    threads = [threading.Thread(target=step) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert seen == ["in", "out"] * 4


def test_turns_of_their_own_are_over_at_once(settings):
    """Commands that are no run take one turn, and give it back."""
    write(EACH_ITS_OWN, settings)
    EACH_ITS_OWN.let_go()

    assert count(settings) == 1
    assert publish(settings)
