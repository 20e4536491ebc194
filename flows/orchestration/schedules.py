"""Schedules of all flows: one table for ``up``, ``deploy`` and ``prefect.yaml``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from transforms.urls.shards import Shard

ZONE = "Asia/Shanghai"
POOL = "sinowire"
TAG = "sinowire"
# The flow that polls feeds, and its deployment.
INGEST_FLOW, INGEST = "ingest-feeds", "ingest"


@dataclass(frozen=True, kw_only=True)
class DeploymentSchedule:
    """A deployment: a flow by module path, and either an interval or a cron line.

    Of many machines one polls its *shard*, from a *queue* of its own.
    """

    name: str
    entrypoint: str
    description: str
    every: timedelta | None = None
    cron: str | None = None
    shard: Shard | None = None
    queue: str | None = None

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters of its flow, beside the home."""
        return {"shard": str(self.shard)} if self.shard else {}

    @property
    def tags(self) -> list[str]:
        """The tags of its runs, also of one that is cancelled before it has our name."""
        return [TAG, *([f"shard {self.shard}"] if self.shard else [])]


SCHEDULES = (
    DeploymentSchedule(
        name=INGEST,
        entrypoint="flows.ingest.ingest_feeds",
        description="Poll the feeds that are due, tag, commit, alert, publish.",
        every=timedelta(minutes=15),
    ),
    DeploymentSchedule(
        name="deliver",
        entrypoint="flows.deliver.deliver_alerts",
        description="Send alerts that a channel could not take before.",
        every=timedelta(minutes=5),
    ),
    DeploymentSchedule(
        name="trends",
        entrypoint="flows.trends.summarize_trends",
        description="Recompute bursts and emerging terms; write the trend summary.",
        cron="7 * * * *",
    ),
    DeploymentSchedule(
        name="maintain",
        entrypoint="flows.maintain.maintain_warehouse",
        description="Check the data, back it up, forget old raw documents.",
        cron="40 4 * * *",
    ),
)


def queue_of(number: int) -> str:
    """Return the queue that machine *number* of the pool serves first."""
    return f"host-{number}"


def sharded(shards: int) -> Iterator[DeploymentSchedule]:
    """Yield the schedules of many machines: one shard each, the rest on the first."""
    for schedule in SCHEDULES:
        if schedule.name != INGEST:
            yield replace(schedule, queue=queue_of(1))
            continue
        for number in range(1, shards + 1):
            yield replace(
                schedule,
                name=f"{INGEST}-{number}",
                shard=Shard(number, shards),
                queue=queue_of(number),
            )
