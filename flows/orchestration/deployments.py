"""Deployments on a Prefect server, of one machine or many; orphaned runs.

Many machines are one work pool, with a queue for each. ``sinowire deploy`` writes it.

A run that nobody works on any more keeps its deployment's place: the limit of one run at a
time would cancel every later one. The automation that crashes runs without a heartbeat is
not enough: a server that is started again has forgotten some of what it waited for, and
frees no place of a run that it knew before.
"""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from prefect import get_client
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterTags,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
    WorkPoolFilter,
    WorkPoolFilterName,
)
from prefect.client.schemas.objects import (
    ConcurrencyLimitConfig,
    ConcurrencyLimitStrategy,
    FlowRun,
    StateType,
)
from prefect.deployments.runner import RunnerDeployment
from prefect.events.actions import ChangeFlowRunState
from prefect.events.filters import (
    EventFilter,
    EventNameFilter,
    EventOccurredFilter,
    EventResourceFilter,
)
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.events.schemas.events import ResourceSpecification
from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound, PrefectHTTPStatusError
from prefect.flows import load_flow_from_entrypoint
from prefect.schedules import Cron, Interval
from prefect.states import Crashed
from prefect.types.entrypoint import EntrypointType
from prefect.workers.process import ProcessWorker

from flows.orchestration.in_place import run_in_place
from flows.orchestration.schedules import (
    INGEST,
    POOL,
    TAG,
    ZONE,
    DeploymentSchedule,
    sharded,
)
from flows.orchestration.server import HEARTBEAT_SECONDS
from flows.steps.summary import Report

ONE_AT_A_TIME = ConcurrencyLimitConfig(
    limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW
)
AUTOMATION = "sinowire: end runs without a heartbeat"
# Taken by a worker, handed to a process, begun, and alive.
SIGNS_OF_LIFE = ("Pending", "Submitting", "Running", "heartbeat")
# So the events of flow runs begin, and their ids there.
OF_RUNS = "prefect.flow-run"
_INGESTS = re.compile(rf"{INGEST}(-\d+)?")
HOLD_A_PLACE = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]
# One heartbeat more than the automation waits for, which comes first where it can.
SILENT_SECONDS = 4 * HEARTBEAT_SECONDS


def deployment(
    schedule: DeploymentSchedule, minutes: float, *, home: Path | None = None
) -> RunnerDeployment:
    """Return the Prefect deployment of *schedule*, with polls every *minutes*.

    It is for *home*; without one for the pool, whose workers have a home each.
    """
    polls = _INGESTS.fullmatch(schedule.name)
    every = timedelta(minutes=minutes) if polls else schedule.every
    return RunnerDeployment.from_flow(
        load_flow_from_entrypoint(schedule.entrypoint),
        name=schedule.name,
        # So it has no folder of code from the start.
        entrypoint_type=EntrypointType.MODULE_PATH,
        description=schedule.description,
        schedule=(
            Interval(every)
            if every is not None
            else Cron(schedule.cron or "", timezone=ZONE)
        ),
        parameters={
            **schedule.parameters,
            **({"home": str(home.resolve())} if home else {}),
        },
        concurrency_limit=ONE_AT_A_TIME,
        tags=schedule.tags,
        work_pool_name=None if home else POOL,
        work_queue_name=schedule.queue,
    )


async def deploy(
    shards: int, minutes: float, report: Report
) -> tuple[list[str], list[str]]:
    """Write the work pool, one queue per machine, and deployments for *shards* shards.

    Existing ones are updated. Return the names of the deployments, and of those removed:
    shards beyond the last, and polling without shards.
    """
    schedules = list(sharded(shards))
    async with get_client() as client:
        await _ensure_pool(client)
        for queue in dict.fromkeys(s.queue for s in schedules if s.queue):
            await _ensure_queue(client, queue)
        gone = await _remove_other_ingests(client, {s.name for s in schedules})
        for schedule in schedules:
            await deployment(schedule, minutes).aapply()
        await run_in_place(client, report)
        await ensure_heartbeat_automation(client)
    return [schedule.name for schedule in schedules], gone


async def _ensure_pool(client: PrefectClient) -> None:
    pool = WorkPoolCreate(
        name=POOL,
        type="process",
        description="Machines that poll feeds by turns; see `sinowire up --worker`.",
        base_job_template=ProcessWorker.get_default_base_job_template(),
    )
    try:
        await client.create_work_pool(pool)
    except ObjectAlreadyExists:
        return


async def _ensure_queue(client: PrefectClient, name: str) -> None:
    try:
        await client.create_work_queue(name, work_pool_name=POOL)
    except ObjectAlreadyExists:
        return


async def _remove_other_ingests(client: PrefectClient, kept: set[str]) -> list[str]:
    # Two that poll one feed would double what its host is asked.
    in_pool = WorkPoolFilter(name=WorkPoolFilterName(any_=[POOL]))
    deployments = await client.read_deployments(work_pool_filter=in_pool)
    others = [d for d in deployments if _INGESTS.fullmatch(d.name) and d.name not in kept]
    for other in others:
        await client.delete_deployment(other.id)
    return sorted(other.name for other in others)


async def ensure_heartbeat_automation(client: PrefectClient) -> None:
    """Create or update the automation that crashes runs whose process is gone."""
    automation = _heartbeat_automation()
    if stands := await client.read_automations_by_name(AUTOMATION):
        await client.update_automation(stands[0].id, automation)
    else:
        await client.create_automation(automation)


def _heartbeat_automation() -> AutomationCore:
    """Return the automation that crashes a run after its last heartbeat.

    This holds from the moment a worker takes the run. If its process never begins, Prefect
    would free its place after five minutes and show it as pending for ever. This is
    sooner on purpose: it would free the place once more, which by then is another run's.
    """
    alive = {f"{OF_RUNS}.{sign}" for sign in SIGNS_OF_LIFE}
    ends = {
        f"{OF_RUNS}.{state}" for state in ("Completed", "Failed", "Cancelled", "Crashed")
    }
    return AutomationCore(
        name=AUTOMATION,
        trigger=EventTrigger(
            after=alive,
            expect=alive | ends,
            match=ResourceSpecification({"prefect.resource.id": [f"{OF_RUNS}.*"]}),
            # Runs of other people's deployments may have no heartbeat.
            match_related=ResourceSpecification(
                {
                    "prefect.resource.role": ["tag"],
                    "prefect.resource.id": [f"prefect.tag.{TAG}"],
                }
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


async def end_runs_left_behind(client: PrefectClient) -> int:
    """End the runs of an earlier ``up`` that was killed; return how many.

    Runs of a pool are its workers', who may well be alive.
    """
    found = await _runs_of_ours(client, [*HOLD_A_PLACE, StateType.SCHEDULED])
    runs = [run for run in found if run.work_pool_name is None]
    for run in runs:
        ended: Any = Crashed(message="its runner was gone when sinowire started again")
        await client.set_flow_run_state(run.id, ended, force=True)
    return len(runs)


class Watch:
    """A worker's observations of all hosts' runs, for those without a process.

    A run counts as left behind once it has stayed in one state for so long, without a
    heartbeat, while the server answered each look: meanwhile its host could have told.
    """

    def __init__(self, report: Report) -> None:
        self._report = report
        self._since: dict[UUID | None, float] = {}

    async def look(self, client: PrefectClient) -> None:
        """End the runs that no process works on.

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
