"""Write the published relations as files that anything can read."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args

import duckdb

from transforms.text.harmless import FORMULA, MARK
from warehouse import queries
from warehouse.errors import (
    PUBLISH_ANEW,
    NotPublished,
    PublishedByAnother,
    TransferError,
    WarehouseOlder,
)
from warehouse.file.connect import PUBLISHED_NAME, READING, explain
from warehouse.file.migrate import check_known, lacks_tables
from warehouse.upkeep.exported import MANIFEST, confine, sha256

Shape = Literal["parquet", "csv", "jsonl"]
# Ours alone: of no use outside the house they come from.
_PRIVATE = frozenset(
    {
        "alert_bases",
        "schema_migrations",
        "story_bases",
        "feed_cursors",
        "feed_standings",
        "framed",
        "host_holds",
        "identified",
        "messages",
    }
)
# The one relation that grows without end, so it is cut where people cut it.
_BY_MONTH = "articles"

_COPY_OPTIONS: dict[str, str] = {
    "parquet": "format parquet, compression zstd",
    "csv": "format csv, header",
    "jsonl": "format json",
}


def export(data: Path, folder: Path, *, shape: str = "parquet") -> dict[str, int]:
    """Write every published relation into *folder*; return the rows of each.

    Articles are cut by month of publication (UTC). ``manifest.json`` names every file
    with its rows and checksum. Lists become JSON text in CSV, and no text is a formula.

    Raises:
        TransferError: *folder* is not empty, *shape* is unknown, or there is no room.
        NotPublished: Nothing has been published yet.
    """
    if shape not in get_args(Shape):
        raise TransferError(
            f"{shape!r} is not an export format; use one of {', '.join(get_args(Shape))}"
        )
    if folder.exists() and any(folder.iterdir()):
        raise TransferError(f"{folder} is not empty; name a new folder")
    path = data / PUBLISHED_NAME
    if not path.exists():
        raise NotPublished(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _emptied_on_failure(folder):
            rows = _write_all(path, folder, shape)
            _write_manifest(folder, shape, rows)
    except (OSError, duckdb.IOException) as exc:
        reason = getattr(exc, "strerror", None) or str(exc).removeprefix("IO Error: ")
        raise TransferError(
            f"{folder} could not be written: {reason}; nothing was left there: see to "
            "its space and permissions and try again"
        ) from exc
    return rows


@contextmanager
def _emptied_on_failure(folder: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise


def _write_all(path: Path, folder: Path, shape: str) -> dict[str, int]:
    with closing(_open(path)) as con:
        # It has to write files, and just there: no view may read others.
        confine(con, "allowed_directories", [str(folder.resolve())])
        names = [name for (name,) in queries.run(con, "export.relations")]
        return {
            name: _write(con, name, folder.resolve(), shape)
            for name in names
            if name not in _PRIVATE
        }


def _open(path: Path) -> duckdb.DuckDBPyConnection:
    # DuckDB takes the files that are allowed only once it is open.
    config = {**READING, "enable_external_access": True}
    try:
        con = duckdb.connect(path, read_only=True, config=config)
    except duckdb.Error as exc:
        raise explain(path, exc, remedy=PUBLISH_ANEW) from exc
    try:
        check_known(con, path, remedy=PUBLISH_ANEW)
    except WarehouseOlder as exc:
        raise PublishedByAnother(path) from exc
    if lacks_tables(con):
        con.close()
        raise PublishedByAnother(path)
    return con


def _write(con: duckdb.DuckDBPyConnection, name: str, folder: Path, shape: str) -> int:
    selected = f"select {_columns(con, name, shape)} from {name}"  # noqa: S608  (our names)
    if name != _BY_MONTH:
        return _copy(con, selected, folder / f"{name}.{shape}", shape)
    rows = 0
    for (month,) in queries.run(con, "export.months"):
        part = f"{selected} where strftime(published_at, '%Y-%m') = '{month}'"
        target = folder / name / f"month={month}" / f"{name}.{shape}"
        target.parent.mkdir(parents=True)
        rows += _copy(con, part, target, shape)
    return rows


def _copy(con: duckdb.DuckDBPyConnection, sql: str, target: Path, shape: str) -> int:
    statement = f"copy ({sql}) to {queries.text(str(target))} ({_COPY_OPTIONS[shape]})"
    [(rows,)] = con.execute(statement).fetchall()
    return int(rows)


def _columns(con: duckdb.DuckDBPyConnection, name: str, shape: str) -> str:
    """Return the columns to select: in CSV lists are JSON text, and no text a formula."""
    columns = con.execute(f"describe {name}").fetchall()
    return ", ".join(
        _csv_column(queries.identifier(column), kind)
        if shape == "csv"
        else queries.identifier(column)
        for column, kind, *_ in columns
    )


def _csv_column(column: str, kind: str) -> str:
    if kind.endswith("[]"):
        return f"to_json({column})::varchar as {column}"
    if kind != "VARCHAR":
        return column
    marked = f"{queries.text(MARK)} || {column}"
    formula = f"regexp_matches({column}, {queries.text(FORMULA)})"
    return f"case when {formula} then {marked} else {column} end as {column}"


def _write_manifest(folder: Path, shape: str, rows: dict[str, int]) -> None:
    relations = {
        name: {
            "rows": count,
            "files": [
                {
                    "path": path.relative_to(folder).as_posix(),
                    "bytes": path.stat().st_size,
                    "sha256": sha256(path),
                }
                for path in _written(folder, name, shape)
            ],
        }
        for name, count in rows.items()
    }
    manifest = {
        "format": shape,
        "written_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "relations": relations,
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _written(folder: Path, name: str, shape: str) -> list[Path]:
    if name == _BY_MONTH:
        return sorted((folder / name).rglob(f"*.{shape}"))
    return [folder / f"{name}.{shape}"]
