"""Prefect flow that maintains the warehouse: checks, backup, retention."""

from __future__ import annotations

from typing import Any

from prefect import flow

from flows.home import Config
from flows.orchestration.runs import at_home, run_name
from flows.steps.summary import Report, clock_at
from flows.steps.upkeep.maintenance import maintain
from warehouse.errors import WarehouseError


@flow(name="maintain-warehouse", flow_run_name=run_name, persist_result=False)
async def maintain_warehouse(home: str | None = None) -> Any:
    """Check, back up, and delete data past its retention.

    Returns the names of the checks that failed; the run fails if any did.
    """
    return await at_home(home, _maintain)


async def _maintain(config: Config, report: Report) -> list[str]:
    failed = maintain(config.settings, clock_at(None), report=report)
    if failed:
        raise WarehouseError(
            f"data-quality checks failed: {', '.join(failed)}; see: sinowire checks"
        )
    return failed
