"""Prefect flow that recomputes trends and writes their summary."""

from __future__ import annotations

from typing import Any

from prefect import flow

from flows.home import Config
from flows.orchestration.runs import at_home, publish_trend_summary, run_name
from flows.steps.brief import make_brief
from flows.steps.summary import Report, clock_at
from flows.steps.trends import refresh_trends
from flows.steps.warehouse import publish_pass
from transforms.brief import render_markdown
from transforms.text.lengths import counted


@flow(name="summarize-trends", flow_run_name=run_name, persist_result=False)
async def summarize_trends(home: str | None = None) -> Any:
    """Refresh bursts and emerging terms and publish; returns how many bursts stand."""
    return await at_home(home, _summarize)


async def _summarize(config: Config, report: Report) -> int:
    clock = clock_at(None)
    bursts = refresh_trends(config.settings, clock, report=report)
    publish_pass(config.settings)
    await publish_trend_summary(render_markdown(make_brief(config, now=clock())))
    report(f"{counted(len(bursts), 'burst')} on record; the trend summary is written")
    return len(bursts)
