"""A lake whose rows lie in a bucket: the whole way of the news, there and back.

    pip install 'moto[server]'        # anywhere; a bucket server that speaks S3
    python benchmarks/bucket.py [--moto PATH]

Two homes with one lake in a bucket read the sample feeds by turns, a third one reads the
same into a file. Then upkeep is done, and the lake is moved into a file. Both homes have to
publish the same, all checks to pass, and articles to be those of the third home.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from results import ROOT, Result, Table, add_record_option
from results import publish as publish_result

from connectors.samples.catalogue import MOMENTS
from connectors.samples.serve import SampleServer, feeds_toml, serve_samples
from flows.home import load_config
from flows.settings import Settings, load_settings
from flows.steps.cycle import run
from flows.steps.published import published
from flows.steps.upkeep.move import Place, move
from flows.steps.warehouse import publish, warehouse_of
from warehouse.upkeep.checks import run_checks

sys.path[:0] = [str(ROOT / "tests")]
import postgres  # noqa: E402  the one that tests have

PORT = 5055
SERVICE = f"http://127.0.0.1:{PORT}"
NOW = datetime(2026, 8, 4, 4, tzinfo=UTC)
# What two hosts have to agree on, and what a lake and a file.
NEWS = "select article_id, title, story_id is null from articles order by all"
ALL = """
    select bit_xor(hash(articles)) from articles
    union all select bit_xor(hash(mentions)) from mentions
    union all select bit_xor(hash(stories)) from stories
    union all select bit_xor(hash(runs)) from runs
    union all select bit_xor(hash(feed_polls)) from feed_polls
"""
KEYS = {
    "AWS_ENDPOINT_URL": SERVICE,
    "AWS_ACCESS_KEY_ID": "newsroom",
    "AWS_SECRET_ACCESS_KEY": "known to all",
}


def main() -> int:
    """Go the whole way and print it; exit 1 where a promise did not hold."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--moto", default=shutil.which("moto_server"))
    add_record_option(parser)
    args = parser.parse_args()
    if args.moto is None or postgres.needed():
        print(f"skipped: {postgres.needed() or 'needs moto_server, of moto[server]'}")
        return 0
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        cluster = stack.enter_context(postgres.Postgres())
        stack.enter_context(_bucket(args.moto, folder))
        samples = stack.enter_context(serve_samples(NOW))
        lake = {
            "SINOWIRE_WAREHOUSE": f"ducklake:postgres:{cluster.make_database('lake')}",
            "SINOWIRE_LAKE": "s3://news/lake",
        }
        wrong, rows = _go(folder, samples, lake)
    publish_result(_result(rows, wrong), record=args.record)
    return 1 if wrong else 0


def _go(
    folder: Path, samples: SampleServer, lake: dict[str, str]
) -> tuple[list[str], list[list[str | float]]]:
    """Return what was wrong, and how long each step took."""
    os.environ |= {"SINOWIRE_ALLOW_PRIVATE_ADDRESSES": "127.0.0.0/8", **KEYS}
    names = ("one", "two", "file")
    for name in names:
        (folder / name).mkdir()
        (folder / name / "feeds.toml").write_text(feeds_toml(samples.url), encoding="utf-8")
    file = load_settings(folder / "file")
    os.environ |= lake
    one, two = (load_settings(folder / name) for name in names[:2])
    rows: list[list[str | float]] = []

    def timed(what: str, work: Callable[[], object]) -> None:
        begun = time.perf_counter()
        work()
        rows.append([what, time.perf_counter() - begun])

    for moment, settings in zip(MOMENTS, (one, two, one), strict=True):
        samples.moment = moment
        timed(f"pass {moment}, with its publication", partial(_run, settings, moment))
        _run(file, moment)
    timed("publish on the other host", partial(publish, two))
    publish(one)
    wrong = [] if _rows(one, ALL) == _rows(two, ALL) else ["two hosts publish two things"]
    wrong += [] if _rows(one, NEWS) == _rows(file, NEWS) else ["a file has other articles"]
    timed("upkeep", partial(warehouse_of(one).keep_in_order, wait=60.0))
    publish(two)
    with published(two) as con:
        wrong += [check.name for check in run_checks(con) if not check.ok]
    timed("move into a file", partial(move, two, Place.file))
    return wrong, rows


def _run(settings: Settings, moment: int) -> None:
    now = NOW + timedelta(hours=moment)
    run(load_config(settings), now=now, report=_quiet, progress=_quiet)


def _quiet(_said: str) -> None:
    pass


def _rows(settings: Settings, sql: str) -> list[tuple[object, ...]]:
    with published(settings) as con:
        return con.execute(sql).fetchall()


@contextmanager
def _bucket(program: str, folder: Path) -> Iterator[None]:
    """Run a bucket server with a bucket that is called news."""
    command = [program, "-H", "127.0.0.1", "-p", str(PORT)]
    with (folder / "moto.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        for _ in range(120):
            try:
                _put(f"{SERVICE}/news")
                break
            except OSError:
                time.sleep(0.5)
        yield
    finally:
        process.terminate()
        process.wait()


def _put(address: str) -> None:
    asked = urllib.request.Request(address, method="PUT")
    with urllib.request.urlopen(asked, timeout=5):
        pass


def _result(rows: Sequence[Sequence[str | float]], wrong: Sequence[str]) -> Result:
    outcome = "; ".join(wrong) or "both hosts publish the same, and what a file has"
    return Result(
        name="bucket",
        title="A lake whose rows lie in a bucket",
        summary=f"Two hosts with a lake in a bucket (moto): {outcome}",
        code=("warehouse/lake",),
        tables=[Table(columns=["what", "wall s"], rows=rows)],
        notes=[f"{outcome}.\n"],
    )


if __name__ == "__main__":
    sys.exit(main())
