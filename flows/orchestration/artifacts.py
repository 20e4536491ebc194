"""What the Prefect page shows of a run: the feeds in trouble, the trend summary."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from prefect.artifacts import Artifact, acreate_markdown_artifact, acreate_table_artifact

from flows.settings import Settings
from flows.steps.published import published
from transforms.text.plural import counted
from warehouse.feeds import health

FEED_HEALTH = "feed-health"
IN_TROUBLE = ("dead", "failing", "quiet")
MOST_ROWS = 200
COLUMNS = (
    *("feed_id", "state", "last_success_at", "last_article_at", "failures"),
    *("next_poll_at", "reason"),
)

Table = list[dict[str, str]]


async def publish_feed_health(settings: Settings) -> None:
    """Write the table artifact ``feed-health``: the feeds in trouble, and how many.

    Where the same ones are in the same states as the last one says, that one stands:
    Prefect keeps each, and every run would add rows to its database.
    """
    with published(settings) as con:
        table, said = in_trouble(health(con))
    told = await Artifact.aget(FEED_HEALTH)
    is_same = told is not None and told.description == said
    if told and is_same and _states(json.loads(str(told.data))) == _states(table):
        return
    await acreate_table_artifact(key=FEED_HEALTH, table=table, description=said)


def in_trouble(rows: Sequence[Mapping[str, Any]]) -> tuple[Table, str]:
    """Return the rows in trouble of all feeds, 200 at most, and how many there are."""
    found = [row for row in rows if row["state"] in IN_TROUBLE]
    table = [{name: str(row[name]) for name in COLUMNS} for row in found[:MOST_ROWS]]
    states = Counter(row["state"] for row in found)
    told = ", ".join(f"{states[state]:,} {state}" for state in IN_TROUBLE if states[state])
    said = f"Of {counted(len(rows), 'feed')} {told or 'none is in trouble'}."
    if len(found) > len(table):
        said += f" The first {len(table)} of {len(found):,}; all: sinowire feeds health"
    return table, said


def _states(table: Iterable[Mapping[str, str]]) -> list[tuple[str, str]]:
    return [(row["feed_id"], row["state"]) for row in table]


async def publish_trend_summary(markdown: str) -> None:
    """Write the Markdown artifact ``trend-summary``."""
    await acreate_markdown_artifact(
        key="trend-summary",
        markdown=markdown,
        description="What changed on the beat today.",
    )
