"""The demo: the real flow on bundled samples, polled twice over loopback HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from connectors.samples.history import history_lines
from connectors.samples.serve import feeds_toml, serve_samples
from flows.home import Config, load_config, write_defaults
from flows.orchestration.server import prefect_server
from flows.settings import load_settings
from flows.steps.brief import make_brief
from flows.steps.history import import_file
from flows.steps.store import published
from transforms.tables import render_table
from warehouse.alerts import list_alerts
from warehouse.totals import totals
from warehouse.trends import today, trends

SETTINGS = """\
# The demo's feeds are served by this machine itself, which the fetcher refuses to
# visit unless it is told that this network is ours.
allow_private_addresses = ["127.0.0.0/8"]
"""
# Between the two moments of the samples.
GAP = timedelta(hours=2)

BURST_COLUMNS = ("day", "kind", "subject_id", "observed", "expected", "q")
SHARE_COLUMNS = ("week", "company_id", "stories", "share")
NEXT = """
Try next:
  {sinowire} --home {home} sql \\
    "select company_id, count(*) from mentions group by all order by 2 desc"
  {sinowire} --home {home} search 石头科技
  {sinowire} --home {home} stories list
  {sinowire} --home {home} trends
  {sinowire} init my-desk
  {sinowire} --home my-desk run     (eighty real feeds)"""

Report = Callable[[str], None]


def run_demo(home: Path, *, report: Report) -> None:
    """Run the pipeline in *home*, an empty folder, and say what it did."""
    now = datetime.now(UTC)
    home.mkdir(parents=True, exist_ok=True)
    (home / "sinowire.toml").write_text(SETTINGS, encoding="utf-8")
    write_defaults(home, ("watchlist.toml", "alerts.toml"))
    with serve_samples(now) as server:
        (home / "feeds.toml").write_text(feeds_toml(server.url), encoding="utf-8")
        config = load_config(load_settings(home)).check()
        report("importing ten weeks of invented history …")
        _import_history(config, now)
        report("starting a Prefect server of our own (this takes a few seconds) …")
        with prefect_server(config.settings.data) as env, _environment(env):
            report("first pass: every feed is new, so nothing is alerted …")
            first = _flow(home, now=now - GAP)
            server.moment = 2
            report("second pass, two hours later …")
            second = _flow(home, now=now)
            _summarize(home)
    briefs = _write_briefs(config, now)
    _tell(config, first, second, briefs)


def _import_history(config: Config, now: datetime) -> None:
    file = config.settings.home / "history.jsonl"
    file.write_text("".join(f"{line}\n" for line in history_lines(now)), encoding="utf-8")

    def quiet(_: str) -> None:
        return

    import_file(config, file, now=now, report=quiet, progress=quiet)


def _flow(home: Path, *, now: datetime) -> dict[str, Any]:
    from flows.ingest import ingest_feeds  # noqa: PLC0415  reads the environment

    return asyncio.run(ingest_feeds(home=str(home.resolve()), now=now))


def _summarize(home: Path) -> None:
    from flows.trends import summarize_trends  # noqa: PLC0415  reads the environment

    asyncio.run(summarize_trends(home=str(home.resolve())))


def _write_briefs(config: Config, now: datetime) -> list[Path]:
    from transforms.brief import render_html, render_markdown  # noqa: PLC0415  slow

    folder = config.settings.home / "briefs"
    folder.mkdir(exist_ok=True)
    brief = make_brief(config.settings, now=now, period="week")
    pages = {"week.md": render_markdown(brief), "week.html": render_html(brief)}
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in pages]


@contextlib.contextmanager
def _environment(extra: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(extra)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _tell(
    config: Config, first: dict[str, Any], second: dict[str, Any], briefs: list[Path]
) -> None:
    """Print what was done, what was found, and what to try next."""
    with published(config.settings) as con:
        there = totals(con)
        last = today(con, datetime.now(UTC))
        parts = trends(con, since=last - timedelta(days=6), until=last)
        alerts = list_alerts(con, limit=8)
    for name, done in (("first pass", first), ("second pass", second)):
        outcomes = ", ".join(f"{n} {what}" for what, n in done["outcomes"].items())
        print(f"\n{name}: {done['feeds']} feeds ({outcomes}),")
        print(f"  {done['new_articles']} new articles, {done['alerts']} alerts")
    print()
    print(", ".join(f"{n} {name.replace('_', ' ')}" for name, n in there.items()))
    _table("alerts", alerts, ("rule_id", "company_id", "state", "title"))
    _table("bursts this week", parts["bursts"], BURST_COLUMNS)
    _table("share of voice", parts["share_of_voice"][:8], SHARE_COLUMNS)
    home = config.settings.home
    print("\nthe week's brief:", *briefs, sep="\n  ")
    # In a fresh environment the command is not on the path of the shell that ran us.
    program = "sinowire" if shutil.which("sinowire") else sys.argv[0]
    print(NEXT.format(home=home, sinowire=program))


def _table(title: str, rows: list[dict[str, Any]], columns: tuple[str, ...]) -> None:
    print(f"\n{title}")
    shown = [{name: row[name] for name in columns} for row in rows]
    print(render_table(shown, "table").rstrip() if shown else "  none")
