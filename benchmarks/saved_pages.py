"""Saved pages of outlets, read by the parser's process that a pass uses.

A folder has ``pages.tsv`` (file, host, language, text, source), ``html/FILE.html``, and
``txt/FILE.txt`` for pages whose text somebody took out: ``text`` is *whole*, *beginning*
or empty. A ``pages.tsv`` may be missing: then each page with a text is a page.
``verdicts.tsv`` (file, host, language, half, before, first, after, why) has what a person
found who read pages beside their texts: of the extractor alone, of our code as it was
when held-out pages were first looked at, and of our code now.
"""

from __future__ import annotations

import asyncio
import csv
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import NamedTuple
from zlib import crc32

from results import Table
from scoring import Score, scored

from connectors.feeds.fetch.document import Document
from connectors.feeds.full_text.extract import text_of
from connectors.feeds.full_text.pages import (
    PARSE_SECONDS,
    ArticlePage,
    PageRead,
    read_page,
)
from connectors.feeds.poll.workers.pool import ParserPool, open_pool
from transforms.models import Feed

WARM = (b"<html><body><p>warm</p></body></html>", "text/html")
HALVES = ("mended by", "held out")
LANGUAGES = ("zh", "en", "de")
READ = (("before", "extractor alone"), ("first", "when first read"), ("after", "now"))


class SavedPage(NamedTuple):
    """A page of the folder, and the text that is to be found in it, if one is known."""

    name: str
    host: str
    language: str
    text_kind: str
    source: str
    page: bytes
    text: str

    @property
    def half(self) -> str:
        """Tell pages that mends may be made by from those held out: by their host."""
        return HALVES[1 - crc32(self.host.encode()) % 2]


class Reading(NamedTuple):
    """What became of a page, and what it cost the parser's process."""

    saved: SavedPage
    read: PageRead
    wall: float
    cpu: float
    peak_mb: float

    @property
    def score(self) -> Score:
        """Compare what was found with what was to be found."""
        return scored(self.saved.text, self.read.text)


def saved_pages(folder: Path) -> list[SavedPage]:
    """Return the pages of *folder*, in the order of its table."""
    table = folder / "pages.tsv"
    if table.exists():
        with table.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
    else:
        texts = sorted(folder.glob("txt/*.txt"))
        rows = [{"file": each.stem, "text": "whole"} for each in texts]
    return [
        _saved(folder, row)
        for row in rows
        if (folder / f"html/{row['file']}.html").exists()
    ]


def read_saved(pages: Iterable[SavedPage]) -> list[Reading]:
    """Read *pages* one after the other, each in the parser's process."""
    return asyncio.run(_read_all(pages))


def keep_texts(readings: Iterable[Reading], folder: Path) -> None:
    """Write what was found in each page, to be read by a person."""
    folder.mkdir(parents=True, exist_ok=True)
    for each in readings:
        text = each.read.text or f"[{each.read.outcome}: {each.read.reason}]"
        (folder / f"{each.saved.name}.txt").write_text(text + "\n", encoding="utf-8")


def outcomes(readings: list[Reading]) -> Table:
    """Return how many pages of each half and language were read, and what they cost."""
    rows = []
    for half in (*HALVES, "all"):
        of_half = [each for each in readings if half in ("all", each.saved.half)]
        for language in (*LANGUAGES, "others", "all"):
            chosen = [each for each in of_half if _speaks(each, language)]
            if chosen:
                rows.append([half, language, *_costs(chosen)])
    columns = (
        *("half", "language", "pages", "hosts", "read", "refused"),
        *("CPU s, median", "CPU s, most", "MB, median", "MB, most"),
    )
    return Table(title="Pages", columns=columns, rows=rows)


def refusals(readings: list[Reading]) -> Table:
    """Return why pages gave no text."""
    refused: dict[tuple[str, str], list[str]] = {}
    for each in readings:
        if each.read.outcome != "read":
            why = (each.read.outcome, each.read.reason or "")
            refused.setdefault(why, []).append(each.saved.name)
    rows = [(*why, len(names), ", ".join(names)) for why, names in refused.items()]
    return Table(title="Refused", columns=("outcome", "why", "pages", "which"), rows=rows)


def agreement(readings: list[Reading]) -> Table:
    """Return recall and precision against the texts that are known, by language."""
    rows = []
    for half in (*HALVES, "all"):
        of_half = [each for each in readings if half in ("all", each.saved.half)]
        for language in (*LANGUAGES, "others", "all"):
            chosen = [each for each in of_half if _speaks(each, language)]
            whole = [r.score for r in chosen if r.saved.text_kind == "whole"]
            begun = [r.score for r in chosen if r.saved.text_kind == "beginning"]
            if whole or begun:
                rows.append([half, language, *_scores(whole), *_begun(begun)])
    columns = (
        *("half", "language", "whole texts", "recall", "precision"),
        *("nine tenths found", "nine tenths text", "beginnings", "beginning found"),
    )
    return Table(title="Against texts taken out by others", columns=columns, rows=rows)


def verdicts(folder: Path) -> list[Table]:
    """Return how many pages a person found whole, cut or wrong; none where nobody read."""
    path = folder / "verdicts.tsv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        read = list(csv.DictReader(file, delimiter="\t"))
    kinds = ("whole and clean", "whole with foreign text", "cut", "wrong", "nothing")
    rows = []
    for half in (*HALVES, "all"):
        of_half = [row for row in read if half in ("all", row["half"])]
        for language in ("zh", "others"):
            own = [
                row for row in of_half if (row["language"] == "zh") == (language == "zh")
            ]
            for when, label in READ:
                counts = Counter(row[when] for row in own)
                rows.append([half, language, label, len(own), *(counts[k] for k in kinds)])
    columns = ("half", "language", "code", "read", *kinds)
    return [Table(title="Read by hand", columns=columns, rows=rows)]


def summary(readings: list[Reading]) -> str:
    """Return one sentence on them all."""
    read = sum(each.read.outcome == "read" for each in readings)
    hosts = len({each.saved.host for each in readings})
    languages = len({each.saved.language for each in readings})
    return (
        f"Of {len(readings)} saved pages of {hosts} hosts in {languages} languages,"
        f" a text was found in {read}; median"
        f" {1000 * median(each.cpu for each in readings):.0f} ms of CPU a page, at most"
        f" {max(each.cpu for each in readings):.1f} s and"
        f" {max(each.peak_mb for each in readings):.0f} MB."
    )


def _saved(folder: Path, row: dict[str, str]) -> SavedPage:
    name = row["file"]
    text = folder / f"txt/{name}.txt"
    return SavedPage(
        name=name,
        host=row.get("host") or name,
        language=row.get("language") or "",
        text_kind=row.get("text") or "",
        source=row.get("source") or "",
        page=(folder / f"html/{name}.html").read_bytes(),
        text=text.read_text("utf-8") if text.exists() else "",
    )


async def _read_all(pages: Iterable[SavedPage]) -> list[Reading]:
    async with open_pool(1) as pool:
        # What a parser imports for the first page is not the page's cost.
        await pool.call(text_of, *WARM, url="", deadline=60)
        return [await _read(saved, pool) for saved in pages]


async def _read(saved: SavedPage, pool: ParserPool) -> Reading:
    url = f"https://{saved.host}/saved/{saved.name}"
    feed = Feed(feed_id="saved", url=f"https://{saved.host}/feed")
    page = ArticlePage(article_id=saved.name, url=url, feed=feed)
    document = Document(url=url, status=200, body=saved.page, content_type="text/html")
    before = _parsers()
    _forget_peaks(before)
    began = time.monotonic()
    read = await read_page(document, page, pool, deadline=PARSE_SECONDS)
    wall = time.monotonic() - began
    after = _parsers()
    cpu = sum(spent - before.get(pid, 0) for pid, spent in after.items())
    return Reading(saved, read, wall, cpu, max(map(_peak_mb, after), default=0.0))


def _forget_peaks(pids: Iterable[int]) -> None:
    for pid in pids:
        Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")


def _parsers() -> dict[int, float]:
    """Return the CPU seconds of the parsers, the processes that have no children."""
    found: dict[int, float] = {}
    waiting = _children("self")
    while waiting:
        pid = waiting.pop()
        below = _children(str(pid))
        waiting += below
        if not below:
            spent = Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]
            found[pid] = int(spent) / 1e9
    return found


def _children(pid: str) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def _peak_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    lines = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    return int(lines["VmHWM"].split()[0]) / 1000


def _speaks(reading: Reading, language: str) -> bool:
    own = reading.saved.language
    return language in ("all", own) or (language == "others" and own not in LANGUAGES)


def _costs(chosen: list[Reading]) -> list[str | int]:
    read = sum(each.read.outcome == "read" for each in chosen)
    cpu, peak = [each.cpu for each in chosen], [each.peak_mb for each in chosen]
    return [
        *(len(chosen), len({each.saved.host for each in chosen})),
        *(read, len(chosen) - read),
        *(f"{median(cpu):.3f}", f"{max(cpu):.2f}"),
        *(f"{median(peak):.0f}", f"{max(peak):.0f}"),
    ]


def _scores(whole: list[Score]) -> list[str | int]:
    if not whole:
        return [0, "", "", "", ""]
    return [
        len(whole),
        f"{sum(s.recall for s in whole) / len(whole):.3f}",
        f"{sum(s.precision for s in whole) / len(whole):.3f}",
        sum(s.recall >= 0.9 for s in whole),
        sum(s.precision >= 0.9 for s in whole),
    ]


def _begun(begun: list[Score]) -> list[str | int]:
    return [len(begun), sum(score.recall >= 0.9 for score in begun)]
