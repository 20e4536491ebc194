"""Watch over a pool's other machines: whether their workers show signs of life.

A worker tells the server every half minute that it lives. One that is stopped, or whose
machine is, tells nothing; its runs are late and taken by others, who say so.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import Worker

from flows.orchestration.schedules import POOL
from flows.orchestration.server import HEARTBEAT_SECONDS
from flows.steps.hosts import GONE_AFTER
from flows.steps.machines import Machine, keep_machines
from flows.steps.summary import Report

LOOK_SECONDS = 10
# One heartbeat may be lost, and the next one late.
_MISSED = 2.5
# The name of a worker for its own queue; those for late runs are of the same machines.
_QUEUE = re.compile(r"(\S+) on ")


class Peers:
    """The other machines of the pool, reported when they fall silent and when they speak.

    One counts as silent once its last heartbeat stood for so long in our own looks, while
    the server answered each of them: meanwhile it could have told.
    """

    def __init__(self, data: Path, own: str, report: Report) -> None:
        self._data = data
        self._own = own
        self._report = report
        self._seen: dict[tuple[str, datetime], float] = {}
        self._silent: frozenset[str] = frozenset()

    async def look(self, client: PrefectClient) -> None:
        """Look once, report changes, and keep what was seen.

        Raises:
            httpx.HTTPError: The server does not answer; what was seen counts no more.
        """
        before, self._seen = self._seen, {}
        workers = await client.read_workers_for_work_pool(POOL)
        now = time.monotonic()
        machines = []
        for name, heard_at in _newest(workers, self._own):
            since = before.get((name, heard_at), now)
            self._seen[name, heard_at] = since
            is_silent = now - since > _MISSED * HEARTBEAT_SECONDS
            machines.append(Machine(name=name, heard_at=heard_at, is_silent=is_silent))
        self._tell(machines)
        await asyncio.to_thread(keep_machines, self._data, tuple(machines))

    def _tell(self, machines: list[Machine]) -> None:
        silent = frozenset(each.name for each in machines if each.is_silent)
        for each in machines:
            if each.name in silent - self._silent:
                self._report(f"warning: {each}: other machines take its runs")
            elif each.name in self._silent - silent:
                self._report(f"{each.name} shows signs of life again")
        self._silent = silent


def _newest(workers: list[Worker], own: str) -> Iterator[tuple[str, datetime]]:
    """Yield the worker of each queue but *own*'s, the newest if it moved."""
    after = datetime.now(UTC) - GONE_AFTER
    found: dict[str, tuple[datetime, str]] = {}
    for worker in workers:
        queue, heard_at = _QUEUE.match(worker.name), worker.last_heartbeat_time
        if queue and heard_at and heard_at > after and not own.startswith(queue[0]):
            here = (heard_at, worker.name)
            found[queue[0]] = max(found.get(queue[0], here), here)
    for heard_at, name in found.values():
        yield name, heard_at
