"""Findings, stories and affairs of stored articles, derived anew.

Affairs are chains of stories that build on one another, linked when stories are made.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from operator import attrgetter

import duckdb

from flows.home import Config
from flows.steps.processes import at_hand, in_processes
from transforms.models.findings import joined
from transforms.stories.affairs import LONGEST, Act, Step, Turn, affairs_of
from transforms.stories.concepts import ConceptLexicon
from transforms.stories.pairs.similarity import WINDOW
from warehouse.news import articles as article_store
from warehouse.news import coverage as coverage_store
from warehouse.news import findings as finding_store
from warehouse.news import stories as story_store
from warehouse.news import texts as text_store
from warehouse.news import verdicts as verdict_store
from warehouse.news.stories import THE_START
from warehouse.queries import Row

# A process takes a second to start, which links ten thousand turns right here.
MANY_TURNS = 50_000
# Turns that a process links at once.
PART = 2_000
_STEP_FIELDS = tuple(field.name for field in fields(Step))
_ALWAYS = THE_START, datetime(9999, 1, 1, tzinfo=UTC)


def find_anew(
    con: duckdb.DuckDBPyConnection, config: Config, article_ids: Sequence[str]
) -> None:
    """Tag stored articles again, by today's rules, full texts and verdicts.

    With all that is derived of it. No alert comes of it.
    """
    at = article_store.places(con, article_ids)
    before = article_store.few_articles(con, at.values())
    if not before:
        return
    pages = text_store.texts_of(con, at)
    verdicts = verdict_store.of_articles(con)
    read = config.reader.tag_stored(before, pages=pages, verdicts=verdicts)
    articles = [each.article for each in read]
    found = joined(each.found for each in read)
    article_store.update_articles(con, articles, at=at)
    finding_store.replace_findings(con, found, at)
    coverage_store.refresh_coverage(con, articles, before, found.mentions, found.tags)
    touched = {article.story_id for article in articles}
    since = min(article.published_at for article in articles)
    refresh_stories_of(con, config, touched, since=since)


def refresh_heads(
    con: duckdb.DuckDBPyConnection, config: Config, article_ids: Sequence[str]
) -> None:
    """Rebuild the stories of these articles after a change of headline."""
    at = article_store.places(con, article_ids)
    articles = article_store.few_articles(con, at.values())
    if articles:
        since = min(article.published_at for article in articles)
        touched = {article.story_id for article in articles}
        refresh_stories_of(con, config, touched, since=since)


def refresh_stories_of(
    con: duckdb.DuckDBPyConnection,
    config: Config,
    touched: Collection[str],
    *,
    since: datetime,
) -> None:
    """Rebuild stories from *since* on, the counts of their days, and affairs."""
    since = story_store.began(con, touched, since=since - WINDOW)
    coverage_store.refresh_story_days(con, touched, since=since)
    story_store.refresh_stories(con, touched, config.watchlist.rules_version, since=since)
    refresh_affairs(con, touched, config.beat.concepts, since=since)


def refresh_affairs(
    con: duckdb.DuckDBPyConnection,
    story_ids: Iterable[str],
    lexicon: ConceptLexicon,
    *,
    since: datetime = THE_START,
) -> None:
    """Rebuild the affairs that these stories, begun from *since* on, may belong to.

    Of these stories' groups and topics, those affairs that can hold one of them; a longest
    time more is read on either side, so that none of these is cut.
    """
    touched = set(story_ids)
    if not touched:
        return
    first, last = story_store.span_of(con, touched, since=since)
    subjects = story_store.subjects_of(con, touched, since=since)
    if first is None or last is None or not subjects:
        return
    begin, end = first - LONGEST, last + LONGEST
    turns = story_store.turns(con, subjects, begin - LONGEST, end + LONGEST)
    _replace(con, turns, lexicon, subjects, begin, end, touched)


def refresh_affairs_of(
    con: duckdb.DuckDBPyConnection,
    subjects: Collection[str],
    lexicon: ConceptLexicon,
    *,
    touched: Iterable[str],
) -> None:
    """Rebuild all affairs of *subjects*, whose stories or these' turns changed."""
    if subjects:
        turns = story_store.turns(con, subjects, *_ALWAYS)
        _replace(con, turns, lexicon, subjects, *_ALWAYS, touched)


def refresh_all_affairs(con: duckdb.DuckDBPyConnection, lexicon: ConceptLexicon) -> None:
    """Rebuild all affairs."""
    since, until = _ALWAYS
    _replace(con, story_store.turns(con, None, since, until), lexicon, None, since, until)


def _replace(
    con: duckdb.DuckDBPyConnection,
    told: Iterable[Row],
    lexicon: ConceptLexicon,
    subjects: Iterable[str] | None,
    since: datetime,
    until: datetime,
    touched: Iterable[str] | None = None,
) -> None:
    turns = [
        Turn(
            subject_id=subject_id,
            story_id=row["story_id"],
            headlines=tuple(row["headlines"]),
            began_at=row["began_at"],
            firms=frozenset(row["firms"]),
            words=tuple(row["words"]),
            acts=tuple(
                Act(**dict(each) | {"targets": tuple(each["targets"])})
                for each in row["acts"]
            ),
            topic_id=row["topic_id"],
        )
        for row in told
        for subject_id in row["subjects"]
    ]
    began = {turn.story_id: turn.began_at for turn in turns}
    # A commit starts no processes: of a large first poll each batch would.
    linked = _steps_of if touched is None else affairs_of
    steps = linked(turns, lexicon)
    within = {
        step.affair_id
        for step in steps
        if step.step == 1 and since <= began[step.story_id] < until
    }
    rows = [
        {name: getattr(step, name) for name in _STEP_FIELDS}
        for step in steps
        if step.affair_id in within
    ]
    story_store.replace_affairs(con, rows, subjects, since, until, touched=touched)


def _steps_of(turns: Sequence[Turn], lexicon: ConceptLexicon) -> list[Step]:
    """Return the steps of all affairs; large inputs are split over processes."""
    if len(turns) < MANY_TURNS or at_hand() == 1:
        return affairs_of(turns, lexicon)
    parts = in_processes(partial(affairs_of, lexicon=lexicon), _parts(turns))
    return [step for steps in parts for step in steps]


def _parts(turns: Iterable[Turn]) -> Iterator[list[Turn]]:
    """Yield all turns in parts, sorted by subject, none split between parts."""
    part: list[Turn] = []
    subject = attrgetter("subject_id")
    for _, of_subject in groupby(sorted(turns, key=subject), key=subject):
        part += of_subject
        if len(part) >= PART:
            yield part
            part = []
    if part:
        yield part
