"""What the Prefect page shows of a run: the health of feeds, the trend summary."""

from __future__ import annotations

from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact

from flows.settings import Settings
from flows.steps.store import published
from warehouse.feeds import health


async def publish_feed_health(settings: Settings) -> None:
    """Write the table artifact ``feed-health``, the feeds in trouble first."""
    with published(settings) as con:
        rows = health(con)
    await acreate_table_artifact(
        key="feed-health",
        table=[{key: str(value) for key, value in row.items()} for row in rows],
        description="Every feed's state at the end of the last run.",
    )


async def publish_trend_summary(markdown: str) -> None:
    """Write the Markdown artifact ``trend-summary``."""
    await acreate_markdown_artifact(
        key="trend-summary",
        markdown=markdown,
        description="What changed on the beat today.",
    )
