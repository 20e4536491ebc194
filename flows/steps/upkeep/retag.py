"""Retag of stored articles by today's rules, and the differences."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import duckdb

from flows.home import Config
from flows.steps.reach import Scope, rules_of, scope_of, scope_of_all
from flows.steps.rederive import refresh_affairs_of, refresh_all_affairs
from flows.steps.regroup import engine_of, regroup_part
from flows.steps.summary import Report
from flows.steps.upkeep.findings import Retagged, new_matches, tag_chunks
from flows.steps.warehouse import open_writer, sync_rules
from transforms.config import ConfigError
from transforms.stories.pairs.similarity import WINDOW
from warehouse.file.connect import REWRITING, transaction, undone
from warehouse.news import verdicts as verdict_store
from warehouse.news.coverage import refresh_all_arrivals
from warehouse.news.search import sign_articles
from warehouse.upkeep import regroup as regroup_store
from warehouse.upkeep import retag as retag_store
from warehouse.upkeep.regroup import Span, StoryCounts
from warehouse.upkeep.retag import Progress

# A process that waits for the lock polls it ten times a second.
PAUSE = 0.3
# Seconds in which stories are made anew under one lock.
TURN = 10.0
_DAY = timedelta(days=1)


def retag(
    config: Config,
    *,
    dry_run: bool,
    report: Report,
    progress: Callable[[str], None],
    everything: bool = False,
) -> Retagged:
    """Tag again what changed rules may bear on, then rebuild the stories that may change.

    In parts under a lock each. Readers go on with the published file. Each turn's are one
    transaction, with all that is derived from them, and others may write between two: so
    one that is ended anywhere goes on where it was, and :func:`finish_retag` says that it
    is at its end. With *dry_run* nothing is written. Past articles raise no alert.
    *everything* reads all articles, whatever changed.

    Raises:
        ConfigError: An alias that is new would match far too much, or another watchlist
            became the warehouse's meanwhile.
    """
    with _open(config, report) as con:
        work = _begun(con, config, everything=everything, dry_run=dry_run)
    report(work.scope.sentence)
    if work.reached.seq or work.reached.grouped_until:
        report(f"resuming {_after(work.reached, work.scope.last)}")
    retagged = Retagged(scope=work.scope)
    for after, until, seqs in _ranges(work.scope, work.reached.seq):
        with _turn(work, report) as con:
            articles = _stage(con, work, after, until, seqs, progress=progress)
            progress("comparing")
            changes, lost = retag_store.changes(con, after, until)
            part = Retagged(
                articles=articles,
                changes=changes,
                lost_alerts={row["rule_id"]: row for row in lost},
                new_matches=new_matches(con, config),
            )
            retagged.add(part)
            progress("writing")
            work.reached = _exchange(con, work, after, until)
        time.sleep(PAUSE)
    for stories in _regrouped(work, report, progress):
        retagged.add(Retagged(stories=stories))
        time.sleep(PAUSE)
    if not dry_run:
        progress("linking stories")
        _link(work, report)
    retagged.days = work.reached.regroup_days
    return retagged


def finish_retag(config: Config, report: Report) -> None:
    """Record that the retag is complete."""
    with _open(config, report) as con, transaction(con):
        retag_store.record(con, rules_of(config), None)
        retag_store.settle_rules(con)


@dataclass(kw_only=True)
class _Work:
    """A retag: what it reads, by what it is known, and how far it is."""

    config: Config
    scope: Scope
    called: str
    reached: Progress
    dry_run: bool


def _begun(
    con: duckdb.DuckDBPyConnection, config: Config, *, everything: bool, dry_run: bool
) -> _Work:
    """Return the retag at its start, or where it was ended.

    Later articles have the new rules.
    """
    with _held(con, dry_run=dry_run):
        rules = rules_of(config)
        everything = everything or retag_store.begun(con, f"{rules} all") is not None
        called = f"{rules} all" if everything else rules
        reached = None if dry_run else retag_store.begun(con, called)
        scope = scope_of_all(con) if everything else scope_of(con, config)
        is_new = reached is None
        reached = reached or Progress(0, None, _regroup_days(con, config, scope))
        if not dry_run:
            sync_rules(con, config)
            retag_store.record(con, called, reached)
            if is_new and _groups_all(scope):
                regroup_store.begin_grouping(con, engine_of(config), scope.last)
    return _Work(
        config=config, scope=scope, called=called, reached=reached, dry_run=dry_run
    )


def _regroup_days(
    con: duckdb.DuckDBPyConnection, config: Config, scope: Scope
) -> tuple[datetime, ...] | None:
    """Return the days whose stories may change though nothing is read otherwise."""
    if scope.stories:
        return None
    if scope.seqs is not None:
        return ()
    days = regroup_store.days_changed_since(con, engine_of(config))
    return None if days is None else tuple(days)


def _groups_all(scope: Scope) -> bool:
    """Tell whether all stories are afterwards as the engine of today makes them."""
    return scope.stories or scope.seqs is None


def _after(reached: Progress, last: int) -> str:
    if reached.grouped_until:
        return f"with stories from {reached.grouped_until:%Y-%m-%d} on"
    return f"after {reached.seq:,} of {last:,} articles"


def _ranges(scope: Scope, done: int) -> Iterator[tuple[int, int, Sequence[int] | None]]:
    """Yield the bounds of each part, and which articles in them are read."""
    if scope.seqs is None:
        for after in range(done, scope.last, retag_store.PART):
            yield after, min(after + retag_store.PART, scope.last), None
        return
    rest = [seq for seq in scope.seqs if seq > done]
    for at in range(0, len(rest), retag_store.PART):
        seqs = rest[at : at + retag_store.PART]
        yield seqs[0] - 1, seqs[-1], seqs


def _exchange(
    con: duckdb.DuckDBPyConnection, work: _Work, after: int, until: int
) -> Progress:
    """Write what was found; return how far the retag is."""
    reached, config = work.reached._replace(seq=until), work.config
    is_part = work.scope.seqs is not None
    if reached.regroup_days is not None:
        days = {*reached.regroup_days, *retag_store.met_otherwise(con, after, until)}
        reached = reached._replace(regroup_days=tuple(sorted(days)))
    if not work.dry_run:
        version = config.watchlist.rules_version
        made = retag_store.exchange(
            con, after, until, rules_version=version, with_affairs=is_part
        )
        refresh_affairs_of(con, made.subjects, config.beat.concepts, touched=made.stories)
        retag_store.record(con, work.called, reached)
    return reached


def _regrouped(
    work: _Work, report: Report, progress: Callable[[str], None]
) -> Iterator[StoryCounts]:
    """Rebuild stories, parts of some seconds under one lock; yield counts of each turn."""
    while work.reached.regroup_days != ():
        with _turn(work, report) as con:
            counts = list(_regrouped_in_turn(con, work, progress))
            retag_store.record(con, work.called, work.reached)
        if not counts:
            return
        yield StoryCounts(*map(sum, zip(*counts, strict=True)))


def _regrouped_in_turn(
    con: duckdb.DuckDBPyConnection, work: _Work, progress: Callable[[str], None]
) -> Iterator[StoryCounts]:
    until = time.monotonic() + TURN
    while part := _next_part(con, work.reached):
        progress(f"stories of {part.since:%Y-%m-%d} to {part.until:%Y-%m-%d}")
        counts, days = regroup_part(con, work.config, part, now=datetime.now(UTC))
        work.reached = _grouped(work.reached, part, days)
        yield counts
        if time.monotonic() > until:
            return


def _next_part(con: duckdb.DuckDBPyConnection, reached: Progress) -> Span | None:
    """Return the next part with a story that may change: by an article of it, or before."""
    part = regroup_store.next_part(con, reached.grouped_until)
    while part and reached.regroup_days is not None:
        first = part.since - WINDOW - _DAY
        day = next((day for day in reached.regroup_days if day > first), None)
        if day is None:
            return None
        if day < part.until:
            return part
        begun = max(part.until, regroup_store.begin_of_part(day))
        part = regroup_store.next_part(con, begun)
    return part


def _grouped(reached: Progress, part: Span, days: Sequence[datetime]) -> Progress:
    """Return the progress after a part, with the days of the stories that changed."""
    regrouped = reached.regroup_days
    if regrouped is not None and days:
        regrouped = tuple(sorted({*regrouped, *days}))
    return reached._replace(grouped_until=part.until, regroup_days=regrouped)


def _link(work: _Work, report: Report) -> None:
    with _open(work.config, report) as con, transaction(con):
        if work.scope.affairs:
            refresh_all_affairs(con, work.config.beat.concepts)
        if work.scope.seqs is None:
            refresh_all_arrivals(con)
            # What is in no chunk: nothing, unless it came by another way.
            sign_articles(con)
        if _groups_all(work.scope):
            regroup_store.end_grouping(con)


@contextmanager
def _turn(work: _Work, report: Report) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse for one part, committed whole, or not at all in a dry run."""
    dry_run = work.dry_run
    with _open(work.config, report) as con, _held(con, dry_run=dry_run):
        if not dry_run and retag_store.begun(con, work.called) != work.reached:
            raise ConfigError(
                "watchlist.toml",
                "the watchlist changed, or another retag began, during this one",
                "make sure that only one of each is left, then run: sinowire retag",
            )
        yield con


def _open(
    config: Config, report: Report
) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    return open_writer(config.settings, "retag", report, memory=REWRITING)


def _held(con: duckdb.DuckDBPyConnection, *, dry_run: bool) -> AbstractContextManager[None]:
    return undone(con) if dry_run else transaction(con)


def _stage(
    con: duckdb.DuckDBPyConnection,
    work: _Work,
    after: int,
    until: int,
    seqs: Sequence[int] | None,
    *,
    progress: Callable[[str], None],
) -> int:
    """Stage new findings for articles of a range; return the number of articles."""
    retag_store.begin(con, after, until, seqs)
    articles, scope = 0, work.scope
    before = after if scope.seqs is None else bisect_right(scope.seqs, after)
    total = scope.last if scope.seqs is None else len(scope.seqs)
    chunks = retag_store.texts(con, after, until, seqs)
    verdicts = verdict_store.of_articles(con)
    here = until - after if seqs is None else len(seqs)
    for found in tag_chunks(work.config.reader, chunks, verdicts, total=here):
        retag_store.stage(con, found)
        articles += found.articles
        progress(f"{before + articles} of {total} articles")
    return articles
