from __future__ import annotations

import resource
from contextlib import closing, contextmanager

import duckdb
import pytest

from warehouse import read
from warehouse.errors import NotPublished, PublishError, WarehouseBusy, WarehouseDamaged
from warehouse.file.connect import PRIVATE_NAME, PUBLISHED_NAME, open_published, writer
from warehouse.file.lock import turn
from warehouse.file.publish import publish


@contextmanager
def file_size_limit(size):
    """Let no file grow beyond *size*, as a full disk would not."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def set_zone(data, zone):
    with writer(data, command="test") as con:
        con.execute("update reporting set zone = $zone", {"zone": zone})


def published_zone(data):
    with closing(open_published(data / PUBLISHED_NAME)) as con:
        return con.execute("select zone from reporting").fetchone()[0]


def test_published_copy_is_the_warehouse(data):
    """What was committed is what is published."""
    set_zone(data, "Asia/Tokyo")

    assert publish(data) is True

    assert published_zone(data) == "Asia/Tokyo"
    assert (data / PUBLISHED_NAME).read_bytes() == (data / PRIVATE_NAME).read_bytes()


def test_unchanged_warehouse_is_not_copied(data):
    """A second publication without a change in between does nothing."""
    set_zone(data, "UTC")
    publish(data)
    inode = (data / PUBLISHED_NAME).stat().st_ino

    assert publish(data) is False
    assert (data / PUBLISHED_NAME).stat().st_ino == inode


def test_an_open_reader_keeps_the_old_copy(data):
    """Publishing neither waits for a reader nor takes its file away."""
    set_zone(data, "UTC")
    publish(data)
    with closing(open_published(data / PUBLISHED_NAME)) as reader:
        set_zone(data, "Asia/Tokyo")
        assert publish(data) is True
        assert reader.execute("select zone from reporting").fetchone() == ("UTC",)

    assert published_zone(data) == "Asia/Tokyo"


def test_full_disk_leaves_the_old_copy(data):
    """Without room nothing is replaced, nothing is left over, and the error says so."""
    set_zone(data, "UTC")
    publish(data)
    set_zone(data, "Asia/Tokyo")

    with (
        file_size_limit(100_000),
        pytest.raises(PublishError, match="the old copy stands"),
    ):
        publish(data)

    assert published_zone(data) == "UTC"
    assert [path.name for path in data.glob("*.part")] == []


def test_remains_of_a_killed_publisher_go(data):
    """A part that a killed publisher left behind is cleaned up by the next."""
    set_zone(data, "UTC")
    part = data / f"{PUBLISHED_NAME}.123.part"
    part.write_bytes(b"half")

    publish(data)

    assert not part.exists()


def test_nothing_to_publish_says_so(data):
    """Without a warehouse there is nothing to publish, and the remedy is named."""
    with pytest.raises(PublishError, match="sinowire run"):
        publish(data)


def test_publishing_takes_its_turn(data):
    """While somebody writes, publishing waits, then names the writer."""
    set_zone(data, "UTC")
    with (
        turn(data, command="sinowire run", wait=1),
        pytest.raises(WarehouseBusy, match="sinowire run"),
    ):
        publish(data, wait=0.1)


def test_spoiled_log_is_not_published(data):
    """A log that cannot be taken in stops the publication; the old copy stands."""
    set_zone(data, "UTC")
    publish(data)
    (data / PRIVATE_NAME).write_bytes(b"spoiled" * 1000)
    (data / f"{PRIVATE_NAME}.wal").write_bytes(b"spoiled" * 1000)

    with pytest.raises(WarehouseDamaged):
        publish(data)

    assert published_zone(data) == "UTC"


def test_a_reader_in_a_notebook_has_the_newest_copy_and_leaves_nothing(data):
    """Also while an older connection is open, in which nothing changes."""
    set_zone(data, "UTC")
    publish(data)
    before = {path.name for path in data.iterdir()}
    with closing(read(data.parent)) as old:
        set_zone(data, "Asia/Tokyo")
        publish(data)

        with closing(read(str(data.parent))) as new, closing(new.cursor()) as cursor:
            assert cursor.execute("select zone from reporting").fetchone() == (
                "Asia/Tokyo",
            )
            assert new.execute("select current_setting('TimeZone')").fetchone() == ("UTC",)
            with pytest.raises(duckdb.Error, match="read-only"):
                new.execute("delete from reporting")
        assert old.execute("select zone from reporting").fetchone() == ("UTC",)
    assert {path.name for path in data.iterdir()} == before


def test_a_folder_that_is_no_home_is_told(tmp_path):
    """With the file that was looked for, and what makes it."""
    with pytest.raises(NotPublished, match=rf"{tmp_path}.*sinowire\.duckdb.*sinowire run"):
        read(tmp_path)


def test_a_damaged_copy_is_told_by_its_own_name(data):
    """Not by that of the link by which it is opened."""
    data.mkdir()
    (data / PUBLISHED_NAME).write_bytes(b"x" * 5000)

    with pytest.raises(WarehouseDamaged, match=r"data/sinowire\.duckdb is damaged"):
        read(data.parent)
