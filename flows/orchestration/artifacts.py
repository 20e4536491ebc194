"""What the Prefect page shows of a run: the health of feeds, the trend summary."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from prefect.artifacts import Artifact, acreate_markdown_artifact, acreate_table_artifact

from flows.settings import Settings
from flows.steps.published import published
from warehouse.feeds import health

FEED_HEALTH = "feed-health"


async def publish_feed_health(settings: Settings) -> None:
    """Write the table artifact ``feed-health``, the feeds in trouble first.

    Where no feed is in another state than the last one says, that one stands: Prefect
    keeps each, and a run in which nothing is new would add a row a feed to its database.
    """
    with published(settings) as con:
        table = [{k: str(v) for k, v in row.items()} for row in health(con)]
    told = await Artifact.aget(FEED_HEALTH)
    if told is not None and _states(json.loads(str(told.data))) == _states(table):
        return
    await acreate_table_artifact(
        key=FEED_HEALTH,
        table=table,
        description="Every feed's state when one of them changed last.",
    )


def _states(table: Iterable[Mapping[str, str]]) -> list[tuple[str, ...]]:
    return [(row["feed_id"], row["state"], row["reason"]) for row in table]


async def publish_trend_summary(markdown: str) -> None:
    """Write the Markdown artifact ``trend-summary``."""
    await acreate_markdown_artifact(
        key="trend-summary",
        markdown=markdown,
        description="What changed on the beat today.",
    )
