"""Regrouping: stories rebuilt some days at a time, beside the stored ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import orjson

from transforms.models import Headline, Regrouped, StoredStory
from warehouse import queries
from warehouse.news.articles import Places
from warehouse.news.coverage import refresh_story_days
from warehouse.news.stories import refresh_stories
from warehouse.queries import Connection

# Days of a part by the calendar, as long as articles meet others: what one may change is
# made anew with its part and the next. Each costs a tenth of a second more.
DAYS = timedelta(days=3)
# More articles than these days have, mostly.
PART = 100_000
# Articles that find their stories at once, as those of a poll do.
BATCH = 1_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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
    params = {"since": since, "most": PART, "seconds": DAYS.total_seconds()}
    found = queries.run(con, "regroup.next_part", **params)
    return Span(*found[0]) if found else None


def begin_of_part(at: datetime) -> datetime:
    """Return the start of the part, a span of days, that *at* lies in."""
    return _EPOCH + (at - _EPOCH) // DAYS * DAYS


def begin(con: Connection, part: Span, margin: timedelta) -> None:
    """Stage the part, and the stored stories of the *margin* before it."""
    queries.run_each(con, "regroup.begin", "regroup.stage", **part._asdict(), margin=margin)


def articles(con: Connection, part: Span) -> Iterator[tuple[list[Headline], Places]]:
    """Yield the articles of a part in order of publication, with their places."""
    params: queries.Row = {"since": part.since, "after": "", "most": BATCH}
    while rows := queries.run(con, "regroup.articles", **params):
        found = [_headline(row[1:]) for row in rows]
        yield found, {article_id: seq for seq, article_id, *_ in rows}
        params |= {"since": found[-1].published_at, "after": found[-1].article_id}


def _headline(row: tuple[Any, ...]) -> Headline:
    *told, published_us, keys = row
    published_at = _EPOCH + timedelta(microseconds=published_us)
    return Headline._make((*told, published_at, tuple(orjson.loads(keys))))


@contextmanager
def of_today(con: Connection, since: datetime) -> Iterator[None]:
    """Replace all articles and stories by those rebuilt so far, *since* then."""
    queries.run_each(con, "regroup.near", "regroup.stand_in", since=since)
    try:
        yield
    finally:
        queries.run(con, "regroup.step_aside")


def add(
    con: Connection,
    batch: Sequence[Headline],
    stories: Mapping[str, str],
    merged: Mapping[str, str],
) -> None:
    """Record the *stories* of some articles, and the stories merged into others."""
    queries.run(
        con,
        "regroup.add",
        since=batch[0].published_at,
        until=batch[-1].published_at,
        article_id=list(stories),
        story_id=list(stories.values()),
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
    params = part._asdict() | {"first": queries.scalar(con, "regroup.stored_since")}
    return queries.records(con, StoredStory, "regroup.stored", **params)


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
        moves = ("regroup.move_articles", "regroup.move_coverage")
        queries.run_each(con, "regroup.remember_told", *moves)
    queries.run(con, "regroup.part_stories", until=part.until)
    if touched is None:
        return None
    queries.run_each(
        con,
        *("regroup.record_splits", "regroup.record_merges"),
        *("stories.move_bases", "stories.move_alert_bases"),
        *("regroup.move_alerts", "regroup.move_orphans"),
        now=now,
        **_pairs(moved),
    )
    queries.run(con, "stories.fold_alerts", kept=touched)
    queries.run(con, "regroup.share_told", now=now)
    refresh_story_days(con, touched, since=began_at)
    refresh_stories(con, touched, rules_version, since=began_at)
    return touched, began_at


def days_changed_since(con: Connection, engine: str) -> list[datetime] | None:
    """Return the days of stories that gained articles since *engine* made all anew.

    None if it never did: polls find stories in another order, and rules may have changed.
    """
    found = queries.values(con, "regroup.grouped_until", engine=engine)
    return (
        queries.values(con, "regroup.days_grouped_before", seq=found[0]) if found else None
    )


def begin_grouping(con: Connection, engine: str, last: int) -> None:
    """Record that *engine* makes anew all stories of the articles up to the *last*."""
    queries.run(con, "regroup.begin_grouping", engine=engine, seq=last)


def end_grouping(con: Connection) -> None:
    """Record that the engine that began has made all stories anew."""
    queries.run(con, "regroup.end_grouping")


def days_of(
    con: Connection, story_ids: Iterable[str], *, since: datetime
) -> list[datetime]:
    """Return the days of the articles of these stories, which began from *since* on."""
    return queries.values(con, "regroup.days_of", story_id=set(story_ids), since=since)


def counts(con: Connection, part: Span) -> StoryCounts:
    """Return the number of stories split, merged and unchanged by an applied part."""
    return StoryCounts(*queries.run(con, "regroup.count", **part._asdict())[0])


def forget(con: Connection) -> None:
    """Drop the staged rows of a part."""
    queries.run(con, "regroup.forget")


def _pairs(merged: Mapping[str, str]) -> dict[str, object]:
    return {"gone": list(merged), "kept": list(merged.values())}
