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
from datetime import timedelta
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
from prefect.client.schemas.objects import (
    ConcurrencyLimitConfig,
    ConcurrencyLimitStrategy,
    StateType,
)
from prefect.deployments.runner import RunnerDeployment
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.events.schemas.events import ResourceSpecification
from prefect.runner import Runner
from prefect.schedules import Cron, Interval
from prefect.states import Crashed

from flows.orchestration.environment import HEARTBEAT_SECONDS
from flows.orchestration.schedules import SCHEDULES, ZONE, DeploymentSchedule
from flows.settings import load_settings

ONE_AT_A_TIME = ConcurrencyLimitConfig(
    limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW
)
AUTOMATION = "sinowire: end runs without a heartbeat"
TAG = "sinowire"
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
            await runner.aadd_deployment(deployment(schedule, home, minutes))
            for schedule in SCHEDULES
        ]
        # The first run starts at once, not after a quarter of an hour.
        await client.create_flow_run_from_deployment(ids[0])
    await runner.start()


def deployment(
    schedule: DeploymentSchedule, home: Path, minutes: float
) -> RunnerDeployment:
    """Return the Prefect deployment of *schedule* for *home*."""
    every = timedelta(minutes=minutes) if schedule.name == "ingest" else schedule.every
    when = (
        Interval(every) if every is not None else Cron(schedule.cron or "", timezone=ZONE)
    )
    return RunnerDeployment.from_entrypoint(
        entrypoint=schedule.entrypoint,
        name=schedule.name,
        description=schedule.description,
        schedule=when,
        parameters={"home": str(home.resolve())},
        concurrency_limit=ONE_AT_A_TIME,
        tags=[TAG],
    )


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


async def ensure_heartbeat_automation(client: PrefectClient) -> None:
    """Create the automation that crashes runs without a heartbeat, once."""
    if await client.read_automations_by_name(AUTOMATION):
        return
    beat = "prefect.flow-run.heartbeat"
    ends = {
        f"prefect.flow-run.{state}"
        for state in ("Completed", "Failed", "Cancelled", "Crashed")
    }
    await client.create_automation(
        AutomationCore(
            name=AUTOMATION,
            trigger=EventTrigger(
                after={beat},
                expect={beat, *ends},
                match=ResourceSpecification(
                    {"prefect.resource.id": ["prefect.flow-run.*"]}
                ),
                for_each={"prefect.resource.id"},
                posture=Posture.Proactive,
                threshold=1,
                within=timedelta(seconds=3 * HEARTBEAT_SECONDS),
            ),
            actions=[
                ChangeFlowRunState(
                    name=None,
                    force=False,
                    state=StateType.CRASHED,
                    message="no heartbeat: the process is gone",
                )
            ],
        )
    )


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
