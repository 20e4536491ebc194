from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from before import FORMER, after_baseline, as_before, as_former

from warehouse.errors import (
    MigrationError,
    WarehouseDamaged,
    WarehouseNewer,
    WarehouseOlder,
)
from warehouse.file import migrate as module
from warehouse.file.connect import PRIVATE_NAME, writer
from warehouse.file.migrate import check_known, migrate
from warehouse.news.findings import sync_watchlist

RECORDED = {
    "0001_baseline": "f1986e43a22c",
    "0002_rules_read.sql": "516f90e7cad1",
    "0003_measures_and_claims.sql": "e4250793f19d",
}
RELATIONS = """
    select 'table', table_name from duckdb_tables() where not internal
    union all
    select 'view', view_name from duckdb_views() where not internal
    union all
    select function_type, function_name from duckdb_functions() where not internal
    order by all
"""
PUBLISHED = {
    "runs": "run_id started_at ended_at outcome feeds new_articles alerts version"
    " rules_version",
    "feeds": "feed_id url publisher language region kind enabled",
    "feed_polls": "feed_id run_id polled_at outcome http_status duration_ms bytes entries"
    " new_articles error",
    "feed_health": "feed_id as_of state last_success_at last_article_at usual_gap failures"
    " next_poll_at reason",
    "articles": "article_id url title summary content language script is_digest publisher"
    " feed_id authors published_at published_from first_seen_at story_id"
    " relevance is_on_beat beat_reason",
    "article_versions": "article_id seen_at title summary content_hash",
    "sightings": "article_id feed_id guid url first_seen_at",
    "article_merges": "article_id into_id merged_at",
    "companies": "company_id name name_zh kind sector parent_id tickers country",
    "aliases": "company_id alias script rule",
    "topics": "topic_id kind name name_zh parent_id",
    "mentions": "article_id company_id field alias start length rules_version is_about"
    " role via",
    "tags": "article_id topic_id kind term score rules_version",
    "stories": "story_id headline first_published_at first_publisher articles publishers"
    " languages rules_version",
    "alerts": "alert_id rule_id kind company_id topic_id story_id article_id title url"
    " created_at state updates_alert_id rules_version",
    "alert_deliveries": "message_id alert_id channel_id attempt attempted_at outcome error",
    "company_days": "day company_id articles stories publishers articles_en articles_zh",
    "topic_days": "day topic_id articles stories publishers articles_en articles_zh",
    "company_group_days": "day company_id articles stories publishers articles_en"
    " articles_zh",
    "share_of_voice": "week company_id stories share",
    "bursts": "subject_id kind day observed expected p q",
    "co_mentions": "company_a company_b stories npmi is_one_group",
    "coverage_gaps": "story_id first_zh_at first_en_at gap_hours publishers_zh"
    " publishers_en",
    "emerging_terms": "week term language count z",
}


@pytest.fixture
def migrated_once():
    """Here every warehouse is migrated by itself."""


@pytest.mark.parametrize("relation", PUBLISHED)
def test_relation_has_its_published_columns(warehouse, relation):
    """Names that people script against are there."""
    columns = {row[0] for row in warehouse.execute(f"describe {relation}").fetchall()}

    assert columns >= set(PUBLISHED[relation].split())


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        ("articles.published_at", "TIMESTAMP WITH TIME ZONE"),
        ("articles.authors", "VARCHAR[]"),
        ("stories.languages", "VARCHAR[]"),
        ("companies.tickers", "VARCHAR[]"),
        ("articles.story_keys", "UBIGINT[]"),
        ("company_days.day", "DATE"),
        ("share_of_voice.week", "DATE"),
        ("share_of_voice.share", "DOUBLE"),
        ("feed_health.usual_gap", "INTERVAL"),
    ],
)
def test_column_has_its_type(warehouse, column, kind):
    """Instants carry a zone, lists are lists, days are dates."""
    relation, _, name = column.partition(".")
    kinds = {r[0]: r[1] for r in warehouse.execute(f"describe {relation}").fetchall()}

    assert kinds[name] == kind


@pytest.fixture
def commented(warehouse, is_on_lake, request):
    """What explains itself: the warehouse, or what hosts of a lake publish of it."""
    if not is_on_lake:
        yield warehouse
        return
    replica = request.getfixturevalue("template_replica")
    with duckdb.connect(replica, read_only=True) as con:
        yield con


def test_everything_has_a_comment(commented):
    """No table, view, column or macro goes without an explanation."""
    bare = commented.execute("""
        select table_name from duckdb_tables() where not internal and comment is null
        union all
        select view_name from duckdb_views() where not internal and comment is null
        union all
        select table_name || '.' || column_name
        from duckdb_columns() where not internal and comment is null
        union all
        select function_name from duckdb_functions()
        where not internal and function_type like '%macro' and comment is null
    """).fetchall()

    assert bare == []


def test_second_migration_finds_nothing_to_do(warehouse):
    """A warehouse that is up to date is not written to."""
    assert migrate(warehouse, Path("here")) == []


def test_a_first_migration_that_was_killed_is_begun_again(data):
    """The table of records was made by then, and was empty."""
    data.mkdir(exist_ok=True)
    with closing(duckdb.connect(data / PRIVATE_NAME)) as con:
        con.execute((module.SQL / "schema_migrations.sql").read_text(encoding="utf-8"))
    with writer(data, command="test") as con:
        assert module.recorded(con).keys() == {
            module.BASELINE,
            *after_baseline(),
            module.VIEWS,
        }


def test_opening_writes_nothing(data):
    """A turn in which nothing is done leaves the file as it was."""
    with writer(data, command="test"):
        pass
    before = (data / PRIVATE_NAME).read_bytes()

    with writer(data, command="test") as con:
        con.execute("from feed_health").fetchall()

    assert (data / PRIVATE_NAME).read_bytes() == before


def test_edited_migration_is_refused(warehouse):
    """An applied file that differs now would mean two histories; the remedy is named."""
    warehouse.execute(
        "update schema_migrations set checksum = 'x' where name = '0001_baseline'"
    )

    with pytest.raises(MigrationError, match=r"0001_baseline.*add a new migration"):
        migrate(warehouse, Path("here"))


def test_changed_view_is_made_anew(warehouse):
    """Views follow the code: a changed file replaces them, without a migration."""
    warehouse.execute("create or replace view company_groups as select 1 as one")
    warehouse.execute("update schema_migrations set checksum = 'x' where name = 'views'")

    assert migrate(warehouse, Path("here")) == ["views"]
    assert warehouse.execute("select group_id from company_groups").fetchall() == []


def test_failed_migration_leaves_nothing(warehouse, tmp_path, monkeypatch):
    """A migration that breaks half-way has not happened."""
    shutil.copytree(module.SQL / "migrations", tmp_path / "migrations")
    broken = "create table half (a integer); create table half (a integer);"
    (tmp_path / "migrations" / "0099_broken.sql").write_text(broken)
    monkeypatch.setattr(module, "SQL", tmp_path)

    with pytest.raises(duckdb.CatalogException):
        migrate(warehouse, Path("here"))

    tables = warehouse.execute("select table_name from duckdb_tables()").fetchall()
    assert ("half",) not in tables


def test_what_homes_have_applied_is_not_edited():
    """Checksums of what commit 8e51f5d3 recorded in each home."""
    made = {name: module._checksum(sql)[:12] for name, sql in module._migrations().items()}

    assert RECORDED.items() <= made.items()


def test_a_home_of_before_keeps_all_but_framings(warehouse, load, make_company, tmp_path):
    """Rows are equal in each relation that stays, and no view or macro is left over."""
    begun, made = module.recorded(warehouse), relations(warehouse)
    sync_watchlist(warehouse, [make_company("byd")], [], [])
    load(warehouse, {"article_id": "a1", "companies": ["byd"]})
    as_former(warehouse)
    warehouse.execute("insert into frames values ('rank', 'up', 'up', '上')")
    warehouse.execute("insert into framings values ('a1', 'rank', 'up', 'leads')")
    warehouse.execute(
        "insert into computed_days values ('frame_weeks', '2026-11-30', now())"
    )
    assert warehouse.execute("from frame_weeks").fetchall()
    before = all_rows(warehouse)
    check_known(warehouse, Path("here"))

    done = migrate(warehouse, Path("here"))

    assert done == [*sorted(begun.keys() - FORMER - {module.VIEWS}), module.VIEWS]
    assert (module.recorded(warehouse), relations(warehouse)) == (begun, made)
    after = all_rows(warehouse)
    gone = {"frames", "framings", "framed", "identified", "teachings", "taught_weights"}
    assert before.keys() - after.keys() == gone
    # What a later one adds to a table stands behind what was there.
    for name in before.keys() & after.keys():
        width = len(next(iter(before[name]), ()))
        assert [row[:width] for row in after[name]] == [row[:width] for row in before[name]]
    assert len(after["computed_days"]) == 1
    assert migrate(warehouse, Path("here")) == []


def test_what_is_older_is_told_where_to_go_through(warehouse):
    """It is left as it is, whoever opens it."""
    as_before(warehouse)
    before = module.recorded(warehouse)

    for opened in (migrate, check_known):
        with pytest.raises(WarehouseOlder, match=r"here .*0041_shard.* commit 8e51f5d3"):
            opened(warehouse, Path("here"))

    assert module.recorded(warehouse) == before


@pytest.mark.parametrize("ids", ["(1, 50000)", "(0, null)", ""])
def test_ids_of_before_are_not_taken_for_those_of_today(warehouse, ids):
    """A conversion that was killed goes on with the version that began it."""
    as_former(warehouse)
    warehouse.execute("delete from identified")
    if ids:
        warehouse.execute(f"insert into identified values {ids}")
    before = module.recorded(warehouse)

    with pytest.raises(WarehouseOlder, match=r"here .*ids of articles.* commit 8e51f5d3"):
        migrate(warehouse, Path("here"))

    assert module.recorded(warehouse) == before


def test_somebody_elses_database_is_not_touched(data):
    """A DuckDB file with other tables in it is no warehouse of ours."""
    data.mkdir()
    with duckdb.connect(data / PRIVATE_NAME) as con:
        con.execute("create table theirs (a integer)")

    with (
        pytest.raises(WarehouseDamaged, match="not a warehouse"),
        writer(data, command="test"),
    ):
        pass

    with duckdb.connect(data / PRIVATE_NAME) as con:
        tables = con.execute("select table_name from duckdb_tables()").fetchall()
    assert tables == [("theirs",)]


def test_reading_checks_too(warehouse):
    """What is only read is looked at with the same eyes."""
    check_known(warehouse, Path("here"))

    warehouse.execute("insert into schema_migrations values ('9999_later.sql', '', now())")
    with pytest.raises(WarehouseNewer, match="9999_later"):
        check_known(warehouse, Path("here"))
    with duckdb.connect() as empty, pytest.raises(WarehouseDamaged):
        check_known(empty, Path("here"))


def relations(con):
    """Return the tables, views and macros of a warehouse, with their kinds."""
    return con.execute(RELATIONS).fetchall()


def all_rows(con):
    """Return the rows of each table but of what records the migrations."""
    return {
        name: con.execute(f'from "{name}" order by all').fetchall()
        for kind, name in relations(con)
        if kind == "table" and name != "schema_migrations"
    }
