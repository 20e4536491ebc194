"""Refresh what is computed rather than viewed: bursts, shifts, terms, framings."""

from __future__ import annotations

from flows.home import Config
from flows.steps.clock import Clock
from flows.steps.frames import refresh_frames
from flows.steps.ingest import Report
from flows.steps.shifts import compute_shifts
from flows.steps.statistics import compute_bursts, compute_terms, kept_from, monday
from flows.steps.store import open_writer
from transforms.models import Burst
from warehouse import trends as trend_store
from warehouse.connect import REWRITING, transaction


def refresh_trends(config: Config, clock: Clock, *, report: Report) -> list[Burst]:
    """Recompute what is found up to the clock's day; return the bursts."""
    with open_writer(config.settings, "trends", report, memory=REWRITING) as con:
        now = clock()
        today = trend_store.today(con, now)
        since, week = kept_from(today), monday(today)
        bursts = compute_bursts(
            con,
            since=since,
            until=today,
            now=now,
            false_alarms_a_week=config.settings.false_alarms_a_week,
        )
        terms = compute_terms(con, week=week)
        shifts = compute_shifts(con, until=today)
        with transaction(con):
            trend_store.replace_bursts(con, bursts, since=since, until=today)
            trend_store.replace_emerging_terms(con, terms, week=week)
            trend_store.replace_level_shifts(con, shifts)
            refresh_frames(con)
    return bursts
