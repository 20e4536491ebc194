from __future__ import annotations

import resource

import duckdb
import pytest

from warehouse.backup import backup, restore, verify
from warehouse.connect import PRIVATE_NAME, writer
from warehouse.errors import TransferError, WarehouseDamaged, WarehouseNewer
from warehouse.runs import reporting_zone, set_reporting_zone


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
    with pytest.raises(TransferError, match="is no file"):
        restore(data, tmp_path / "missing")

    other = tmp_path / "other.duckdb"
    with duckdb.connect(other) as con:
        con.execute("create table theirs (a integer)")
    with pytest.raises(WarehouseDamaged, match="not a warehouse"):
        verify(other)


@pytest.mark.parametrize("name", ["backup.duckdb", "history.jsonl"])
def test_file_that_is_no_backup_has_its_own_remedy(data, kept, name):
    """What cannot be restored is not to be mended by restoring it."""
    other = kept.with_name(name)
    other.write_bytes(b"{}" * 1000)

    with pytest.raises(WarehouseDamaged, match=rf"{name}.*is no backup") as junk:
        restore(data, other)

    assert "sinowire restore" not in str(junk.value)


def test_warehouse_of_a_later_version_needs_force(data, kept):
    """It is not damaged, only ahead of us."""
    with duckdb.connect(data / PRIVATE_NAME) as con:
        con.execute("insert into schema_migrations values ('9999_later.sql', '', now())")

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

    monkeypatch.setattr("warehouse.backup.copy_file", spoil)
    with pytest.raises(TransferError, match="was removed; the warehouse itself"):
        backup(data, target)

    assert not target.exists()


def test_backup_writes_over_nothing(data, kept):
    """An existing file is not replaced, and nothing is made of nothing."""
    with pytest.raises(TransferError, match="exists"):
        backup(data, kept)
    with pytest.raises(TransferError, match="nothing to back up"):
        backup(data / "empty", kept.with_name("other.duckdb"))


def test_full_disk_leaves_no_half_backup(data, tmp_path):
    """Without room there is an error and no file."""
    set_zone(data, "UTC")
    target = tmp_path / "kept" / "backup.duckdb"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(TransferError, match="make room"):
            backup(data, target)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert list(target.parent.iterdir()) == []
