"""Flow runs in place: the flows are installed where they run, and no folder is copied.

To Prefect a deployment without pull steps has its code in its ``path``. By default that is
the working folder of whoever made it, and an update leaves it as it is. Before each run
that folder, whatever is in it, is copied over the run's working folder: always in a work
pool, else where the entrypoint has a colon, as a file's has.
"""

from __future__ import annotations

from typing import Any

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import DeploymentUpdate
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterTags

from flows.orchestration.schedules import SCHEDULES, TAG
from flows.steps.summary import Report

# As in prefect.yaml: with a pull step, whatever it does, Prefect copies nothing.
STAY: dict[str, Any] = {
    "prefect.deployments.steps.set_working_directory": {"directory": "."}
}
# The path is for updates by earlier versions, which take pull steps away: from where a run
# is to where it is there is nothing to copy.
IN_PLACE = DeploymentUpdate(path=".", pull_steps=[STAY])
COPIED = (
    "warning: until now each run copied {folder} over the folder in which `sinowire up` "
    'was started; if that was another one, see "If a run copied a folder" in '
    "docs/howto/schedule.md"
)
OURS = {schedule.entrypoint for schedule in SCHEDULES}


async def run_in_place(client: PrefectClient, report: Report) -> None:
    """Have all deployments of our flows run in place, those of earlier versions too.

    Each folder that was copied until now is reported. Pull steps that somebody gave a
    deployment stay.
    """
    tagged = DeploymentFilter(tags=DeploymentFilterTags(all_=[TAG]))
    folders = set()
    for found in await client.read_deployments(deployment_filter=tagged):
        if str(found.entrypoint).replace(":", ".") in OURS and not found.pull_steps:
            await client.update_deployment(found.id, IN_PLACE)
            folders.add(found.path or ".")
    for folder in sorted(folders - {"."}):
        report(COPIED.format(folder=folder))
