"""A host's copy of the lake: brought up to date by what changed, row for row."""

from __future__ import annotations

import os
import random

import duckdb
import pytest

from warehouse.errors import LakeUnavailable
from warehouse.file.connect import PUBLISHED_NAME, transaction
from warehouse.file.publish import publish
from warehouse.file.writes import spans_between, spare_of
from warehouse.lake.replica import REPLICA_NAME, refresh_replica
from warehouse.lake.writer import keep_in_order, writer
from warehouse.news.articles import update_articles

pytestmark = pytest.mark.lake
SEED = 3  # by which a copy went out of step, once
CHOSEN = "list_contains($some, ltrim(story_id, 's'))"
TABLES = (
    "select table_name from duckdb_tables()"
    " where database_name = 'lake' and table_name <> 'fence'"
)


@pytest.fixture
def host(data, lake):
    """Ways to write to the lake, and to compare it with this host's copy."""

    class Host:
        def open(self, **options):
            return writer(data, lake, command="test", **options)

        def refresh(self):
            """Bring the copy up to date; return whether all of it was made anew."""
            path = refresh_replica(data, lake, command="test")
            before, self.inode = getattr(self, "inode", None), path.stat().st_ino
            with self.open(beside=path) as con:
                for (table,) in con.execute(TABLES).fetchall():
                    assert digest(con, "replica", table) == digest(con, "lake", table), (
                        table
                    )
            return self.inode != before

        def keep_in_order(self):
            return keep_in_order(data, lake, command="test")

    return Host()


def digest(con, catalog, table):
    query = f'select count(*), sum(hash(t)::hugeint) from {catalog}.main."{table}" as t'
    return con.execute(query).fetchone()


@pytest.mark.long
def test_a_copy_follows_the_lake(host, load, make_article):
    """Appended, changed and deleted rows arrive, also across upkeep; else all is copied."""
    assert host.refresh()
    with host.open() as con:
        for batch in ("ab", "cd", "ef"):
            with transaction(con):
                load(con, *({"article_id": each, "companies": ["byd"]} for each in batch))
    assert not host.refresh()

    with host.open() as con:
        with transaction(con):
            update_articles(con, [make_article("a", title="Another headline")])
            con.execute("delete from coverage where article_id = 'b'")
            con.execute("delete from articles where article_id = 'c'")
            load(con, {"article_id": "g"})
            update_articles(con, [make_article("g", title="Changed at once")])
        with transaction(con):
            con.execute("delete from sightings where article_id in ('a', 'd')")
            con.execute("update stories set articles = articles + 1")
            con.execute("update articles set title = '1' where article_id in ('d', 'f')")
            con.execute("delete from articles where article_id = 'f'")
    assert not host.refresh()

    with host.open() as con, transaction(con):
        load(con, {"article_id": "h", "topics": ["ai"]})
        con.execute("delete from mentions where article_id in ('a', 'e')")
    before, after = host.keep_in_order()
    assert after.files < before.files
    assert after.deletions < before.deletions
    with host.open() as con, transaction(con):
        update_articles(con, [make_article("h", title="Changed after the upkeep")])
        con.execute("delete from articles where article_id = 'd'")
        con.execute("delete from stories where story_id = 'se'")
    assert not host.refresh()

    with host.open() as con:
        with transaction(con):
            load(con, {"article_id": "i"})
        con.execute("call ducklake_expire_snapshots('lake', older_than => now())")
    assert host.refresh()


def append(con, load, made, _some):
    new = [f"x{len(made) + n}" for n in range(4)]
    load(con, *({"article_id": each, "companies": ["byd"]} for each in new))
    made += new


def change(con, _load, _made, some):
    for table, headline in (("articles", "title"), ("stories", "headline")):
        set_it = f"update {table} set {headline} = {headline} || '!'"
        con.execute(f"{set_it} where {CHOSEN}", {"some": some})


def delete(con, _load, _made, some):
    for table in ("articles", "stories"):
        con.execute(f"delete from {table} where {CHOSEN}", {"some": some})


@pytest.mark.long
def test_a_copy_follows_whatever_comes(host, load):
    """Commits of all kinds and upkeep, in an order that nobody thought of."""
    chance, made = random.Random(SEED), []
    host.refresh()
    for number in range(6):
        with host.open() as con:
            for _ in range(2):
                with transaction(con):
                    for do in chance.choices((append, change, delete), k=2):
                        do(con, load, made, chance.sample(made, len(made) // 2))
        if number % 3 == 1:
            host.keep_in_order()
        if number % 2:
            assert not host.refresh()


@pytest.mark.long
def test_a_copy_of_no_more_use_is_made_anew(host, load, data, lake):
    """Its disk damaged it, or the lake forgot one of the snapshots after its own."""
    path = refresh_replica(data, lake, command="test")
    for left in (path.stat().st_size // 2, 5_000):
        os.truncate(path, left)
        refresh_replica(data, lake, command="test")

    with host.open() as con:
        for each in "ab":
            with transaction(con):
                load(con, {"article_id": each})
        [(newest,)] = con.execute("select id from lake.current_snapshot()").fetchall()
        con.execute(f"call ducklake_expire_snapshots('lake', versions => [{newest - 1}])")
    assert host.refresh()


def test_a_file_packed_by_brotli_is_not_read(host, load, data, lake, tmp_path):
    """Who may write to the folder puts one there: each copy, and upkeep, tells its name."""
    host.refresh()
    before = set(lake.folder.rglob("*.parquet"))
    with host.open() as con, transaction(con):
        load(con, {"article_id": "a"})
    [new] = set((lake.folder / "main" / "articles").rglob("*.parquet")) - before
    packed = tmp_path / "packed.parquet"
    duckdb.read_parquet(str(new)).write_parquet(str(packed), compression="brotli")
    packed.replace(new)

    def refused(work, by="packed by Brotli, which sinowire neither writes"):
        with pytest.raises(LakeUnavailable, match=by) as told:
            work(data, lake, command="test")
        assert str(new) in str(told.value)
        assert "sinowire restore" in str(told.value)

    refused(refresh_replica)
    refused(keep_in_order)
    (data / REPLICA_NAME).unlink()
    refused(refresh_replica)
    new.unlink()
    refused(keep_in_order, by="lacks a file")


@pytest.mark.usefixtures("of_any_size")
def test_a_publication_of_a_copy_reads_what_was_written(host, load, data, lake):
    """As one of a file does; of a copy that was made anew it reads all."""
    path, published = data / REPLICA_NAME, data / PUBLISHED_NAME
    for number in range(3):
        with host.open() as con, transaction(con):
            load(con, {"article_id": f"a{number}"})
        refresh_replica(data, lake, command="test")
        if number == 2:
            assert spans_between(path, spare_of(path))[0][0] > 0
        publish(data, name=REPLICA_NAME)
        assert published.read_bytes() == path.read_bytes()

    os.truncate(path, 5_000)
    refresh_replica(data, lake, command="test")
    assert spans_between(path, spare_of(path)) == [(0, path.stat().st_size)]
    publish(data, name=REPLICA_NAME)
    assert published.read_bytes() == path.read_bytes()
