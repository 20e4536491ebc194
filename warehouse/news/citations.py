"""Rows that citations are made of and verified by, for thousands of ids at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from operator import itemgetter

from transforms.grouping import grouped
from warehouse import queries
from warehouse.numbers.brief import seen_by
from warehouse.queries import Connection, Row

_SEQ = itemgetter("seq")


def basis(con: Connection) -> Row:
    """Return the time of the newest data, and the rules that they were read with."""
    [row] = queries.rows(con, "citations.basis")
    return row


def articles(con: Connection, ids: Iterable[str]) -> dict[str, Row]:
    """Return articles by the ids asked for, which they may have given up."""
    found = queries.rows(con, "citations.articles", ids=sorted(set(ids)))
    return {row["asked_id"]: row for row in found}


def wordings(con: Connection, seqs: Iterable[int]) -> dict[int, list[Row]]:
    """Return every wording of articles, by their places in the order of arrival."""
    return grouped(queries.rows(con, "citations.wordings", seqs=sorted(set(seqs))), _SEQ)


def released_wordings(con: Connection, seqs: Iterable[int]) -> dict[int, list[Row]]:
    """Return the hashes of all wordings that a release has of articles."""
    found = queries.rows(con, "citations.released_wordings", seqs=sorted(set(seqs)))
    return grouped(found, _SEQ)


def addresses(con: Connection, seqs: Iterable[int]) -> dict[int, list[Row]]:
    """Return every link of articles, by their places in the order of arrival."""
    return grouped(queries.rows(con, "citations.addresses", seqs=sorted(set(seqs))), _SEQ)


def documents(con: Connection, seqs: Iterable[int]) -> list[Row]:
    """Return the newest document of each feed of articles."""
    return queries.rows(con, "citations.documents", seqs=sorted(set(seqs)))


def stories(con: Connection, ids: Iterable[str]) -> dict[str, Row]:
    """Return stories as they are now, by requested id; a split story has its parts."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    parted = {
        row["asked_id"]: row for row in queries.rows(con, "citations.parts", ids=wanted)
    }
    return {
        row["asked_id"]: {
            "parts": [],
            "split_at": None,
            **parted.get(row["asked_id"], {}),
            **row,
        }
        for row in queries.rows(con, "citations.stories", ids=wanted)
    }


def told(
    con: Connection, relation: str, ids: Iterable[str], story_ids: Iterable[str]
) -> list[Row]:
    """Return measures or claims, by their ids or by the stories that tell of them."""
    wanted, of = sorted(set(ids)), sorted(set(story_ids))
    if not wanted:
        return []
    return queries.rows(con, f"citations.{relation}", ids=wanted, stories=of)


def number(
    con: Connection, macro: str, arguments: Sequence[date | int], as_of: datetime
) -> list[Row]:
    """Return the rows of a table macro over what had been seen by a moment."""
    given = {f"a{place}": value for place, value in enumerate(arguments)}
    asked = f"from {queries.identifier(macro)}({', '.join(f'${name}' for name in given)})"
    with seen_by(con, as_of, None):
        return queries.rows_of(con, queries.pasted(asked, given))


def moved(con: Connection, since: datetime) -> int:
    """Return how many stories were joined or parted since a moment."""
    return int(queries.scalar(con, "citations.moved", since=since))


def backdated(con: Connection, arrivals: int, as_of: datetime) -> int:
    """Return how many articles came since that count as seen by a moment: history."""
    given = {"arrivals": arrivals, "as_of": as_of}
    return int(queries.scalar(con, "citations.backdated", **given))
