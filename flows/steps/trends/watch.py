"""Alerts on signals: bursts, shifts, silent feeds, the pipeline itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

import duckdb

from flows.home import Config
from flows.steps.ingest.alerting import put_out
from flows.steps.summary import Clock, Report
from flows.steps.turns import EACH_ITS_OWN, Turns
from transforms.alerts import OwnTitle, Signal, Watched, decide_watched, own_title
from transforms.models import Alert, Rule
from warehouse.alerting import alerts as alert_store
from warehouse.file.connect import REWRITING, transaction
from warehouse.numbers import signals as signal_store
from warehouse.numbers import trends as trend_store
from warehouse.queries import Row

Connection = duckdb.DuckDBPyConnection
DAY = timedelta(days=1)


def watch(
    config: Config, clock: Clock, *, report: Report, turns: Turns = EACH_ITS_OWN
) -> list[Alert]:
    """Alert of what began, or is over, and let the alerts on stories grow old.

    It needs no run to have gone well: the pipeline's own silence is noticed by who
    delivers alerts.
    """
    turn = turns.open(config.settings, "alerts", report, memory=REWRITING)
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
    watched = {
        (row["rule_id"], row["key"]): Watched(
            alert_id=row["alert_id"], phase=row["phase"], created_at=row["created_at"]
        )
        for row in alert_store.watched(con)
    }
    return decide_watched(
        {rule.rule_id: list(_SIGNALS[rule.kind](con, rule, now)) for rule in rules},
        config.alerts,
        watched,
        now=now,
        rules_version=config.watchlist.rules_version,
        # A return is told only of feeds whose silence was told.
        back=signal_store.healthy_feeds(con) if watched else {},
    )


def _bursts(con: Connection, rule: Rule, now: datetime) -> list[Signal]:
    del rule
    today = trend_store.today(con, now)
    return standing_bursts(signal_store.bursts(con, today - DAY, today), today)


def standing_bursts(rows: Iterable[Row], today: date) -> list[Signal]:
    """Return the bursts that are going on: those of *today* and of the day before.

    A burst goes on after midnight, although the new day has no news yet. *rows* come
    the oldest first.
    """
    lately = (row for row in rows if today - DAY <= row["day"] <= today)
    latest = {row["subject_id"]: row for row in lately}
    return list(map(_burst, latest.values()))


def _burst(row: Row) -> Signal:
    facts = {key: row[key] for key in ("observed", "expected", "day")}
    title = own_title("title.burst", _name(row), **facts)
    if row["headline"]:
        title = own_title("title.example", title=title, example=row["headline"])
    return Signal(
        kind="burst",
        key=row["subject_id"],
        title=title,
        url=row["url"] or "",
        article_id=row["article_id"],
        company_id=_company(row),
        topic_id=_topic(row),
        is_on_beat=row["is_on_beat"],
    )


def _shifts(con: Connection, rule: Rule, now: datetime) -> Iterator[Signal]:
    del rule
    for row in signal_store.shifts(con, trend_store.today(con, now)):
        yield Signal(
            kind="shift",
            key=row["subject_id"],
            title=own_title(
                "title.shift", _name(row), since=row["since"], ratio=row["ratio"]
            ),
            company_id=_company(row),
            topic_id=_topic(row),
        )


def _name(row: Row) -> OwnTitle:
    return OwnTitle(row["name"], row["name_zh"] or row["name"])


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
                title=own_title(
                    "title.silence",
                    row["name"],
                    state=own_title(f"health.{row['state']}"),
                    reason=row["reason"],
                ),
                feed_id=row["feed_id"],
            )


def _pipeline(con: Connection, rule: Rule, now: datetime) -> Iterator[Signal]:
    """Yield the silence of the pipeline, also one that this run ends."""
    runs = signal_store.good_runs(con)
    if not runs or rule.pipeline is None:
        return
    latest = runs[0][1]
    if now - latest > rule.pipeline:
        yield Signal(
            kind="silence",
            key="",
            title=own_title("title.pipeline", since=f"{latest:%Y-%m-%d %H:%M}"),
        )
    elif len(runs) > 1 and runs[0][0] - runs[1][1] > rule.pipeline:
        yield Signal(
            kind="silence",
            key="",
            title=own_title(
                "title.pipeline.over",
                since=f"{runs[1][1]:%Y-%m-%d %H:%M}",
                until=f"{runs[0][0]:%Y-%m-%d %H:%M}",
            ),
            began=runs[1][1],
        )


_SIGNALS: Mapping[str, Callable[[Connection, Rule, datetime], Iterable[Signal]]] = {
    "burst": _bursts,
    "shift": _shifts,
    "silence": _silences,
}
