"""Coverage and feed arrivals, derived from articles and updated with them.

Call each function in the transaction that changes articles or their findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from warehouse import queries
from warehouse.queries import Connection

if TYPE_CHECKING:
    from transforms.models import Article, Mention, Tag

# Articles whose rows are put in order at once, in some hundred megabytes.
PART = 200_000
_MENTION_FIELDS = ("article_id", "company_id", "field", "role", "is_about", "alias")
_TAG_FIELDS = ("article_id", "topic_id", "kind", "term")
# A feed that loses its newest article has another one not long before, as a rule.
_BEFORE = timedelta(days=30)


def refresh_coverage(
    con: Connection,
    articles: Sequence[Article],
    before: Sequence[Article],
    mentions: Iterable[Mention],
    tags: Iterable[Tag],
) -> None:
    """Recount the coverage by *articles*; *before* is the former state of edited ones.

    *mentions* and *tags* are complete for *articles*, so that stored ones are not read.
    """
    if not articles:
        return
    moments = [article.published_at for article in (*articles, *before)]
    days = {"since": min(moments), "until": max(moments)}
    if before:
        old = {"article_id": [article.article_id for article in before]}
        queries.run(con, "coverage.delete_staged", **(days | old))
    ids = {"article_id": [article.article_id for article in articles]}
    queries.run(con, "coverage.stage_articles", **(days | ids))
    queries.run(con, "coverage.stage_mentions", **_columns(mentions, _MENTION_FIELDS))
    queries.run(con, "coverage.stage_tags", **_columns(tags, _TAG_FIELDS))
    queries.run_each(con, "coverage.insert_staged", "coverage.drop_staged")


def refresh_story_days(
    con: Connection, story_ids: Iterable[str], *, since: datetime
) -> None:
    """Recompute the days of some stories from the current coverage.

    No story may have an article from before *since*: older rows are not read.
    """
    touched = sorted(set(story_ids))
    if touched:
        queries.run_each(
            con,
            *("coverage.stage_stories", "coverage.delete_stories"),
            *("coverage.insert_stories", "coverage.drop_days"),
            since=since,
            story_id=touched,
        )


def refresh_all_coverage(con: Connection) -> None:
    """Recompute all coverage, in parts; needs more memory than appending."""
    queries.run(con, "coverage.delete_all")
    bounds = queries.values(con, "coverage.bounds", articles=PART)
    for since, until in pairwise([*bounds, None]):
        staged = ("coverage.stage_part", "coverage.insert_part")
        queries.run_each(con, *staged, since=since, until=until)
    queries.run(con, "coverage.drop_staged")
    _refresh_all_story_days(con)


def _refresh_all_story_days(con: Connection) -> None:
    queries.run(con, "coverage.delete_all_days")
    days = queries.values(con, "coverage.day_bounds", articles=PART)
    for since, until in pairwise([*days, None]):
        staged = ("coverage.stage_days", "coverage.insert_days")
        queries.run_each(con, *staged, since=since, until=until)
    queries.run(con, "coverage.drop_days")


def merge_coverage(con: Connection, merged: Mapping[str, str], *, since: datetime) -> None:
    """Move the coverage of *merged* stories to their successors, before the articles.

    No story may have ended before *since*: older rows are not read.
    """
    [(first, last)] = queries.run(con, "coverage.told", story_id=list(merged), since=since)
    if first is not None:
        params = {"gone": list(merged), "kept": list(merged.values())}
        queries.run(con, "coverage.merge_stories", **params, since=first, until=last)


def _columns(records: Iterable[object], fields: Sequence[str]) -> dict[str, list[object]]:
    rows = list(records)
    return {field: [getattr(row, field) for row in rows] for field in fields}


def note_arrivals(con: Connection, at: Iterable[int]) -> None:
    """Update the newest article of the feeds that carried the articles *at* places."""
    if seqs := sorted(set(at)):
        queries.run(con, "arrivals.stage", seq=seqs)
        _exchange(con)


def recount_arrivals(con: Connection, at: Iterable[int]) -> None:
    """Recompute the newest article of those feeds after dates changed."""
    if not (seqs := sorted(set(at))):
        return
    [(feeds, last)] = queries.run(con, "arrivals.feeds", seq=seqs)
    left = set(feeds or ())
    for since in (last and last - _BEFORE, None):
        if left:
            queries.run(con, "arrivals.stage_again", feed_id=left, since=since)
            left -= _exchange(con)


def refresh_all_arrivals(con: Connection) -> None:
    """Recompute the newest article of every feed."""
    queries.run(con, "arrivals.derive")


def _exchange(con: Connection) -> set[str]:
    """Put what was staged in its place; return the feeds."""
    feeds = set(queries.values(con, "arrivals.exchange"))
    queries.run(con, "arrivals.drop_staged")
    return feeds
