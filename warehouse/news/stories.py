"""Stories and affairs: clustering candidates, and rows derived from articles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import orjson

from transforms.models import Article, Headline, StoryMember, TitleName
from transforms.models.measures import act_on_another
from warehouse import appends, queries
from warehouse.news.coverage import merge_coverage
from warehouse.queries import Connection

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Before everything that is published.
THE_START = datetime(1, 1, 2, tzinfo=UTC)


def holders(
    con: Connection,
    keys: Iterable[int],
    since: datetime,
    until: datetime,
    *,
    heads: int,
    most: int,
) -> tuple[list[int], dict[int, list[int]]]:
    """Return the headlines published in [since, until) that hold one of *keys*.

    That is the places of their articles, in order of publication, and for each key the
    numbers of its holders in that list.
    Of a story only the first *heads* headlines of a script count, and of the holders
    of a key the newest *most*.
    """
    # As JSON text: DuckDB needs a tenth of the time for it that it needs for lists.
    [(seqs, found, held)] = queries.run(
        con,
        "stories.holders",
        keys=set(keys),
        since=since,
        until=until,
        heads=heads,
        most=most,
    )
    return (
        orjson.loads(seqs or "[]"),
        dict(zip(orjson.loads(found or "[]"), orjson.loads(held or "[]"), strict=True)),
    )


def of_columns(con: Connection, articles: Sequence[Article | Headline]) -> frozenset[str]:
    """Return the ids of those *articles* that belong to a column of their outlet."""
    given = {
        name: orjson.dumps([getattr(a, name) for a in articles]).decode()
        for name in ("article_id", "publisher", "title")
    }
    return frozenset(found for (found,) in queries.run(con, "stories.of_columns", **given))


def heads_of(
    con: Connection, seqs: Iterable[int], since: datetime, until: datetime, *, heads: int
) -> dict[int, StoryMember]:
    """Return the first headlines in [since, until) of the stories of some articles.

    The keys are the articles' places, as in *seqs*.
    """
    return {
        seq: StoryMember(
            article_id=article_id,
            story_id=story_id,
            title=title,
            language=language,
            published_at=_EPOCH + timedelta(microseconds=published),
            publisher=publisher,
            companies=tuple(sorted(companies.split())),
            names=tuple(
                sorted(TitleName(*name.split("\t")) for name in names.split("\n") if name)
            ),
            act=act_on_another(**measure) if measure else None,
        )
        for (
            seq,
            article_id,
            story_id,
            title,
            language,
            published,
            publisher,
            companies,
            names,
            measure,
        ) in queries.run(
            con, "stories.heads_of", seq=set(seqs), since=since, until=until, heads=heads
        )
    }


def began(con: Connection, story_ids: Iterable[str], *, since: datetime) -> datetime:
    """Return the earliest beginning of these stories, *since* at most.

    No story may have ended before *since*: older rows are not read.
    """
    first = queries.scalar(con, "stories.began", story_id=set(story_ids), since=since)
    return since if first is None else min(since, first)


def merge_stories(
    con: Connection,
    merged: Mapping[str, str],
    now: datetime,
    *,
    since: datetime = THE_START,
) -> None:
    """Merge stories into their successors in *merged*; record the redirects.

    No story may have an article from before *since*: older rows are not read.
    """
    if not merged:
        return
    merge_coverage(con, merged, since=since)
    queries.run_each(
        con,
        *("stories.merge_articles", "stories.merge_alerts", "stories.fold_alerts"),
        *("stories.move_bases", "stories.move_alert_bases"),
        *("stories.merge_parts", "stories.insert_merges"),
        gone=list(merged),
        kept=list(merged.values()),
        since=since,
        merged_at=now,
    )


def current_story(con: Connection, story_id: str) -> str | None:
    """Return the story that *story_id* was merged into, or itself; None if unknown."""
    found = queries.run(con, "stories.current_story", story_id=story_id)
    return found[0][0] if found else None


def refresh_stories(
    con: Connection,
    story_ids: Iterable[str],
    rules_version: str,
    *,
    since: datetime = THE_START,
) -> None:
    """Recompute the rows of *story_ids* from their articles.

    No story may have an article from before *since*: older rows are not read.
    """
    touched = sorted(set(story_ids))
    if touched:
        queries.run_each(
            con,
            *("stories.delete_stories", "stories.insert_stories"),
            story_id=touched,
            since=since,
            rules_version=rules_version,
        )


def refresh_stories_of(
    con: Connection, feed_ids: Iterable[str], rules_version: str
) -> None:
    """Recompute the rows of all stories that have an article of *feed_ids*."""
    told = queries.values(con, "stories.of_feeds", feed_id=set(feed_ids))
    for batch in appends.batches(told):
        refresh_stories(con, batch, rules_version)


def list_stories(
    con: Connection, *, on_beat: bool = False, limit: int = 20
) -> list[queries.Row]:
    """Return stories, newest day first, then most outlets; *on_beat* only those on it."""
    return queries.rows(con, "stories.list_stories", on_beat=on_beat, limit=limit)


def story_articles(con: Connection, story_id: str) -> list[queries.Row]:
    """Return the articles of one story, in order of publication."""
    return queries.rows(con, "stories.story_articles", story_id=story_id)


def subjects_of(con: Connection, story_ids: Iterable[str], *, since: datetime) -> list[str]:
    """Return the subjects of the stories' affairs: groups, and states as ``cn_us``.

    No story may have an article from before *since*: older rows are not read.
    """
    return queries.values(con, "affairs.subjects_of", story_id=set(story_ids), since=since)


def told_of(con: Connection, story_ids: Iterable[str]) -> frozenset[tuple[object, ...]]:
    """Return what stories tell each subject of affairs: the subject first."""
    return frozenset(queries.run(con, "affairs.told_of", story_id=set(story_ids)))


def span_of(
    con: Connection, story_ids: Iterable[str], *, since: datetime
) -> tuple[datetime | None, datetime | None]:
    """Return the earliest and latest beginning of some stories; None without any.

    No story may have begun before *since*: older rows are not read.
    """
    [(first, last)] = queries.run(
        con, "affairs.span_of", story_id=set(story_ids), since=since
    )
    return first, last


def affairs_of(con: Connection, story_ids: Iterable[str]) -> dict[str, list[str]]:
    """Return the affairs, in order, of each of these stories that belongs to one."""
    return dict(queries.run(con, "affairs.affairs_of", story_id=set(story_ids)))


def turns(
    con: Connection, subjects: Iterable[str] | None, since: datetime, until: datetime
) -> list[queries.Row]:
    """Return the stories of *subjects* (None: of all) that began in [since, until)."""
    params = _params(subjects, since, until)
    # One after the other: both at once need more memory than a run has.
    of_groups = queries.rows(con, "affairs.turns_of_groups", **params)
    return of_groups + queries.rows(con, "affairs.turns_of_states", **params)


def replace_affairs(
    con: Connection,
    steps: Iterable[Mapping[str, object]],
    subjects: Iterable[str] | None,
    since: datetime,
    until: datetime,
    *,
    touched: Iterable[str] | None = None,
) -> None:
    """Replace the affairs of *subjects* that began in [since, until) by *steps*.

    Affairs of *touched* stories (None: of all) that began outside it are deleted.
    """
    named = None if touched is None else sorted(set(touched))
    queries.run(
        con, "affairs.delete_affairs", **_params(subjects, since, until), story_id=named
    )
    for batch in appends.batches(steps):
        queries.run(con, "affairs.insert_affairs", rows=list(batch))


def _params(
    subjects: Iterable[str] | None, since: datetime, until: datetime
) -> dict[str, object]:
    named = None if subjects is None else sorted(set(subjects))
    return {"subject": named, "since": since, "until": until}
