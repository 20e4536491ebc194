"""Teaching: weights learnt from verdicts, their effect, application and undoing.

verdicts ─▶ what was judged, as it is weighed ─▶ parts that help ─▶ the last 30 days
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import chain

import duckdb
import orjson

from flows.caches import write_taught
from flows.home import Config
from flows.steps.hosts import refuse_other_rules
from flows.steps.ingest.alerting import by_article
from flows.steps.upkeep.retag import is_begun
from flows.steps.warehouse import as_taught, open_writer, publish, sync_rules
from transforms.alerts import items_of
from transforms.alerts.rules.mutes import PART, mutes_of, signs_of
from transforms.models import Alert, Article, Mention, Tag
from transforms.models.verdicts import Taught, Verdict, VerdictError, of_part
from transforms.names.verdict_effects import MOST_BY, NOBODY
from transforms.relevance.score import score
from transforms.relevance.weights import BeatWeights, taught_weights
from transforms.stories.pairs.similarity import FIELDS, match, weigher_of
from transforms.teach import rows
from transforms.teach.fit import Labelled
from transforms.teach.parts import NEEDED, Learnt, learn_mutes, learn_weights
from transforms.teach.report import Effect, Teaching, effect_of, rows_of
from transforms.teach.rows import MOST_BESIDE, ReadAgain, last_words, truth_of
from transforms.text.harmless import shorten
from warehouse.file.connect import transaction
from warehouse.news import articles as article_store
from warehouse.news import findings as finding_store
from warehouse.news import verdicts as verdict_store

# Effects are reported for so many days, and so many of their articles.
LATELY = timedelta(days=30)
MOST_ARTICLES = 10_000
# Signals that have no article of their own.
_SIGNALS = frozenset({"burst", "shift"})
Report = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class _Record:
    """Data for learning: alerts with their features, and articles read again.

    ``lately`` are articles of the last 30 days, all or each so many, and none if no
    part needs them.
    """

    last: Sequence[Verdict]
    alerts: Mapping[str, tuple[Alert, frozenset[str]]]
    since: datetime
    read: Mapping[str, ReadAgain]
    lately: Sequence[ReadAgain]


def learn(
    con: duckdb.DuckDBPyConnection,
    config: Config,
    *,
    since: datetime | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Teaching:
    """Return the weights and mutes learnt from standing verdicts, from *since* on.

    *con* may be of the published file.
    """
    config = as_taught(con, config)
    verdicts = verdict_store.standing(con)
    if since is not None:
        given = verdict_store.given_since(con, since)
        verdicts = [verdict for verdict in verdicts if verdict.verdict_id in given]
    record = _record(con, config, last_words(verdicts), progress)
    progress("learning")
    learnt = (learn_mutes(_alert_rows(record)), *_of_articles(record, config.beat.weights))
    stands = config.watchlist.taught
    new = {part.part: part.weights for part in learnt if part.helps}
    others = (each for each in stands if each.part not in new)
    taught = tuple(sorted(chain(others, *new.values())))
    progress("comparing")
    return Teaching(
        verdicts=len(verdicts),
        learnt=learnt,
        precision=tuple(verdict_store.precision(con, since)),
        changes=tuple(_changes(record, stands, taught, config.beat.weights)),
        taught=taught,
    )


def _record(
    con: duckdb.DuckDBPyConnection,
    config: Config,
    last: Sequence[Verdict],
    progress: Callable[[str], None],
) -> _Record:
    newest = verdict_store.newest_article(con) or datetime.now(UTC)
    verdicts, since = verdict_store.of_articles(con), newest - LATELY
    alerts = verdict_store.alerts(con, since, [v.subject_id for v in last])
    of_articles = [v for v in last if v.kind not in ("wanted", "unwanted")]
    ids = {id_ for v in of_articles for id_ in (v.subject_id, v.value) if id_}
    needed = min(needed for part, (_, needed) in NEEDED.items() if part != PART)
    lately: Iterable[ReadAgain] = ()

    def again(articles: Iterable[Article]) -> Iterator[ReadAgain]:
        for article in articles:
            said = verdicts.get(article.article_id, ())
            yield rows.read_again(article, config.reader, said)

    if len(of_articles) >= needed:
        progress("articles of the last 30 days")
        sample = verdict_store.lately(con, since, most=MOST_ARTICLES)
        lately = again(article_store.get_articles(con, sample))
    return _Record(
        last=last,
        alerts=_signed(con, config, alerts),
        since=since,
        read={r.article.article_id: r for r in again(article_store.get_articles(con, ids))},
        lately=list(lately),
    )


def _signed(
    con: duckdb.DuckDBPyConnection, config: Config, told: Sequence[tuple[Alert, bool]]
) -> dict[str, tuple[Alert, frozenset[str]]]:
    """Return alerts by id, with their features at the time of the decision."""
    ids = [alert.article_id for alert, _ in told if alert.article_id]
    at = article_store.places(con, ids)
    mentions = by_article(finding_store.read(con, Mention, at.values()))
    tags = by_article(finding_store.read(con, Tag, at.values()))
    articles = article_store.get_articles(con, at)
    items = {
        item.article.article_id: item
        for item in items_of(articles, mentions, tags, config.alerts)
    }
    signed = {}
    for alert, is_again in told:
        item = None if alert.kind in _SIGNALS else items.get(alert.article_id or "")
        if item is not None or alert.kind in _SIGNALS:
            signed[alert.alert_id] = alert, signs_of(alert, item, is_again=is_again)
    return signed


def _alert_rows(record: _Record) -> list[Labelled]:
    """Return judged alerts as labelled rows, grouped by story.

    An alert on an article that a reader put off the beat counts as unwanted.
    """
    said = {v.subject_id: truth_of(v) for v in record.last}
    off = {v.subject_id for v in record.last if v.kind == "off-beat"}
    return [
        Labelled(
            dict.fromkeys(signs, 1.0), said.get(alert_id, 0.0), alert.story_id or alert_id
        )
        for alert_id, (alert, signs) in record.alerts.items()
        if alert_id in said or alert.article_id in off
    ]


def _of_articles(record: _Record, weights: BeatWeights) -> Iterator[Learnt]:
    """Yield the weights learnt for the beat, and for each kind of pairs."""
    read, named = record.read, {v.subject_id for v in record.last}
    of_beat = [v for v in record.last if v.kind in ("on-beat", "off-beat")]
    judged = [(read[v.subject_id], truth_of(v)) for v in of_beat if v.subject_id in read]
    silent = [r for r in record.lately if r.article.article_id not in named]
    beside = silent[:: 1 + len(silent) // MOST_BESIDE]
    known = {**read, **{r.article.article_id: r for r in beside}}
    yield learn_weights(
        "beat",
        rows.beat_rows(judged, weights),
        rows.beat_prior(weights),
        rows.silent_rows(beside, weights),
        rows.beat_judge(known, weights),
    )
    pairs = rows.pair_rows(
        (read[v.subject_id], read[v.value], truth_of(v))
        for v in record.last
        if v.subject_id in read and v.value in read
    )
    near = list(rows.neighbours(silent))
    for kind in FIELDS:
        yield learn_weights(
            kind,
            pairs.get(kind, []),
            rows.pair_prior(kind),
            rows.silent_pairs(near, kind),
            rows.pair_judge(kind),
        )


def _changes(
    record: _Record, stands: Taught, taught: Taught, weights: BeatWeights
) -> Iterator[Effect]:
    """Yield the decisions that differ between *taught* and *stands*."""
    if of_part(stands, PART) != of_part(taught, PART):
        yield from _muted(record, stands, taught)
    if of_part(stands, "beat") != of_part(taught, "beat"):
        yield from _on_beat(record, stands, taught, weights)
    if any(of_part(stands, kind) != of_part(taught, kind) for kind in FIELDS):
        yield from _joined(record, stands, taught)


def _muted(record: _Record, stands: Taught, taught: Taught) -> Iterator[Effect]:
    before, after = mutes_of(stands), mutes_of(taught)
    sent = [
        (alert, after.muted_by(signs) if after else None)
        for alert, signs in record.alerts.values()
        if alert.created_at >= record.since
        and alert.state != "suppressed"
        and not (before and before.muted_by(signs))
    ]
    muted = [f"{alert.title} ({alert.rule_id}): {by}" for alert, by in sent if by]
    yield effect_of("alerts muted", muted, len(sent))


def _on_beat(
    record: _Record, stands: Taught, taught: Taught, weights: BeatWeights
) -> Iterator[Effect]:
    before, after = (
        taught_weights(weights, of_part(each, "beat")) for each in (stands, taught)
    )
    on: list[str] = []
    off: list[str] = []
    said = {v.subject_id for v in record.last if v.kind in ("on-beat", "off-beat")}
    articles = [r for r in record.lately if r.article.article_id not in said]
    for each in articles:
        was, now = (score(each.evidence, by).is_on_beat for by in (before, after))
        if was != now:
            (on if now else off).append(f"{each.article.title} ({each.article.publisher})")
    yield effect_of("articles that come onto the beat", on, len(articles))
    yield effect_of("articles that go off the beat", off, len(articles))


def _joined(record: _Record, stands: Taught, taught: Taught) -> Iterator[Effect]:
    before, after = weigher_of(stands), weigher_of(taught)
    joined: list[str] = []
    parted: list[str] = []
    pairs = 0
    for one, other in rows.neighbours(record.lately):
        pairs += 1
        was, now = (bool(match(one.side, other.side, by)) for by in (before, after))
        if was != now:
            headlines = f"{one.article.title} | {other.article.title}"
            (joined if now else parted).append(headlines)
    yield effect_of("pairs of headlines that would be one story", joined, pairs)
    yield effect_of("pairs of headlines that would be two", parted, pairs)


def apply_teaching(config: Config, teaching: Teaching, *, by: str, report: Report) -> int:
    """Apply the parts of *teaching* that help, and publish; return its number.

    Waits for the turn to write, and *report* hears of it; killed anywhere, all of it is
    done or nothing.

    Raises:
        VerdictError: None of it helps, it stands already, or a retag has begun.
        WarehouseBusy: Another writer kept the warehouse for too long.
    """
    if not teaching.helps:
        raise VerdictError(f"{teaching.sentence} Nothing was changed")
    told = orjson.dumps(rows_of(teaching)).decode()
    with _turn(config, report) as con:
        if teaching.taught == verdict_store.standing_teaching(con):
            raise VerdictError("all of it is applied already; nothing was changed")
        number = verdict_store.append_teaching(
            con,
            teaching.taught,
            by=shorten(by, MOST_BY) or NOBODY,
            verdicts=teaching.verdicts,
            report=told,
            now=datetime.now(UTC),
        )
    publish(config.settings)
    return number


def undo_teaching(config: Config, *, by: str, report: Report) -> int:
    """Undo the standing teaching, and publish; return its number.

    The one before it stands again: an earlier teaching, or the shipped weights.

    Raises:
        VerdictError: None stands, or a retag has begun.
        WarehouseBusy: Another writer kept the warehouse for too long.
    """
    with _turn(config, report) as con:
        newest = verdict_store.newest(con)
        if newest is None:
            raise VerdictError("nothing is applied; all weights are as shipped")
        number = int(newest["teaching_id"])
        said = shorten(by, MOST_BY) or NOBODY
        verdict_store.take_back_teaching(con, number, by=said, now=datetime.now(UTC))
    publish(config.settings)
    return number


@contextmanager
def _turn(config: Config, report: Report) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse to change the learnt weights, which are part of its rules."""
    with open_writer(config.settings, "teach", report) as con:
        with transaction(con):
            stands = as_taught(con, config)
            refuse_other_rules(con, stands, datetime.now(UTC))
            if is_begun(con, stands):
                raise VerdictError(
                    "a retag has begun, and would continue with other rules; wait until it "
                    "ends, or finish it with: sinowire retag"
                )
            yield con
            taught = verdict_store.standing_teaching(con)
            sync_rules(con, replace(stands, taught=taught))
        write_taught(config.settings.data, taught)
