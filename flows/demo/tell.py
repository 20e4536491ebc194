"""Say what the demo did, what it found, and what to try next."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from flows.home import Config
from flows.steps.published import published
from transforms.text.plural import counted
from transforms.text.tables import render_table
from warehouse.alerting.deliveries import digests, retries, updates
from warehouse.numbers.totals import totals
from warehouse.numbers.trends import today, trends

# The shipped rule whose first alert and update are shown.
RULE = "giants"
# What is shown of each table, and under which heading.
FIRST = {
    "at": "first_at",
    "rule": "rule_id",
    "outlets": "first_publishers",
    "languages": "first_languages",
    "title": "title",
}
UPDATE = {
    "at": "created_at",
    "new": "step",
    "outlets": "publishers",
    "languages": "languages",
    "title": "title",
}
DIGEST = {
    "at": "delivered_at",
    "channel": "channel_id",
    "alerts": "alerts",
    "held by": "held",
    "since": "since",
}
RETRY = {
    "at": "attempted_at",
    "channel": "channel_id",
    "attempt": "attempt",
    "outcome": "outcome",
    "error": "error",
}
BURST = {n: n for n in ("day", "kind", "subject_id", "observed", "expected", "q")}
SHARE = {n: n for n in ("week", "company_id", "stories", "share")}

NEXT = """
Try next:
  {sinowire} --home {home} sql \\
    "select company_id, count(*) from mentions group by all order by 2 desc"
  {sinowire} --home {home} search 石头科技
  {sinowire} --home {home} stories list
  {sinowire} --home {home} alerts explain {alert_id}
  {sinowire} --home {home} trends
  {sinowire} --home {home} web      (the desk, in a browser)
  {sinowire} init my-desk
  {sinowire} --home my-desk run     (some eighty real feeds)"""

Row = dict[str, Any]


def tell(
    config: Config,
    passes: Sequence[Row],
    briefs: Sequence[Path],
    *,
    width: int | None = None,
) -> None:
    """Print what the *passes* brought and what the warehouse holds since.

    All fits *width* cells; None is for a file, whose lines are as long as they are.
    """
    for name, done in zip(("first", "second", "third"), passes, strict=True):
        outcomes = ", ".join(f"{n} {what}" for what, n in done["outcomes"].items())
        print(f"\n{name} pass: {counted(done['feeds'], 'feed')} ({outcomes}),")
        print(f"  {_brought(done)}")
    with published(config.settings) as con:
        there = totals(con)
        last = today(con, datetime.now(UTC))
        parts = trends(con, since=last - timedelta(days=6), until=last)
        print()
        held = ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in there.items())
        print(textwrap.fill(held, width) if width else held)
        first = _tell_alerts(con, width)
    _table("bursts this week", parts["bursts"], BURST, width)
    _table("share of voice", parts["share_of_voice"][:8], SHARE, width)
    print("\nthe week's brief:", *briefs, sep="\n  ")
    # In a fresh environment the command is not on the path of the shell that ran us.
    program = "sinowire" if shutil.which("sinowire") else sys.argv[0]
    print(NEXT.format(home=config.settings.home, sinowire=program, alert_id=first))


def _brought(done: Row) -> str:
    articles = counted(done["new_articles"], "new article")
    return f"{articles}, {counted(done['alerts'], 'alert')}"


def _tell_alerts(con: duckdb.DuckDBPyConnection, width: int | None) -> str:
    """Print how alerts were delivered; return the id of the first alert shown."""
    told = updates(con, rule_id=RULE)
    _table("alerts: first ones that were updated later", told, FIRST, width)
    _table("alerts: their updates, and what is new", told, UPDATE, width)
    held, again = digests(con), retries(con)
    _table("alerts: a digest of what was held until its time", held, DIGEST, width)
    _table("alerts: a retry, since the desk refused at first", again, RETRY, width)
    return str(told[0]["first_alert_id"]) if told else "ALERT_ID"


def _table(
    title: str, rows: Sequence[Row], columns: Mapping[str, str], width: int | None
) -> None:
    print(f"\n{title}")
    shown = [
        {heading: _short(row[name]) for heading, name in columns.items()} for row in rows
    ]
    print(render_table(shown, "table", width=width).rstrip() if shown else "  none")


def _short(value: object) -> object:
    return f"{value:%H:%M} UTC" if isinstance(value, datetime) else value
