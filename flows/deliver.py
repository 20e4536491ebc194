"""Prefect flow that delivers pending alerts, those that failed before included."""

from __future__ import annotations

from typing import Any

from prefect import flow

from flows.home import Config
from flows.orchestration.runs import at_home, run_name
from flows.steps.delivery import deliver, outcomes
from flows.steps.summary import Report, clock_at, warn
from flows.steps.trends import watch
from flows.steps.warehouse import publish
from transforms.text.lengths import counted


@flow(name="deliver-alerts", flow_run_name=run_name, persist_result=False)
async def deliver_alerts(home: str | None = None) -> Any:
    """Notice what fell silent, and send what is due; returns counts by outcome."""
    return await at_home(home, _deliver)


async def _deliver(config: Config, report: Report) -> dict[str, int]:
    clock = clock_at(None)
    warn(config.alerts.lacking.values(), report)
    watched = watch(config, clock, report=report)
    counts = outcomes(deliver(config, clock, report=report))
    if counts or watched:
        publish(config.settings)
    said = ", ".join(f"{n} {outcome}" for outcome, n in counts.items())
    report(f"{counted(len(watched), 'new alert')}; sent: {said or 'nothing was due'}")
    return dict(counts)
