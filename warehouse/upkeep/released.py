"""A release read again: its Parquet as relations that citations are verified against."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from transforms.dates.zones import is_zone
from warehouse import queries
from warehouse.dialect import find_brotli
from warehouse.errors import NoRelease
from warehouse.file.connect import READING, REWRITING
from warehouse.file.migrate import SQL
from warehouse.file.reading import read_regular
from warehouse.queries import Connection
from warehouse.upkeep.export import confine

_READ = ("articles", "article_versions", "feeds", "stories", "measures", "claims")
_PACKAGE = "datapackage.json"


@dataclass(frozen=True, slots=True)
class Released:
    """What a release says of itself: its days, the newest that it has, and its zone."""

    since: date | None
    until: date | None
    as_of: datetime | None
    zone: str


@contextmanager
def open_released(folder: Path) -> Iterator[tuple[Connection, Released]]:
    """Open the release in *folder*, which others may have made; nothing else is read.

    Raises:
        NoRelease: There is none, or it cannot be read.
    """
    files = [folder.resolve() / "parquet" / f"{name}.parquet" for name in _READ]
    if missing := [path for path in files if not path.is_file()]:
        raise NoRelease(f"{folder} is no release: it has no parquet/{missing[0].name}")
    zone = _zone(folder)
    options = READING | {"enable_external_access": True, "memory_limit": REWRITING}
    with closing(duckdb.connect(config=options)) as con:
        try:
            _load(con, files)
            [(since, until, as_of)] = queries.run(con, "citations.released")
        except duckdb.Error as exc:
            raise NoRelease(
                f"{folder} is no release that can be read: compare it with its SHA256SUMS"
            ) from exc
        yield con, Released(since, until, as_of, zone)


def _zone(folder: Path) -> str:
    try:
        zone = json.loads(read_regular(folder / _PACKAGE))["temporal"]["zone"]
    except (OSError, ValueError, LookupError, TypeError, RecursionError) as exc:
        raise NoRelease(f"{folder} is no release: its {_PACKAGE} cannot be read") from exc
    if not isinstance(zone, str) or not is_zone(zone):
        raise NoRelease(f"{folder} is no release: its {_PACKAGE} names no time zone")
    return zone


def _load(con: Connection, files: list[Path]) -> None:
    if find_brotli(con, [str(path) for path in files]) is not None:
        raise duckdb.InvalidInputException("packed by Brotli, which sinowire does not read")
    parquet = str(files[0].parent)
    confine(con, "allowed_directories", [parquet])
    con.execute("set variable given = $given", {"given": parquet})
    con.execute((SQL / "released.sql").read_text("utf-8"))
