"""The Prefect flow that keeps the warehouse in order: checks, backup, retention."""

from __future__ import annotations

from pathlib import Path

from prefect import flow, get_run_logger

from flows.home import load_config
from flows.orchestration.children import follow_parent
from flows.settings import load_settings
from flows.steps.clock import clock_at
from flows.steps.upkeep.maintain import maintain


@flow(name="maintain-warehouse", flow_run_name="maintain", persist_result=False)
async def maintain_warehouse(home: str | None = None) -> list[str]:
    """Check, back up, and forget what is past its retention.

    Returns the names of the checks that failed; the run fails if any did.
    """
    follow_parent()
    log = get_run_logger()
    config = load_config(load_settings(Path(home) if home else None))
    failed = maintain(config.settings, clock_at(None), report=log.info)
    if failed:
        raise RuntimeError(f"data-quality checks failed: {', '.join(failed)}")
    return failed
