"""A lake that somebody was killed in beginning is begun by the next."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager

import pytest
from processes import eventually

from warehouse import queries
from warehouse.errors import LakeUnavailable
from warehouse.file.connect import transaction
from warehouse.lake.address import LakeAddress
from warehouse.lake.attach import engine
from warehouse.lake.writer import writer

pytestmark = pytest.mark.lake
BEGIN = """
import sys
from pathlib import Path
from warehouse.lake.address import LakeAddress
from warehouse.lake.writer import writer

data, catalog, folder = sys.argv[1:]
with writer(Path(data), LakeAddress(catalog, Path(folder)), command="test"):
    pass
"""
# It has its first table, and nothing is recorded in it.
DIE_EARLY = """
import os, signal
from warehouse.file import migrate

execute = migrate.dialect.execute
def execute_and_die(*words):
    execute(*words)
    os.kill(os.getpid(), signal.SIGKILL)
migrate.dialect.execute = execute_and_die
"""


@pytest.fixture
def new_lake(postgres, tmp_path):
    """A lake that nobody began: an empty database and an empty folder."""
    folder = tmp_path / "rows"
    folder.mkdir()
    yield LakeAddress(postgres.make_database("new_lake"), folder)
    postgres.sql("drop database new_lake with (force)")


@contextmanager
def beginning(data, lake, *, first=""):
    words = [first + BEGIN, data, lake.catalog, lake.folder]
    with subprocess.Popen([sys.executable, "-c", *map(str, words)]) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def no_commits(data, lake):
    """Let nobody commit to the lake, and all wait who want to."""
    with engine(data, "256MB") as con:
        con.execute(f"attach {queries.text(lake.catalog)} as catalog (type postgres)")
        con.begin()
        locked = "lock table ducklake_snapshot in share mode"
        con.execute(f"call postgres_execute('catalog', '{locked}')")
        yield


def test_what_was_killed_at_its_start_goes_on(tmp_path, new_lake):
    """Killed after its first table, then with files of a migration not yet committed."""
    with beginning(tmp_path / "a", new_lake, first=DIE_EARLY) as process:
        assert process.wait() == -9
    with no_commits(tmp_path, new_lake), beginning(tmp_path / "a", new_lake) as process:
        eventually(lambda: process.poll() or [*new_lake.folder.rglob("*.parquet")])
        assert process.poll() is None

    with writer(tmp_path / "b", new_lake, command="test") as con, transaction(con):
        con.execute("insert into imports values (now(), 1, 0)")
    with writer(tmp_path / "b", new_lake, command="test") as con:
        assert con.execute("select entries from imports").fetchall() == [(1,)]


def test_what_lies_in_a_new_lake_s_folder_stays(tmp_path, new_lake):
    """It is refused twice, the lake's catalog being there the second time; then begun."""
    other = new_lake.folder / "letter.txt"
    other.touch()
    for _ in range(2):
        with pytest.raises(LakeUnavailable, match=r"not empty; name another folder"):
            writer(tmp_path / "a", new_lake, command="test").__enter__()
    other.unlink()
    with writer(tmp_path / "a", new_lake, command="test") as con:
        assert con.execute("select zone from reporting").fetchall()
