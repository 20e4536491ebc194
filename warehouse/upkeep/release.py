"""Tables of a release: what may be given to others of a span of days, in two formats.

``sql/release.sql`` selects them. One connection reads them, so all are of one publication.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from transforms.models.dataset import (
    DataColumn,
    DataFile,
    Figure,
    Register,
    ReleaseTable,
    Tables,
)
from warehouse import queries
from warehouse.errors import NoRelease, PublishedByAnother
from warehouse.file.connect import PUBLISHED_NAME, REWRITING
from warehouse.file.migrate import SQL, is_current
from warehouse.queries import Connection
from warehouse.upkeep.export import confine, csv_column, open_to_copy, sha256


@dataclass(frozen=True, kw_only=True)
class _Table:
    """What tells rows apart, their order if it is another, and whom columns refer to."""

    key: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    refers: Mapping[str, str] = field(default_factory=dict)


_OF_AN_ARTICLE = {"article_id": "articles"}
_OF_A_STORY = {"story_id": "stories"}
_TABLES = {
    "articles": _Table(
        key=("article_id",), order=("published_at", "article_id"), refers=_OF_A_STORY
    ),
    "article_versions": _Table(
        key=("article_id", "content_hash"),
        order=("seen_at", "article_id", "content_hash"),
        refers=_OF_AN_ARTICLE,
    ),
    "stories": _Table(key=("story_id",), order=("first_published_at", "story_id")),
    "mentions": _Table(key=("article_id", "company_id", "field"), refers=_OF_AN_ARTICLE),
    "tags": _Table(key=("article_id", "topic_id", "kind"), refers=_OF_AN_ARTICLE),
    "measures": _Table(
        key=("measure_id",),
        order=("first_reported_at", "measure_id"),
        refers=_OF_AN_ARTICLE | _OF_A_STORY,
    ),
    "claims": _Table(
        key=("claim_id",),
        order=("first_reported_at", "claim_id"),
        refers=_OF_AN_ARTICLE | _OF_A_STORY,
    ),
    "company_days": _Table(key=("day", "company_id")),
    "topic_days": _Table(key=("day", "topic_id", "kind")),
    "outlet_days": _Table(key=("day", "publisher")),
    "feeds": _Table(key=("feed_id",)),
    "register": _Table(key=("kind", "subject_id")),
    "register_names": _Table(order=("kind", "subject_id", "name", "script", "rule")),
    "register_examples": _Table(order=("kind", "subject_id", "name", "example", "counts")),
    "figures": _Table(key=("figure",), order=("place",)),
}
# Words of outlets.
_TITLES = frozenset({"title", "headline", "sentence"})
_UNITS = {
    "articles": "articles",
    "articles_en": "articles",
    "articles_on_beat": "articles",
    "articles_zh": "articles",
    "digests": "articles",
    "length": "characters",
    "publishers": "outlets",
    "start": "characters",
    "steps": "measures",
}
# What is stored of articles with their outlets.
_OF_OUTLETS = ("articles", "coverage")
# Elsewhere they are ids.
_COUNT_STORIES = frozenset({"company_days", "topic_days"})
_MOMENT = "%Y-%m-%dT%H:%M:%S.%fZ"
_FORMATS = {
    "parquet": "format parquet, compression zstd",
    "csv": "format csv, header",
}
Progress = Callable[[str], object]


def write_tables(
    data: Path,
    folder: Path,
    register: Register,
    *,
    since: date | None,
    until: date | None,
    titles: bool,
    hosts: bool,
    progress: Progress,
) -> Tables:
    """Write the tables of the days from *since* to *until* into *folder*; describe them.

    Without *since* or *until* they begin or end with the articles. Rows are in an order of
    their own and one thread writes them, so the same rows are the same bytes.

    Raises:
        NoRelease: No article was published in the span.
        NotPublished: Nothing has been published yet.
    """
    options = {"temp_directory": str(folder / ".spill"), "memory_limit": REWRITING}
    with closing(open_to_copy(data, **options, threads=1)) as con:
        confine(con, "allowed_directories", [str(folder)])
        left_out = () if hosts else _leave_out_hosts(con)
        first, last = _span(con, since, until, left_out)
        try:
            _select(con, register, since=first, until=last, titles=titles)
        except (duckdb.CatalogException, duckdb.BinderException) as exc:
            if is_current(con):
                raise
            raise PublishedByAnother(data / PUBLISHED_NAME) from exc
        [(zone, rules_version)] = queries.run(con, "release.basis")
        return Tables(
            tables=tuple(_tables(con, folder, titles=titles, progress=progress)),
            figures=tuple(queries.records(con, Figure, "release.figures")),
            since=first,
            until=last,
            as_of=queries.scalar(con, "release.as_of"),
            zone=zone,
            rules_version=rules_version,
            engine=f"DuckDB {duckdb.__version__}",
            hosts_left_out=left_out,
        )


def _leave_out_hosts(con: Connection) -> tuple[str, ...]:
    """Hide what outlets told that are called by their host, and return these hosts.

    Relations of the session go before those of the file, in its views and macros too, so
    that nothing of a release is counted or chosen by them.
    """
    queries.create_temp(con, "of_hosts", "release.of_hosts", {})
    hosts = tuple(queries.values(con, "release.hosts"))
    stored = queries.identifier(queries.scalar(con, "release.stored_in"))
    for name in _OF_OUTLETS if hosts else ():
        con.execute(
            f"create temp view {name} as from {stored}.main.{name} "  # noqa: S608  (ours)
            "where article_id not in (select article_id from of_hosts)"
        )
    return hosts


def _span(
    con: Connection, since: date | None, until: date | None, left_out: Sequence[str]
) -> tuple[date, date]:
    [(first, last)] = queries.run(con, "release.days")
    if first is None and left_out:
        raise NoRelease(
            f"no outlet has a name but its host's ({', '.join(left_out)}): there is "
            "nothing to release without --hosts"
        )
    if first is None:
        raise NoRelease("no article is here yet: there is nothing to release")
    return since or first, until or last


def _select(
    con: Connection, register: Register, *, since: date, until: date, titles: bool
) -> None:
    """Create the tables of a release as views of this session."""
    for name, value in (("since", since), ("until", until), ("titles", titles)):
        con.execute(f"set variable {name} = $value", {"value": value})
    for name, records in (
        ("register", register.rows),
        ("register_names", register.names),
        ("register_examples", register.examples),
    ):
        batch = {"batch": list(records)}
        queries.create_temp(con, f"released_{name}", f"release.{name}", batch)
    con.execute((SQL / "release.sql").read_text("utf-8"))
    if not queries.scalar(con, "release.is_there"):
        [(first, last)] = queries.run(con, "release.days")
        raise NoRelease(
            f"no article was published from {since} to {until}: there is nothing to "
            f"release; articles are of {first} to {last}"
        )


def _tables(
    con: Connection, folder: Path, *, titles: bool, progress: Progress
) -> Iterator[ReleaseTable]:
    about = dict(queries.run(con, "release.relations"))
    columns: dict[str, list[DataColumn]] = defaultdict(list)
    for row in queries.rows(con, "release.columns"):
        relation = row.pop("relation")
        if titles or row["name"] not in _TITLES:
            columns[relation].append(DataColumn(**row, unit=_unit(relation, row["name"])))
    for part in _FORMATS:
        (folder / part).mkdir()
    for name, table in _TABLES.items():
        progress(f"writing {name}")
        rows = _copy_parquet(con, folder, name, table, columns[name])
        _copy_csv(con, folder, name, columns[name])
        yield ReleaseTable(
            name=name,
            about=about[name],
            columns=tuple(columns[name]),
            key=table.key,
            refers=table.refers,
            rows=rows,
            parquet=_file(folder, name, "parquet"),
            csv=_file(folder, name, "csv"),
        )


def _unit(relation: str, column: str) -> str:
    if column == "stories" and relation in _COUNT_STORIES:
        return "stories"
    return _UNITS.get(column, "")


def _copy_parquet(
    con: Connection, folder: Path, name: str, table: _Table, columns: Iterable[DataColumn]
) -> int:
    selected = ", ".join(queries.identifier(column.name) for column in columns)
    order = ", ".join(table.order or table.key)
    sql = f"select {selected} from released_{name} order by {order}"  # noqa: S608  (our names)
    return _copy(con, sql, folder, name, "parquet")


def _copy_csv(
    con: Connection, folder: Path, name: str, columns: Iterable[DataColumn]
) -> None:
    """Write the rows of the Parquet file as text, so that both have the same."""
    selected = ", ".join(_csv_column(column) for column in columns)
    written = queries.text(str(folder / _path(name, "parquet")))
    _copy(con, f"select {selected} from read_parquet({written})", folder, name, "csv")  # noqa: S608


def _csv_column(column: DataColumn) -> str:
    name = queries.identifier(column.name)
    if column.type != "timestamptz":
        return csv_column(name, column.type.upper())
    return f"replace(strftime({name}, '{_MOMENT}'), '.000000', '') as {name}"


def _copy(con: Connection, sql: str, folder: Path, name: str, shape: str) -> int:
    target = queries.text(str(folder / _path(name, shape)))
    [(rows,)] = con.execute(f"copy ({sql}) to {target} ({_FORMATS[shape]})").fetchall()
    return int(rows)


def _path(name: str, shape: str) -> str:
    return f"{shape}/{name}.{shape}"


def _file(folder: Path, name: str, shape: str) -> DataFile:
    path = folder / _path(name, shape)
    return DataFile(path=_path(name, shape), size=path.stat().st_size, sha256=sha256(path))
