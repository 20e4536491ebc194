"""Runner of ``sinowire up``: serves the scheduled flows on the configured server.

    python -m flows.orchestration.serve HOME

Before serving, runs that a predecessor left are ended; and while serving, an automation
crashes runs whose heartbeat stopped.
"""

from __future__ import annotations

import asyncio
import sys
from functools import partial
from pathlib import Path

from prefect import get_client
from prefect.runner import Runner

from flows.orchestration.deployments import (
    deployment,
    end_runs_left_behind,
    ensure_heartbeat_automation,
)
from flows.orchestration.in_place import run_in_place
from flows.orchestration.schedules import SCHEDULES
from flows.settings import load_settings
from warehouse.file.standstill import running


async def serve(home: Path) -> None:
    """Make the deployments and run their schedules until told to stop."""
    minutes = load_settings(home).ingest_minutes
    async with get_client() as client:
        await end_runs_left_behind(client)
        await ensure_heartbeat_automation(client)
        runner = Runner(name="sinowire")
        ids = [
            await runner.aadd_deployment(deployment(schedule, minutes, home=home))
            for schedule in SCHEDULES
        ]
        await run_in_place(client, partial(print, flush=True))
        # The first run starts at once, not after a quarter of an hour.
        await client.create_flow_run_from_deployment(ids[0])
    await runner.start()


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    with running(load_settings(folder).data, "sinowire up: runner", kind="runner"):
        asyncio.run(serve(folder))
