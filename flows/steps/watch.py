"""Watch what is no article: bursts, shifts, silent feeds and the pipeline itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

import duckdb

from flows.home import Config
from flows.steps.clock import Clock
from flows.steps.ingest import Report
from flows.steps.outbox import put_out
from flows.steps.store import open_writer
from transforms.alerts import Signal, Watched, decide_watched
from transforms.models import Alert, Rule
from warehouse import alerts as alert_store
from warehouse import signals as signal_store
from warehouse import trends as trend_store
from warehouse.connect import REWRITING, transaction
from warehouse.queries import Row

Connection = duckdb.DuckDBPyConnection


def watch(config: Config, clock: Clock, *, report: Report) -> list[Alert]:
    """Alert of what began, or is over, and let the alerts on stories grow old.

    It needs no run to have gone well: the pipeline's own silence is noticed by who
    delivers alerts.
    """
    turn = open_writer(config.settings, "alerts", report, memory=REWRITING)
    with turn as con, transaction(con):
        now = clock()
        alerts, over = _decide(con, config, now)
        alerts = put_out(con, config, alerts)
        alert_store.resolve(con, over, now)
        alert_store.advance_phases(con, now)
    return alerts


def _decide(
    con: Connection, config: Config, now: datetime
) -> tuple[list[Alert], list[str]]:
    rules = [r for kind in _SIGNALS for r in config.alerts.of_kind(kind)]
    return decide_watched(
        {rule.rule_id: list(_SIGNALS[rule.kind](con, rule, now)) for rule in rules},
        config.alerts,
        {
            (row["rule_id"], row["key"]): Watched(
                alert_id=row["alert_id"], phase=row["phase"], created_at=row["created_at"]
            )
            for row in alert_store.watched(con)
        },
        now=now,
        rules_version=config.watchlist.rules_version,
        back=signal_store.healthy_feeds(con),
    )


def _bursts(con: Connection, rule: Rule, now: datetime) -> Iterator[Signal]:
    del rule
    for row in signal_store.bursts(con, trend_store.today(con, now)):
        headline = f" — {row['headline']}" if row["headline"] else ""
        yield Signal(
            kind="burst",
            key=row["subject_id"],
            title=f"{row['name']}: {row['observed']} stories on {row['day']}, where "
            f"{row['expected']:.1f} were to be expected{headline}",
            url=row["url"] or "",
            article_id=row["article_id"],
            company_id=_company(row),
            topic_id=_topic(row),
        )


def _shifts(con: Connection, rule: Rule, now: datetime) -> Iterator[Signal]:
    del rule
    for row in signal_store.shifts(con, trend_store.today(con, now)):
        yield Signal(
            kind="shift",
            key=row["subject_id"],
            title=f"{row['name']}: since {row['since']} coverage runs at "
            f"{row['ratio']:.1f} times its former level",
            company_id=_company(row),
            topic_id=_topic(row),
        )


def _company(row: Row) -> str | None:
    return row["subject_id"] if row["kind"] == "company" else None


def _topic(row: Row) -> str | None:
    return row["subject_id"] if row["kind"] == "topic" else None


def _silences(con: Connection, rule: Rule, now: datetime) -> Iterator[Signal]:
    if rule.pipeline is not None:
        yield from _pipeline(con, rule, now)
        if not rule.wanted.feeds and not rule.wanted.feed_kinds:
            return
    for row in signal_store.silences(con):
        if not rule.wanted.feed_kinds or row["kind"] in rule.wanted.feed_kinds:
            yield Signal(
                kind="silence",
                key=row["feed_id"],
                title=f"{row['name']} fell silent ({row['state']}): {row['reason']}",
                feed_id=row["feed_id"],
            )


def _pipeline(con: Connection, rule: Rule, now: datetime) -> Iterator[Signal]:
    """Yield the silence of the pipeline; also one that this very run put an end to."""
    runs = signal_store.good_runs(con)
    if not runs or rule.pipeline is None:
        return
    latest = runs[0][1]
    if now - latest > rule.pipeline:
        yield Signal(
            kind="silence",
            key="",
            title="No run of the pipeline has ended well since "
            f"{latest:%Y-%m-%d %H:%M} UTC",
        )
    elif len(runs) > 1 and runs[0][0] - runs[1][1] > rule.pipeline:
        yield Signal(
            kind="silence",
            key="",
            title="No run of the pipeline ended well from "
            f"{runs[1][1]:%Y-%m-%d %H:%M} to {runs[0][0]:%Y-%m-%d %H:%M} UTC; it is back",
            began=runs[1][1],
        )


_SIGNALS: Mapping[str, Callable[[Connection, Rule, datetime], Iterator[Signal]]] = {
    "burst": _bursts,
    "shift": _shifts,
    "silence": _silences,
}
