"""Check who of this host waits for the turn to write, and who gave up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from flows.steps.upkeep.finding import Finding
from transforms.text.plural import counted
from warehouse.waits import turn_waits


def look_at_waits(data: Path) -> Iterator[Finding]:
    """Find who waits by the clock of the machine, whatever clock a run was given."""
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
            remedy="see to the process that is waited for: it works for long, or hangs",
        )
