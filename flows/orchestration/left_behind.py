"""End runs of ours that nobody works on any more: each keeps its deployment's place.

The limit of one run at a time would cancel every later one. The automation that crashes
runs without a heartbeat is not enough: a server that is started again has forgotten some
of what it waited for, and frees no place of a run that it knew before.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterTags,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.events.filters import (
    EventFilter,
    EventNameFilter,
    EventOccurredFilter,
    EventResourceFilter,
)
from prefect.exceptions import ObjectNotFound, PrefectHTTPStatusError
from prefect.states import Crashed

from flows.orchestration.deployments import OF_RUNS, TAG
from flows.orchestration.environment import HEARTBEAT_SECONDS
from flows.steps.summary import Report

HOLD_A_PLACE = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]
# One heartbeat more than the automation waits for, which comes first where it can.
SILENT_SECONDS = 4 * HEARTBEAT_SECONDS


async def end_runs_left_behind(client: PrefectClient) -> int:
    """End the runs of a former ``up`` that did not stop in good order; return how many.

    Runs of a pool are its workers', who may well be alive.
    """
    found = await _runs_of_ours(client, [*HOLD_A_PLACE, StateType.SCHEDULED])
    runs = [run for run in found if run.work_pool_name is None]
    for run in runs:
        ended: Any = Crashed(message="its runner was gone when sinowire started again")
        await client.set_flow_run_state(run.id, ended, force=True)
    return len(runs)


class Watch:
    """What a worker saw of runs of all hosts, look by look.

    A run counts as left behind once it has stayed in one state for so long, without a
    heartbeat, while the server answered each look: meanwhile its host could have told.
    """

    def __init__(self, report: Report) -> None:
        self._report = report
        self._since: dict[UUID | None, float] = {}

    async def look(self, client: PrefectClient) -> None:
        """End what nobody works on.

        Raises:
            httpx.HTTPError: The server does not answer; what was seen counts no more.
        """
        before, self._since = self._since, {}
        runs = await _runs_of_ours(client, HOLD_A_PLACE)
        now = time.monotonic()
        seen = {run.state_id: before.get(run.state_id, now) for run in runs}
        for run in runs:
            if now - seen[run.state_id] >= SILENT_SECONDS:
                seen[run.state_id] = now
                if not await _has_heartbeat(client, run):
                    await self._end(client, run)
        self._since = seen

    async def _end(self, client: PrefectClient, run: FlowRun) -> None:
        message = f"no sign of life for {SILENT_SECONDS} s: the process is gone"
        ended: Any = Crashed(message=message)
        try:
            await client.set_flow_run_state(run.id, ended)
        except (ObjectNotFound, PrefectHTTPStatusError) as exc:
            # Somebody deleted it, or the place that it keeps.
            why = type(exc).__name__
            self._report(f"warning: flow run {run.id} cannot be ended: {why}")


async def _runs_of_ours(client: PrefectClient, states: list[StateType]) -> list[FlowRun]:
    return await client.read_flow_runs(
        flow_run_filter=FlowRunFilter(
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=states))
        ),
        # A deployment that was removed has no place to keep.
        deployment_filter=DeploymentFilter(tags=DeploymentFilterTags(all_=[TAG])),
    )


async def _has_heartbeat(client: PrefectClient, run: FlowRun) -> bool:
    since: Any = datetime.now(UTC) - timedelta(seconds=SILENT_SECONDS)
    of_run = EventFilter(
        occurred=EventOccurredFilter(since=since),
        event=EventNameFilter(name=[f"{OF_RUNS}.heartbeat"]),
        resource=EventResourceFilter(id=[f"{OF_RUNS}.{run.id}"]),
    )
    return bool((await client.read_events(of_run, limit=1)).events)
