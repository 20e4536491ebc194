"""Identities of articles: ids replaced when two addresses prove to be one article."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from warehouse import appends, queries
from warehouse.file.connect import transaction
from warehouse.news.coverage import refresh_all_arrivals
from warehouse.news.findings import FINDINGS, watchlist_version
from warehouse.news.stories import merge_stories, refresh_all_stories, refresh_stories
from warehouse.queries import Connection

# Each batch reads the tables once, so it is large; ids and addresses of one are 20 MB.
BATCH = 50_000
# Rows of these are of every address of an article; all others are findings in its words.
_OF_ALL = ("alerts", "article_versions", "sightings")
# Rows of these bear the place of their article in the order of arrival.
_PLACED = (*FINDINGS, "article_versions", "sightings", "full_texts")


@dataclass(frozen=True, slots=True)
class Move:
    """An article with its new id and its address in the current spelling."""

    article_id: str
    into_id: str
    url: str


Mover = Callable[[str, str], Move | None]


def begun(con: Connection, form: int) -> int | None:
    """Return the last article migrated to ids of *form*; None if all are."""
    progress = queries.run(con, "identities.progress")
    if progress and progress[0][0] == form:
        return None if progress[0][1] is None else int(progress[0][1])
    return 0


def identify(
    con: Connection,
    form: int,
    move: Mover,
    *,
    now: datetime,
    finish: Callable[[Connection], None],
    progress: Callable[[str], None],
) -> int:
    """Give all articles the ids that *move* returns; merge those with equal ids.

    Each batch is a transaction, so that a killed migration resumes; *finish* is called in
    the last one. Returns the number of merged articles.
    """
    joined, after, last = 0, begun(con, form), queries.scalar(con, "articles.last_seq")
    while after is not None:
        until = after + BATCH
        with transaction(con):
            found = queries.run(con, "identities.addresses", after=after, until=until)
            moves = [m for m in (move(*address) for address in found) if m]
            if moves:
                joined += _apply(con, moves, now=now)
            after = until if until < last else None
            if after is None:
                finish(con)
            queries.run(con, "identities.record_progress", form=form, seq=after)
        progress(f"{min(until, last)} of {last} articles")
    return joined


def rename_publishers(con: Connection, name_of: Callable[[str], str]) -> None:
    """Rename the outlets of all articles by *name_of*; recount the stories' outlets."""
    found = queries.values(con, "identities.publishers")
    names = {name: name_of(name) for name in found if name_of(name) != name}
    if not names:
        return
    with transaction(con):
        queries.run(
            con,
            "identities.rename_publishers",
            former=list(names),
            names=list(names.values()),
        )
        refresh_all_stories(con, watchlist_version(con))


def current_article(con: Connection, article_id: str) -> str | None:
    """Return the article that *article_id* was merged into, or itself; None if unknown."""
    found = queries.run(con, "identities.current", article_id=article_id)
    return found[0][0] if found else None


def _apply(con: Connection, moves: Sequence[Move], *, now: datetime) -> int:
    fields = ("article_id", "into_id", "url")
    columns = {field: [getattr(move, field) for move in moves] for field in fields}
    queries.run(con, "identities.stage", **columns)
    joined = int(queries.scalar(con, "identities.joined"))
    queries.run(con, "identities.record_merges", merged_at=now)
    queries.run(con, "identities.drop_repeated_versions")
    queries.run(con, "identities.drop_repeated_sightings")
    for (table,) in queries.run(con, "identities.holders"):
        _move_rows(con, table)
    queries.run(con, "identities.drop_articles")
    queries.run(con, "identities.move_articles")
    queries.run(con, "identities.forget_seen")
    queries.run(con, "identities.note_seen")
    if joined:
        _join_stories(con, now)
        refresh_all_arrivals(con)
    return joined


def _move_rows(con: Connection, table: str) -> None:
    name = queries.identifier(table)
    if table not in _OF_ALL:
        con.execute(
            f"delete from {name}"  # noqa: S608  (our names)
            " where article_id in (select article_id from moves where not is_kept)"
        )
    is_placed = table in _PLACED
    con.execute(
        f"update {name} set article_id = moves.into_id"  # noqa: S608
        f"{', seq = moves.kept_seq' if is_placed else ''} from moves"
        f" where {name}.article_id = moves.article_id"
        f" and (moves.article_id <> moves.into_id"
        f"{' or moves.seq <> moves.kept_seq' if is_placed else ''})"
    )


def _join_stories(con: Connection, now: datetime) -> None:
    rules_version = watchlist_version(con)
    merged: Mapping[str, str] = dict(queries.run(con, "identities.emptied"))
    merge_stories(con, merged, now)
    touched = queries.values(con, "identities.recounted")
    for batch in appends.batches(touched):
        refresh_stories(con, batch, rules_version)
