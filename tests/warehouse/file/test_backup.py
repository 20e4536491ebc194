from __future__ import annotations

import gzip
import os
import resource
import shutil
import signal
import subprocess
import sys

import duckdb
import pytest
from before import after_baseline, as_before, as_former

from warehouse.errors import (
    TransferError,
    WarehouseDamaged,
    WarehouseNewer,
    WarehouseOlder,
)
from warehouse.file.aside import set_aside
from warehouse.file.backup import backup, restore
from warehouse.file.connect import PRIVATE_NAME, PUBLISHED_NAME, writer
from warehouse.file.migrate import BASELINE, VIEWS, recorded
from warehouse.file.publish import publish
from warehouse.file.verify import verify
from warehouse.runs import reporting_zone, set_reporting_zone

pytestmark = pytest.mark.slow


def set_zone(data, zone):
    with writer(data, command="test") as con:
        set_reporting_zone(con, zone)


def zone(data):
    with writer(data, command="test") as con:
        return reporting_zone(con)


@pytest.fixture
def kept(data, tmp_path):
    """A backup of a warehouse in UTC, which has moved on to Tokyo since."""
    set_zone(data, "UTC")
    target = tmp_path / "kept" / "backup.duckdb"
    backup(data, target)
    set_zone(data, "Asia/Tokyo")
    return target


def test_backup_brings_the_warehouse_back(data, kept):
    """Restoring gives what was backed up and keeps what stood there."""
    former = restore(data, kept, force=True)

    assert zone(data) == "UTC"
    with duckdb.connect(former, read_only=True) as con:
        assert con.execute("select zone from reporting").fetchone() == ("Asia/Tokyo",)


@pytest.fixture
def packed(data, kept):
    """The same, packed."""
    set_zone(data, "UTC")
    target = kept.with_name("backup.duckdb.gz")
    backup(data, target)
    set_zone(data, "Asia/Tokyo")
    return target


def test_a_packed_backup_brings_the_warehouse_back(data, kept, packed):
    """It is what gzip reads, private, and less than half as large."""
    plain = gzip.decompress(packed.read_bytes())

    restore(data, packed, force=True)

    assert packed.stat().st_size < 0.5 * len(plain)
    assert plain[8:12] == b"DUCK"
    assert packed.stat().st_mode & 0o777 == 0o600
    assert zone(data) == "UTC"
    assert sorted(packed.parent.iterdir()) == [kept, packed]


def test_a_packed_backup_may_be_called_anything(data, packed):
    """What it is stands in its first bytes."""
    other = packed.rename(packed.with_name("monday"))

    restore(data, other, force=True)

    assert zone(data) == "UTC"


def cut_off(body):
    return body[: len(body) // 2]


def changed(body):
    at = len(body) // 2
    return body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]


def without_trailer(body):
    return body[:-8]


def of_something_else(_):
    return gzip.compress(b"news" * 10_000)


@pytest.mark.parametrize("spoil", [cut_off, changed, without_trailer, of_something_else])
def test_a_damaged_packed_backup_is_refused(data, packed, spoil):
    """It replaces nothing, and the error names it, not what it was unpacked to."""
    packed.write_bytes(spoil(packed.read_bytes()))
    before = sorted(data.iterdir())

    with pytest.raises(WarehouseDamaged, match=r"backup\.duckdb\.gz is damaged") as refused:
        restore(data, packed, force=True)

    assert ".part" not in str(refused.value)
    assert sorted(data.iterdir()) == before
    assert zone(data) == "Asia/Tokyo"


def test_a_packed_backup_of_a_later_version_is_refused(data, kept, packed):
    """By its own name too."""
    with duckdb.connect(kept) as con:
        later(con)
    packed.write_bytes(gzip.compress(kept.read_bytes()))

    with pytest.raises(WarehouseNewer, match=r"backup\.duckdb\.gz"):
        restore(data, packed, force=True)


def test_a_damaged_warehouse_is_not_packed(data, packed):
    """Nor is what is kept replaced by it."""
    before = packed.read_bytes()
    (data / PRIVATE_NAME).write_bytes(b"damaged" * 1000)

    with pytest.raises(WarehouseDamaged, match="sinowire restore"):
        backup(data, packed, overwrite=True)

    assert packed.read_bytes() == before


def test_a_packed_copy_that_went_wrong_is_removed(data, tmp_path, monkeypatch):
    """A disk that does not give back what was written leaves no bad backup."""
    set_zone(data, "UTC")
    target = tmp_path / "kept" / "backup.duckdb.gz"

    def spoil(_, made):
        made.write_bytes(gzip.compress(b"spoiled" * 1000)[:-9])

    monkeypatch.setattr("warehouse.file.backup.pack", spoil)
    with pytest.raises(TransferError, match="was removed; the original is in order"):
        backup(data, target)

    assert list(target.parent.iterdir()) == []


def test_restoring_into_an_empty_home_needs_no_force(tmp_path, kept):
    """Where nothing stands nothing is moved."""
    assert restore(tmp_path / "elsewhere", kept) is None
    assert zone(tmp_path / "elsewhere") == "UTC"


def test_warehouse_is_not_replaced_without_force(data, kept):
    """What stands there stays, and the error names the way."""
    with pytest.raises(TransferError, match="--force"):
        restore(data, kept)

    assert zone(data) == "Asia/Tokyo"


def test_former_warehouses_are_all_kept(data, kept):
    """A second restore does not write over what the first one kept."""
    assert restore(data, kept, force=True) != restore(data, kept, force=True)


def test_damaged_warehouse_is_moved_aside_with_its_log(data, kept):
    """The way out of damage needs no force, and the old log does not spoil it."""
    (data / PRIVATE_NAME).write_bytes(b"damaged" * 1000)
    (data / f"{PRIVATE_NAME}.wal").write_bytes(b"damaged" * 1000)

    former = restore(data, kept)

    assert zone(data) == "UTC"
    assert former.read_bytes() == b"damaged" * 1000
    assert former.with_name(f"{former.name}.wal").exists()


def test_damaged_backup_is_refused(data, kept):
    """A backup that cannot be read replaces nothing."""
    body = kept.read_bytes()
    kept.write_bytes(body[: len(body) // 2])

    with pytest.raises(WarehouseDamaged):
        restore(data, kept, force=True)

    assert zone(data) == "Asia/Tokyo"


def test_backup_of_a_later_version_is_refused(data, kept):
    """A backup that is ahead of us replaces nothing."""
    with duckdb.connect(kept) as con:
        con.execute("insert into schema_migrations values ('9999_later.sql', '', now())")

    with pytest.raises(WarehouseNewer):
        restore(data, kept, force=True)


def test_other_files_are_no_backups(data, tmp_path):
    """A missing file and somebody else's database are told apart."""
    with pytest.raises(TransferError, match="is not a file"):
        restore(data, tmp_path / "missing")

    other = tmp_path / "other.duckdb"
    with duckdb.connect(other) as con:
        con.execute("create table theirs (a integer)")
    with pytest.raises(WarehouseDamaged, match="not a warehouse"):
        verify(other)


HOSTILE = """
    create or replace view article_days as from read_csv('{secret}');
    drop view feed_health; create table feed_health (a integer);
    create or replace macro outlets(publisher, kind, site) as error('ours now');
    create macro lower(text) as error('ours now');
    create macro more() as table from read_text('{secret}');
    create view more as from read_csv('{secret}');
    create schema s; create view s.articles as select 1; create table s.t (a integer);
    create table t (a integer); create index i on t (a); create index j on runs (run_id);
"""
CATALOG = """
    select 'view', schema_name, view_name, sql from duckdb_views() where not internal
    union all
    select 'macro', schema_name, function_name, macro_definition from duckdb_functions()
    where not internal
    union all
    select 'table', schema_name, table_name, sql from duckdb_tables() where not internal
    union all
    select 'index', schema_name, index_name, sql from duckdb_indexes()
    order by all
"""


def test_nothing_of_a_backup_runs(data, kept, tmp_path):
    """Rows of our tables are taken, views and macros are made anew; the rest goes."""
    secret = tmp_path / "secret.csv"
    secret.write_text("a\nsecret\n")
    with writer(data, command="test") as con:
        before = con.execute(CATALOG).fetchall()
    with duckdb.connect(kept) as con:
        con.execute(HOSTILE.format(secret=secret))

    restore(data, kept, force=True)

    assert zone(data) == "UTC"
    with writer(data, command="test") as con:
        assert con.execute(CATALOG).fetchall() == before
        assert con.execute("select lower('A')").fetchall() == [("a",)]
        assert con.execute("from feed_health").fetchall() == []


CHANGED = {
    "alter table runs alter alerts set default (error('now'))": "alerts is computed",
    "alter table runs drop alerts": "alerts is missing",
    "alter table runs alter alerts type varchar": "alerts is VARCHAR in place of",
    "alter table runs add primary key (run_id)": "it has a PRIMARY KEY",
    "create or replace table reporting (rules_version varchar, zone varchar as ('UTC'))": (
        "a column is computed"
    ),
}


def test_tables_that_are_not_as_ours_are_refused(data, kept, tmp_path):
    """What they compute would run with each insert, or end each run."""
    for change, said in CHANGED.items():
        other = tmp_path / "other.duckdb"
        shutil.copy(kept, other)
        with duckdb.connect(other) as con:
            con.execute(change)

        with pytest.raises(
            WarehouseDamaged, match="is not as sinowire makes it"
        ) as refused:
            restore(data, other, force=True)

        assert str(refused.value).startswith(f"{other} is damaged")
        assert said in str(refused.value)
        assert "name a file that `sinowire backup` made" in str(refused.value)
    assert zone(data) == "Asia/Tokyo"


def test_a_backup_of_before_is_restored(data, kept):
    """Its rows are kept, and the next writer goes on with them."""
    with duckdb.connect(kept) as con:
        as_former(con)

    restore(data, kept, force=True)

    assert zone(data) == "UTC"
    with writer(data, command="test") as con:
        assert recorded(con).keys() == {BASELINE, *after_baseline(), VIEWS}


def test_an_older_backup_is_refused(data, kept):
    """It is told which version to go through, and replaces nothing."""
    with duckdb.connect(kept) as con:
        as_before(con)

    with pytest.raises(WarehouseOlder, match=r"commit 8e51f5d3 .*sinowire restore FILE"):
        restore(data, kept, force=True)

    assert zone(data) == "Asia/Tokyo"


@pytest.mark.parametrize("name", ["backup.duckdb", "history.jsonl"])
def test_file_that_is_no_backup_has_its_own_remedy(data, kept, name):
    """What cannot be restored is not to be mended by restoring it."""
    other = kept.with_name(name)
    other.write_bytes(b"{}" * 1000)

    with pytest.raises(WarehouseDamaged, match=rf"{name}.*is not a backup") as junk:
        restore(data, other)

    assert "sinowire restore" not in str(junk.value)


def later(con):
    con.execute("insert into schema_migrations values ('9999_later.sql', '', now())")


@pytest.mark.parametrize("make", [later, as_before])
def test_warehouse_of_another_version_needs_force(data, kept, make):
    """It is not damaged, only ahead of us or behind."""
    with duckdb.connect(data / PRIVATE_NAME) as con:
        make(con)

    with pytest.raises(TransferError, match="--force"):
        restore(data, kept)


def test_damaged_warehouse_is_not_backed_up(data, tmp_path):
    """The error names the warehouse and its remedy, and no bad copy is left."""
    set_zone(data, "UTC")
    source = data / PRIVATE_NAME
    source.write_bytes(b"damaged" * 1000)
    target = tmp_path / "kept" / "backup.duckdb"

    with pytest.raises(WarehouseDamaged, match="sinowire restore") as damaged:
        backup(data, target)

    assert str(source) in str(damaged.value)
    assert "backup.duckdb" not in str(damaged.value)
    assert not target.exists()


def test_copy_that_went_wrong_is_removed(data, tmp_path, monkeypatch):
    """A disk that does not give back what was written leaves no bad backup."""
    set_zone(data, "UTC")
    target = tmp_path / "backup.duckdb"

    def spoil(_, made):
        made.write_bytes(b"spoiled" * 1000)

    monkeypatch.setattr("warehouse.file.backup.copy_file", spoil)
    with pytest.raises(TransferError, match="was removed; the original is in order"):
        backup(data, target)

    assert not target.exists()


def test_backup_writes_over_nothing(data, kept):
    """An existing file is not replaced, and nothing is made of nothing."""
    with pytest.raises(TransferError, match="exists"):
        backup(data, kept)
    with pytest.raises(TransferError, match="nothing to back up"):
        backup(data / "empty", kept.with_name("other.duckdb"))


@pytest.mark.parametrize("name", ["backup.duckdb", "backup.duckdb.gz"])
def test_full_disk_leaves_no_half_backup(data, tmp_path, name):
    """Without room there is an error and no file."""
    set_zone(data, "UTC")
    target = tmp_path / "kept" / name
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        with pytest.raises(TransferError, match="make room"):
            backup(data, target)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert list(target.parent.iterdir()) == []


@pytest.fixture
def no_links(monkeypatch):
    """A file system without hard links, as exFAT and some network shares are."""

    def refuse(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)


def test_published_copy_is_a_backup(data):
    """Where the private file is gone, what people read brings it back."""
    set_zone(data, "Asia/Tokyo")
    publish(data)
    (data / PRIVATE_NAME).unlink()

    assert restore(data, data / PUBLISHED_NAME) is None
    assert zone(data) == "Asia/Tokyo"


def test_warehouse_can_be_its_own_backup(data, kept):
    """It is copied before it is moved, so nothing is lost by that."""
    restore(data, data / PRIVATE_NAME, force=True)

    assert zone(data) == "Asia/Tokyo"


def test_full_disk_changes_nothing(data, kept):
    """Without room for the copy the warehouse stands where it stood, and nothing else."""
    before = sorted(data.iterdir())
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(TransferError, match="make room"):
            restore(data, kept, force=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert sorted(data.iterdir()) == before
    assert zone(data) == "Asia/Tokyo"


@pytest.mark.parametrize("links", [True, False])
def test_refused_exchange_is_undone(data, kept, monkeypatch, request, links):
    """When the copy cannot take its place the former warehouse has it again."""
    if not links:
        request.getfixturevalue("no_links")
    replace = os.replace

    def refuse(source, target):
        if str(target) == str(data / PRIVATE_NAME) and str(source).endswith(".part"):
            (data / "tried").write_text("")
            raise PermissionError(1, "Operation not permitted", str(target))
        replace(source, target)

    before = sorted(path.name for path in data.iterdir())
    # copy_file puts its own part in place by the same call, under another name.
    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(PermissionError):
        restore(data, kept, force=True)

    assert sorted(path.name for path in data.iterdir()) == sorted([*before, "tried"])
    assert zone(data) == "Asia/Tokyo"


def test_former_warehouse_is_kept_without_hard_links(data, kept, no_links):
    """It is moved where it cannot have two names."""
    former = restore(data, kept, force=True)

    assert (zone(data), former.exists()) == ("UTC", True)


def test_there_is_a_warehouse_at_every_moment(data, kept):
    """Where the former one is kept, it stays until the other has its place."""
    former = set_aside(data / PRIVATE_NAME)

    assert former.samefile(data / PRIVATE_NAME)


# A writer in a process of its own, killed while what it committed is in the log only.
LOGGED = """
import os, signal, sys
from pathlib import Path
from warehouse.file.connect import writer
with writer(Path(sys.argv[1]), command="test") as con:
    con.execute("update reporting set zone = 'Europe/Paris'")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def kill_writer(data):
    code = subprocess.run([sys.executable, "-c", LOGGED, str(data)], check=False)
    assert code.returncode == -signal.SIGKILL
    assert (data / f"{PRIVATE_NAME}.wal").exists()


def test_former_warehouse_is_kept_with_what_was_in_its_log(data, kept):
    """What a killed writer committed is in the file put aside, and not in the other."""
    kill_writer(data)

    former = restore(data, kept, force=True)

    assert zone(data) == "UTC"
    with duckdb.connect(former, read_only=True) as con:
        assert con.execute("select zone from reporting").fetchone() == ("Europe/Paris",)


def test_file_put_aside_comes_back_with_its_log(data, kept):
    """A log beside the file to restore belongs to it."""
    kill_writer(data)
    former = set_aside(data / PRIVATE_NAME)
    (data / PRIVATE_NAME).unlink()

    restore(data, former)

    assert zone(data) == "Europe/Paris"


def test_log_without_its_file_spoils_no_restored_one(data, kept):
    """DuckDB would replay it over any file that stands beside it."""
    kill_writer(data)
    (data / PRIVATE_NAME).unlink()

    former = restore(data, kept)

    assert zone(data) == "UTC"
    assert former.with_name(f"{former.name}.wal").exists()


def test_remains_of_a_killed_restore_go(data, kept):
    """The next one clears up after it."""
    part = data / f"{PRIVATE_NAME}.123.part"
    part.write_bytes(b"half")

    restore(data, kept, force=True)

    assert not part.exists()


def test_remains_of_a_killed_backup_go(data, kept):
    """Of any day, where the maintenance keeps its own."""
    part = data / "backups" / "daily-000001-20260801.duckdb.123.part"
    part.parent.mkdir()
    part.write_bytes(b"half")
    part.with_name(f"{part.name}.wal").write_bytes(b"half")
    mine = part.with_name("2026.part.duckdb")
    mine.write_bytes(b"mine")

    backup(data, data / "backups" / "other.duckdb")

    assert sorted(part.parent.iterdir()) == [mine, part.with_name("other.duckdb")]


NAMES = [
    "x\" as t; copy (select 1) to '{path}/owned.csv'; select 1 from \"x",
    "x\"; attach '{path}/owned.duckdb' as o; select 1 from \"reporting",
    "'); drop table reporting; --",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["table", "schema"])
def test_name_in_a_backup_is_never_a_statement(data, kept, tmp_path, name, kind):
    """Tables and schemas may be called whatever they like."""
    quoted = '"' + name.format(path=tmp_path).replace('"', '""') + '"'
    with duckdb.connect(kept) as con:
        if kind == "schema":
            con.execute(f"create schema {quoted}")
            quoted += ".t"
        con.execute(f"create table {quoted} (a integer)")

    restore(data, kept, force=True)

    assert zone(data) == "UTC"
    assert list(tmp_path.glob("owned*")) == []


def test_backup_that_reads_other_files_is_refused(data, kept, tmp_path):
    """A view in the place of a table of ours would bring in whatever we can read."""
    secret = tmp_path / "secret.csv"
    secret.write_text("name,checksum,applied_at\n0001_feeds.sql,secret,2026-08-04\n")
    with duckdb.connect(kept) as con:
        con.execute("drop table schema_migrations")
        con.execute(f"create view schema_migrations as from read_csv('{secret}')")

    with pytest.raises(WarehouseDamaged, match="asks for other files"):
        restore(data, kept, force=True)

    assert zone(data) == "Asia/Tokyo"
