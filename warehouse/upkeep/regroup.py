"""Regrouping: stories rebuilt a month at a time, beside the stored ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import NamedTuple

from transforms.models import Article, Regrouped, StoredStory
from warehouse import queries
from warehouse.news.articles import Places, article_of
from warehouse.news.coverage import refresh_story_days
from warehouse.news.stories import refresh_stories
from warehouse.queries import Connection

# Articles of a part, which is one turn and one transaction; a month has fewer mostly.
PART = 100_000
# Articles that find their stories at once, as those of a poll do.
BATCH = 1_000


class Span(NamedTuple):
    """A part of history by publication: [*since*, *until*)."""

    since: datetime
    until: datetime


class StoryCounts(NamedTuple):
    """Number of stories split, merged and unchanged."""

    split: int = 0
    joined: int = 0
    unchanged: int = 0


def next_part(con: Connection, since: datetime | None) -> Span | None:
    """Return the first part with an article published from *since* on."""
    found = queries.run(con, "regroup.next_part", since=since, most=PART)
    return Span(*found[0]) if found else None


def begin(con: Connection, part: Span, margin: timedelta) -> None:
    """Stage the part, and the stored stories of the *margin* before it."""
    queries.run(con, "regroup.begin", since=part.since, margin=margin)
    queries.run(con, "regroup.stage", **part._asdict())


def articles(con: Connection, part: Span) -> Iterator[tuple[list[Article], Places]]:
    """Yield the articles of a part in order of publication, with their places."""
    params: queries.Row = {"since": part.since, "after": "", "most": BATCH}
    while rows := queries.rows(con, "regroup.articles", **params):
        yield (
            [article_of(row) for row in rows],
            {row["article_id"]: row["seq"] for row in rows},
        )
        last = rows[-1]
        params |= {"since": last["published_at"], "after": last["article_id"]}


@contextmanager
def of_today(con: Connection) -> Iterator[None]:
    """Replace all articles and stories by those rebuilt so far."""
    queries.run(con, "regroup.stand_in")
    try:
        yield
    finally:
        queries.run(con, "regroup.step_aside")


def add(
    con: Connection,
    batch: Sequence[Article],
    stories: Mapping[str, str],
    merged: Mapping[str, str],
) -> None:
    """Record the *stories* of some articles, and the stories merged into others."""
    made = {"article_id": list(stories), "story_id": list(stories.values())}
    queries.run(
        con,
        "regroup.add",
        since=batch[0].published_at,
        until=batch[-1].published_at,
        **made,
    )
    if merged:
        queries.run(con, "regroup.join_stories", **_pairs(merged))


def made(con: Connection) -> list[Regrouped]:
    """Return articles in order of publication with their stories, without round-ups."""
    return [Regrouped(*row) for row in queries.run(con, "regroup.made")]


def settle(con: Connection, into: Mapping[tuple[str, str], str]) -> None:
    """Assign articles to other stories, by pairs of (rebuilt, stored) story ids."""
    if into:
        queries.run(
            con,
            "regroup.settle",
            made=[story_id for story_id, _ in into],
            stored=[stored_id for _, stored_id in into],
            kept=list(into.values()),
        )


def groups(con: Connection, part: Span) -> dict[str, list[str]]:
    """Return the articles of each story of a part, in order of publication."""
    return dict(queries.run(con, "regroup.groups", since=part.since))


def known(con: Connection, part: Span) -> dict[str, list[str]]:
    """Return the stored story ids of the days before a part."""
    return dict(queries.run(con, "regroup.known", since=part.since))


def stored(con: Connection, part: Span) -> list[StoredStory]:
    """Return the stored stories of the articles of a part and its margin."""
    return queries.records(con, StoredStory, "regroup.stored", **part._asdict())


def apply(
    con: Connection,
    part: Span,
    named: Mapping[str, str],
    moved: Mapping[str, str],
    *,
    rules_version: str,
    now: datetime,
) -> tuple[list[str], datetime] | None:
    """Replace the stored stories of a part by the rebuilt ones; None if they are equal.

    Returns the stories that gained or lost an article, and the first publication of these.
    Coverage, alerts and redirects of ids follow. *named* are the ids of the groups, *moved*
    the new ids of stored stories.
    """
    ids = {"group": list(named), "named": list(named.values())}
    queries.run(con, "regroup.plan", since=part.since, **ids, **_pairs(moved))
    touched, began_at = queries.run(con, "regroup.touched")[0]
    if touched is not None:
        queries.run(con, "regroup.remember_told")
        queries.run(con, "regroup.move_articles")
        queries.run(con, "regroup.move_coverage")
    queries.run(con, "regroup.part_stories", until=part.until)
    if touched is None:
        return None
    for relation in ("splits", "merges"):
        queries.run(con, f"regroup.record_{relation}", now=now)
    for bases in ("bases", "alert_bases"):
        queries.run(con, f"stories.move_{bases}", **_pairs(moved))
    queries.run(con, "regroup.move_alerts")
    queries.run(con, "regroup.move_orphans")
    queries.run(con, "stories.fold_alerts", kept=touched)
    queries.run(con, "regroup.share_told", now=now)
    refresh_story_days(con, touched, since=began_at)
    refresh_stories(con, touched, rules_version, since=began_at)
    return touched, began_at


def ended(con: Connection, story_ids: Iterable[str]) -> datetime | None:
    """Return when the last of these stories ended; None where all are gone."""
    last: datetime | None = queries.scalar(con, "regroup.ended", story_id=set(story_ids))
    return last


def counts(con: Connection, part: Span) -> StoryCounts:
    """Return the number of stories split, merged and unchanged by an applied part."""
    return StoryCounts(*queries.run(con, "regroup.count", **part._asdict())[0])


def forget(con: Connection) -> None:
    """Drop the staged rows of a part."""
    queries.run(con, "regroup.forget")


def _pairs(merged: Mapping[str, str]) -> dict[str, object]:
    return {"gone": list(merged), "kept": list(merged.values())}
