from __future__ import annotations

import csv
import json
import os
from datetime import timedelta

import duckdb
import pytest

from warehouse.connect import PRIVATE_NAME, writer
from warehouse.errors import NotPublished, TransferError, WarehouseDamaged
from warehouse.export import check_export, export, read_articles
from warehouse.publish import publish

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


@pytest.mark.parametrize("shape", SHAPES)
def test_export_reads_back(published, tmp_path, shape):
    """What was exported comes back as it was, in order of arrival."""
    folder = tmp_path / "o'export"

    rows = export(published, folder, shape=shape)

    assert rows["articles"] == 2
    assert rows["mentions"] == 1
    first, second = read_articles(folder)
    assert first == {
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
    }
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


@pytest.mark.parametrize("text", [None, "no json", "[]", '{"relations": {"a": {}}}'])
def test_other_folders_are_no_exports(tmp_path, text):
    """A folder without our manifest is not guessed at."""
    if text is not None:
        (tmp_path / "manifest.json").write_text(text)

    with pytest.raises(TransferError, match="is no export"):
        check_export(tmp_path)


def test_export_leaves_the_warehouse_alone(published, tmp_path):
    """Exporting reads the published file only."""
    before = (published / PRIVATE_NAME).stat().st_mtime_ns
    export(published, tmp_path / "out")

    assert (published / PRIVATE_NAME).stat().st_mtime_ns == before
    assert os.listdir(tmp_path / "out")  # noqa: PTH208  (a plain look into the folder)
