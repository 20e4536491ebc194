"""What the catalog's PostgreSQL may be like: it works, or is refused with the remedy."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import replace

import duckdb
import pytest

from warehouse import queries
from warehouse.errors import LakeUnavailable, WarehouseBusy
from warehouse.file.connect import transaction
from warehouse.lake.address import LakeAddress
from warehouse.lake.attach import check_server, engine
from warehouse.lake.failures import explain
from warehouse.lake.replica import refresh_replica
from warehouse.lake.writer import writer

pytestmark = pytest.mark.lake


def database_of(lake):
    return lake.catalog.split()[0].removeprefix("dbname=")


def commit(data, lake):
    with writer(data, lake, command="sinowire test") as con:
        time.sleep(0.3)
        with transaction(con):
            con.execute("insert into imports values (now(), 1, 0)")
            time.sleep(0.3)
        return con.execute("select count(*) from imports").fetchall()


@pytest.fixture
def make_new(postgres, tmp_path):
    """Make a lake that nobody began, in a database made with these words."""
    folder = tmp_path / "rows"
    folder.mkdir()

    def make(words=""):
        postgres.sql(f"create database of_server {words}")
        return LakeAddress(postgres.dsn("of_server"), folder)

    yield make
    postgres.sql("drop database of_server with (force)")


@pytest.mark.parametrize(
    ("limit", "value"),
    [
        ("statement_timeout", "1ms"),
        pytest.param("idle_session_timeout", "100ms", marks=pytest.mark.long),
        ("transaction_timeout", "200ms"),
        ("client_encoding", "GBK"),
        pytest.param(
            "default_transaction_isolation", "serializable", marks=pytest.mark.long
        ),
        pytest.param("search_path", "nowhere", marks=pytest.mark.long),
        pytest.param("standard_conforming_strings", "off", marks=pytest.mark.long),
    ],
)
def test_what_a_server_is_set_to_keeps_nobody_from_writing(
    tmp_path, lake, postgres, limit, value
):
    """Its limits of time are for others; what else is set for all changes nothing here."""
    if not postgres.sql(f"select 1 from pg_settings where name = '{limit}'"):
        pytest.skip(f"this PostgreSQL knows no {limit}")
    postgres.sql(f"alter database {database_of(lake)} set {limit} = '{value}'")
    assert commit(tmp_path, lake) == [(1,)]
    zone = {"zone": "中国\\上海\\'; --"}
    with writer(tmp_path, lake, command="sinowire test") as con, transaction(con):
        con.execute("update reporting set zone = $zone", zone)
    with writer(tmp_path, lake, command="sinowire test") as con:
        found = con.execute("select count(*) from reporting where zone = $zone", zone)
        # By the least and the greatest value, which stand in PostgreSQL.
        assert found.fetchall() == [(1,)]
    refresh_replica(tmp_path, lake, command="test")


def test_one_that_is_set_read_only_can_be_read_alone(tmp_path, lake, postgres):
    """As some services set it when their disk is full; nothing is left in the folder."""
    files = {*lake.folder.rglob("*")}
    only = "default_transaction_read_only = on"
    postgres.sql(f"alter database {database_of(lake)} set {only}")
    with pytest.raises(LakeUnavailable, match=r"lets nothing be written; .*primary"):
        commit(tmp_path, lake)
    assert {*lake.folder.rglob("*")} == files
    with pytest.raises(LakeUnavailable, match=r"is a standby, .*name its primary"):
        check_server(lake, is_standby=True, is_read_only=True, encoding="UTF8")


def test_another_encoding_is_refused_before_anything_is_made(tmp_path, make_new, postgres):
    """It would be refused by the first Chinese headline, or keep it as other signs."""
    lake = make_new("encoding 'LATIN1' locale 'C' template template0")
    with pytest.raises(LakeUnavailable, match=r"all signs .*LATIN1.* --encoding=UTF8"):
        commit(tmp_path, lake)
    assert postgres.sql("select tablename from pg_tables where schemaname='public'") == []


def test_a_database_without_its_schema_is_told_of(tmp_path, make_new, postgres):
    """As hardening guides advise."""
    lake = make_new()
    postgres.sql("drop schema public", "of_server")
    with pytest.raises(LakeUnavailable, match="create schema public"):
        commit(tmp_path, lake)


def test_a_role_without_the_right_is_told_to_own(tmp_path, lake, make_new, postgres):
    """It may not write in a lake, nor make one; its password is right."""
    postgres.sql("create role guest login password 'sesame'")
    try:
        for there in (lake, make_new()):
            catalog = there.catalog.replace("user=sinowire", "user=guest")
            guest = replace(there, catalog=catalog.replace(postgres.password, "sesame"))
            with pytest.raises(LakeUnavailable, match=r"permission denied.*let it own"):
                commit(tmp_path, guest)
    finally:
        postgres.sql("drop role guest")


@contextmanager
def locked(data, lake, table):
    with engine(data, "256MB") as con:
        con.execute(f"attach {queries.text(lake.catalog)} as catalog (type postgres)")
        con.begin()
        con.execute(f"call postgres_execute('catalog', 'lock table {table}')")
        yield


def test_a_lock_that_somebody_forgot_is_told_of(tmp_path, lake):
    """Else who has the turn would wait for it for ever, and all others for him."""
    impatient = replace(lake, catalog=f"{lake.catalog} options='-c lock_timeout=200ms'")
    with (
        locked(tmp_path, lake, "ducklake_snapshot"),
        pytest.raises(LakeUnavailable, match=r"locked .* pg_locks and pg_stat_activity"),
    ):
        commit(tmp_path, impatient)
    assert commit(tmp_path, lake) == [(1,)]


def test_who_has_the_turn_is_named_by_a_pooler_s_connection_too(tmp_path, lake):
    """It has a name of its own."""
    pooled = replace(lake, catalog=f"{lake.catalog} application_name=pool")
    with (
        writer(tmp_path / "a", pooled, command="sinowire a"),
        pytest.raises(WarehouseBusy, match="in use by `sinowire a on "),
    ):
        writer(tmp_path / "b", pooled, command="sinowire b", wait=0).__enter__()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "FATAL: unsupported startup parameter in options: tcp_keepalives_idle",
            r"behind a pooler .* PostgreSQL's own host and port",
        ),
        (
            "ERROR:  could not extend file: No space left on device",
            r"the PostgreSQL of .* could not do its part .*No space",
        ),
        (
            "ERROR:  canceling statement due to statement timeout",
            r"worked for ten minutes on one statement",
        ),
        (
            'ERROR:  invalid byte sequence for encoding "EUC_CN": 0x9b 0xbd',
            r"cannot hold all signs",
        ),
        (
            "ERROR:  cannot execute INSERT in a read-only transaction",
            r"lets nothing be written",
        ),
    ],
)
def test_what_it_says_is_told_with_its_remedy(lake, said, told):
    """Words of PgBouncer 1.24 and PostgreSQL 15 to 18, which no server here says."""
    error = explain(lake, duckdb.IOException(f"Failed to execute query: {said}\nHINT: x"))
    assert type(error) is LakeUnavailable
    with pytest.raises(LakeUnavailable, match=told):
        raise error
