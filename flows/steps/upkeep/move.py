"""Move the warehouse from this host's file into the lake of the settings, and back."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from flows.settings import Settings
from flows.steps.published import published
from flows.steps.upkeep.nightly import CHECKING
from flows.steps.warehouse import publish
from transforms.config import ConfigError
from warehouse.file.connect import PRIVATE_NAME
from warehouse.upkeep.checks import run_checks

_COMMAND = "sinowire move"


class Place(StrEnum):
    """Where the warehouse is to go."""

    lake = "lake"
    file = "file"


class WarehouseMove(NamedTuple):
    """How many rows each table has in both, what was kept, and which checks failed."""

    counts: dict[str, int]
    kept: Path | None
    failed: list[str]


def move(settings: Settings, place: Place, *, force: bool = False) -> WarehouseMove:
    """Move it; where it was, it stays as it is.

    Raises:
        ConfigError: No setting says where the lake is.
        TransferError: The lake holds something, or another number of rows arrived.
        WarehouseError: The lake cannot be reached, or the file cannot be read.
    """
    if (address := settings.lake_address) is None:
        raise ConfigError(
            "sinowire.toml", "names no lake", "set `warehouse` and `lake`, then move"
        )
    from warehouse.lake.transfer import draw, pour  # noqa: PLC0415  few homes have a lake

    data, wait = settings.data, settings.writer_wait_seconds
    if place is Place.lake:
        source = data / PRIVATE_NAME
        counts, kept = pour(data, address, source, command=_COMMAND, force=force, wait=wait)
    else:
        counts, kept = draw(data, address, command=_COMMAND, wait=wait)
    publish(settings)
    with published(settings, memory=CHECKING) as con:
        failed = [check.name for check in run_checks(con) if not check.ok]
    return WarehouseMove(counts, kept, failed)
