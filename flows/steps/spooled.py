"""Process that applies the desk's spool of verdicts, in order.

A click that is applied when its process is killed is applied again, which changes nothing:
what was said already is not said anew.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from connectors.process import follow
from flows.home import Config, load_config
from flows.settings import load_settings
from flows.steps import spool
from flows.steps.apply_verdicts import apply_verdicts, undo_verdicts
from flows.steps.spool import Click
from transforms.config import ConfigError
from transforms.models.verdicts import UNDO, VerdictError
from warehouse.errors import WarehouseBusy, WarehouseError

COMMAND = "verdicts of the desk"
# Seconds: so long a process waits for another click, and so often it looks.
LINGERS, LOOKS_EVERY = 60.0, 0.05


def apply_waiting(config: Config, report: Callable[[str], None] = lambda _: None) -> None:
    """Apply and publish all waiting clicks; an invalid one is refused with a reason.

    Raises:
        WarehouseBusy: Another writer kept the warehouse for too long; they wait on.
    """
    for is_undo, clicks in groupby(spool.waiting(config.settings.data), key=_is_undo):
        part = list(clicks)
        for each in [[click] for click in part] if is_undo else [part]:
            _apply_part(config, each, report)


def _apply_part(
    config: Config, clicks: Sequence[Click], report: Callable[[str], None]
) -> None:
    """Apply clicks in one transaction; after an error, each half in its own."""
    data = config.settings.data
    said = [replace(one, made_at=c.made_at) for c in clicks for one in c.verdicts]
    try:
        if _is_undo(clicks[0]):
            undo_verdicts(config, [int(one.value) for one in said], said[0], report=report)
        else:
            apply_verdicts(config, said, command=COMMAND, report=report)
    except VerdictError as exc:
        if len(clicks) == 1:
            spool.refuse(data, clicks[0], str(exc))
            return
        half = len(clicks) // 2
        for part in (clicks[:half], clicks[half:]):
            _apply_part(config, part, report)
        return
    for click in clicks:
        spool.done(data, click)


def _is_undo(click: Click) -> bool:
    return click.verdicts[0].kind == UNDO


def main() -> None:
    """Apply the waiting clicks of a home, and wait for the lock as long as needed.

    Clicks that follow within a minute are applied as well: corrections come in series.
    """
    home, parent = sys.argv[1:]
    follow(int(parent))
    try:
        settings = load_settings(Path(home))
        config = load_config(settings)
        _ = config.tagger  # ready before anybody clicks
        end = time.monotonic() + LINGERS
        while time.monotonic() < end:
            if not spool.is_any_waiting(settings.data):
                time.sleep(LOOKS_EVERY)
                continue
            fresh = load_config(settings)
            if fresh.watchlist.rules_version != config.watchlist.rules_version:
                config = fresh
            with suppress(WarehouseBusy):
                apply_waiting(config)
            end = time.monotonic() + LINGERS
    except (ConfigError, WarehouseError) as exc:
        sys.exit(str(exc))


if __name__ == "__main__":
    main()
