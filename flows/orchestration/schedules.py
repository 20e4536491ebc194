"""What runs when: one table, for ``sinowire up`` and for ``prefect.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

ZONE = "Asia/Shanghai"


@dataclass(frozen=True, kw_only=True)
class DeploymentSchedule:
    """A deployment: a flow by module path, and either an interval or a cron line."""

    name: str
    entrypoint: str
    description: str
    every: timedelta | None = None
    cron: str | None = None


SCHEDULES = (
    DeploymentSchedule(
        name="ingest",
        entrypoint="flows.ingest:ingest_feeds",
        description="Poll the feeds that are due, tag, commit, alert, publish.",
        every=timedelta(minutes=15),
    ),
    DeploymentSchedule(
        name="deliver",
        entrypoint="flows.deliver:deliver_alerts",
        description="Send alerts that a channel could not take before.",
        every=timedelta(minutes=5),
    ),
    DeploymentSchedule(
        name="trends",
        entrypoint="flows.trends:summarize_trends",
        description="Recompute bursts and emerging terms; write the trend summary.",
        cron="7 * * * *",
    ),
    DeploymentSchedule(
        name="maintain",
        entrypoint="flows.maintain:maintain_warehouse",
        description="Check the data, back it up, forget old raw documents.",
        cron="40 4 * * *",
    ),
)
