"""The Prefect flow that recomputes trends and writes the trend summary."""

from __future__ import annotations

from pathlib import Path

from prefect import flow, get_run_logger

from flows.home import load_config
from flows.orchestration.artifacts import publish_trend_summary
from flows.orchestration.children import follow_parent
from flows.settings import load_settings
from flows.steps.brief.make import make_brief
from flows.steps.clock import clock_at
from flows.steps.publication import publish_pass
from flows.steps.trends.trends import refresh_trends
from transforms.brief import render_markdown


@flow(name="summarize-trends", flow_run_name="trends", persist_result=False)
async def summarize_trends(home: str | None = None) -> int:
    """Refresh bursts and emerging terms and publish; returns how many bursts stand."""
    follow_parent()
    log = get_run_logger()
    config = load_config(load_settings(Path(home) if home else None))
    clock = clock_at(None)
    bursts = refresh_trends(config, clock, report=log.info)
    publish_pass(config.settings)
    brief = make_brief(config.settings, now=clock())
    await publish_trend_summary(render_markdown(brief))
    return len(bursts)
