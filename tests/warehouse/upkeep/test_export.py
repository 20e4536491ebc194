from __future__ import annotations

import csv
import hashlib
import json
import os
import resource
from datetime import timedelta

import duckdb
import pytest
from before import as_before

from warehouse.errors import (
    NoExport,
    NotPublished,
    PublishedByAnother,
    TransferError,
    WarehouseDamaged,
)
from warehouse.file.connect import PRIVATE_NAME, PUBLISHED_NAME, writer
from warehouse.file.publish import publish
from warehouse.upkeep.export import check_export, export, read_articles

pytestmark = pytest.mark.slow

SHAPES = ["parquet", "csv", "jsonl"]


@pytest.fixture
def published(data, load, noon):
    """Two months of articles, published."""
    with writer(data, command="test") as con:
        load(
            con,
            {
                "article_id": "a1",
                "title": 'Quotes "and", commas',
                "content": "Line one\nline two",
                "authors": ("A. Writer", "李四"),
                "companies": ["alibaba"],
                "story_keys": (1, 2**64 - 1),
            },
            {
                "article_id": "a2",
                "language": "zh",
                "title": "阿里巴巴",
                "summary": "摘要",
                "published_at": noon - timedelta(days=40),
            },
        )
    publish(data)
    return data


def test_a_publication_of_before_is_not_exported(published, tmp_path):
    """It lacks some of today's tables; the next run publishes it anew."""
    with duckdb.connect(published / PUBLISHED_NAME) as con:
        as_before(con)

    with pytest.raises(PublishedByAnother, match="`sinowire run` publishes it anew"):
        export(published, tmp_path / "older")


@pytest.mark.parametrize("shape", SHAPES)
def test_export_reads_back(published, tmp_path, shape):
    """What was exported comes back as it was, in order of arrival."""
    folder = tmp_path / "o'export"

    rows = export(published, folder, shape=shape)

    assert rows["articles"] == 2
    assert rows["mentions"] == 1
    first, second = read_articles(folder)
    assert (
        first.items()
        >= {
            "article_id": "a1",
            "url": "https://x.example/a1",
            "title": 'Quotes "and", commas',
            "summary": first["summary"],
            "content": "Line one\nline two",
            "language": "en",
            "publisher": "Sample",
            "feed_id": "sample",
            "published_at": "2026-08-04T04:00:00Z",
            "first_seen_at": "2026-08-04T04:10:00Z",
            "guid": "guid a1",
        }.items()
    )
    assert (second["title"], second["summary"]) == ("阿里巴巴", "摘要")
    assert second["published_at"] == "2026-06-25T04:00:00Z"


@pytest.mark.parametrize("shape", SHAPES)
def test_articles_are_cut_by_month(published, tmp_path, shape):
    """Each month of publication is a folder of its own."""
    export(published, tmp_path / "out", shape=shape)

    months = sorted(p.name for p in (tmp_path / "out" / "articles").iterdir())
    assert months == ["month=2026-06", "month=2026-08"]


def test_manifest_names_every_file(published, tmp_path):
    """The manifest has rows, size and checksum of all that was written, and no more."""
    folder = tmp_path / "out"
    rows = export(published, folder)

    manifest = json.loads((folder / "manifest.json").read_text())
    listed = {f["path"] for r in manifest["relations"].values() for f in r["files"]}
    written = {str(p.relative_to(folder)) for p in folder.rglob("*.parquet")}

    assert listed == written
    assert {n: r["rows"] for n, r in manifest["relations"].items()} == rows
    assert "share_of_voice" in rows
    assert "feed_cursors" not in rows


def test_lists_are_json_in_csv(published, tmp_path):
    """A format without lists carries them as JSON text."""
    export(published, tmp_path / "out", shape="csv")

    path = next((tmp_path / "out" / "articles" / "month=2026-08").iterdir())
    with path.open(encoding="utf-8") as file:
        [row] = csv.DictReader(file)
    assert json.loads(row["authors"]) == ["A. Writer", "李四"]
    assert json.loads(row["story_keys"]) == [1, 2**64 - 1]


def test_parquet_is_typed(published, tmp_path):
    """Anything that reads Parquet gets instants and lists."""
    export(published, tmp_path / "out")

    with duckdb.connect() as con:
        kinds = dict(
            con.execute(
                "select column_name, column_type from (describe from read_parquet($files))",
                {"files": f"{tmp_path}/out/articles/*/*.parquet"},
            ).fetchall()
        )
    assert kinds["published_at"] == "TIMESTAMP WITH TIME ZONE"
    assert kinds["authors"] == "VARCHAR[]"


@pytest.mark.parametrize("shape", SHAPES)
def test_empty_warehouse_exports_and_reads_back(data, tmp_path, shape):
    """No articles are no articles, not an error."""
    with writer(data, command="test"):
        pass
    publish(data)

    assert export(data, tmp_path / "out", shape=shape)["articles"] == 0
    assert list(read_articles(tmp_path / "out")) == []


def test_export_writes_over_nothing(published, tmp_path):
    """A folder with anything in it is left alone."""
    (tmp_path / "mine.txt").write_text("mine")

    with pytest.raises(TransferError, match="not empty"):
        export(published, tmp_path)


def test_unknown_format_is_refused(published, tmp_path):
    """The error names the formats that there are."""
    with pytest.raises(TransferError, match="parquet, csv, jsonl"):
        export(published, tmp_path / "out", shape="excel")


def test_nothing_published_cannot_be_exported(data, tmp_path):
    """The error is the one that every reader gets."""
    with pytest.raises(NotPublished):
        export(data, tmp_path / "out")


def test_damaged_published_file_cannot_be_exported(published, tmp_path):
    """Damage is named as such."""
    (published / "sinowire.duckdb").write_bytes(b"x" * 9000)

    with pytest.raises(WarehouseDamaged):
        export(published, tmp_path / "out")


def test_folder_that_cannot_be_written_is_named(published, tmp_path):
    """Trouble with the target names the target."""
    (tmp_path / "file").write_text("")

    with pytest.raises(TransferError, match="could not be written"):
        export(published, tmp_path / "file" / "out")


def test_changed_export_is_refused(published, tmp_path):
    """A file that is not as it was written is named."""
    folder = tmp_path / "out"
    export(published, folder, shape="jsonl")
    path = next((folder / "articles" / "month=2026-06").iterdir())
    path.write_text(path.read_text().replace("阿里", "腾讯"))

    with pytest.raises(TransferError, match=r"articles.*not as it was exported"):
        list(read_articles(folder))

    path.unlink()
    with pytest.raises(TransferError, match="missing"):
        check_export(folder)


def test_parquet_packed_by_brotli_is_refused_before_a_row_is_read(published, tmp_path):
    """DuckDB's reader of it is not safe, and a manifest of others vouches for any file."""
    folder = tmp_path / "out"
    export(published, folder)
    path = next((folder / "articles").rglob("*.parquet"))
    packed = tmp_path / "packed.parquet"
    duckdb.read_parquet(str(path)).write_parquet(str(packed), compression="brotli")
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    packed.replace(path)
    manifest = folder / "manifest.json"
    after = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest.write_text(manifest.read_text().replace(before, after))

    with pytest.raises(NoExport, match="packed by Brotli") as told:
        list(read_articles(folder))

    assert str(path) in str(told.value)
    assert "zstd" in str(told.value)


@pytest.fixture
def elsewhere(tmp_path):
    """A file of articles that is not in the export."""
    file = tmp_path / "private.csv"
    file.write_text("article_id,title\na1,secret\n")
    return file


def direct(folder, path):
    """Let the manifest name *path* for the articles, with its true checksum."""
    manifest = json.loads((folder / "manifest.json").read_text())
    file = (folder / path).read_bytes()
    manifest["relations"]["articles"]["files"] = [
        {"path": path, "bytes": len(file), "sha256": hashlib.sha256(file).hexdigest()}
    ]
    (folder / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize("how", ["dots", "absolute", "link", "linked folder"])
def test_import_stays_in_its_folder(published, tmp_path, elsewhere, how):
    """Neither a path of the manifest nor a link leads to another file."""
    folder = tmp_path / "out"
    export(published, folder, shape="csv")
    (folder / "link.csv").symlink_to(elsewhere)
    (folder / "linked").symlink_to(tmp_path)
    paths = {
        "dots": "../private.csv",
        "absolute": str(elsewhere),
        "link": "link.csv",
        "linked folder": "linked/private.csv",
    }
    direct(folder, paths[how])

    with pytest.raises(NoExport, match="leads elsewhere"):
        list(read_articles(folder))


def test_name_of_a_file_is_no_pattern(published, tmp_path, elsewhere):
    """A file called *.csv opens no other of the folder."""
    folder = tmp_path / "out"
    export(published, folder, shape="csv")
    (folder / "link.csv").symlink_to(elsewhere)
    article = next((folder / "articles" / "month=2026-08").iterdir())
    article.rename(folder / "*.csv")
    direct(folder, "*.csv")

    with pytest.raises(NoExport, match="cannot be read"):
        list(read_articles(folder))


def test_export_through_a_link_is_an_export(published, tmp_path):
    """The folder itself may be reached by a link: it is the user who names it."""
    export(published, tmp_path / "out")
    (tmp_path / "link").symlink_to(tmp_path / "out")

    assert len(list(read_articles(tmp_path / "link"))) == 2


def test_file_that_cannot_be_read_is_named(published, tmp_path):
    """A checksum that fits makes no articles of other columns."""
    export(published, tmp_path / "out", shape="csv")
    (tmp_path / "out" / "other.csv").write_text("a,b\n1,2\n")
    direct(tmp_path / "out", "other.csv")

    with pytest.raises(NoExport, match="cannot be read"):
        list(read_articles(tmp_path / "out"))


FORMULAS = ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "'=1", "''=1", "'Tis"]


def test_no_text_is_a_formula_in_csv(data, load, tmp_path):
    """Marked for spreadsheets, and as it was when it comes back; numbers are untouched."""
    titles = {f"a{n}": title for n, title in enumerate(FORMULAS)}
    with writer(data, command="test") as con:
        load(con, *({"article_id": key, "title": title} for key, title in titles.items()))
        con.execute("update articles set seq = -seq")
    publish(data)

    export(data, tmp_path / "out", shape="csv")

    path = next((tmp_path / "out" / "articles").rglob("*.csv"))
    with path.open(encoding="utf-8", newline="") as file:
        rows = {row["article_id"]: row for row in csv.DictReader(file)}
    assert {key: row["title"] for key, row in rows.items()} == {
        key: title if title == "'Tis" else f"'{title}" for key, title in titles.items()
    }
    assert all(int(row["seq"]) < 0 for row in rows.values())
    back = {row["article_id"]: row["title"] for row in read_articles(tmp_path / "out")}
    assert back == titles


def test_full_disk_leaves_no_half_export(published, tmp_path):
    """What could not be written whole is taken back."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_500, hard))
    try:
        with pytest.raises(TransferError, match="could not be written"):
            export(published, tmp_path / "out")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert list((tmp_path / "out").iterdir()) == []


def test_export_reads_and_writes_no_other_file(published, tmp_path):
    """Whatever views there are, and whatever they are called."""
    secret = tmp_path / "secret.csv"
    secret.write_text("a\nsecret\n")
    with duckdb.connect(published / "sinowire.duckdb") as con:
        con.execute('create view "../../owned" as select 1 as a')
        con.execute(f"create view theirs as from read_csv('{secret}')")

    with pytest.raises(duckdb.PermissionException):
        export(published, tmp_path / "a" / "b" / "out", shape="csv")

    assert list(tmp_path.rglob("*owned*")) == []
    assert list((tmp_path / "a" / "b" / "out").iterdir()) == []


@pytest.mark.parametrize(
    "text",
    [None, "no json", "[]", '{"relations": {"a": {}}}', "[" * 100_000, '{"relations": {}}'],
)
def test_other_folders_are_no_exports(tmp_path, text):
    """A folder without our manifest is not guessed at."""
    if text is not None:
        (tmp_path / "manifest.json").write_text(text)

    with pytest.raises(TransferError, match="not an export"):
        check_export(tmp_path)


def test_export_leaves_the_warehouse_alone(published, tmp_path):
    """Exporting reads the published file only."""
    before = (published / PRIVATE_NAME).stat().st_mtime_ns
    export(published, tmp_path / "out")

    assert (published / PRIVATE_NAME).stat().st_mtime_ns == before
    assert os.listdir(tmp_path / "out")  # noqa: PTH208  (a plain look into the folder)
