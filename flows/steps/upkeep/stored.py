"""Check where a home's warehouse is stored: runs go on from it, whatever is published."""

from __future__ import annotations

from collections.abc import Iterator

from flows.settings import Settings
from flows.steps.upkeep.finding import Finding
from flows.steps.upkeep.lake import look_at_lake
from warehouse.errors import (
    RESTORE,
    WarehouseBusy,
    WarehouseDamaged,
    WarehouseError,
    WarehouseMissing,
    WarehouseNewer,
)
from warehouse.file.aside import check_may_begin, is_there
from warehouse.file.connect import PRIVATE_NAME, PUBLISHED_NAME
from warehouse.file.lock import turn
from warehouse.file.verify import look_inside, verify

# A writer at work shows that the warehouse works: no need to wait for its end.
PATIENCE_SECONDS = 1.0


def look_at_warehouse(settings: Settings, *, is_quick: bool) -> Iterator[Finding]:
    """Find whether the private file, or the lake, can be used.

    Unless *is_quick*, every table of a file is read; of a lake none is in any case.
    """
    if settings.lake_address is not None:
        yield from look_at_lake(settings.data, settings.lake_address)
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
        detail = f"in use by {exc.holder}, so not checked"
        yield Finding(what="warehouse", state="good", detail=detail)
    except WarehouseError as exc:
        yield _unusable(exc)
    except OSError as exc:
        detail = f"{path} cannot be used: {exc.strerror}"
        yield Finding(
            what="warehouse",
            state="bad",
            detail=detail,
            remedy="check its disk and permissions",
        )
    else:
        size = f"{path.stat().st_size / 1e6:.0f} MB"
        detail = f"{size}, opens" if is_quick else f"{size}, every table can be read"
        yield Finding(what="warehouse", state="good", detail=detail)


def _unusable(exc: WarehouseError) -> Finding:
    remedy = "check its disk and permissions"
    if isinstance(exc, WarehouseNewer):
        remedy = "upgrade sinowire"
    elif isinstance(exc, WarehouseMissing):
        remedy = f"sinowire restore {exc.former or 'FILE'}"
    elif isinstance(exc, WarehouseDamaged):
        remedy = "sinowire restore FILE brings a backup back"
    return Finding(what="warehouse", state="bad", detail=str(exc), remedy=remedy)
