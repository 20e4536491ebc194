"""Prefect flow that maintains the warehouse: checks, backup, retention."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from prefect import flow

from flows.home import load_config
from flows.orchestration.children import follow_parent
from flows.orchestration.runs import attempted, reporter, run_log, run_name
from flows.settings import load_settings
from flows.steps.summary import Report, clock_at
from flows.steps.upkeep.maintenance import maintain
from warehouse.errors import WarehouseError


@flow(name="maintain-warehouse", flow_run_name=run_name, persist_result=False)
async def maintain_warehouse(home: str | None = None) -> Any:
    """Check, back up, and delete data past its retention.

    Returns the names of the checks that failed; the run fails if any did.
    """
    follow_parent()
    report = reporter(run_log())
    return await attempted(partial(_maintain, home, report), report)


async def _maintain(home: str | None, report: Report) -> list[str]:
    config = load_config(load_settings(Path(home) if home else None))
    failed = maintain(config.settings, clock_at(None), report=report)
    if failed:
        raise WarehouseError(
            f"data-quality checks failed: {', '.join(failed)}; see: sinowire checks"
        )
    return failed
