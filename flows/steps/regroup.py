"""Regrouping of stored stories: by today's clustering, and by verdicts on events."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from operator import attrgetter
from pathlib import Path

import duckdb

import transforms.stories
from flows.home import Config
from flows.sources import code_of
from flows.steps.ingest.stories import find_stories
from flows.steps.rederive import refresh_affairs, refresh_stories_of
from transforms.articles.reader import acts_of, companies_of, title_names
from transforms.grouping import grouped
from transforms.models import ArticleMeasure, Headline, Mention
from transforms.models.verdicts import Verdict
from transforms.stories.pairs.similarity import (
    WINDOW,
    StoryText,
    compare,
)
from transforms.stories.settling import (
    MOST,
    EventPair,
    Likeness,
    Member,
    Regrouping,
    linked,
    links_within,
    name_stories,
    parted,
    regroup,
    settle,
    sure_links,
)
from warehouse.news import articles as article_store
from warehouse.news import findings as finding_store
from warehouse.news import stories as story_store
from warehouse.news import verdicts as verdict_store
from warehouse.news.articles import Places
from warehouse.queries import Row
from warehouse.upkeep import regroup as store
from warehouse.upkeep.regroup import Span, StoryCounts

EVENTS = ("one-event", "not-one-event")
_ALERT = ("alert_id", "story_id", "updates_alert_id", "phase", "step")


def engine_of(config: Config) -> str:
    """Return a digest of all that decides which headlines are of one story.

    That is code, words and weights.
    """
    folder, package = Path(__file__).parent, Path(str(files(transforms.stories)))
    code = code_of(package, folder / "regroup.py", folder / "ingest" / "stories.py")
    return hashlib.sha256(repr((config.beat.concepts.source, code)).encode()).hexdigest()


def regroup_part(
    con: duckdb.DuckDBPyConnection, config: Config, part: Span, *, now: datetime
) -> tuple[StoryCounts, list[datetime]]:
    """Rebuild the stories of a period; return counts of what became of stored ones.

    And the days of those that gained or lost an article.

    Articles find their stories as those of polls do, in order of publication: among
    these, and the stories of the 72 hours before the part, which were made anew before.
    Stored stories become these where that is no matter of a score near the bar.
    Then verdicts put together, and part, what readers said.
    """
    judged = set_pairs_aside(con, config, part.since - WINDOW, part.until)
    store.begin(con, part, WINDOW)
    links: list[tuple[str, str]] = []
    for batch, places in store.articles(con, part):
        links += _find(con, batch, places, config)
    _settle(con, part, links, config)
    named = name_stories(
        store.groups(con, part), store.known(con, part), store.stored(con, part)
    )
    version = config.watchlist.rules_version
    touched = store.apply(con, part, named.ids, named.moved, rules_version=version, now=now)
    days: list[datetime] = []
    if touched:
        story_ids, since = touched
        refresh_affairs(con, story_ids, config.beat.concepts, since=since)
        days = store.days_of(con, story_ids, since=since)
    counts = store.counts(con, part)
    store.forget(con)
    if judged:
        obey_pairs(con, config, judged)
    return counts, days


def _find(
    con: duckdb.DuckDBPyConnection,
    batch: Sequence[Headline],
    places: Places,
    config: Config,
) -> Iterator[tuple[str, str]]:
    """Assign articles to stories; return pairs that are surely of one event."""
    found = finding_store.read(con, Mention, places.values())
    mentions = grouped(found, attrgetter("article_id"))
    companies = {key: companies_of(mentions[key]) for key in places}
    names = {key: title_names(mentions[key]) for key in places}
    acts = acts_of([finding_store.read(con, ArticleMeasure, places.values())])
    lexicon = config.beat.concepts
    with store.of_today(con, batch[0].published_at - WINDOW):
        assigned = find_stories(con, batch, companies, names, lexicon, acts=acts)
    store.add(con, batch, assigned.stories, assigned.merged)
    return sure_links(assigned.matches)


def _settle(
    con: duckdb.DuckDBPyConnection,
    part: Span,
    sure: Sequence[tuple[str, str]],
    config: Config,
) -> None:
    """Keep or join stored stories wherever the score is not close to the threshold."""
    made = store.made(con)
    seqs = [*parted(made), *linked(made, sure)]
    since, until = part.since - WINDOW, part.until
    with store.of_today(con, since):
        heads = story_store.heads_of(con, seqs, since, until, heads=MOST).values()
    lexicon = config.beat.concepts
    links = links_within(heads, made, lexicon)
    store.settle(con, settle(made, links, sure, heads, lexicon))


def pairs_of(verdicts: Iterable[Verdict]) -> list[EventPair]:
    """Return the pairs of articles in *verdicts*."""
    return [
        EventPair(v.verdict_id, v.subject_id, v.value, v.kind == "one-event")
        for v in verdicts
        if v.kind in EVENTS
    ]


def obey_pairs(
    con: duckdb.DuckDBPyConnection, config: Config, article_ids: Iterable[str]
) -> tuple[int, ...]:
    """Group the stories of these articles by the standing verdicts.

    Derived rows and alerts follow. Without standing verdicts, each article returns to its
    original story. Returns the verdicts that later ones overrule.
    """
    pairs = pairs_of(verdict_store.standing(con))
    return _put_together(con, config, _members(con, article_ids, pairs), pairs)


def set_pairs_aside(
    con: duckdb.DuckDBPyConnection, config: Config, since: datetime, until: datetime
) -> list[str]:
    """Group stories without verdicts on articles published in [since, until).

    Returns the articles of these verdicts, which :func:`obey_pairs` obeys again.
    """
    pairs = pairs_of(verdict_store.standing(con))
    ids = {id_ for pair in pairs for id_ in (pair.one, pair.other)}
    rows = verdict_store.members(con, (), ids) if ids else []
    near = [r["article_id"] for r in rows if since <= r["published_at"] < until]
    _put_together(con, config, _members(con, near, pairs) if near else [], ())
    return near


def _put_together(
    con: duckdb.DuckDBPyConnection,
    config: Config,
    rows: Sequence[Row],
    pairs: Sequence[EventPair],
) -> tuple[int, ...]:
    if not rows:
        return ()
    members = [Member(r["published_at"], r["article_id"], r["base_id"]) for r in rows]
    regrouped = regroup(members, pairs, _likeness(con, config))
    _move(con, config, rows, regrouped)
    return regrouped.overruled


def _members(
    con: duckdb.DuckDBPyConnection, article_ids: Iterable[str], pairs: Sequence[EventPair]
) -> list[Row]:
    """Return all articles whose story may change, with the rest of their stories."""
    articles, stories = set(article_ids), set[str]()
    while True:
        rows = verdict_store.members(con, stories, articles)
        ids = {row["article_id"] for row in rows}
        named = {f"s{id_}" for id_ in ids}
        stories_now = named.union(*({r["story_id"], r["base_id"]} for r in rows))
        paired = {id_ for p in pairs for id_ in (p.one, p.other) if ids & {p.one, p.other}}
        if stories_now <= stories and paired <= articles:
            return rows
        stories |= stories_now
        articles |= paired


def _likeness(con: duckdb.DuckDBPyConnection, config: Config) -> Likeness:
    """Return a function for the likeness of two articles, which caches each article."""
    lexicon = config.beat.concepts

    @cache
    def text_of(article_id: str) -> StoryText:
        [article] = article_store.get_articles(con, [article_id])
        at = article_store.places(con, [article_id])
        named: Sequence[Mention] = finding_store.read(con, Mention, at.values())
        return StoryText(
            title=article.title,
            summary=article.summary,
            language=article.language,
            publisher=article.publisher,
            published_at=article.published_at,
            companies=companies_of(named),
            names=tuple(name.alias for name in title_names(named)),
        )

    @cache
    def likeness(one: str, other: str) -> float:
        return compare(text_of(one), text_of(other), lexicon).score

    return likeness


def _move(
    con: duckdb.DuckDBPyConnection, config: Config, rows: Sequence[Row], made: Regrouping
) -> None:
    moments = [row["published_at"] for row in rows]
    moved = [
        {
            "article_id": row["article_id"],
            "story_id": made.stories[row["article_id"]],
            "base_id": row["base_id"],
            "former_id": row["story_id"],
        }
        for row in rows
    ]
    since, until, now = min(moments), max(moments), datetime.now(UTC)
    verdict_store.move_articles(con, moved, since=since, until=until, now=now)
    _move_alerts(con, {row["article_id"]: row for row in moved})
    verdict_store.share_told(con, now)
    touched = {row["story_id"] for row in (*rows, *moved)}
    refresh_stories_of(con, config, touched, since=since)


def _move_alerts(con: duckdb.DuckDBPyConnection, articles: Mapping[str, Row]) -> None:
    """Move alerts with their articles; one per rule and story stays the first."""
    alerts = verdict_store.alerts_told(con, articles)
    before = [_base(row) for row in alerts]
    after = [
        _followed(row, base, articles) for row, base in zip(alerts, before, strict=True)
    ]
    _fold(alerts, after)
    moved = [
        (new, base)
        for row, base, new in zip(alerts, before, after, strict=True)
        if new != {name: row[name] for name in _ALERT}
        or (row["is_moved"] and _same(new, base))
    ]
    bases = [base for new, base in moved if not _same(new, base)]
    if moved:
        verdict_store.move_alerts(con, [new for new, _ in moved], bases)


def _base(row: Row) -> Row:
    """Return an alert as it was before verdicts moved it."""
    if not row["is_moved"]:
        return {name: row[name] for name in _ALERT}
    return {name: row.get(f"base_{name}", row["alert_id"]) for name in _ALERT}


def _followed(row: Row, base: Row, articles: Mapping[str, Row]) -> Row:
    """Return an alert on the story of its article, in its current phase."""
    article = articles[row["article_id"]]
    is_its = base["story_id"] == article["base_id"]
    story_id = article["story_id"] if is_its else base["story_id"]
    return {**base, "story_id": story_id, "phase": row["phase"] or base["phase"]}


def _fold(told: Sequence[Row], after: Sequence[Row]) -> None:
    """Turn the later of two first alerts of a rule on a story into an update."""
    firsts: dict[tuple[str, str], str] = {}
    folded: dict[str, str] = {}
    opening = sorted(
        (
            (row["state"] == "suppressed", row["created_at"], row["alert_id"], n)
            for n, row in enumerate(told)
            if after[n]["updates_alert_id"] is None
        )
    )
    for *_, alert_id, n in opening:
        key = told[n]["rule_id"], after[n]["story_id"]
        first = firsts.setdefault(key, alert_id)
        if first != alert_id:
            folded[alert_id] = first
            after[n].update(updates_alert_id=first, phase=None, step="merged")
    for new in after:
        updated = new["updates_alert_id"]
        new["updates_alert_id"] = folded.get(updated, updated)


def _same(new: Row, base: Row) -> bool:
    """Tell whether verdicts leave an alert unchanged, its phase aside."""
    return all(new[name] == base[name] for name in _ALERT if name != "phase")
