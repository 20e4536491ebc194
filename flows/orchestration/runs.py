"""Runs of flows: name, log, one retry, failure messages, artifacts and events."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

from prefect import get_run_logger
from prefect.artifacts import Artifact, acreate_markdown_artifact, acreate_table_artifact
from prefect.client.schemas.objects import State
from prefect.events import emit_event
from prefect.runtime import flow_run
from prefect.states import Failed

from flows import logs
from flows.home import Config, load_config
from flows.orchestration.children import follow_parent
from flows.refusals import refusal, sentence
from flows.settings import Settings, load_settings
from flows.steps.ingest.ingest import log as polls
from flows.steps.published import published
from flows.steps.summary import NoFeedWorked, Report
from transforms.config import ConfigError
from transforms.models import Alert
from transforms.names.rules.watchlist import Watchlist
from transforms.text.lengths import counted
from transforms.text.tables import printable
from warehouse.errors import (
    CatalogAway,
    LakeFolderAway,
    PublishError,
    WarehouseBusy,
    WarehouseDenied,
    WarehouseError,
    WarehouseFull,
)
from warehouse.feeds import health

T = TypeVar("T")
RunLog = logging.LoggerAdapter[logging.Logger]
# What passes by itself: a database that is started again, a long upkeep.
PASSING = (CatalogAway, WarehouseBusy)
RETRY_SECONDS = 30.0
# What has words of its own; all else is a mistake of ours and told with its traceback.
TOLD = (ConfigError, NoFeedWorked, OSError, WarehouseError)
# What may well be otherwise on another host.
OF_HOSTS = (LakeFolderAway, PublishError, WarehouseDenied, WarehouseFull)
# So begins the message of a run that failed for its host, and not for its feeds.
OF_HOST = "this host cannot work: "
# As many failed feeds a run names; the health of feeds has them all.
MOST_NAMED = 20
_IDS = ("run_id", "feed_id", "outcome")
FEED_HEALTH = "feed-health"
IN_TROUBLE = ("dead", "failing", "quiet")
MOST_ROWS = 200
COLUMNS = (
    *("feed_id", "state", "last_success_at", "last_article_at", "failures"),
    *("next_poll_at", "reason"),
)
Table = list[dict[str, str]]
MENTIONED = "sinowire.company.mentioned"


def run_name() -> str:
    """Return the name of the current flow run, such as "ingest 1/2 on alpha"."""
    kind, _, _ = str(flow_run.flow_name).partition("-")
    shard = flow_run.parameters.get("shard")
    return " ".join(filter(None, (kind, shard, "on", socket.gethostname())))


def run_log() -> RunLog:
    """Return the log of the current flow run: on Prefect's page and standard error."""
    ids = {"host": socket.gethostname(), "shard": flow_run.parameters.get("shard")}
    log = get_run_logger(**{name: value for name, value in ids.items() if value})
    return cast("RunLog", log)


def reporter(log: RunLog) -> Report:
    """Return a function that writes sentences into *log*, warnings as such."""

    def report(message: str) -> None:
        logs.say(printable(message), log)

    return report


@contextmanager
def failures_told(log: RunLog) -> Iterator[None]:
    """Log the failed feeds of the block into *log*, the first few of them."""
    told = 0

    def tell(record: logging.LogRecord) -> bool:
        nonlocal told
        if record.levelno >= logging.WARNING and told < MOST_NAMED:
            told += 1
            ids = {name: getattr(record, name) for name in _IDS}
            log.log(record.levelno, "%s", printable(record.getMessage()), extra=ids)
        # It is logged already; no other log needs it.
        return False

    polls.addFilter(tell)
    try:
        yield
    finally:
        polls.removeFilter(tell)


async def attempted(
    work: Callable[[], Awaitable[T]],
    report: Report,
    *,
    pause: float = RETRY_SECONDS,
    patience: Callable[[], float] = float,
) -> T | State[Any]:
    """Do *work*; after a passing error, wait for *pause* seconds and retry.

    Once, and again until its *patience* in seconds has passed. This is the one place where
    runs are tried again. A failure that we have words for becomes the state of the run,
    without a traceback.
    """
    began, is_last = time.monotonic(), False
    try:
        while True:
            try:
                return await work()
            except PASSING as exc:
                if is_last:
                    raise
                is_last = time.monotonic() - began >= patience()
                report(f"warning: {sentence(exc)}; trying once more in {pause:.0f} s")
            await asyncio.sleep(pause)
    except TOLD as exc:
        if isinstance(exc, OSError) and not refusal(exc):
            raise
        return Failed(
            message=f"{OF_HOST if is_of_host(exc) else ''}{sentence(exc)}", data=exc
        )


async def at_home(
    home: str | None, work: Callable[[Config, Report], Awaitable[T]]
) -> T | State[Any]:
    """Do *work* on the files of *home* as the current flow run, :func:`attempted`."""
    follow_parent()
    report = reporter(run_log())

    async def begun() -> T:
        return await work(load_config(load_settings(Path(home) if home else None)), report)

    return await attempted(begun, report)


def is_of_host(exc: BaseException) -> bool:
    """Tell whether *exc* is a fault of this host; another one may do the same work."""
    if isinstance(exc, NoFeedWorked):
        return exc.is_offline
    if isinstance(exc, OSError):
        return bool(refusal(exc))
    return isinstance(exc, OF_HOSTS)


async def publish_feed_health(settings: Settings) -> None:
    """Write the table artifact ``feed-health``: the feeds in trouble, and how many.

    Without a change since the last artifact, none is written: Prefect keeps each, and every
    run would add rows to its database.
    """
    with published(settings) as con:
        table, said = in_trouble(health(con))
    artifact = await Artifact.aget(FEED_HEALTH)
    is_same = artifact is not None and artifact.description == said
    if artifact and is_same and _states(json.loads(str(artifact.data))) == _states(table):
        return
    await acreate_table_artifact(key=FEED_HEALTH, table=table, description=said)


def in_trouble(rows: Sequence[Mapping[str, Any]]) -> tuple[Table, str]:
    """Return the rows of feeds in trouble, 200 at most, and a summary."""
    troubled = [row for row in rows if row["state"] in IN_TROUBLE]
    table = [{name: str(row[name]) for name in COLUMNS} for row in troubled[:MOST_ROWS]]
    states = Counter(row["state"] for row in troubled)
    summary = ", ".join(
        f"{states[state]:,} {state}" for state in IN_TROUBLE if states[state]
    )
    said = f"Of {counted(len(rows), 'feed')} {summary or 'none is in trouble'}."
    if len(troubled) > len(table):
        said += f" The first {len(table)} of {len(troubled):,}; all: sinowire feeds health"
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


def emit_mentions(alerts: Iterable[Alert], watchlist: Watchlist) -> None:
    """Emit one event per alert and company, best effort; the outbox is the record."""
    pairs = [
        (a, company) for a in alerts if a.state != "suppressed" for company in a.companies
    ]
    for alert, company_id in pairs:
        emit_event(
            event=MENTIONED,
            resource={
                "prefect.resource.id": f"sinowire.company.{company_id}",
                "prefect.resource.name": watchlist.company(company_id).name,
                "sinowire.rule": alert.rule_id,
            },
            payload={
                "alert_id": alert.alert_id,
                "rule_id": alert.rule_id,
                "company_id": company_id,
                "kind": alert.kind,
                "updates_alert_id": alert.updates_alert_id,
                "story_id": alert.story_id,
                "title": alert.title,
                "url": alert.url,
                "created_at": alert.created_at.isoformat(),
            },
        )
