"""Warehouse of a home: opened to write, updated, and published."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from flows.home import Config
from flows.refusals import sentence
from flows.settings import PUBLISHED_EVERY, Settings
from flows.steps.published import published
from flows.steps.reach import note_rules
from transforms.config import ConfigError, ConfigText
from transforms.models import Run
from warehouse import runs as run_store
from warehouse.errors import WarehouseError
from warehouse.file.backup import Warehouse
from warehouse.file.connect import APPENDING, PUBLISHED_NAME
from warehouse.file.lock import private_folder
from warehouse.file.standstill import end_stopped
from warehouse.news import findings as finding_store
from warehouse.runs import settle_waits, waiting

if TYPE_CHECKING:
    from transforms.names.edit.floods import Flood
from warehouse.upkeep.checks import reader_state

_WATCHLIST = "watchlist.toml"
_DAYS = 7
# Of a day; a sample of 1,500 tells 20 % within 2.
_TEXTS = 1_500
# In the data folder: which file was published, and what a reader sees in it.
_FOLDER, _RECORD = "cache", "publication.json"


def warehouse_of(settings: Settings) -> Warehouse:
    """Return the warehouse of a home: a file in its data folder, or a lake."""
    if (address := settings.lake_address) is None:
        return Warehouse(settings.data)
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
    """Open the warehouse to write, updated; *report* gets a message during a wait.

    A *run* that does not get its turn is on record as one that failed. A process of this
    home that was stopped for too long is ended before.
    """
    called = f"sinowire {command}"
    end_stopped(settings.data, settings.silent_seconds, report)
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
        _forget_taught(settings.data, report)
        yield con


def _forget_taught(data: Path, report: Callable[[str], None]) -> None:
    """Say once that what an earlier release learned of verdicts counts no longer."""
    taught = data / "warehouse.taught"
    if taught.exists():
        taught.unlink()
        report(
            "verdicts hold, and what `sinowire teach` learned of them counts no longer; "
            "what is stored follows with: sinowire retag"
        )


def publish(settings: Settings) -> bool:
    """Copy the warehouse into the published file; return whether it changed.

    Raises:
        PublishError: It could not; the old copy stands.
        WarehouseBusy: A writer kept the warehouse for too long.
    """
    return warehouse_of(settings).publish(
        mode=int(settings.published_mode, 8), wait=settings.writer_wait_seconds
    )


def renew_publication(settings: Settings, report: Callable[[str], None]) -> None:
    """Migrate the warehouse and publish it, since another version published last.

    Where this user or this disk cannot, *report* says why and what to do: readers go on
    with what is there. A lake is left to its runs, since it then refuses every host that
    was not updated yet.
    """
    path = settings.data / PUBLISHED_NAME
    if settings.lake_address is not None:
        return
    report("another version of sinowire published last: bringing it to this one …")
    try:
        with open_writer(settings, "migrate", report):
            pass
        publish(settings)
    except (WarehouseError, duckdb.Error, OSError, ConfigError) as exc:
        report(
            f"{path} was written by another version of sinowire, and stays so: "
            f"{sentence(exc)}; then, as the owner of the home: sinowire run"
        )


def publish_pass(settings: Settings, state: str | None = None) -> bool:
    """Publish unless a file under an hour old shows *state*; return whether it changed.

    *state* is the warehouse's, as :func:`reader_state` has it; without one it is published
    in any case. A lake is always published: other hosts write to it as well.

    Raises:
        PublishError: It could not; the old copy stands.
        WarehouseBusy: A writer kept the warehouse for too long.
    """
    target = settings.data / PUBLISHED_NAME
    record = settings.data / _FOLDER / _RECORD
    if settings.lake_address:
        return publish(settings)
    may_stay = state and _is_fresh(target)
    if may_stay and _recorded(record) == _row(target, settings, state):
        return False
    is_changed = publish(settings)
    if state is None:
        with published(settings) as con:
            state = reader_state(con)
    private_folder(record.parent)
    record.write_text(json.dumps(_row(target, settings, state)), encoding="utf-8")
    return is_changed


def _row(target: Path, settings: Settings, state: str | None) -> list[str | None]:
    """Return the record of a publication, by its file's identity, mode and *state*."""
    status = target.stat()
    which = f"{status.st_ino} {status.st_size} {status.st_mtime_ns}"
    return [which, settings.published_mode, state]


def _recorded(record: Path) -> object:
    try:
        return json.loads(record.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        # None yet, or cut off: what is published is then published anew.
        return None


def _is_fresh(target: Path) -> bool:
    """Tell whether the publication at *target* was written within the hour."""
    try:
        age = time.time() - target.stat().st_mtime
    except FileNotFoundError:
        return False
    return 0 <= age < PUBLISHED_EVERY.total_seconds()


def sync_rules(con: duckdb.DuckDBPyConnection, config: Config) -> bool:
    """Record the current watchlist and reporting zone; return whether rules changed.

    Raises:
        ConfigError: An alias that is new would match far too much.
    """
    watchlist = config.watchlist
    if not finding_store.is_synced(con, config.rules_version):
        refuse_floods(con, config)
    finding_store.sync_version(
        con,
        config.rules_version,
        lambda: (watchlist.company_rows(), watchlist.alias_rows(), watchlist.topic_rows()),
    )
    is_new = note_rules(con, config)
    run_store.set_reporting_zone(con, config.settings.reporting_zone)
    return is_new


def refuse_floods(con: duckdb.DuckDBPyConnection, config: Config) -> None:
    """Estimate matches of each own alias on the last days, and refuse a flood.

    Takes a second; so it is for when the watchlist has changed.

    Raises:
        ConfigError: One matches too much; names file, line, alias, estimate, remedy.
    """
    from transforms.names.edit.floods import Day, floods  # noqa: PLC0415  after an edit

    days = [Day(**row) for row in finding_store.sample_days(con, days=_DAYS, texts=_TEXTS)]
    if not days or not config.own_aliases:
        return
    if found := floods(config.tagger, config.own_aliases, days):
        raise _refusal(found, ConfigText(config.text(_WATCHLIST), _WATCHLIST))


def _refusal(found: list[Flood], config: ConfigText) -> ConfigError:
    worst, *others = found
    alias = worst.alias
    more = f" (and {len(others)} more like it)" if others else ""
    return ConfigError(
        config.source,
        f"[company.{alias.company_id}] {worst.sentence}{more}",
        'give it context and default = "reject", or case = "exact", or remove it; '
        f'if you mean it, write {{ text = "{alias.text}", common = true }}',
        line=config.line_of(alias.text, "company", alias.company_id),
    )
