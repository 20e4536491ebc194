"""Trends that are computed and stored, and alerts on their signals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

import duckdb

from flows.home import Config
from flows.settings import Settings
from flows.steps.ingest.outgoing import put_out
from flows.steps.statistics import (
    TERM_WEEKS,
    compute_bursts,
    compute_shifts,
    kept_from,
    monday,
    searched_from,
    terms_by_week,
)
from flows.steps.summary import Clock, Report
from flows.steps.turns import EACH_ITS_OWN, Turns
from transforms.alerts import OwnTitle, Signal, Watched, decide_watched, own_title
from transforms.models import Alert, Burst, Rule
from transforms.words import say
from warehouse.alerting import alerts as alert_store
from warehouse.file.connect import REWRITING, transaction
from warehouse.numbers import trends as trend_store
from warehouse.numbers.brief import record_computed
from warehouse.queries import Row

WEEK = timedelta(weeks=1)
Connection = duckdb.DuckDBPyConnection
DAY = timedelta(days=1)


def refresh_trends(
    settings: Settings,
    clock: Clock,
    *,
    report: Report,
    since: datetime | None = None,
    days: Sequence[datetime] | None = None,
    turns: Turns = EACH_ITS_OWN,
) -> list[Burst]:
    """Recompute the trends of four weeks up to the clock's day; return the bursts.

    With *since*, the history from there on is computed as well: of terms that of the weeks
    that count the headlines of *days*, where these are given.
    """
    with turns.open(settings, "trends", report, memory=REWRITING) as con:
        now = clock()
        today = trend_store.today(con, now)
        first = kept_from(today)
        if since is not None:
            first = min(
                first,
                max(trend_store.today(con, since), trend_store.first_day(con) or today),
            )
        with transaction(con):
            bursts = compute_bursts(
                con,
                since=first,
                until=today,
                now=now,
                false_alarms_a_week=settings.false_alarms_a_week,
            )
            trend_store.replace_bursts(con, bursts, since=first, until=today)
            record_computed(con, "bursts", since=first, until=today, now=now)
            weeks = set(_weeks(first if since else today, today))
            if days is not None:
                weeks &= {monday(today), *_weeks_of(days)}
            _terms(con, sorted(weeks), until=today, now=now)
            _shifts(con, until=today, now=now)
            if since is not None or not trend_store.has_columns_of(con, today):
                trend_store.refresh_columns(con, until=today)
                record_computed(con, "outlet_columns", since=today, until=today, now=now)
    return bursts


def _terms(
    con: duckdb.DuckDBPyConnection, weeks: Sequence[date], *, until: date, now: datetime
) -> None:
    for week, terms in terms_by_week(con, weeks):
        trend_store.replace_emerging_terms(con, terms, week=week)
        last = min(week + WEEK - DAY, until)
        record_computed(con, "emerging_terms", since=week, until=last, now=now)


def _weeks_of(days: Iterable[datetime]) -> Iterator[date]:
    """Yield the weeks whose terms count headlines of *days*, whatever the time zone."""
    for day in days:
        first, last = (monday((day + n * DAY).date()) for n in (-1, 2))
        yield from _weeks(first, last + TERM_WEEKS * WEEK)


def _shifts(con: duckdb.DuckDBPyConnection, *, until: date, now: datetime) -> None:
    """Compute shifts up to the newest day with an article; later days are all zero."""
    last = min(trend_store.last_day(con) or until, until)
    trend_store.replace_level_shifts(con, compute_shifts(con, until=last))
    since = searched_from(con, until=last)
    record_computed(con, "level_shifts", since=since, until=last, now=now)


def _weeks(since: date, until: date) -> Iterator[date]:
    week = monday(since)
    while week <= until:
        yield week
        week += WEEK


def watch(
    config: Config, clock: Clock, *, report: Report, turns: Turns = EACH_ITS_OWN
) -> list[Alert]:
    """Raise and resolve alerts on signals, and advance the phases of alerts on stories.

    It needs no run to have gone well: the pipeline's own silence is noticed by who
    delivers alerts.
    """
    turn = turns.open(config.settings, "alerts", report, memory=REWRITING)
    with turn as con, transaction(con):
        now = clock()
        alerts, over = _decide(con, config, now)
        alerts = put_out(con, config.alerts, alerts)
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
        # The end of a silence raises an alert only where its start did.
        back=trend_store.healthy_feeds(con) if watched else {},
    )


def _burst_signals(con: Connection, _rule: Rule, now: datetime) -> list[Signal]:
    today = trend_store.today(con, now)
    return standing_bursts(trend_store.bursts(con, today - DAY, today), today)


def standing_bursts(rows: Iterable[Row], today: date) -> list[Signal]:
    """Return the current bursts: those of *today* and of the day before.

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
        story_id=row["story_id"],
        is_repeat=bool(row["is_repeat"]),
        company_id=_company(row),
        topic_id=_topic(row),
        is_on_beat=row["is_on_beat"],
    )


def _shift_signals(con: Connection, _rule: Rule, now: datetime) -> Iterator[Signal]:
    for row in trend_store.shifts(con, trend_store.today(con, now)):
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
    for row in trend_store.silences(con):
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
    """Yield the silence of the pipeline, one that this run ends included."""
    runs = trend_store.good_runs(con)
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


def _due_signals(con: Connection, rule: Rule, now: datetime) -> Iterator[Signal]:
    """Yield the days that are due so soon: a moved date is one of another article."""
    today = trend_store.today(con, now)
    for row in trend_store.dates_due(con, today, today + rule.due_in + DAY):
        asked = [each for each in row["topics"] if each in rule.wanted.topics]
        yield Signal(
            kind="due",
            key=row["article_id"],
            title=OwnTitle(
                *(
                    say("title.due", lang, day=row["due_on"], headline=row["headline"],
                        occasion=say(f"occasion.{row['occasion']}", lang))
                    for lang in ("en", "zh")
                )
            ),
            url=row["url"],
            article_id=row["article_id"],
            company_id=row["company_id"],
            topic_id=next(iter((*asked, *row["topics"])), None),
            is_on_beat=row["is_on_beat"],
        )  # fmt: skip


_SIGNALS: Mapping[str, Callable[[Connection, Rule, datetime], Iterable[Signal]]] = {
    "burst": _burst_signals,
    "shift": _shift_signals,
    "silence": _silences,
    "due": _due_signals,
}
