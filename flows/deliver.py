"""The Prefect flow that sends alerts which a channel could not take before."""

from __future__ import annotations

from pathlib import Path

from prefect import flow, get_run_logger

from flows.home import load_config
from flows.orchestration.children import follow_parent
from flows.settings import load_settings
from flows.steps.brief.again import write_again
from flows.steps.clock import clock_at
from flows.steps.deliver.deliver import deliver, outcomes
from flows.steps.trends.watch import watch
from flows.steps.warehouse import publish


@flow(name="deliver-alerts", flow_run_name="deliver", persist_result=False)
async def deliver_alerts(home: str | None = None) -> dict[str, int]:
    """Notice what fell silent, and send what is due; returns counts by outcome."""
    follow_parent()
    log = get_run_logger()
    config = load_config(load_settings(Path(home) if home else None))
    clock = clock_at(None)
    watched = watch(config, clock, report=log.info)
    counts = outcomes(deliver(config, clock, report=log.info, write_again=write_again))
    if counts or watched:
        publish(config.settings)
        log.info("%s", dict(counts))
    return dict(counts)
