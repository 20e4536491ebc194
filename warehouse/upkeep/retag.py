"""Retagging: findings computed anew, staged, compared and swapped in bulk."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any, NamedTuple

import orjson

from warehouse import appends, queries
from warehouse.news.coverage import refresh_story_days
from warehouse.news.findings import FINDINGS
from warehouse.news.stories import refresh_stories, told_of
from warehouse.queries import Connection
from warehouse.upkeep.checks import Part, of_part

# Articles that a worker tags at once: seconds of work, and a few megabytes.
CHUNK = 2_000
# Articles retagged under one lock and in one transaction: some seconds, so that waiting
# processes do not give up, and some hundred megabytes.
PART = 25_000
# New matches in articles up to this age raise alerts; older ones are history.
ALERT_DAYS = 7
BEAT_FIELDS = (
    *("article_id", "relevance", "is_on_beat", "beat_reason"),
    *("headline_weight", "report_score"),
)
TITLE_FIELDS = ("article_id", "title", "is_digest", "content_hash", "search_text")
KEY_FIELDS = ("seq", "story_keys")
SIGN_FIELDS = ("seq", "search_bits")

# What is of the articles themselves, and is updated where it differs; the last two are
# lists, which are written with the whole row.
OWN = {
    "beats": BEAT_FIELDS,
    "titles": TITLE_FIELDS,
    "keys": KEY_FIELDS,
    "signs": SIGN_FIELDS,
}

Columns = Mapping[str, str]


class Progress(NamedTuple):
    """Progress of a retag.

    ``seq`` is the last article, in order of arrival, with findings by the current rules;
    ``grouped_until`` is the time of publication up to which stories are rebuilt. Without
    ``regroup_days`` those of all days are, and else those that have an article of these.
    """

    seq: int
    grouped_until: datetime | None = None
    regroup_days: tuple[datetime, ...] | None = None


@dataclass(frozen=True, slots=True)
class StagedFindings:
    """New findings of some articles by table, and of what is theirs; as JSON for DuckDB.

    ``titles`` has only articles with a changed headline or ``is_digest``, ``keys`` those
    with changed story keys, ``signs`` those without a search mask.
    """

    articles: int
    columns: Mapping[str, Columns]


class StoredText(NamedTuple):
    """What tagging reads of a stored article.

    ``words`` are there if it has no search mask; ``keys`` are those of stories, as JSON;
    ``page`` is the text of its page; ``day`` is the day of publication, UTC.
    """

    seq: int
    words: str | None
    keys: str
    article_id: str
    title: str
    summary: str
    content: str | None
    page: str | None
    language: str
    is_digest: bool
    feed_id: str
    publisher: str
    day: date


def begin(con: Connection, after: int, until: int, seqs: Sequence[int] | None) -> None:
    """Create the staging tables for new findings of *seqs* in a range; None is all."""
    queries.run(con, "retag.begin_places", after=after, until=until, seq=seqs)
    made = dict.fromkeys(FINDINGS, ("*",)) | OWN
    for kind, columns in made.items():
        names = {"staged": f"new_{kind}", "columns": ", ".join(columns)}
        table = kind if kind in FINDINGS else "articles"
        queries.rows_of(con, queries.on_table("retag.begin", table, **names))


def begun(con: Connection, rules: str) -> Progress | None:
    """Return the progress of a retag by these *rules*; None without one."""
    found = queries.run(con, "retag.progress")
    return next((_progress(*reached) for by, *reached in found if by == rules), None)


def _progress(
    seq: int, until: datetime | None, days: Sequence[datetime] | None
) -> Progress:
    return Progress(seq, until, None if days is None else tuple(days))


def record(con: Connection, rules: str, progress: Progress | None) -> None:
    """Store the progress of a retag; None at its end."""
    seq, until, days = progress or (None, None, None)
    queries.run(
        con,
        "retag.record_progress",
        rules=rules,
        seq=seq,
        grouped_until=until,
        regroup_days=days if days is None else list(days),
    )


def unfinished(con: Connection) -> Progress | None:
    """Return the progress of an unfinished retag, by any rules."""
    found = queries.run(con, "retag.progress")
    return next((_progress(*reached) for _, *reached in found), None)


def rules_read(con: Connection) -> list[tuple[int, str, Mapping[str, list[Any]]]]:
    """Return the rules that articles were read with, oldest first.

    Each with the last article that came before, and with the reach of each by its digest.
    """
    return [
        (since, rules, orjson.loads(zlib.decompress(reaches)))
        for since, rules, reaches in queries.run(con, "retag.rules_read")
    ]


def are_noted(con: Connection, rules: str) -> bool:
    """Tell whether *rules* are the newest that articles were read with."""
    return queries.values(con, "retag.last_rules") == [rules]


def note_rules(con: Connection, rules: str, reaches: Mapping[str, Sequence[Any]]) -> None:
    """Record that what comes from now on is read by these *rules*."""
    packed = zlib.compress(orjson.dumps(reaches, option=orjson.OPT_SORT_KEYS))
    queries.run(con, "retag.note_rules", rules=rules, reaches=packed)


def settle_rules(con: Connection) -> None:
    """Record that all articles are as the last rules find them."""
    queries.run(con, "retag.settle_rules")


def reached(
    con: Connection, after: int, until: int, **reach: Iterable[str]
) -> Iterator[int]:
    """Yield the articles of a range with one of these companies, topics or publishers.

    And those that are *judged*.
    """
    given = {name: set(ids) for name, ids in reach.items()}
    yield from queries.values(con, "retag.reached", after=after, until=until, **given)


def holding(
    con: Connection, after: int, until: int, pattern: str
) -> Iterator[tuple[int, str]]:
    """Yield each article of a range with its words, if they match *pattern*."""
    asked = {"after": after, "until": until, "pattern": pattern}
    yield from queries.run(con, "retag.holding", **asked)


def with_pages(
    con: Connection, after: int, until: int
) -> Iterator[tuple[int, str | None, str | None]]:
    """Yield the articles of a range with a content or a page of their own."""
    for at in range(after, until, PART):
        bounds = {"after": at, "until": min(at + PART, until)}
        yield from queries.run(con, "retag.with_pages", **bounds)


def texts(
    con: Connection, after: int, until: int, seqs: Sequence[int] | None = None
) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the input of tagging for a range of articles, in chunks, or for *seqs* of it.

    Each row holds the columns of :class:`StoredText`.
    """
    if seqs is None:
        ends = [*range(after + CHUNK, until, CHUNK), until]
    else:
        ends = [*seqs[CHUNK - 1 : -1 : CHUNK], until]
    for first, last in pairwise((after, *ends)):
        if found := queries.run(con, "retag.texts", after=first, until=last):
            yield found


def stage(con: Connection, found: StagedFindings) -> None:
    """Insert new findings into the staging tables."""
    for kind, columns in found.columns.items():
        if "[]" not in columns.values():
            appends.insert_columns(con, f"new_{kind}", columns)


def changes(
    con: Connection, after: int, until: int
) -> tuple[list[queries.Row], list[queries.Row]]:
    """Return findings gained and lost by a range of articles, and the alerts at stake.

    First a row per company, topic or kind of fact, with an article and its headline; then
    one per rule, with the number of its alerts that would lose their finding.
    """
    rows = f"seq > {after} and seq <= {until} and seq in (from temp.read_places)"
    ids = f"article_id in (select article_id from articles where {rows})"  # noqa: S608
    tables = ("articles", *FINDINGS)
    with of_part(con, Part("place", "", dict.fromkeys(tables, rows) | {"alerts": ids})):
        return queries.rows(con, "retag.changes"), queries.rows(con, "retag.lost_alerts")


def lately_gaining(con: Connection) -> list[str]:
    """Return the articles of the last days that gain a finding."""
    found = queries.run(con, "retag.lately_gaining", days=ALERT_DAYS)
    return [article_id for (article_id,) in found]


def met_otherwise(con: Connection, after: int, until: int) -> list[datetime]:
    """Return the days of articles that may meet other articles by their staged findings."""
    return queries.values(con, "retag.met_otherwise", after=after, until=until)


class Exchanged(NamedTuple):
    """Stories with articles whose findings changed, and when the first story began.

    ``subjects`` are those whose affairs they change, where these were compared.
    """

    stories: list[str]
    began: datetime | None
    subjects: frozenset[str] = frozenset()


def exchange(
    con: Connection, after: int, until: int, *, rules_version: str, with_affairs: bool
) -> Exchanged:
    """Replace the findings of a range of articles by the staged ones.

    Rows derived from them follow, those of stories too.
    """
    bounds = {"after": after, "until": until}
    for table in FINDINGS:
        for step in ("delete", "insert"):
            text = queries.on_table(f"retag.{step}", table, staged=f"new_{table}")
            queries.rows_of(con, text, bounds)
    updates = [f"retag.update_{kind}" for kind in OWN]
    queries.run_each(con, *updates, "retag.stage_articles", **bounds)
    [(since, last)] = queries.run(con, "retag.published")
    if since is None:
        queries.run(con, "coverage.drop_staged")
        return Exchanged([], None)
    [(stories, began)] = queries.run(con, "retag.touched")
    made = Exchanged(stories or [], began or since)
    before = told_of(con, made.stories) if with_affairs else frozenset()
    recounted = ("retag.delete_coverage", "retag.insert_coverage", "coverage.drop_staged")
    queries.run_each(con, *recounted, since=since, until=last)
    refresh_story_days(con, made.stories, since=began or since)
    refresh_stories(con, made.stories, rules_version, since=began or since)
    if not with_affairs:
        return made
    others = before ^ told_of(con, made.stories)
    return made._replace(subjects=frozenset(str(subject) for subject, *_ in others))
