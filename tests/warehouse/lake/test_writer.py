"""A lake is written by turns, and whoever lost the turn is refused."""

from __future__ import annotations

import shutil
import threading
import time
from contextlib import ExitStack
from dataclasses import replace

import duckdb
import pytest
from before import FORMER, after_baseline, as_before, as_former

from warehouse.errors import (
    CatalogAway,
    CatalogRefused,
    LakeUnavailable,
    TurnLost,
    WarehouseBusy,
    WarehouseNewer,
    WarehouseOlder,
)
from warehouse.file import migrate
from warehouse.file.connect import PUBLISHED_NAME, transaction
from warehouse.lake.address import LakeAddress
from warehouse.lake.attach import attach, engine
from warehouse.lake.failures import explain, explained
from warehouse.lake.replica import refresh_replica
from warehouse.lake.writer import writer

pytestmark = pytest.mark.lake


@pytest.fixture
def open_at(tmp_path):
    """Open a lake from a host called so."""

    def open_from(host, lake, **options):
        return writer(tmp_path / host, lake, command=f"sinowire {host}", **options)

    return open_from


def test_hosts_write_by_turns(open_at, lake, make_feed):
    """The second host hears who has the turn, waits, and sees what the first committed."""
    told, got = [], []

    def second():
        with open_at("b", lake, wait=30, on_wait=told.append) as con:
            got.extend(con.execute("select zone from reporting").fetchall())

    with open_at("a", lake) as con:
        with pytest.raises(WarehouseBusy, match=r"`sinowire a on .+ at 127\.0\.0\.1"):
            open_at("c", lake, wait=0).__enter__()
        thread = threading.Thread(target=second)
        thread.start()
        with transaction(con):
            con.execute("update reporting set zone = 'Asia/Hong_Kong'")
        while not told:
            thread.join(0.05)
    thread.join()

    assert got == [("Asia/Hong_Kong",)]
    assert told[0].startswith("`sinowire a on ")


def test_who_overlaps_is_refused(tmp_path, lake):
    """A holder that was cut off, and commits after the next one did, changes nothing."""
    with ExitStack() as stack:
        first, second = (stack.enter_context(engine(tmp_path, "256MB")) for _ in range(2))
        for con in (first, second):
            attach(con, lake, command="test")
            con.execute("use lake")
        with pytest.raises(TurnLost, match="lost its turn on the lake"):
            overlap(lake, first, second)
        assert first.execute("select entries from imports").fetchall() == [(2,)]


def overlap(lake, first, second):
    with explained(lake), transaction(first):
        first.execute("insert into imports values (now(), 1, 0)")
        with transaction(second):
            second.execute("insert into imports values (now(), 2, 0)")


def test_a_lake_that_nobody_began_is_told_so(postgres, tmp_path):
    """Whoever only looks is not shown what DuckDB says of it."""
    lake = LakeAddress(postgres.make_database("not_begun"), tmp_path)
    with (
        engine(tmp_path, "256MB") as con,
        pytest.raises(
            LakeUnavailable, match="has not been begun: `sinowire run` begins it"
        ),
        explained(lake),
    ):
        attach(con, lake, command="test", read_only=True)


def test_bad_addresses_are_told_with_a_remedy(open_at, lake, postgres, tmp_path):
    """Away, refused, no folder: a sentence each, without the password, and no more."""
    secret = postgres.password
    wrong = lake.catalog.replace(secret, "wr0ng")
    bad = {
        "refused us .*password authentication failed.*~/.pgpass": (CatalogRefused, wrong),
        'database "nowhere" does not exist': (
            CatalogRefused,
            postgres.dsn("nowhere"),
        ),
        r"cannot be reached \(connection to server at .*host, port.*run again": (
            CatalogAway,
            lake.catalog.replace(f"port={postgres.port}", "port=1"),
        ),
        r"cannot be reached \(could not translate host name": (
            CatalogAway,
            f"{lake.catalog} host=no-such-host.invalid",
        ),
    }
    for said, (error, catalog) in bad.items():
        with pytest.raises(error, match=said) as told:
            open_at("a", LakeAddress(catalog, lake.folder)).__enter__()
        assert "keepalives" not in str(told.value)
        assert secret not in str(told.value)
        assert "wr0ng" not in str(told.value)
    with pytest.raises(LakeUnavailable, match="is not there; mount it"):
        open_at("a", replace(lake, folder=tmp_path / "none")).__enter__()


def test_a_catalog_that_goes_away_takes_nothing_half(open_at, lake, postgres):
    """The transaction is not in the lake, and the error says what to see to."""
    database = lake.catalog.split()[0].removeprefix("dbname=")
    end = (
        "select pg_terminate_backend(pid) from pg_stat_activity"
        f" where datname = '{database}' and pid <> pg_backend_pid()"
    )

    def cut_off():
        with open_at("a", lake) as con, transaction(con):
            con.execute("insert into imports values (now(), 1, 0)")
            postgres.sql(end)

    with pytest.raises(CatalogAway, match="nothing half"):
        cut_off()
    with open_at("a", lake) as con:
        assert con.execute("select count(*) from imports").fetchall() == [(0,)]


def test_an_empty_lake_does_not_replace_what_was_published(open_at, postgres, tmp_path):
    """A home whose setting changed is told of `move`; its readers keep what they have."""
    folder = tmp_path / "empty"
    folder.mkdir()
    lake = LakeAddress(postgres.make_database("empty_lake"), folder)
    (tmp_path / "a").mkdir()
    shutil.copy(__file__, tmp_path / "a" / PUBLISHED_NAME)

    with pytest.raises(LakeUnavailable, match=r"is empty, but .*sinowire move"):
        open_at("a", lake).__enter__()


def test_nor_does_one_that_a_move_did_not_fill(open_at, lake, tmp_path):
    """It was ended after it had made the tables: nothing is written, nothing published."""
    with open_at("a", lake) as con:
        con.execute("drop table fence")
    shutil.copy(__file__, tmp_path / "a" / PUBLISHED_NAME)

    with pytest.raises(LakeUnavailable, match=r"is empty, but .*sinowire move"):
        open_at("a", lake).__enter__()
    with pytest.raises(LakeUnavailable, match=r"is empty; .*sinowire move lake"):
        refresh_replica(tmp_path / "a", lake, command="test")

    with open_at("a", lake, may_begin=True) as con, transaction(con):
        con.execute("insert into imports values (now(), 1, 0)")
    with open_at("a", lake) as con:
        assert con.execute("select entries from imports").fetchall() == [(1,)]


def test_a_server_that_ends_idle_transactions_lets_a_holder_be(open_at, lake, postgres):
    """As many are set up: the turn would go to the next host while we have it."""
    database = lake.catalog.split()[0].removeprefix("dbname=")
    limit = "idle_in_transaction_session_timeout = '100ms'"
    postgres.sql(f"alter database {database} set {limit}")
    with open_at("a", lake):
        time.sleep(0.5)
        with pytest.raises(WarehouseBusy):
            open_at("b", lake, wait=0).__enter__()


def test_a_lake_of_a_later_version_is_left_alone(open_at, lake):
    """An older host on a lake that a newer one brought up to date."""
    with open_at("a", lake) as con, transaction(con):
        con.execute("insert into schema_migrations values ('9999_later.sql', '', now())")

    with pytest.raises(WarehouseNewer, match=r"the lake .* 9999_later"):
        open_at("a", lake).__enter__()


def test_a_lake_of_before_is_brought_up_once(open_at, lake, tmp_path, monkeypatch):
    """By the host that is upgraded first; one that is not stops, and is told what to do."""
    with open_at("a", lake) as con, transaction(con):
        as_former(con)
        con.execute("insert into imports values (now(), 1, 0)")
    with pytest.raises(LakeUnavailable, match="`sinowire run` does that"):
        refresh_replica(tmp_path / "b", lake, command="test")

    with open_at("a", lake) as con:
        known = {migrate.BASELINE, *after_baseline(), migrate.VIEWS}
        assert migrate.recorded(con).keys() == known

    migrations = migrate._migrations()
    with monkeypatch.context() as then:
        then.setattr(migrate, "_migrations", lambda: {n: migrations[n] for n in FORMER})
        with pytest.raises(WarehouseNewer, match=r"migration 0.*upgrade sinowire"):
            open_at("b", lake).__enter__()
    with open_at("b", lake) as con:
        assert con.execute("select entries from imports").fetchall() == [(1,)]
    assert entries(refresh_replica(tmp_path / "b", lake, command="test")) == [(1,)]


def test_a_lake_from_before_the_baseline_is_refused(open_at, lake):
    """Unharmed, with the version to go through first."""
    with open_at("a", lake) as con, transaction(con):
        as_before(con)

    for host in ("a", "b"):
        with pytest.raises(WarehouseOlder, match=r"the lake .* commit 8e51f5d3"):
            open_at(host, lake).__enter__()


def entries(path):
    with duckdb.connect(path, read_only=True) as con:
        return con.execute("select entries from imports").fetchall()


def test_nothing_else_can_be_reached(open_at, lake, tmp_path):
    """What is asked of a lake reads and writes no other file."""
    with open_at("a", lake) as con:
        for query in (
            "from read_text('/etc/passwd')",
            f"copy (select 1) to '{tmp_path}/x.csv'",
            f"attach '{tmp_path}/x.duckdb' as x",
        ):
            with pytest.raises(duckdb.PermissionException):
                con.execute(query)


@pytest.mark.parametrize(
    "said",
    [
        "SSL connection has been closed unexpectedly",
        "SSL SYSCALL error: EOF detected",
        "server closed the connection unexpectedly\n\tThis probably means that",
        "FATAL:  terminating connection due to administrator command",
        'TransactionContext Error: Failed to commit: Failed to execute query "ROLLBACK": ',
    ],
)
def test_a_connection_that_was_ended_is_told_in_words(lake, said):
    """Over TLS libpq says it otherwise, and of some commits DuckLake tells nothing else."""
    told = explain(lake, duckdb.IOException(f'Failed to execute query "COMMIT": {said}'))
    assert type(told) is CatalogAway
    assert "(it ended the connection, as where it is stopped or restarted)" in str(told)
