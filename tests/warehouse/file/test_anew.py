"""No empty warehouse takes the place of one that is gone, unless somebody says so."""

from __future__ import annotations

from contextlib import closing

import pytest

from warehouse.errors import WarehouseDamaged, WarehouseExists, WarehouseMissing
from warehouse.file.backup import backup, begin_anew, restore
from warehouse.file.connect import PRIVATE_NAME, PUBLISHED_NAME, open_published, writer
from warehouse.file.publish import publish
from warehouse.runs import reporting_zone, set_reporting_zone

pytestmark = pytest.mark.slow


def set_zone(data, zone):
    with writer(data, command="test") as con:
        set_reporting_zone(con, zone)


def zone(data):
    with writer(data, command="test") as con:
        return reporting_zone(con)


def published_zone(data):
    with closing(open_published(data / PUBLISHED_NAME)) as con:
        return con.execute("select zone from reporting").fetchone()[0]


@pytest.fixture
def lived(data):
    """A warehouse that is published, and has moved on since."""
    set_zone(data, "Asia/Tokyo")
    publish(data)
    return data


def lose(data):
    (data / PRIVATE_NAME).unlink()


def empty(data):
    (data / PRIVATE_NAME).write_bytes(b"")


@pytest.mark.parametrize("gone", [lose, empty])
def test_writer_does_not_begin_anew_beside_a_published_copy(lived, gone):
    """The error names the file that brings it back, and how to begin anew."""
    gone(lived)

    with (
        pytest.raises(
            WarehouseMissing, match=r"sinowire restore .*sinowire\.duckdb.*run --new"
        ),
        writer(lived, command="test"),
    ):
        pass

    assert published_zone(lived) == "Asia/Tokyo"
    assert not (lived / PRIVATE_NAME).exists() or gone is empty


@pytest.mark.parametrize("gone", [lose, empty])
def test_nothing_is_published_in_the_place_of_a_copy(lived, gone):
    """A file that is gone or empty replaces nothing."""
    gone(lived)

    with pytest.raises(WarehouseMissing):
        publish(lived)

    assert published_zone(lived) == "Asia/Tokyo"


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda _: b"\0" * 20_000, id="zeros"),
        pytest.param(lambda body: body[: len(body) // 2], id="cut in half"),
    ],
)
def test_what_shrank_is_read_before_it_is_published(lived, spoil):
    """A file that lost its end, or all that it was, replaces nothing."""
    path = lived / PRIVATE_NAME
    path.write_bytes(spoil(path.read_bytes()))

    with pytest.raises(WarehouseDamaged):
        publish(lived)

    assert published_zone(lived) == "Asia/Tokyo"


def test_writer_does_not_begin_anew_beside_a_former_warehouse(lived):
    """The newest of those that were moved aside is the one to bring back."""
    backup(lived, lived / "backup.duckdb")
    set_zone(lived, "UTC")
    former = restore(lived, lived / "backup.duckdb", force=True)
    (lived / PUBLISHED_NAME).unlink()
    lose(lived)

    with (
        pytest.raises(WarehouseMissing, match=f"restore {former}"),
        writer(lived, command="test"),
    ):
        pass


def test_writer_does_not_begin_anew_beside_a_backup(lived):
    """What the daily maintenance kept counts as well."""
    backup(lived, lived / "backups" / "daily.duckdb")
    (lived / PUBLISHED_NAME).unlink()
    lose(lived)

    with (
        pytest.raises(WarehouseMissing, match=r"restore .*daily\.duckdb"),
        writer(lived, command="test"),
    ):
        pass


def test_writer_does_not_begin_anew_beside_a_log(data):
    """DuckDB would delete a log whose file is gone."""
    data.mkdir()
    log = data / f"{PRIVATE_NAME}.wal"
    log.write_bytes(b"committed")

    with (
        pytest.raises(WarehouseMissing, match=r"its log is there.*run --new"),
        writer(data, command="test"),
    ):
        pass

    assert log.read_bytes() == b"committed"


def test_empty_file_in_an_empty_home_is_no_warehouse(data):
    """A first run that was killed as it began stops no other."""
    data.mkdir()
    empty(data)

    set_zone(data, "UTC")

    assert zone(data) == "UTC"


def test_beginning_anew_keeps_the_published_copy(lived):
    """Readers have it until the next publication, and it can be restored after that."""
    lose(lived)

    kept = begin_anew(lived)
    assert published_zone(lived) == "Asia/Tokyo"
    assert zone(lived) == "Asia/Shanghai"
    publish(lived)
    assert published_zone(lived) == "Asia/Shanghai"

    restore(lived, kept, force=True)
    assert zone(lived) == "Asia/Tokyo"


def test_beginning_anew_keeps_a_log_without_its_file(data):
    """Whoever finds the file can put both back."""
    data.mkdir()
    (data / f"{PRIVATE_NAME}.wal").write_bytes(b"committed")

    begin_anew(data)

    assert (data / f"{PRIVATE_NAME}.before-1.wal").read_bytes() == b"committed"


def test_beginning_anew_replaces_no_warehouse(lived):
    """There is one: it stays as it is, and the error says what to do."""
    with pytest.raises(WarehouseExists, match="move the file aside"):
        begin_anew(lived)

    assert zone(lived) == "Asia/Tokyo"


def test_beginning_anew_needs_nothing_before(data):
    """In an empty home it is the same as to begin."""
    assert begin_anew(data) is None
    assert zone(data) == "Asia/Shanghai"
