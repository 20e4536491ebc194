"""Checkup of a home: files, disk, warehouse, lake and waits for the lock."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from flows.home import load_config
from flows.refusals import LEAST_BYTES, is_no_room, not_writable, refusal
from flows.settings import Settings, retired_settings
from flows.steps.hosts import GONE_AFTER
from flows.steps.machines import known_machines
from flows.steps.upkeep.health import Finding, look_at_publication
from transforms.config import ConfigError
from transforms.text.lengths import counted
from warehouse.errors import (
    GO_THROUGH,
    RESTORE,
    WarehouseBusy,
    WarehouseDamaged,
    WarehouseError,
    WarehouseFull,
    WarehouseMissing,
    WarehouseNewer,
    WarehouseOlder,
)
from warehouse.file.aside import check_may_begin, is_there
from warehouse.file.connect import PRIVATE_NAME, PUBLISHED_NAME
from warehouse.file.lock import LOCK_NAME, turn
from warehouse.file.standstill import StandStill, keeps_host, standing_still
from warehouse.file.verify import look_inside, verify
from warehouse.lake.address import LakeAddress
from warehouse.runs import turn_waits

if TYPE_CHECKING:
    from warehouse.lake.turn import LakeHolder

# A publication needs the room of a second warehouse; below this nothing else works well.
LOW_SPACE_BYTES = 1_000_000_000
# A writer at work shows that the warehouse works: no need to wait for its end.
PATIENCE_SECONDS = 1.0
# Neither a run nor nightly upkeep takes so long: the holder hangs, or moves millions.
_LONG_SECONDS = 30 * 60.0
_ITS_DISK = "check its disk and permissions"


def examine(
    settings: Settings, *, now: datetime, max_age: timedelta | None, is_quick: bool = False
) -> list[Finding]:
    """Check files, disk, warehouse, published copy, runs, feeds and alerts.

    Waits for the lock are checked too. With *max_age*, a last run that ended longer ago
    than that is bad. With *is_quick*, the warehouse is opened but no table is read whole.
    """
    return [
        *look_at_files(settings),
        *look_at_warehouse(settings, is_quick=is_quick),
        *look_at_processes(settings),
        *look_at_waits(settings.data),
        *look_at_machines(settings.data),
        *look_at_publication(settings, now=now, max_age=max_age),
    ]


def look_at_files(settings: Settings) -> Iterator[Finding]:
    """Check the files of the home, and writing into the data folder."""
    for sentence in retired_settings(settings.home):
        yield Finding(
            what="settings",
            state="warn",
            detail=sentence,
            remedy="remove it: a later version refuses it",
        )
    yield from _files(settings)
    yield _space(settings)
    yield _folder(settings)


def _files(settings: Settings) -> Iterator[Finding]:
    config = load_config(settings)
    try:
        config.check()
    except ConfigError as exc:
        yield Finding(what="files", state="bad", detail=str(exc), remedy="correct the file")
        return
    enabled = sum(feed.enabled for feed in config.feeds)
    yield Finding(
        what="files",
        state="good",
        detail=f"{enabled} of {counted(len(config.feeds), 'feed')} enabled, "
        f"{counted(len(config.watchlist.companies), 'company', 'companies')}, "
        f"{counted(len(config.alerts.rules), 'alert rule')}, "
        f"{counted(len(config.searches), 'named search', 'named searches')}",
    )
    if waiting := config.waiting:
        yield Finding(what="rsshub", state="good", detail=waiting)
    yield Finding(
        what="topics and events",
        state="good",
        detail=f"looked for in every article, as {asker} asks"
        if (asker := config.looks_always)
        else "looked for where they can bring an article that names nobody onto the beat",
    )
    for channel_id, sentence in config.alerts.lacking.items():
        yield Finding(
            what=f"channel {channel_id}",
            state="warn",
            detail=sentence,
            remedy="set it where sinowire runs; what waits goes out with the next pass",
        )


def _space(settings: Settings) -> Finding:
    folder = settings.data if settings.data.is_dir() else settings.home
    free = shutil.disk_usage(folder).free
    detail = f"{free / 1e9:.2f} GB free at {folder}"
    if free < LEAST_BYTES:
        return Finding(
            what="disk",
            state="bad",
            detail=detail,
            remedy="make room on that disk: no run can write there",
        )
    low = free < LOW_SPACE_BYTES
    return Finding(
        what="disk",
        state="warn" if low else "good",
        detail=detail,
        remedy="free some space: a publication copies the warehouse" if low else "",
    )


def _folder(settings: Settings) -> Finding:
    data = settings.data
    if data.exists() and not data.is_dir():
        return Finding(
            what="data",
            state="bad",
            detail=f"{data} is a file, not a folder",
            remedy="move it aside",
        )
    folder = data if data.is_dir() else settings.home
    why_not = not_writable(folder)
    if why_not is None:
        return Finding(what="data", state="good", detail=f"{folder} can be written")
    return Finding(
        what="data",
        state="bad",
        detail=f"{folder} cannot be written: {why_not.strerror}",
        remedy=refusal(why_not),
    )


def look_at_warehouse(settings: Settings, *, is_quick: bool) -> Iterator[Finding]:
    """Check the private file, or the lake.

    Unless *is_quick*, every table of a file is read; of a lake none is in any case.
    """
    if settings.lake_address is not None:
        yield from look_at_lake(settings, settings.lake_address)
        return
    path = settings.data / PRIVATE_NAME
    if not is_there(path):
        try:
            check_may_begin(path, settings.data / PUBLISHED_NAME)
        except WarehouseMissing as exc:
            yield _unusable(exc)
        return
    try:
        with turn(settings.data, command="sinowire doctor", wait=PATIENCE_SECONDS):
            (look_inside if is_quick else verify)(path, remedy=RESTORE)
    except WarehouseBusy as exc:
        yield _in_use(settings, "warehouse", f"in use by {exc.holder}, so not checked")
    except WarehouseError as exc:
        yield _unusable(exc)
    except OSError as exc:
        yield Finding(
            what="warehouse",
            state="bad",
            detail=f"{path} cannot be used: {exc.strerror}",
            remedy=_ITS_DISK,
        )
    else:
        size = f"{path.stat().st_size / 1e6:.0f} MB"
        detail = f"{size}, opens" if is_quick else f"{size}, every table can be read"
        yield Finding(what="warehouse", state="good", detail=detail)


def _unusable(exc: WarehouseError, remedy: str = _ITS_DISK) -> Finding:
    if isinstance(exc, WarehouseNewer):
        remedy = "upgrade sinowire"
    elif isinstance(exc, WarehouseOlder):
        remedy = GO_THROUGH
    elif isinstance(exc, WarehouseMissing):
        remedy = f"sinowire restore {exc.former or 'FILE'}"
    elif isinstance(exc, WarehouseDamaged):
        remedy = "sinowire restore FILE brings a backup back"
    return Finding(what="warehouse", state="bad", detail=str(exc), remedy=remedy)


def _in_use(settings: Settings, what: str, detail: str) -> Finding:
    """Return that a process at work has the lock, or one that stands still."""
    if not is_kept(settings):
        return Finding(what=what, state="good", detail=detail)
    return Finding(
        what=what, state="bad", detail=detail, remedy="see what is said of that process"
    )


def look_at_lake(settings: Settings, address: LakeAddress) -> Iterator[Finding]:
    """Report the size of the lake, and the host that holds the lock."""
    from warehouse.lake.writer import look  # noqa: PLC0415  few homes have a lake

    try:
        figures, holder = look(settings.data, address)
    except WarehouseError as exc:
        yield _unusable(exc, "see to PostgreSQL and to the lake's folder")
        return
    yield Finding(what="warehouse", state="good", detail=f"{address}: {figures}")
    yield from _copy(settings)
    if holder is not None:
        yield _turn(holder, address)


def _turn(holder: LakeHolder, address: LakeAddress) -> Finding:
    if holder.is_silent(address):
        return Finding(
            what="turn",
            state="bad",
            detail=f"{holder} has said nothing for {holder.silent:.0f} s: it is stopped; "
            f"after {address.silent_seconds:.0f} s whoever waits takes its turn",
            remedy="check that host: end the process, or let it finish",
        )
    is_long = holder.seconds > _LONG_SECONDS
    return Finding(
        what="turn",
        state="warn" if is_long else "good",
        detail=f"{holder} writes",
        remedy="it reports, so it works; end it if it should not" if is_long else "",
    )


def _copy(settings: Settings) -> Iterator[Finding]:
    """Report the process that holds this host's copy without the write lock.

    Runs wait for it.
    """
    if not (settings.data / LOCK_NAME).exists():
        return
    try:
        with turn(settings.data, command="sinowire doctor", wait=0.0):
            pass
    except WarehouseBusy as exc:
        yield _in_use(
            settings, "copy", f"this host's copy of the lake is in use by {exc.holder}"
        )
    except (WarehouseError, OSError) as exc:
        is_full = isinstance(exc, WarehouseFull) or is_no_room(exc)
        yield Finding(
            what="copy",
            state="bad",
            detail=(isinstance(exc, OSError) and refusal(exc)) or str(exc),
            remedy=f"make room on the disk of {settings.data}"
            if is_full
            else "run as its owner, or give another --home",
        )


def look_at_waits(data: Path) -> Iterator[Finding]:
    """Report commands that wait for the lock, by the machine's clock."""
    waits = turn_waits(data)
    given_up = [wait for wait in waits if wait.gave_up_at]
    going_on = [wait for wait in waits if not wait.gave_up_at]
    now = datetime.now(UTC)
    said = [
        f"`{wait.command}` has waited {wait.seconds(now):.0f} s for {wait.holder}"
        for wait in going_on
    ]
    if given_up:
        first, last = given_up[0], given_up[-1]
        said.append(
            f"{counted(len(given_up), 'command')} gave up since "
            f"{first.began_at:%Y-%m-%d %H:%M} UTC, the last, `{last.command}`, after "
            f"{last.seconds(now):.0f} s of waiting for {last.holder}"
        )
    if said:
        yield Finding(
            what="waits for the turn",
            state="warn",
            detail="; ".join(said),
            remedy="check the process that holds the lock: it is slow, or hangs",
        )


def look_at_processes(settings: Settings) -> Iterator[Finding]:
    """Report processes of this home that were stopped, or say nothing any more."""
    limit = settings.silent_seconds
    for still in standing_still(settings.data, limit):
        keeps = " and holds the lock: nothing here can write" if _is_holder(still) else ""
        ends = f"; after {limit:.0f} s it is ended" if still.is_of_run else ""
        yield Finding(
            what="process",
            state="bad" if keeps_host(still, limit) else "warn",
            detail=f"{still}{keeps}{ends}",
            remedy=still.remedy,
        )


def look_at_machines(data: Path) -> Iterator[Finding]:
    """Report the pool's machines whose workers show no sign of life."""
    for machine in known_machines(data):
        if machine.is_silent:
            yield Finding(
                what="hosts",
                state="warn",
                detail=f"{machine}: other machines take its runs",
                remedy="see to that machine, and whether its worker is stopped; one that "
                f"is gone for good is forgotten after {GONE_AFTER.days} days",
            )


def is_kept(settings: Settings) -> bool:
    """Tell whether the process that holds the lock stands still."""
    return any(map(_is_holder, standing_still(settings.data, settings.silent_seconds)))


def _is_holder(still: StandStill) -> bool:
    return still.path.name == LOCK_NAME
