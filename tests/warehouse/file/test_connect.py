from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

import duckdb
import pytest

from warehouse.errors import (
    NotPublished,
    WarehouseBusy,
    WarehouseCramped,
    WarehouseDamaged,
    WarehouseError,
    WarehouseFull,
    WarehouseNewer,
)
from warehouse.file.connect import (
    PRIVATE_NAME,
    PUBLISHED_NAME,
    explain,
    open_published,
    transaction,
    writer,
)
from warehouse.file.lock import LOCK_NAME
from warehouse.file.publish import publish
from warehouse.file.signature import signature_of

# A writer in a process of its own: commits one batch, is in the middle of the next,
# says so and waits to be killed.
WRITER = """
import sys, time
from pathlib import Path
from warehouse.file.connect import transaction, writer

INSERT = '''
    insert into runs by name
    select
        $id as run_id, 1 as seq, now() as started_at, 'completed' as outcome,
        '0' as version, 'w' as rules_version
'''
with writer(Path(sys.argv[1]), command="sinowire run") as con:
    with transaction(con):
        con.execute(INSERT, {"id": "kept"})
    con.begin()
    con.execute(INSERT, {"id": "lost"})
    print("writing", flush=True)
    time.sleep(60)
"""
# How a file begins that DuckDB 2.0.1 made: checksum, magic, storage version, its name.
HEADER_OF_DUCKDB_2 = bytes.fromhex(
    "aa856e53911285284455434be703000000000000"
    + "00" * 32
    + "76322e302e31"
    + "00" * 26
    + "38643738313134653930"
    + "00" * 30
    + "e48c89d877bc60a9c0aa151abb91ce12"
)
# Somebody's shell on the private file.
SHELL = """
import sys, time, duckdb
con = duckdb.connect(sys.argv[1])
print("open", flush=True)
time.sleep(60)
"""


@pytest.fixture
def other_writer(data):
    """Another process that is in the middle of writing."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(data)], stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout.readline() == "writing\n"
        yield process
        process.kill()


def run_ids(con):
    return [row[0] for row in con.execute("select run_id from runs").fetchall()]


def test_closed_warehouse_leaves_no_log_and_no_holder(data):
    """After a writer is done there is one file, and nobody's name on the lock."""
    with writer(data, command="test") as con:
        con.execute("delete from runs")
        assert signature_of(data / LOCK_NAME).pid == os.getpid()

    assert sorted(path.name for path in data.iterdir()) == [
        "warehouse.duckdb",
        "warehouse.lock",
    ]
    assert signature_of(data / LOCK_NAME) is None


def test_session_is_in_utc_and_installs_nothing(warehouse):
    """A writer's session never depends on the machine's zone or on a download."""
    settings = warehouse.execute(
        "select current_setting('TimeZone'),"
        " current_setting('autoinstall_known_extensions')"
    ).fetchone()

    assert settings == ("UTC", False)


def test_instants_come_back_as_they_went_in(warehouse):
    """An instant is the same in Python before and after."""
    at = datetime(2026, 8, 4, 4, 5, 6, 789, tzinfo=UTC)

    (back,) = warehouse.execute("select $at::timestamptz", {"at": at}).fetchone()

    assert back == at


def test_kill_loses_nothing_committed_and_keeps_nothing_else(data, other_writer):
    """A writer killed in mid-transaction leaves exactly what it had committed."""
    other_writer.send_signal(signal.SIGKILL)
    other_writer.wait()
    assert (data / f"{PRIVATE_NAME}.wal").exists()

    with writer(data, command="test", wait=5) as con:
        assert run_ids(con) == ["kept"]

    assert not (data / f"{PRIVATE_NAME}.wal").exists()


def test_publishing_after_a_kill_publishes_what_was_committed(data, other_writer):
    """The log of a killed writer is taken in before the file is copied."""
    other_writer.send_signal(signal.SIGKILL)
    other_writer.wait()

    publish(data)

    with open_published(data / PUBLISHED_NAME) as con:
        assert run_ids(con) == ["kept"]


def test_second_writer_is_told_and_then_names_the_holder(data, other_writer):
    """Who waits hears once for whom, and gives up with the holder's name."""
    heard = []

    with (
        pytest.raises(WarehouseBusy, match="sinowire run") as busy,
        writer(data, command="test", wait=1.5, on_wait=heard.append),
    ):
        pass

    assert len(heard) == 1
    assert f"process {other_writer.pid}" in heard[0]
    assert f"process {other_writer.pid}" in str(busy.value)


def test_second_writer_gets_its_turn(data, other_writer):
    """A writer that waits works as soon as the first is gone."""
    start = time.monotonic()
    other_writer.kill()

    with writer(data, command="test", wait=30) as con:
        assert run_ids(con) == ["kept"]

    assert time.monotonic() - start < 20


def test_waiting_without_a_listener_is_silent(data, other_writer):
    """Nobody has to listen."""
    with (
        pytest.raises(WarehouseBusy),
        writer(data, command="test", wait=1.2),
    ):
        pass
    assert other_writer.poll() is None


def test_a_foreign_client_on_the_private_file_is_named(data):
    """Somebody's DuckDB shell on the private file is named, with what to do instead."""
    with writer(data, command="test"):
        pass
    shell = subprocess.Popen(
        [sys.executable, "-c", SHELL, str(data / PRIVATE_NAME)],
        stdout=subprocess.PIPE,
        text=True,
    )
    with shell:
        shell.stdout.readline()
        heard = []
        with (
            pytest.raises(WarehouseBusy, match=f"{shell.pid}.*sinowire.duckdb"),
            writer(data, command="test", wait=0.4, on_wait=heard.append),
        ):
            pass
        shell.kill()

    assert len(heard) == 1
    assert f"process {shell.pid}" in heard[0]


def test_published_file_reads_while_a_writer_writes(data):
    """A reader opens the published file at any moment of a writer's turn."""
    with writer(data, command="test"):
        pass
    publish(data)

    with writer(data, command="test") as con:
        con.begin()
        con.execute("delete from reporting")
        with open_published(data / PUBLISHED_NAME) as reader:
            assert reader.execute("select zone from reporting").fetchall() == [
                ("Asia/Shanghai",)
            ]
        con.rollback()


def test_published_file_reaches_nothing_outside(data, tmp_path):
    """SQL on the published file reads no other file and cannot lift that limit."""
    with writer(data, command="test"):
        pass
    publish(data)
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")

    with open_published(data / PUBLISHED_NAME) as con:
        with pytest.raises(duckdb.PermissionException):
            con.execute(f"from read_csv('{secret}')")
        with pytest.raises(duckdb.Error, match="locked"):
            con.execute("set enable_external_access = true")
        with pytest.raises(duckdb.Error, match="read-only"):
            con.execute("delete from runs")


def test_nothing_published_says_what_publishes(data):
    """Before the first publication the error names the command to run."""
    with pytest.raises(NotPublished, match="sinowire run"):
        open_published(data / PUBLISHED_NAME)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda _: b"not a database at all" * 50, id="other content"),
        pytest.param(lambda body: body[: len(body) // 2], id="cut in half"),
        pytest.param(lambda body: body[:100], id="cut to the header"),
        pytest.param(lambda body: b"\0" * len(body), id="zeros"),
        pytest.param(
            lambda body: body[:12288] + b"\xff" * (len(body) - 12288), id="overwritten"
        ),
    ],
)
def test_damaged_file_is_refused_and_left(data, spoil):
    """A damaged file is named with the way out, and not a byte of it changes."""
    with writer(data, command="test"):
        pass
    path = data / PRIVATE_NAME
    path.write_bytes(spoil(path.read_bytes()))
    before = path.read_bytes()

    with (
        pytest.raises(WarehouseDamaged, match="sinowire restore"),
        writer(data, command="test"),
    ):
        pass

    assert path.read_bytes() == before


def test_damaged_published_file_is_refused(data):
    """The published file's damage is reported as such."""
    data.mkdir()
    (data / PUBLISHED_NAME).write_bytes(b"x" * 5000)

    with pytest.raises(WarehouseDamaged):
        open_published(data / PUBLISHED_NAME)


def test_file_of_a_newer_version_is_refused(data):
    """A migration that we do not know means that the file is ahead of us."""
    with writer(data, command="test") as con:
        con.execute("insert into schema_migrations values ('9999_later.sql', 'x', now())")

    with (
        pytest.raises(WarehouseNewer, match=r"9999_later\.sql.*upgrade"),
        writer(data, command="test"),
    ):
        pass


@pytest.mark.skipif(
    not duckdb.__version__.startswith("1."), reason="this DuckDB reads what 2.0 writes"
)
def test_file_of_a_newer_duckdb_is_refused(data):
    """A file that DuckDB 2 wrote is ahead of us, not damaged, and stays as it is."""
    data.mkdir()
    path = data / PRIVATE_NAME
    path.write_bytes(HEADER_OF_DUCKDB_2.ljust(12_288, b"\0"))

    with (
        pytest.raises(WarehouseNewer, match="upgrade sinowire"),
        writer(data, command="test"),
    ):
        pass

    assert path.read_bytes().startswith(HEADER_OF_DUCKDB_2)


def test_a_mistake_in_sql_stays_what_it_is(data):
    """Only the file's own state is translated; a wrong query is the caller's to see."""
    with (
        pytest.raises(duckdb.CatalogException),
        writer(data, command="test") as con,
    ):
        con.execute("from no_such_table")


def test_unreadable_folder_is_explained(data):
    """What DuckDB says of the file's surroundings comes with what to look at."""
    (data / PRIVATE_NAME).mkdir(parents=True)

    with (
        pytest.raises(WarehouseError, match="space and permissions"),
        writer(data, command="test"),
    ):
        pass


def test_full_disk_keeps_what_was_committed(data):
    """Whatever DuckDB makes of it, the error says that there is no room."""
    with writer(data, command="test"):
        pass
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(
        resource.RLIMIT_FSIZE, ((data / PRIVATE_NAME).stat().st_size + 100_000, hard)
    )
    fill = """
        insert into runs by name
        select
            md5(range::varchar) as run_id, range as seq, now() as started_at,
            md5(random()::varchar) as outcome, '0' as version, 'w' as rules_version
        from range(200000)
    """
    try:
        with (
            pytest.raises(WarehouseFull, match="make room"),
            writer(data, command="test") as con,
            transaction(con),
        ):
            con.execute(fill)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    with writer(data, command="test") as con:
        assert run_ids(con) == []


def test_full_disk_at_the_checkpoint_is_explained(tmp_path):
    """DuckDB calls it fatal; what was committed is in the log."""
    said = explain(
        tmp_path / PRIVATE_NAME,
        duckdb.FatalException(
            "FATAL Error: Failed to create checkpoint because of error: Could not "
            "write file: No space left on device"
        ),
    )

    assert isinstance(said, WarehouseFull)
    assert "MB are free" in str(said)


def sort_too_much(folder, limit):
    """Return what DuckDB says of a sort that takes more memory than it may keep."""
    path = folder / "big.duckdb"
    with duckdb.connect(path) as con:
        con.execute("create table t as select md5(range::varchar) as m from range(600000)")
    with duckdb.connect(path, config={"memory_limit": "24MB", "threads": 1}) as con:
        con.execute(f"set {limit}")
        with pytest.raises(duckdb.OutOfMemoryException) as said:
            con.execute("select m from t order by m limit 590000").fetchall()
    return explain(path, said.value)


def test_no_room_to_spill_is_a_full_disk(tmp_path):
    """DuckDB calls it memory, but what helps is room on the disk."""
    said = sort_too_much(tmp_path, "max_temp_directory_size = '1MB'")

    assert isinstance(said, WarehouseFull)
    assert "memory" not in str(said)


def test_too_little_memory_is_no_full_disk(tmp_path):
    """Where it may not spill at all, the disk has no part in it."""
    assert isinstance(sort_too_much(tmp_path, "temp_directory = ''"), WarehouseCramped)


def test_reader_leaves_nothing_beside_the_published_file(data):
    """What does not fit into memory is refused, not written where others need the room."""
    with writer(data, command="test"):
        pass
    publish(data)

    with open_published(data / PUBLISHED_NAME) as con:
        assert con.execute("select current_setting('temp_directory')").fetchone() == ("",)
        with pytest.raises(duckdb.Error, match="locked"):
            con.execute(f"set temp_directory = '{data}/spilled'")


def test_damaged_published_file_is_published_anew(data):
    """It is only a copy: to restore a backup would be the wrong remedy."""
    data.mkdir()
    (data / PUBLISHED_NAME).write_bytes(b"damaged" * 1000)

    with pytest.raises(WarehouseDamaged, match="sinowire run") as damaged:
        open_published(data / PUBLISHED_NAME)

    assert "sinowire restore" not in str(damaged.value)


def test_transaction_is_all_or_nothing(warehouse):
    """A body that raises leaves nothing; one that ends leaves all."""

    def fail_half_way():
        with transaction(warehouse):
            warehouse.execute("update reporting set zone = 'UTC'")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()

    assert warehouse.execute("select zone from reporting").fetchone() == ("Asia/Shanghai",)

    with transaction(warehouse):
        warehouse.execute("update reporting set zone = 'UTC'")

    assert warehouse.execute("select zone from reporting").fetchone() == ("UTC",)
