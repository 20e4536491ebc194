"""What the Prefect page shows of a run: the health of feeds, the trend summary."""

from __future__ import annotations

from pathlib import Path

from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact

from warehouse.connect import open_published
from warehouse.feeds import health


async def publish_feed_health(data: Path) -> None:
    """Write the table artifact ``feed-health``, the feeds in trouble first."""
    with open_published(data) as con:
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
