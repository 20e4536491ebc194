"""A lake that lacks something: room, the right to write, connections, its first tables."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import pytest

from warehouse.errors import CatalogAway, LakeUnavailable, WarehouseFull
from warehouse.file.connect import transaction
from warehouse.lake.address import LakeAddress
from warehouse.lake.writer import writer

pytestmark = pytest.mark.lake

# More than what a small file system has room for.
MUCH = """
    insert into imports
    select now() + to_microseconds(drawn), drawn, i
    from (select i, (hash(i) % 1000000000)::bigint as drawn from range(1000000) as n (i))
"""


@pytest.fixture
def mounted(lake, tmp_path):
    """The lake, whose folder is a file system of its own, of four megabytes."""
    folder = tmp_path / "mounted"
    folder.mkdir()
    asked = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder]
    if os.getuid() or subprocess.run(asked, capture_output=True, check=False).returncode:
        pytest.skip("needs root, to mount a file system")
    shutil.copytree(lake.folder, folder, dirs_exist_ok=True)
    yield replace(lake, folder=folder)
    subprocess.run(["umount", folder], check=True)


def commit(host, lake, statement):
    """Commit *statement* and one row more."""
    with writer(host, lake, command="test") as con, transaction(con):
        con.execute("insert into imports values (now(), 1, 0)")
        con.execute(statement)


def imports(host, lake):
    with writer(host, lake, command="test") as con:
        return con.execute("select count(*) from imports").fetchall()


def test_a_folder_without_room_takes_nothing_half(tmp_path, mounted):
    """What was begun is not there; once there is room, all is as it was."""
    host = tmp_path / "host"
    with pytest.raises(WarehouseFull, match=r"no room is left.*make room on that disk"):
        commit(host, mounted, MUCH)
    assert imports(host, mounted) == [(0,)]
    commit(host, mounted, "select 1")
    assert imports(host, mounted) == [(1,)]


def test_a_folder_that_cannot_be_written_is_named(tmp_path, mounted):
    """It was mounted to be read, as happens when a disk fails."""
    host = tmp_path / "host"
    subprocess.run(["mount", "-o", "remount,ro", mounted.folder], check=True)
    with pytest.raises(
        LakeUnavailable, match=r"mounted, .* is mounted read-only.*ReadWritePaths="
    ):
        commit(host, mounted, "select 1")
    subprocess.run(["mount", "-o", "remount,rw", mounted.folder], check=True)
    assert imports(host, mounted) == [(0,)]


def test_a_folder_named_like_a_pattern_is_refused(tmp_path, lake):
    """Upkeep looked for what is left over in others' folders, and found none of its own."""
    for name in ("rows*", "rows?", "rows[a]", "ro\\ws"):
        folder = tmp_path / name
        shutil.copytree(lake.folder, folder)
        with pytest.raises(LakeUnavailable, match=r"as a pattern.*rename it"):
            commit(tmp_path / "host", replace(lake, folder=folder), "select 1")


def test_a_file_that_is_gone_or_damaged_is_told_of(tmp_path, lake):
    """No upkeep, copy or restoring is possible then: a backup goes into another lake."""
    host = tmp_path / "host"
    files = set(lake.folder.rglob("*.parquet"))
    commit(host, lake, "select 1")
    [lost] = set(lake.folder.rglob("imports/*.parquet")) - files
    for spoil in (
        partial(os.truncate, lost, 40),
        partial(os.truncate, lost, 0),
        lost.unlink,
    ):
        spoil()
        with (
            pytest.raises(
                LakeUnavailable, match=r"imports.* another database and folder .*restore"
            ),
            writer(host, lake, command="test") as con,
        ):
            con.execute("select sum(entries) from imports")


def test_a_catalog_without_connections_is_told_so(tmp_path, lake, postgres):
    """Each host takes two or three; others may have had them all."""
    host = tmp_path / "host"
    postgres.sql("create role poor login superuser password 'poor'")
    name = lake.catalog.split()[0].removeprefix("dbname=")
    postgres.sql("alter role poor nosuperuser connection limit 1")
    postgres.sql("grant all on all tables in schema public to poor", name)
    catalog = lake.catalog.replace("user=sinowire", "user=poor")
    poor = replace(lake, catalog=catalog.replace(postgres.password, "poor"))
    try:
        with pytest.raises(CatalogAway, match=r"too many connections.*connections left"):
            commit(host, poor, "select 1")
    finally:
        postgres.sql("drop owned by poor", name)
        postgres.sql("drop role poor")
    assert imports(host, lake) == [(0,)]


def test_hosts_that_begin_a_lake_at_once_take_turns(tmp_path, postgres):
    """The one makes the tables, and the other finds them made."""
    folder = tmp_path / "rows"
    folder.mkdir()
    lake = LakeAddress(postgres.make_database("begun_twice"), folder)
    both = threading.Barrier(2)

    def begin(name):
        both.wait()
        commit(tmp_path / name, lake, "select 1")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(begin, ("a", "b")))

    with writer(tmp_path / "a", lake, command="test") as con:
        [(made, names)] = con.execute(
            "select count(*), count(distinct name) from schema_migrations"
        ).fetchall()
    assert made == names > 0
    assert imports(tmp_path / "b", lake) == [(2,)]
