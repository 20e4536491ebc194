"""The numbers of ``/metrics``, in parts that are read one by one."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.models import Query

_COUNTED = "no page counts these for a machine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A number of how the pipeline does, with what tells it apart from its like."""

    metric: str
    label: str
    value: float | None


def _part(name: str, *relations: str) -> Query[Measured]:
    return Query(name=f"metrics.{name}", row=Measured, relations=relations, counts=_COUNTED)


PARTS = (
    _part("articles", "articles"),
    _part("runs", "runs", "run_hosts"),
    Query(name="metrics.hosts", row=Measured, relations=("host_runs", "shard_reads")),
    _part("polls", "feed_polls"),
    _part("feeds", "feed_health"),
    _part("alerts", "alerts"),
    _part("deliveries", "alert_latency"),
    _part("taught", "teachings", "taught", "alerts"),
    _part("verdicts", "verdicts"),
)
