"""A warehouse goes into a lake and back, whatever else goes on and went on before."""

from __future__ import annotations

import shutil
import threading
import time
from contextlib import closing

import duckdb
import pytest

from warehouse.file.connect import PRIVATE_NAME, transaction
from warehouse.file.connect import writer as file_writer
from warehouse.lake.lake import draw, pour
from warehouse.lake.replica import REPLICA_NAME, refresh_replica
from warehouse.lake.writer import writer

pytestmark = pytest.mark.lake
ENTRIES = "select entries from imports order by 1"


@pytest.fixture
def make_file(template):
    """Make a warehouse's file with one import, of so many entries, and its log."""

    def make(path, entries):
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(template, path)
        with closing(duckdb.connect(path)) as con:
            con.execute("insert into imports values (now(), $n, 0)", {"n": entries})
            shutil.copy(f"{path}.wal", path.with_name("log"))
        return path

    return make


def commit(host, lake, entries):
    with writer(host, lake, command="test") as con, transaction(con):
        con.execute("insert into imports values (now(), $n, 0)", {"n": entries})


def entries_of(path):
    with closing(duckdb.connect(path, read_only=True)) as con:
        return [entries for (entries,) in con.execute(ENTRIES).fetchall()]


def test_what_a_lake_held_is_kept(tmp_path, lake, make_file):
    """All of it, also what another host wanted to write meanwhile; and it stays so."""
    here, other = tmp_path / "here", tmp_path / "other"
    commit(other, lake, 1)

    def write_meanwhile():
        # By then the lake is being copied, in a turn.
        while not [*here.glob(f"{REPLICA_NAME}*")]:
            time.sleep(0.01)
        commit(other, lake, 2)

    thread = threading.Thread(target=write_meanwhile)
    thread.start()
    source = make_file(tmp_path / "backup.duckdb", 9)
    counts, kept = pour(here, lake, source, command="test", force=True)
    thread.join()

    assert counts["imports"] == 1
    assert entries_of(refresh_replica(here, lake, command="test")) == [2, 9]
    assert entries_of(kept) == [1]


@pytest.mark.long
def test_a_file_that_moves_is_what_its_writer_left(tmp_path, lake, make_file):
    """Once it is done, and without what a move that was killed left behind."""
    source = make_file(tmp_path / PRIVATE_NAME, 1)
    left = make_file(tmp_path / "warehouse.pulled" / PRIVATE_NAME, 5)
    left.with_name("log").rename(f"{left}.wal")
    part = tmp_path / f"{PRIVATE_NAME}.1.part"
    part.touch()

    moving = threading.Thread(
        target=pour, args=(tmp_path, lake, source), kwargs={"command": "test"}
    )
    with file_writer(tmp_path, command="test") as con:
        moving.start()
        time.sleep(0.5)
        con.execute("insert into imports values (now(), 2, 0)")
    moving.join()
    commit(tmp_path, lake, 3)
    _, kept = draw(tmp_path, lake, command="test")
    assert entries_of(source) == [1, 2, 3]
    assert entries_of(kept) == [1, 2]
    assert not left.parent.exists()
    assert not part.exists()
