"""Check by night what changed since the last pass, and each night a part of the rest."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from flows.steps.summary import Report
from warehouse.upkeep.checks import run_checks
from warehouse.upkeep.parts import Derivation, Pass, state_of

# What looking at one part after the other takes, and blocks of the file that are kept.
CHECKING = "1GB"
RECORD = "warehouse.checked"
# Who began before the newest run may have committed after it.
_LONGEST_RUN = timedelta(days=1)


def check_by_night(
    con: duckdb.DuckDBPyConnection, data: Path, *, report: Report
) -> list[str]:
    """Return the names of the checks that fail; all is looked at within a week.

    At once where nothing is on record of a pass that found nothing, or where rows were
    derived anew since.
    """
    record, state = data / RECORD, state_of(con)
    only = _incremental(record, state)
    report(f"checking {_told(only)}")
    failed = [check.name for check in run_checks(con, only=only) if not check.ok]
    if failed or state.seen_at is None:
        record.unlink(missing_ok=True)
    else:
        night = only.night + 1 if only else 0
        told = [state.derived_by, state.seen_at.isoformat(), night]
        record.write_text(json.dumps(told), encoding="utf-8")
    return failed


def _told(only: Pass | None) -> str:
    if only is None:
        return "the whole warehouse"
    return f"what changed since {only.since:%Y-%m-%d %H:%M} UTC, and a part of the rest"


def _incremental(record: Path, state: Derivation) -> Pass | None:
    try:
        derived_by, seen_at, night = json.loads(record.read_text(encoding="utf-8"))
        since = datetime.fromisoformat(seen_at)
    except (OSError, ValueError):
        # None yet, or cut off.
        return None
    # What was restored may be of before.
    if derived_by != state.derived_by or state.seen_at is None or since > state.seen_at:
        return None
    return Pass(since - _LONGEST_RUN, int(night))
