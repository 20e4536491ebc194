"""Prefect flow that recomputes trends and writes their summary."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from prefect import flow

from flows.home import load_config
from flows.orchestration.children import follow_parent
from flows.orchestration.runs import (
    attempted,
    publish_trend_summary,
    reporter,
    run_log,
    run_name,
)
from flows.settings import load_settings
from flows.steps.brief import make_brief
from flows.steps.summary import Report, clock_at
from flows.steps.trends import refresh_trends
from flows.steps.warehouse import publish_pass
from transforms.brief import render_markdown
from transforms.text.lengths import counted


@flow(name="summarize-trends", flow_run_name=run_name, persist_result=False)
async def summarize_trends(home: str | None = None) -> Any:
    """Refresh bursts and emerging terms and publish; returns how many bursts stand."""
    follow_parent()
    report = reporter(run_log())
    return await attempted(partial(_summarize, home, report), report)


async def _summarize(home: str | None, report: Report) -> int:
    config = load_config(load_settings(Path(home) if home else None))
    clock = clock_at(None)
    bursts = refresh_trends(config.settings, clock, report=report)
    publish_pass(config.settings)
    brief = make_brief(config, now=clock())
    await publish_trend_summary(render_markdown(brief))
    report(f"{counted(len(bursts), 'burst')} on record; the trend summary is written")
    return len(bursts)
