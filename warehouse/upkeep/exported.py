"""Read back what an export wrote, and nothing but that."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import duckdb

from transforms.text.harmless import MARKED
from warehouse import queries
from warehouse.errors import NoExport
from warehouse.parquet import find_brotli

MANIFEST = "manifest.json"
# What reading a manifest of somebody else's may end in.
_NOT_OURS = (OSError, ValueError, RecursionError, KeyError, TypeError, AttributeError)
_READERS: dict[str, str] = {
    "parquet": "read_parquet($files, hive_partitioning = false, union_by_name = true)",
    # What was marked as it was written is as it was before.
    "csv": f"(select regexp_replace(columns(*), {queries.text(MARKED)}, '\\1') from "  # noqa: S608  (our pattern)
    "read_csv($files, header = true, all_varchar = true, union_by_name = true))",
    "jsonl": "read_json($files, format = 'newline_delimited', union_by_name = true)",
}


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
        while batch := result.fetchmany(queries.BATCH):
            yield from (dict(zip(names, row, strict=True)) for row in batch)


def check_export(folder: Path) -> dict[str, Any]:
    """Return the manifest of *folder* after comparing every file with it.

    Raises:
        NoExport: There is none, or a file is missing, was changed or is not in *folder*.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
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


def confine(con: duckdb.DuckDBPyConnection, kind: str, files: list[str]) -> None:
    """Let *con* reach these files or folders, and nothing else; *kind* is the setting."""
    con.execute(f"set {kind} = $files", {"files": files})
    con.execute("set enable_external_access = false")
    con.execute("set TimeZone = 'UTC'")


def sha256(path: Path) -> str:
    """Return the checksum of a file as a manifest has it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _refuse_brotli(con: duckdb.DuckDBPyConnection, relations: Iterable[list[str]]) -> None:
    found = find_brotli(con, [file for files in relations for file in files])
    if found is not None:
        raise NoExport(
            Path(found),
            "is packed by Brotli, which no export of ours is and which is not read",
            "pack it anew with zstd, snappy or gzip, or export again",
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
