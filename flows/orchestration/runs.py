"""What every flow run has: a name, a log, one more try, and words for its failure."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from prefect import get_run_logger
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Failed

from flows import logs
from flows.refusals import refusal, sentence
from flows.steps.ingest.ingest import log as polls
from flows.steps.summary import NoFeedWorked, Report
from transforms.config import ConfigError
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


def run_name() -> str:
    """Return what the flow run under way is called, such as "ingest 1/2 on alpha"."""
    kind, _, _ = str(flow_run.flow_name).partition("-")
    shard = flow_run.parameters.get("shard")
    return " ".join(filter(None, (kind, shard, "on", socket.gethostname())))


def run_log() -> RunLog:
    """Return the log of the flow run under way: on Prefect's page and standard error."""
    ids = {"host": socket.gethostname(), "shard": flow_run.parameters.get("shard")}
    log = get_run_logger(**{name: value for name, value in ids.items() if value})
    return cast("RunLog", log)


def reporter(log: RunLog) -> Report:
    """Return what says sentences in *log*, warnings as such."""

    def report(message: str) -> None:
        logs.say(printable(message), log)

    return report


@contextmanager
def failures_told(log: RunLog) -> Iterator[None]:
    """Say in *log* which feeds fail meanwhile, the first of them."""
    told = 0

    def tell(record: logging.LogRecord) -> bool:
        nonlocal told
        if record.levelno >= logging.WARNING and told < MOST_NAMED:
            told += 1
            ids = {name: getattr(record, name) for name in _IDS}
            log.log(record.levelno, "%s", printable(record.getMessage()), extra=ids)
        # It is told; no other log needs to.
        return False

    polls.addFilter(tell)
    try:
        yield
    finally:
        polls.removeFilter(tell)


async def attempted(
    work: Callable[[], Awaitable[T]], report: Report, *, pause: float = RETRY_SECONDS
) -> T | State[Any]:
    """Do *work*, a second time after a *pause* where what stood in the way passes.

    This is the one place where runs are tried again. A failure that we have words for
    becomes the state of the run, without a traceback.
    """
    try:
        try:
            return await work()
        except PASSING as exc:
            report(f"warning: {sentence(exc)}; trying once more in {pause:.0f} s")
            await asyncio.sleep(pause)
            return await work()
    except TOLD as exc:
        if isinstance(exc, OSError) and not refusal(exc):
            raise
        message = f"{OF_HOST if is_of_host(exc) else ''}{sentence(exc)}"
        return Failed(message=message, data=exc)


def is_of_host(exc: BaseException) -> bool:
    """Tell whether *exc* is the fault of this host: another one may do the same work."""
    if isinstance(exc, NoFeedWorked):
        return exc.is_cut
    if isinstance(exc, OSError):
        return bool(refusal(exc))
    return isinstance(exc, OF_HOSTS)
