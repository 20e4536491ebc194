"""How long a correction at the desk takes, as whoever gives it in a browser sees it.

    python benchmarks/corrections.py [--articles 300000] [--rounds 8] [--keep DIR]

The warehouse is that of ``views.py``; ``sinowire web`` serves it, and Chromium corrects
stories of today's page by two keys and a click. Each round gives one verdict: *back* is
until the reader is at the line again, *applied* until it is in the warehouse and
published, *told* until the page says so. The first round starts the process that applies.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from desk import prepare, serving
from measure import cpu_of
from playwright.sync_api import Page
from results import ROOT, Result, Table, add_record_option
from results import publish as publish_result

from flows.settings import Settings, load_settings
from flows.steps import spool
from flows.web.sign_in import writing_token
from warehouse.file.connect import PUBLISHED_NAME

sys.path[:0] = [str(ROOT / "tests")]
from chromium import chromium  # noqa: E402  the one that tests have

AIM = 5.0
PATIENCE = 120
PARTS = ("form", "back", "applied", "told", "CPU")
FIRST, LATER = "first", "later ones, median"


def main() -> None:
    """Build what is missing, correct stories, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=300_000)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--keep", type=Path, help="a home to build once and use again")
    add_record_option(parser)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = options.keep or Path(folder)
        settings = load_settings(home)
        if not (settings.data / PUBLISHED_NAME).exists():
            prepare(settings.data, options.articles)
        found = corrected(settings, options.rounds)
        publish_result(result(found, options.articles), record=options.record)


def corrected(settings: Settings, rounds: int) -> list[list[float]]:
    """Return the seconds of each part, a row a round."""
    password = {"username": "ann", "password": writing_token(settings) or ""}
    found = []
    with serving(settings) as (address, process), chromium() as browser:
        page = browser.new_context(base_url=address, http_credentials=password).new_page()
        page.goto("/")
        page.wait_for_load_state("load")
        for at in range(rounds):
            page.goto("/")
            found.append(one(settings, page, at, process.pid))
            sys.stderr.write(f"{at}: {' '.join(f'{s:6.2f}' for s in found[-1])}\n")
    return found


def one(settings: Settings, page: Page, at: int, pid: int) -> list[float]:
    """Correct the story at a place of the page."""
    cpu, start = cpu_of(pid), time.perf_counter()
    for _ in range(at + 1):
        page.keyboard.press("j")
    page.keyboard.press("x")
    button = page.locator('button[value$="-beat"]')
    button.wait_for()
    form = time.perf_counter() - start
    start = time.perf_counter()
    button.click()
    page.wait_for_url("**said=*")
    back = time.perf_counter() - start
    while spool.is_any_waiting(settings.data):
        if time.perf_counter() - start > PATIENCE:
            raise SystemExit(f"not applied after {PATIENCE} s")
        page.wait_for_timeout(20)
    applied = time.perf_counter() - start
    page.locator('.notice[data-key="said.applied"]').wait_for(timeout=PATIENCE * 1e3)
    return [form, back, applied, time.perf_counter() - start, cpu_of(pid) - cpu]


def result(found: list[list[float]], articles: int) -> Result:
    """Return what the docs quote."""
    later = [statistics.median(part) for part in zip(*found[1:] or found, strict=True)]
    slowest = [max(part) for part in zip(*found, strict=True)]
    rows = ((FIRST, found[0]), (LATER, later), ("slowest", slowest))
    late = f"{sum(part[2] > AIM for part in found)} of {len(found)}"
    busy = f"{os.getloadavg()[0]:.1f} processes wanted the {os.cpu_count()} cores"
    return Result(
        name="corrections",
        title=f"A correction at the desk, {articles:,} articles",
        summary=f"a verdict is applied and published {later[2]:.1f} s after the click, "
        f"the first {found[0][2]:.1f} s; aim {AIM:.0f} s",
        code=("flows/web", "flows/steps/spooled.py", "flows/steps/verdicts.py"),
        tables=[
            Table(
                columns=["seconds", *PARTS],
                rows=[[name, *parts] for name, parts in rows],
            )
        ],
        notes=[f"Slower than {AIM:.0f} s: {late}; {busy}.\n"],
    )


if __name__ == "__main__":
    main()
