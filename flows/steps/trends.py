"""Refresh what is computed rather than viewed: bursts and emerging terms."""

from __future__ import annotations

from datetime import timedelta

from flows.home import Config
from flows.steps.clock import Clock
from flows.steps.ingest import Report
from flows.steps.store import open_writer
from transforms.bursts import find_bursts
from transforms.models import Burst
from transforms.terms import emerging_terms
from warehouse import trends as trend_store
from warehouse.connect import transaction

# The weekly brief looks back four weeks; each of those days needs four of its own.
KEPT = timedelta(days=28)
HISTORY = 2 * KEPT
TERM_WEEKS = 4


def refresh_trends(config: Config, clock: Clock, *, report: Report) -> list[Burst]:
    """Recompute bursts and emerging terms up to the clock's day; return the bursts."""
    with open_writer(config.settings, "trends", report) as con:
        today = trend_store.today(con, clock())
        since = today - HISTORY
        found = find_bursts(
            trend_store.day_counts(con, since=since, until=today),
            first_day=max(since, trend_store.first_day(con) or today),
            until=today + timedelta(days=1),
        )
        bursts = [burst for burst in found if burst.day > today - KEPT]
        week = today - timedelta(days=today.weekday())
        current, before = trend_store.titles_for_terms(con, week=week, weeks=TERM_WEEKS)
        terms = emerging_terms(current, before, week=week)
        with transaction(con):
            trend_store.replace_bursts(
                con, bursts, since=today - KEPT + timedelta(days=1), until=today
            )
            trend_store.replace_emerging_terms(con, terms, week=week)
    return bursts
