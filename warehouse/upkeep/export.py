"""Export of the published relations as files, and reading of an export."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

import duckdb

from transforms.text.harmless import FORMULA, MARK, MARKED
from warehouse import appends, queries
from warehouse.dialect import find_brotli
from warehouse.errors import (
    PUBLISH_ANEW,
    NoExport,
    NotPublished,
    PublishedByAnother,
    TransferError,
    WarehouseOlder,
)
from warehouse.file.connect import PUBLISHED_NAME, READING, Options, explain
from warehouse.file.migrate import check_known
from warehouse.file.reading import read_regular
from warehouse.queries import Connection

Shape = Literal["parquet", "csv", "jsonl"]
# Ours alone: of no use outside the house they come from.
_PRIVATE = frozenset(
    {
        "alert_bases",
        "schema_migrations",
        "story_bases",
        "feed_cursors",
        "feed_standings",
        "host_holds",
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
MANIFEST = "manifest.json"
# Errors of reading a foreign manifest.
_NOT_OURS = (OSError, ValueError, RecursionError, KeyError, TypeError, AttributeError)
_READERS: dict[str, str] = {
    "parquet": "read_parquet($files, hive_partitioning = false, union_by_name = true)",
    # What was marked as it was written is as it was before.
    "csv": f"(select regexp_replace(columns(*), {queries.text(MARKED)}, '\\1') from "  # noqa: S608  (our pattern)
    "read_csv($files, header = true, all_varchar = true, union_by_name = true))",
    "jsonl": "read_json($files, format = 'newline_delimited', union_by_name = true)",
}


def export(data: Path, folder: Path, *, shape: str = "parquet") -> dict[str, int]:
    """Write every published relation into *folder*; return the row counts.

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
    with closing(open_to_copy(data)) as con, explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with _emptied_on_failure(folder):
            rows = _write_all(con, folder.resolve(), shape)
            _write_manifest(folder, shape, rows)
    return rows


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turn a failed write into *folder* into an error that says why.

    Raises:
        TransferError: There is no room, or it may not be written.
    """
    try:
        yield
    except (OSError, duckdb.IOException) as exc:
        reason = getattr(exc, "strerror", None) or str(exc).removeprefix("IO Error: ")
        raise TransferError(
            f"{folder} could not be written: {reason}; no file was left in it: "
            "check its free space and permissions, then try again"
        ) from exc


@contextmanager
def _emptied_on_failure(folder: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise


def _write_all(con: Connection, folder: Path, shape: str) -> dict[str, int]:
    # It has to write files, and just there: no view may read others.
    confine(con, "allowed_directories", [str(folder)])
    names = queries.values(con, "export.relations")
    return {
        name: _write(con, name, folder, shape) for name in names if name not in _PRIVATE
    }


def open_to_copy(data: Path, **options: str | int) -> Connection:
    """Open the published file in *data*; `confine` then says where it may write.

    Raises:
        NotPublished: There is none yet.
        PublishedByAnother: It is of another version.
    """
    path = data / PUBLISHED_NAME
    if not path.exists():
        raise NotPublished(path)
    # DuckDB takes the files that are allowed only once it is open.
    config: Options = {**READING, "enable_external_access": True, **options}
    try:
        con = duckdb.connect(path, read_only=True, config=config)
    except duckdb.Error as exc:
        raise explain(path, exc, remedy=PUBLISH_ANEW) from exc
    try:
        check_known(con, path, remedy=PUBLISH_ANEW)
    except WarehouseOlder as exc:
        raise PublishedByAnother(path) from exc
    return con


def _write(con: Connection, name: str, folder: Path, shape: str) -> int:
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


def _copy(con: Connection, sql: str, target: Path, shape: str) -> int:
    statement = f"copy ({sql}) to {queries.text(str(target))} ({_COPY_OPTIONS[shape]})"
    [(rows,)] = con.execute(statement).fetchall()
    return int(rows)


def _columns(con: Connection, name: str, shape: str) -> str:
    """Return the columns to select: in CSV lists are JSON text, and no text a formula."""
    columns = con.execute(f"describe {name}").fetchall()
    return ", ".join(
        csv_column(queries.identifier(column), kind)
        if shape == "csv"
        else queries.identifier(column)
        for column, kind, *_ in columns
    )


def csv_column(column: str, kind: str) -> str:
    """Return the expression of a quoted *column* of some *kind* in CSV."""
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


def read_articles(folder: Path) -> Iterator[dict[str, Any]]:
    """Return the articles of an export with the guid of their first sighting, in order.

    Raises:
        NoExport: There is no manifest, or a file is not as it was written.
    """
    manifest = check_export(folder)
    shape = manifest["format"]
    params = {
        "articles": _files(manifest, folder, "articles"),
        "sightings": _files(manifest, folder, "sightings"),
    }
    if not params["articles"]:
        return
    sql = queries.sql("export.read_articles")
    for relation in params:
        reader = _READERS[shape].replace("$files", f"${relation}")
        sql = sql.replace(f"{relation}_files", reader)
    with duckdb.connect(config={"autoinstall_known_extensions": False}) as con:
        confine(con, "allowed_paths", [file for files in params.values() for file in files])
        try:
            if shape == "parquet":
                _refuse_brotli(con, params.values())
            result = con.execute(sql, params)
        except duckdb.Error as exc:
            reason = str(exc).splitlines()[0]
            raise NoExport(folder, f"cannot be read ({reason})", "export again") from exc
        names = [column[0] for column in result.description or ()]
        while batch := result.fetchmany(appends.BATCH):
            yield from (dict(zip(names, row, strict=True)) for row in batch)


def check_export(folder: Path) -> dict[str, Any]:
    """Return the manifest of *folder* after verifying every file.

    Raises:
        NoExport: There is none, or a file is missing, was changed or is not in *folder*.
    """
    try:
        manifest = json.loads(read_regular(folder / MANIFEST))
        relations = manifest["relations"].values()
        files = [file for relation in relations for file in relation["files"]]
        sums = {str(file["path"]): file["sha256"] for file in files}
        known = manifest["format"] in _READERS
        known = known and manifest["relations"].keys() >= {"articles", "sightings"}
    except _NOT_OURS:
        known = False
    if not known:
        raise NoExport(
            folder,
            f"not an export: {MANIFEST} is missing or not ours",
            "name a folder that `sinowire export` wrote",
        )
    for name, checksum in sums.items():
        path = _inside(folder, name)
        if not path.is_file() or sha256(path) != checksum:
            raise NoExport(path, "is missing or not as it was exported", "export again")
    return dict(manifest)


def confine(con: Connection, kind: str, files: list[str]) -> None:
    """Restrict *con* to these files or folders; *kind* is the setting."""
    con.execute(f"set {kind} = $files", {"files": files})
    con.execute("set enable_external_access = false")
    con.execute("set TimeZone = 'UTC'")


def sha256(path: Path) -> str:
    """Return the SHA-256 checksum of a file, as in a manifest."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _refuse_brotli(con: Connection, relations: Iterable[list[str]]) -> None:
    found = find_brotli(con, [file for files in relations for file in files])
    if found is not None:
        raise NoExport(
            Path(found),
            "is packed by Brotli, which sinowire neither writes nor reads",
            "compress it with zstd, snappy or gzip instead, or export again",
        )


def _inside(folder: Path, name: str) -> Path:
    """Return the file called *name*; neither that nor a link may lead out of *folder*."""
    root = folder.resolve()
    path = root / name
    if not path.is_relative_to(root) or path.resolve() != path:
        raise NoExport(
            folder / MANIFEST, f"names {name!r}, which leads elsewhere", "export again"
        )
    return path


def _files(manifest: dict[str, Any], folder: Path, relation: str) -> list[str]:
    files = manifest["relations"][relation]["files"]
    return [str(_inside(folder, file["path"])) for file in files]
