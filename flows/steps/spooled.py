"""Apply the verdicts that wait in the spool of the desk: each click whole, in order.

A click that is applied when its process is killed is applied again, which changes nothing:
what was said already is not said anew.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from itertools import chain, groupby
from pathlib import Path

from connectors.process import follow
from flows.home import Config, load_config
from flows.settings import load_settings
from flows.steps import spool
from flows.steps.spool import Click
from flows.steps.verdicts import apply_verdicts, undo_verdict
from transforms.config import ConfigError
from transforms.models.verdicts import UNDO, VerdictError
from warehouse.errors import WarehouseBusy, WarehouseError

COMMAND = "verdicts of the desk"


def apply_waiting(config: Config, report: Callable[[str], None] = lambda _: None) -> None:
    """Apply all clicks that wait, and publish; one that cannot be is refused with a reason.

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
    """Apply clicks in one turn; where one of them is wrong, each in its own."""
    data = config.settings.data
    try:
        if _is_undo(clicks[0]):
            for one in clicks[0].verdicts:
                undo_verdict(config, int(one.value), by=one.by, why=one.why, report=report)
        else:
            said = list(chain.from_iterable(click.verdicts for click in clicks))
            apply_verdicts(config, said, command=COMMAND, report=report)
    except VerdictError as exc:
        if len(clicks) == 1:
            spool.refuse(data, clicks[0], str(exc))
            return
        for click in clicks:
            _apply_part(config, [click], report)
        return
    for click in clicks:
        spool.done(data, click)


def _is_undo(click: Click) -> bool:
    return click.verdicts[0].kind == UNDO


def main() -> None:
    """Apply what waits in a home, however long others write, for the desk that asks."""
    home, parent = sys.argv[1:]
    follow(int(parent))
    try:
        config = load_config(load_settings(Path(home)))
        while spool.is_any_waiting(config.settings.data):
            try:
                apply_waiting(config)
            except WarehouseBusy:
                continue
    except (ConfigError, WarehouseError) as exc:
        sys.exit(str(exc))


if __name__ == "__main__":
    main()
