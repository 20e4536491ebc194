"""Citations of what is published: ids looked up together, not singly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

import duckdb

from flows.steps.retention import read_document
from transforms.citations.citation import (
    Basis,
    Citation,
    Number,
    NumberRows,
    is_number,
    kind_of,
    moment,
    number_id,
    read_number,
    result_of,
)
from transforms.release import VERSION
from warehouse.news import citations as store

# The relation of each kind that is told in a story.
TOLD = {"measure": "measures", "claim": "claims"}
Row = Mapping[str, Any]


class UnknownCitedError(Exception):
    """What is to be cited is not in the data; names it."""


def read_basis(con: duckdb.DuckDBPyConnection) -> Basis:
    """Return the state of the data.

    Raises:
        UnknownCitedError: There are none.
    """
    row = store.basis(con)
    if row["as_of"] is None:
        raise UnknownCitedError("there are no data yet to cite; run: sinowire run")
    return Basis(**row, version=VERSION)


def cite(
    con: duckdb.DuckDBPyConnection, wanted: Sequence[str], *, data: Path | None = None
) -> list[Citation]:
    """Return a citation of each id or number, in the order in which they are given.

    With the folder *data*, copies of documents that are kept in it are named.

    Raises:
        NumberError: A number is none that can be cited.
        UnknownCitedError: An id is not in the data.
    """
    basis = read_basis(con)
    heads = _heads(con, [each for each in wanted if not is_number(each)])
    rows = store.articles(con, {head.article_id for head in heads.values()})
    archived = _archived(con, rows.values(), data)
    return [
        _of_number(con, read_number(each), basis)
        if is_number(each)
        else _of_article(heads[each], rows[heads[each].article_id], basis, archived)
        for each in wanted
    ]


def cite_told(
    con: duckdb.DuckDBPyConnection, cited_id: str, article_id: str, basis: Basis
) -> Citation:
    """Return the citation of what an article is known to tell, such as its story."""
    [row] = store.articles(con, [article_id]).values()
    archived = _archived(con, [row], None)
    return _of_article(_Head(cited_id, article_id), row, basis, archived)


@dataclass(frozen=True, slots=True)
class _Head:
    """An id as it stands today, and the article whose words it is cited by."""

    id: str
    article_id: str


def _heads(con: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> dict[str, _Head]:
    rows = store.articles(con, ids)
    heads = {key: _Head(row["article_id"], row["article_id"]) for key, row in rows.items()}
    stories = store.stories(con, of_kind(ids, "story"))
    heads |= {
        key: _Head(row["story_id"], row["article_id"]) for key, row in stories.items()
    }
    for kind, relation in TOLD.items():
        rows_of = store.told(con, relation, of_kind(ids, kind), ())
        heads |= {row["id"]: _Head(row["id"], row["article_id"]) for row in rows_of}
    if missing := [each for each in ids if each not in heads]:
        raise UnknownCitedError(
            f"no article, story, measure or claim {missing[0]!r}; find ids with: "
            "sinowire search WORDS, or sinowire stories list"
        )
    return heads


def of_kind(ids: Iterable[str], kind: str) -> list[str]:
    """Return the *ids* of a *kind*, such as "story"."""
    return [each for each in ids if kind_of(each) == kind]


def _of_article(
    head: _Head, row: Row, basis: Basis, archived: Mapping[int, str]
) -> Citation:
    return Citation(
        id=head.id,
        kind=kind_of(head.id),
        title=row["title"],
        basis=basis,
        published_at=row["published_at"],
        outlet=row["outlet"],
        url=row["url"],
        language=row["language"],
        authors=tuple(row["authors"] or ()),
        article_id=row["article_id"],
        first_seen_at=row["first_seen_at"],
        content_hash=row["content_hash"],
        archived=archived.get(row["seq"], ""),
    )


def _of_number(con: duckdb.DuckDBPyConnection, number: Number, basis: Basis) -> Citation:
    return Citation(
        id=number_id(number, moment(basis.as_of)),
        kind="number",
        title=number.text,
        basis=basis,
        published_at=basis.as_of,
        result=ask(con, number, basis.as_of),
    )


def ask(con: duckdb.DuckDBPyConnection, number: Number, as_of: datetime) -> NumberRows:
    """Return the value of a number, from the data seen by *as_of*."""
    return result_of(number, store.number(con, number.macro, number.arguments, as_of))


def _archived(
    con: duckdb.DuckDBPyConnection, rows: Iterable[Row], data: Path | None
) -> dict[int, str]:
    """Return where a copy of each article is kept, by its place: a text, or a document."""
    found = {
        row["seq"]: f"full text, read {row['fetched_at']:%Y-%m-%d}"
        for row in rows
        if row["has_text"]
    }
    if data is None:
        return found
    bodies: dict[str, bytes] = {}
    for row in store.documents(con, (row["seq"] for row in rows)):
        digest, url = row["body_hash"], row["url"]
        if digest not in bodies:
            bodies[digest] = _document(data, digest)
        if url and any(form.encode() in bodies[digest] for form in (url, escape(url))):
            found.setdefault(row["seq"], f"raw/{digest[:2]}/{digest}.gz")
    return found


def _document(data: Path, digest: str) -> bytes:
    try:
        return read_document(data, digest)
    except OSError:
        # Documents are kept for a while, and where a home asks for it.
        return b""
