"""Prefect flow that delivers pending alerts, those that failed before included."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from prefect import flow

from flows.home import load_config
from flows.orchestration.children import follow_parent
from flows.orchestration.runs import attempted, reporter, run_log, run_name
from flows.settings import load_settings
from flows.steps.delivery import deliver, outcomes
from flows.steps.summary import Report, clock_at, warn
from flows.steps.trends import watch
from flows.steps.warehouse import publish
from transforms.text.lengths import counted


@flow(name="deliver-alerts", flow_run_name=run_name, persist_result=False)
async def deliver_alerts(home: str | None = None) -> Any:
    """Notice what fell silent, and send what is due; returns counts by outcome."""
    follow_parent()
    report = reporter(run_log())
    return await attempted(partial(_deliver, home, report), report)


async def _deliver(home: str | None, report: Report) -> dict[str, int]:
    config = load_config(load_settings(Path(home) if home else None))
    clock = clock_at(None)
    warn(config.alerts.lacking.values(), report)
    watched = watch(config, clock, report=report)
    counts = outcomes(deliver(config, clock, report=report))
    if counts or watched:
        publish(config.settings)
    said = ", ".join(f"{n} {outcome}" for outcome, n in counts.items())
    report(f"{counted(len(watched), 'new alert')}; sent: {said or 'nothing was due'}")
    return dict(counts)
