from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from before import after_baseline, as_before, as_landed, schema_digest

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

# Of the tables that the migrations of commit 290dbde made.
SCHEMA_BEFORE = "91563b726a7bfc6fbad47bfe9c7fe4a11aa1cd4719366178e1d1f857bf3b8015"
# Views and macros that 8e51f5d3 made and nothing makes any more.
FRAMINGS = Path(__file__).parents[2] / "data" / "views_of_framings.sql"
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


def test_the_baseline_is_the_schema_of_before():
    """Tables, columns, types, defaults and comments: as commit 290dbde made them."""
    with duckdb.connect() as con:
        con.execute((module.SQL / "schema_migrations.sql").read_text(encoding="utf-8"))
        for path in (module.SQL / "migrations" / module.BASELINE).iterdir():
            module.dialect.execute(con, path.read_text(encoding="utf-8"))

        assert schema_digest(con) == SCHEMA_BEFORE


def test_a_warehouse_of_before_goes_on_without_loss(warehouse, load):
    """Its rows and its schema stay, and it is recorded as one that begins today is."""
    load(warehouse, {"article_id": "a1", "companies": ["byd"]})
    begun, schema = module.recorded(warehouse), schema_digest(warehouse)
    as_before(warehouse)
    check_known(warehouse, Path("here"))

    assert migrate(warehouse, Path("here")) == after_baseline()

    names = warehouse.execute("select name from schema_migrations order by 1").fetchall()
    assert [name for (name,) in names] == [module.BASELINE, *after_baseline(), module.VIEWS]
    assert (module.recorded(warehouse), schema_digest(warehouse)) == (begun, schema)
    assert warehouse.execute("select article_id from articles").fetchall() == [("a1",)]
    assert migrate(warehouse, Path("here")) == []


def test_a_warehouse_of_the_last_landing_takes_one_step(warehouse, load):
    """What it lacks is made, from what it holds where it says so; its rows stay."""
    load(warehouse, {"article_id": "a1", "companies": ["byd"]})
    begun, schema = module.recorded(warehouse), schema_digest(warehouse)
    as_landed(warehouse)
    warehouse.execute("update runs set process = 'nook 12 345'")
    check_known(warehouse, Path("here"))
    assert module.lacks_tables(warehouse)

    assert migrate(warehouse, Path("here")) == [module.BASELINE, *after_baseline()]

    assert (module.recorded(warehouse), schema_digest(warehouse)) == (begun, schema)
    assert warehouse.execute("select article_id from articles").fetchall() == [("a1",)]
    assert set(warehouse.execute("select host from runs").fetchall()) <= {("nook",)}
    assert migrate(warehouse, Path("here")) == []


def test_a_way_up_that_fails_changes_nothing(warehouse):
    """It is one transaction with its record."""
    as_landed(warehouse)
    warehouse.execute("create table teachings (theirs integer)")
    before = module.recorded(warehouse), schema_digest(warehouse)

    with pytest.raises(duckdb.CatalogException):
        migrate(warehouse, Path("here"))

    assert (module.recorded(warehouse), schema_digest(warehouse)) == before


def test_what_is_older_is_told_where_to_go_through(warehouse):
    """It lacks tables that no migration of today makes, so it is left as it is."""
    as_before(warehouse, until="0052_parts_by_verdict.sql")
    before = module.recorded(warehouse)

    for opened in (migrate, check_known):
        with pytest.raises(WarehouseOlder, match=r"here .*0052_parts.* commit 290dbde"):
            opened(warehouse, Path("here"))

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


@pytest.fixture
def framing_home(data, monkeypatch, tmp_path, load, make_company):
    """A home as commit 8e51f5d3 and those after it made it: framings are counted."""
    with monkeypatch.context() as patch:
        shutil.copytree(module.SQL, tmp_path / "sql")
        (tmp_path / "sql" / "migrations" / "0006_no_framings.sql").unlink()
        shutil.copy(FRAMINGS, tmp_path / "sql" / "views" / "05_frame_weeks.sql")
        patch.setattr(module, "SQL", tmp_path / "sql")
        with writer(data, command="test") as con:
            sync_watchlist(con, [make_company("byd")], [], [])
            load(con, {"article_id": "a1", "companies": ["byd"]})
            con.execute("insert into frames values ('rank', 'up', 'up', '上')")
            con.execute("insert into framings values ('a1', 'rank', 'up', 'leads')")
            con.execute("insert into framed values ('f1', 1)")
            con.execute(
                "insert into computed_days values ('frame_weeks', '2026-11-30', now())"
            )
            assert con.execute("from frame_weeks").fetchall()
    return data


def test_framings_go_with_their_views_and_nothing_else_does(framing_home, tmp_path):
    """Rows are equal in each relation that stays, and no view or macro is left over."""
    with duckdb.connect(framing_home / PRIVATE_NAME, read_only=True) as con:
        before = all_rows(con)
    with writer(framing_home, command="test") as con:
        after = all_rows(con)
        made = relations(con)
    with writer(tmp_path / "new", command="test") as con:
        assert relations(con) == made
        assert not [name for _, name in made if name.startswith(("fram", "word"))]

    assert before.keys() - after.keys() == {"frames", "framings", "framed"}
    assert after == {name: before[name] for name in after}
    assert len(after["computed_days"]) == 1


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
