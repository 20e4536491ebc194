"""Teaching: what verdicts taught, put in place for all hosts or taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import duckdb
import orjson

from flows.caches import write_taught
from flows.home import Config
from flows.steps.hosts import refuse_other_rules
from flows.steps.upkeep.retag import rules_of
from flows.steps.warehouse import as_taught, open_writer, publish, sync_rules
from transforms.models.verdicts import VerdictError
from transforms.names.verdicts import MOST_BY, NOBODY
from transforms.teach.report import Teaching, rows_of
from transforms.text.harmless import shorten
from warehouse.file.connect import transaction
from warehouse.news import taught as store
from warehouse.upkeep import retag as retag_store

Report = Callable[[str], None]


def apply_teaching(config: Config, teaching: Teaching, *, by: str, report: Report) -> int:
    """Put in place what helps of *teaching*, and publish; return its number.

    Waits for the turn to write, and *report* hears of it; killed anywhere, all of it is
    done or nothing.

    Raises:
        VerdictError: None of it helps, it stands already, or a retag is at hand.
        WarehouseBusy: Another writer kept the warehouse for too long.
    """
    if not teaching.helps:
        raise VerdictError(f"{teaching.sentence} Nothing was changed")
    told = orjson.dumps(rows_of(teaching)).decode()
    with _turn(config, report) as con:
        if teaching.taught == store.standing(con):
            raise VerdictError("all of it stands already; nothing was changed")
        number = store.append(
            con,
            teaching.taught,
            by=shorten(by, MOST_BY) or NOBODY,
            verdicts=teaching.verdicts,
            report=told,
            now=datetime.now(UTC),
        )
    publish(config.settings)
    return number


def undo_teaching(config: Config, *, by: str, report: Report) -> int:
    """Take back the teaching that stands, and publish; return its number.

    What stood before it stands again: an earlier one, or what is shipped.

    Raises:
        VerdictError: None stands, or a retag is at hand.
        WarehouseBusy: Another writer kept the warehouse for too long.
    """
    with _turn(config, report) as con:
        newest = store.newest(con)
        if newest is None:
            raise VerdictError("nothing was taught; all weights are those that are shipped")
        number = int(newest["teaching_id"])
        said = shorten(by, MOST_BY) or NOBODY
        store.take_back(con, number, by=said, now=datetime.now(UTC))
    publish(config.settings)
    return number


@contextmanager
def _turn(config: Config, report: Report) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse for a change of what was taught, which is of its rules."""
    with open_writer(config.settings, "teach", report) as con:
        with transaction(con):
            stands = as_taught(con, config)
            refuse_other_rules(con, stands, datetime.now(UTC))
            if retag_store.begun(con, rules_of(stands)):
                raise VerdictError(
                    "a retag is at hand, which would go on by other rules; let it end, "
                    "or end it with: sinowire retag"
                )
            yield con
            taught = store.standing(con)
            sync_rules(con, replace(stands, taught=taught))
        write_taught(config.settings.data, taught)
