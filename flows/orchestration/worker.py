"""Worker on one of many machines: this machine's own queue first, then the pool's.

    python -m flows.orchestration.worker HOME NUMBER

Prefect ranks the queues of a pool for all its workers alike, so a machine has two workers.
One takes what is due of its own queue. The other takes whatever in the pool is a minute
late, which is what a machine that is gone would have done. A host that cannot work leaves
its runs to the others until it can.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import sys
import threading
import time
from collections import deque
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import anyio
from anyio.abc import TaskStatus
from prefect import get_client
from prefect.client.schemas import FlowRun
from prefect.client.schemas.filters import WorkerFilter, WorkerFilterStatus
from prefect.exceptions import ObjectNotFound
from prefect.utilities.processutils import setup_signal_handlers_worker
from prefect.utilities.services import critical_service_loop
from prefect.workers.process import (
    ProcessJobConfiguration,
    ProcessWorker,
    ProcessWorkerResult,
)

from flows.home import home_name
from flows.orchestration.children import follow_parent
from flows.orchestration.deployments import Watch
from flows.orchestration.in_place import run_in_place
from flows.orchestration.peers import LOOK_SECONDS, Peers
from flows.orchestration.runs import OF_HOST
from flows.orchestration.schedules import INGEST, INGEST_FLOW, POOL, queue_of
from flows.orchestration.server import HEARTBEAT_SECONDS, PrefectError
from flows.refusals import lacks
from flows.settings import Settings, load_settings
from flows.steps.summary import Report
from warehouse.file.standstill import keeps_host, running, standing_still

# A worker asks every ten seconds, and of one that cannot reach the server up to a minute
# goes by: what is later than that has been left.
LATE_SECONDS = 60
# So many of its last three runs of feeds fail by its own fault, and it rests.
FAULTS = 2
# For that many polls and a minute another machine takes its runs; then it tries again.
POLLS_AT_REST = 2


def worker_name(number: int, home: Path) -> str:
    """Return the name of the worker of machine *number* in *home*."""
    return f"{queue_of(number)} on {socket.gethostname()}, {home_name(home)}"


async def refuse_a_second(number: int, home: Path) -> None:
    """Check that machine *number* is deployed, and that no other host is it.

    Raises:
        PrefectError: It has no shard, or its worker is elsewhere; names it.
    """
    queue, name = queue_of(number), worker_name(number, home)
    deployed = f"{INGEST_FLOW}/{INGEST}-{number}"
    online = WorkerFilter(status=WorkerFilterStatus(any_=["ONLINE"]))
    try:
        async with get_client() as client:
            await client.read_deployment_by_name(deployed)
            workers = await client.read_workers_for_work_pool(POOL, online)
    except ObjectNotFound as exc:
        raise PrefectError(
            f"no shard is deployed for machine {number} on the Prefect server; deploy as "
            "many as there are machines: sinowire deploy --shards N"
        ) from exc
    names = (worker.name for worker in workers)
    if other := next(
        (n for n in names if n.startswith(f"{queue} on ") and n != name), None
    ):
        raise PrefectError(
            f"{other!r} has that number already; give this machine another, or stop that "
            f"one (if it was killed, it keeps its number for {3 * HEARTBEAT_SECONDS} s)"
        )


async def work(number: int, home: Path) -> None:
    """Take the pool's runs until told to stop, and end orphaned runs."""
    name, settings = worker_name(number, home), load_settings(home)
    host = Host(settings, print)
    workers = (
        _worker(host, name, queues=[queue_of(number)]),
        # Of every queue, those deployed later included.
        _worker(host, f"late runs: {name}", queues=None, prefetch_seconds=-LATE_SECONDS),
    )
    with running(settings.data, f"sinowire up --worker {number}", kind="worker"):
        async with get_client() as client, anyio.create_task_group() as group:
            await run_in_place(client, print)
            for worker in workers:
                group.start_soon(worker.start)
            # They go on for longer than a worker does where no server answers.
            for look, seconds in (
                (Watch(print).look, HEARTBEAT_SECONDS),
                (Peers(settings.data, name, print).look, LOOK_SECONDS),
            ):
                watch = partial(
                    critical_service_loop, partial(look, client), seconds, backoff=4
                )
                group.start_soon(watch)


class HostWorker(ProcessWorker):
    """A worker that takes runs only while its host can do them.

    A run that it leaves is late after a minute, and another host takes it.
    """

    def __init__(self, host: Host, **options: Any) -> None:
        super().__init__(**options)
        self._host = host

    @classmethod
    def __dispatch_key__(cls) -> str:
        # It works for pools of processes, in which Prefect's own worker has that key.
        return "sinowire"

    async def get_and_submit_flow_runs(self) -> list[FlowRun]:
        """Take the runs that are due."""
        if not await asyncio.to_thread(self._host.can_work):
            return []
        return await super().get_and_submit_flow_runs()

    async def run(
        self,
        flow_run: FlowRun,
        configuration: ProcessJobConfiguration,
        task_status: TaskStatus[int] | None = None,
    ) -> ProcessWorkerResult:
        """Run the flow, and note the result of a run of feeds."""
        result = await super().run(flow_run, configuration, task_status)
        if "shard" in flow_run.parameters:
            ended = (await self.client.read_flow_run(flow_run.id)).state
            has_failed = ended is not None and ended.is_failed()
            self._host.note(str(ended.message) if ended and has_failed else "")
        return result


def _worker(
    host: Host,
    name: str,
    *,
    queues: list[str] | None,
    prefetch_seconds: float | None = None,
) -> HostWorker:
    return HostWorker(
        host,
        work_pool_name=POOL,
        name=name,
        work_queues=queues,
        prefetch_seconds=prefetch_seconds,
        heartbeat_interval_seconds=HEARTBEAT_SECONDS,
        create_pool_if_not_found=False,
    )


class Host:
    """State of this machine: its faults, and the results of its last runs of feeds.

    A run of a machine that takes it at once and fails is never late, and so never
    another's. Its queue is not paused: nobody would resume it.
    """

    def __init__(self, settings: Settings, report: Report) -> None:
        self._settings = settings
        self._report = report
        self._faults: deque[str] = deque(maxlen=3)
        self._rests_until = 0.0
        self._told: str | None = None
        # Its two workers ask from threads.
        self._asking = threading.Lock()

    def can_work(self) -> bool:
        """Tell whether the host may take runs; report each change."""
        with self._asking:
            lack = lacks(self._settings) or self._kept() or self._rest()
            if (lack is None) != (self._told is None):
                self._report(
                    f"error: this host takes no runs, others do: {lack}"
                    if lack
                    else "this host takes runs again"
                )
                self._told = lack
            return lack is None

    def note(self, message: str) -> None:
        """Record the *message* of a failed run of feeds, "" after success."""
        self._faults.append(message if message.startswith(OF_HOST) else "")
        if sum(map(bool, self._faults)) >= FAULTS:
            polls = timedelta(minutes=POLLS_AT_REST * self._settings.ingest_minutes + 1)
            self._rests_until = time.monotonic() + polls.total_seconds()
            # The first one after the rest that fails is enough for another.
            self._faults.clear()
            self._faults.append(message)

    def _kept(self) -> str | None:
        """Return what stands still on this host and keeps it from working, if anything.

        A lock of a stopped process is nobody's, and what runs say goes through `up`.
        """
        limit = self._settings.silent_seconds
        found = standing_still(self._settings.data, limit)
        kept = (still for still in found if keeps_host(still, limit))
        return next((f"{still}; {still.remedy}" for still in kept), None)

    def _rest(self) -> str | None:
        left = self._rests_until - time.monotonic()
        if left <= 0:
            return None
        until = datetime.now(UTC) + timedelta(seconds=left)
        why = next(filter(None, reversed(self._faults)), "").removeprefix(OF_HOST)
        return f"{why}; it tries again at {until:%H:%M} UTC"


if __name__ == "__main__":
    follow_parent()
    # This logger would log each start twice; the run logs it itself.
    logging.getLogger("prefect.flow_runs.worker").setLevel(logging.WARNING)
    setup_signal_handlers_worker(os.getpid(), "the worker", print)
    # So Prefect ends its workers.
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(work(int(sys.argv[2]), Path(sys.argv[1])))
