"""Write and publish the warehouse as the settings say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import duckdb

from flows.home import Config
from flows.settings import Settings
from flows.steps.edits.floods import refuse_floods
from flows.steps.identities import bring_up_to_date
from flows.taught import keep
from transforms.models import Run
from warehouse import runs as run_store
from warehouse import watchlist as watchlist_store
from warehouse.file.connect import APPENDING
from warehouse.kinds import FileWarehouse, Warehouse
from warehouse.news import taught as taught_store
from warehouse.waits import settle_waits, waiting


def warehouse_of(settings: Settings) -> Warehouse:
    """Return the warehouse of a home: a file in its data folder, or a lake."""
    if (address := settings.lake_address) is None:
        return FileWarehouse(settings.data)
    from warehouse.lake.lake import LakeWarehouse  # noqa: PLC0415  few homes have one

    return LakeWarehouse(settings.data, address)


@contextmanager
def open_writer(
    settings: Settings,
    command: str,
    report: Callable[[str], None] = lambda _: None,
    *,
    memory: str = APPENDING,
    run: Run | None = None,
    on_turn: Callable[[], object] | None = None,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse to write, up to date; *report* hears of it when we have to wait.

    A *run* that does not get its turn is on record as one that failed.
    Where an earlier version gave articles their ids, they get those of today first.
    """
    called = f"sinowire {command}"
    with ExitStack() as stack:
        with waiting(settings.data, called, run) as tell:

            def on_wait(holder: str) -> None:
                tell(holder)
                report(f"waiting for {holder} to finish writing …")

            turn = warehouse_of(settings).writer(
                command=called,
                wait=settings.writer_wait_seconds,
                on_wait=on_wait,
                on_turn=on_turn,
                memory=memory,
            )
            con = stack.enter_context(turn)
        settle_waits(con, settings.data)
        bring_up_to_date(con, report)
        keep(settings.data, taught_store.standing(con))
        yield con


def publish(settings: Settings) -> bool:
    """Put a copy of the warehouse where people read it; return whether it changed.

    Raises:
        PublishError: It could not; the old copy stands.
        WarehouseBusy: A writer kept the warehouse for too long.
    """
    return warehouse_of(settings).publish(
        mode=int(settings.published_mode, 8), wait=settings.writer_wait_seconds
    )


def as_taught(con: duckdb.DuckDBPyConnection, config: Config) -> Config:
    """Return *config* as this warehouse was taught, on whichever host that was."""
    taught = taught_store.standing(con)
    return config if taught == config.watchlist.taught else replace(config, taught=taught)


def sync_rules(con: duckdb.DuckDBPyConnection, config: Config) -> None:
    """Record the watchlist and the reporting zone as they now are.

    Raises:
        ConfigError: An alias that is new would match far too much.
    """
    watchlist = config.watchlist
    if not watchlist_store.is_synced(con, watchlist.rules_version):
        refuse_floods(con, config)
    watchlist_store.sync_version(
        con,
        watchlist.rules_version,
        lambda: (watchlist.company_rows(), watchlist.alias_rows(), watchlist.topic_rows()),
    )
    run_store.set_reporting_zone(con, config.settings.reporting_zone)
