"""Serve the scheduled flows against the configured server: ``sinowire up``'s runner.

    python -m flows.orchestration.serve HOME

A worker that died with its flow leaves the run *Running* on the server, and the
limit of one run at a time would then cancel every later one. So before serving,
runs that a predecessor left are ended; and while serving, an automation crashes
runs whose heartbeat stopped.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

from prefect import get_client
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import StateType
from prefect.runner import Runner
from prefect.states import Crashed

from flows.orchestration.deployments import (
    TAG,
    deployment,
    ensure_heartbeat_automation,
)
from flows.orchestration.schedules import SCHEDULES
from flows.settings import load_settings

LEFT_BEHIND = [
    StateType.RUNNING,
    StateType.PENDING,
    StateType.CANCELLING,
    StateType.SCHEDULED,
]


async def serve(home: Path) -> None:
    """Make the deployments and run what they schedule until told to stop."""
    minutes = load_settings(home).ingest_minutes
    async with get_client() as client:
        await end_runs_left_behind(client)
        await ensure_heartbeat_automation(client)
        runner = Runner(name="sinowire")
        ids = [
            await runner.aadd_deployment(deployment(schedule, minutes, home=home))
            for schedule in SCHEDULES
        ]
        # The first run starts at once, not after a quarter of an hour.
        await client.create_flow_run_from_deployment(ids[0])
    await runner.start()


async def end_runs_left_behind(client: PrefectClient) -> int:
    """End the runs of a predecessor that did not stop in good order; return how many."""
    runs = await client.read_flow_runs(
        flow_run_filter=FlowRunFilter(
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=LEFT_BEHIND)),
            tags=FlowRunFilterTags(all_=[TAG]),
        )
    )
    for run in runs:
        ended: Any = Crashed(message="its runner was gone when sinowire started again")
        await client.set_flow_run_state(run.id, ended, force=True)
    return len(runs)


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
