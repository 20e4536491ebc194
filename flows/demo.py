"""Demo: the real flow on bundled samples, polled three times over loopback HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from connectors.samples.history import history_lines
from connectors.samples.serve import alerts_toml, feeds_toml, receive_alerts, serve_samples
from flows.beats import DEFAULT_BEAT
from flows.home import Config, load_config, write_starters
from flows.orchestration.server import FOLDER, prefect_server
from flows.settings import load_settings
from flows.steps.brief import make_brief
from flows.steps.ingest.history import Imported, import_file
from flows.steps.published import published
from transforms.text.lengths import counted
from transforms.text.tables import render_table
from warehouse.alerting.alerts import digests, retries, updates
from warehouse.numbers.brief import totals
from warehouse.numbers.trends import today, trends

SETTINGS = """\
# The demo's feeds are served by this machine itself, which the fetcher refuses to
# visit unless it is told that this network is ours.
allow_private_addresses = ["127.0.0.0/8"]
"""
# The moments of the samples: how long ago they are, and what is said of them.
PASSES = {
    1: (timedelta(hours=3), "first pass: every feed is new, so nothing is alerted …"),
    2: (timedelta(hours=1), "second pass, two hours later: first alerts …"),
    3: (timedelta(0), "third pass, an hour later: updates, a digest, a second attempt …"),
}
# One feed is slow; as slow as this at every pass.
SLOW_SECONDS = 1.0
# Between the second pass, whose alerts it gathers, and the third, which sends it.
DIGEST = timedelta(minutes=30)
# What runs say, which Prefect's page would show for as long as the demo takes.
LOG = "demo.log"
Report = Callable[[str], None]
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
_HELD = {
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
  {sinowire} init china-tech
  {sinowire} --home china-tech run     (more than a hundred real feeds)"""
NEXT_IMPORTED = """
Try next:
  {sinowire} --home {home} stories list
  {sinowire} --home {home} trends
  {sinowire} --home {home} web      (the desk, in a browser)
  {sinowire} --home {home} run      (real feeds)"""
Row = dict[str, Any]


def run_demo(
    home: Path, *, report: Report, width: int | None = None, beat: str = DEFAULT_BEAT
) -> None:
    """Run the pipeline in *home*, an empty folder; print results *width* cells wide."""
    now = datetime.now(UTC)
    home.mkdir(parents=True, exist_ok=True)
    if beat != DEFAULT_BEAT:
        _run_imported(home, beat, now, report=report, width=width)
        return
    (home / "sinowire.toml").write_text(SETTINGS, encoding="utf-8")
    write_starters(home, ("watchlist.toml",))
    # The samples are dated by their second moment.
    dated = now - PASSES[2][0]
    with (
        serve_samples(dated, slow_seconds=SLOW_SECONDS) as server,
        receive_alerts() as receiver,
    ):
        (home / "feeds.toml").write_text(feeds_toml(server.url), encoding="utf-8")
        rules = alerts_toml(receiver.url, now - DIGEST)
        (home / "alerts.toml").write_text(rules, encoding="utf-8")
        config = load_config(load_settings(home)).check()
        report("importing ten weeks of invented history …")
        _import_history(config, dated)
        report("starting a Prefect server of our own (this takes a few seconds) …")
        with prefect_server(config.settings.data) as env, _environment(env):
            passes = []
            with _runs_logged(config.settings.data / FOLDER / LOG):
                for server.moment, (ago, says) in PASSES.items():
                    report(says)
                    passes.append(_flow(home, now=now - ago))
                _summarize(home)
    tell(config, passes, _write_briefs(config, now), width=width)


def _run_imported(
    home: Path, beat: str, now: datetime, *, report: Report, width: int | None
) -> None:
    """Import the invented quarter of another beat, and summarize it."""
    (home / "sinowire.toml").write_text(f'beat = "{beat}"\n', encoding="utf-8")
    write_starters(home, beat=beat)
    config = load_config(load_settings(home)).check()
    report(f"importing an invented quarter of {config.beat.name()} …")
    _import_history(config, now, beat)
    report("starting a Prefect server of our own (this takes a few seconds) …")
    with (
        prefect_server(config.settings.data) as env,
        _environment(env),
        _runs_logged(config.settings.data / FOLDER / LOG),
    ):
        _summarize(home)
    briefs = _write_briefs(config, now)
    with published(config.settings) as con:
        _tell_held(con, width)
        _tell_week(con, width)
    _tell_next(config, briefs, NEXT_IMPORTED)


def _import_history(config: Config, now: datetime, beat: str = DEFAULT_BEAT) -> None:
    file = config.settings.home / "history.jsonl"
    lines = (f"{line}\n" for line in history_lines(now, beat))
    file.write_text("".join(lines), encoding="utf-8")

    def quiet(_: str) -> None:
        return

    import_file(config, file, Imported(), now=now, report=quiet, progress=quiet)


@contextlib.contextmanager
def _runs_logged(file: Path) -> Iterator[None]:
    """Write Prefect's logs to *file*, not to the terminal."""
    import prefect.main  # noqa: F401, PLC0415  who reads the environment sets up its logs

    log = logging.getLogger("prefect")
    with contextlib.closing(logging.FileHandler(file, encoding="utf-8")) as handler:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        log.addHandler(handler)
        # The terminal is the root's.
        log.propagate = False
        try:
            yield
        finally:
            log.propagate = True
            log.removeHandler(handler)


def _flow(home: Path, *, now: datetime) -> dict[str, Any]:
    from flows.ingest import ingest_feeds  # noqa: PLC0415  reads the environment

    # At each moment all feeds are asked: moments are closer than their pauses.
    return asyncio.run(ingest_feeds(home=str(home.resolve()), now=now, due=False))


def _summarize(home: Path) -> None:
    from flows.trends import summarize_trends  # noqa: PLC0415  reads the environment

    asyncio.run(summarize_trends(home=str(home.resolve())))


def _write_briefs(config: Config, now: datetime) -> list[Path]:
    from transforms.brief import render_html, render_markdown  # noqa: PLC0415  slow

    folder = config.settings.home / "briefs"
    folder.mkdir(exist_ok=True)
    brief = make_brief(config, now=now, period="week")
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


def tell(
    config: Config,
    passes: Sequence[Row],
    briefs: Sequence[Path],
    *,
    width: int | None = None,
) -> None:
    """Print the results of the *passes* and the contents of the warehouse.

    All fits *width* cells; None is for a file, whose lines are as long as they are.
    """
    for name, done in zip(("first", "second", "third"), passes, strict=True):
        outcomes = ", ".join(f"{n} {what}" for what, n in done["outcomes"].items())
        print(f"\n{name} pass: {counted(done['feeds'], 'feed')} ({outcomes}),")
        articles = counted(done["new_articles"], "new article")
        print(f"  {articles}, {counted(done['alerts'], 'alert')}")
    with published(config.settings) as con:
        _tell_held(con, width)
        first = _tell_alerts(con, width)
        _tell_week(con, width)
    _tell_next(config, briefs, NEXT, alert_id=first)


def _tell_held(con: duckdb.DuckDBPyConnection, width: int | None) -> None:
    held = ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in totals(con).items())
    print(f"\n{textwrap.fill(held, width) if width else held}")


def _tell_week(con: duckdb.DuckDBPyConnection, width: int | None) -> None:
    last = today(con, datetime.now(UTC))
    parts = trends(con, since=last - timedelta(days=6), until=last)
    _table("bursts this week", parts["bursts"], BURST, width)
    _table("share of voice", parts["share_of_voice"][:8], SHARE, width)


def _tell_next(config: Config, briefs: Sequence[Path], next_: str, **ids: str) -> None:
    print("\nthe week's brief:", *briefs, sep="\n  ")
    # In a fresh environment the command is not on the path of the shell that ran us.
    program = "sinowire" if shutil.which("sinowire") else sys.argv[0]
    print(next_.format(home=config.settings.home, sinowire=program, **ids))


def _tell_alerts(con: duckdb.DuckDBPyConnection, width: int | None) -> str:
    """Print the deliveries of alerts; return the id of the first alert shown."""
    rows = updates(con, rule_id=RULE)
    _table("alerts: first ones that were updated later", rows, FIRST, width)
    _table("alerts: their updates, and what is new", rows, UPDATE, width)
    held, again = digests(con), retries(con)
    _table("alerts: a digest of what was held until its time", held, _HELD, width)
    _table("alerts: a retry, since the desk refused at first", again, RETRY, width)
    return str(rows[0]["first_alert_id"]) if rows else "ALERT_ID"


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
