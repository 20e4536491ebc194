"""Check the lake that hosts share, and who has the turn to write."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from flows.steps.upkeep.finding import Finding
from warehouse.errors import WarehouseBusy, WarehouseError, WarehouseNewer
from warehouse.file.lock import LOCK_NAME, turn
from warehouse.lake.address import LakeAddress

if TYPE_CHECKING:
    from warehouse.lake.turn import LakeHolder

# Neither a run nor a night's upkeep takes so long: whoever does hangs, or moves millions.
_LONG_SECONDS = 30 * 60.0
# Of a holder who is at work one may be late.
_WORDS_MISSED = 2


def look_at_lake(data: Path, address: LakeAddress) -> Iterator[Finding]:
    """Find how large it is, and who keeps others from writing."""
    from warehouse.lake.upkeep import look  # noqa: PLC0415  few homes have a lake

    try:
        figures, holder = look(data, address)
    except WarehouseError as exc:
        remedy = "see to PostgreSQL and to the lake's folder"
        if isinstance(exc, WarehouseNewer):
            remedy = "upgrade sinowire"
        yield Finding(what="warehouse", state="bad", detail=str(exc), remedy=remedy)
        return
    yield Finding(what="warehouse", state="good", detail=f"{address}: {figures}")
    yield from _copy(data)
    if holder is not None:
        yield _turn(holder, address)


def _turn(holder: LakeHolder, address: LakeAddress) -> Finding:
    if holder.silent > _WORDS_MISSED * address.word_seconds:
        return Finding(
            what="turn",
            state="bad",
            detail=f"{holder} has said nothing for {holder.silent:.0f} s: it is stopped; "
            f"after {address.silent_seconds:.0f} s whoever waits takes its turn",
            remedy="see to that host: end the process, or let it go on",
        )
    is_long = holder.seconds > _LONG_SECONDS
    return Finding(
        what="turn",
        state="warn" if is_long else "good",
        detail=f"{holder} writes",
        remedy="it speaks, so it is at work; end it if it should not be" if is_long else "",
    )


def _copy(data: Path) -> Iterator[Finding]:
    """Find who writes this host's copy: he has no turn, and keeps its runs waiting."""
    if not (data / LOCK_NAME).exists():
        return
    try:
        with turn(data, command="sinowire doctor", wait=0.0):
            pass
    except WarehouseBusy as exc:
        detail = f"this host's copy of the lake is in use by {exc.holder}"
        yield Finding(what="copy", state="good", detail=detail)
    except (WarehouseError, OSError) as exc:
        remedy = "run as its owner, or give another --home"
        yield Finding(what="copy", state="bad", detail=str(exc), remedy=remedy)
