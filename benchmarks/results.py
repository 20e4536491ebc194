"""What a benchmark found: printed as a table, and with --record kept for the docs.

A record is ``benchmarks/results/<name>.json``: the table, one sentence that sums it up,
the command, and the commit, day and machine of the run. ``benchmarks/figures.py`` makes
``docs/figures.md`` and the README's table from these files, so that no figure stands
there that its command did not print, and each says whether its code is older or newer.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import re
import shlex
import subprocess
import sys
from collections.abc import Container, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flows.beats import DEFAULT_BEAT, load_beat
from transforms.beat_files import WATCHLIST
from transforms.names.rules.file import parse_watchlist
from transforms.names.tagging import Tagger, compile_tagger

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
RESULTS = ROOT / "benchmarks" / "results"

# Where a warehouse is kept, and a server lies, is this machine's own matter.
OWN = ("--keep", "--moto")
NUMBER = re.compile(r"[-+]?[\d.,]*( s| %| MB)?")
Cell = str | int | float


@dataclass(frozen=True)
class Table:
    """Columns and rows; a float is shown with two digits, text as it is."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    title: str = ""

    def markdown(self) -> list[str]:
        """Return the lines of a Markdown table; numbers stand to the right."""
        numeric = [
            all(NUMBER.fullmatch(_shown(row[i])) for row in self.rows)
            for i in range(len(self.columns))
        ]
        rule = "|".join("---:" if right else "---" for right in numeric)
        return [
            *([f"{self.title}:", ""] if self.title else []),
            f"| {' | '.join(self.columns)} |",
            f"|{rule}|",
            *(f"| {' | '.join(map(_shown, row))} |" for row in self.rows),
        ]


@dataclass(frozen=True, kw_only=True)
class Result:
    """What one benchmark found.

    ``code`` are the paths whose change makes the figures old; ``summary`` is the one
    sentence that the README may quote.
    """

    name: str
    title: str
    summary: str
    code: Sequence[str]
    tables: Sequence[Table]
    notes: Sequence[str] = ()
    run: Run | None = field(default=None)


@dataclass(frozen=True, kw_only=True)
class Run:
    """When, where and by which command a benchmark ran."""

    command: str
    commit: str
    date: str
    machine: str


def arguments(doc: str | None, *, needs: str = "") -> argparse.ArgumentParser:
    """Return a parser of ``--record`` and, in *doc*, the question of a benchmark.

    One that *needs* a folder of ``../shared`` has ``--shared``, and ends without it.
    """
    parser = argparse.ArgumentParser(description=(doc or "").splitlines()[0])
    parser.add_argument(
        "--record", action="store_true", help="keep the figures in benchmarks/results"
    )
    if needs:

        def shared(text: str) -> Path:
            if not (Path(text) / needs).exists():
                raise SystemExit(f"no {needs} in {text}; name its folder with --shared")
            return Path(text)

        parser.add_argument("--shared", type=shared, default=str(SHARED))
    return parser


def json_lines(path: Path, parts: Container[str] | None = None) -> Iterator[Any]:
    """Yield the objects of a file of JSON lines, packed or not; of lines *parts* alone."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
        for number, line in enumerate(lines):
            if parts is None or str(number) in parts:
                yield json.loads(line)


def shipped_tagger(name: str = DEFAULT_BEAT) -> Tagger:
    """Return the tagger of a shipped beat."""
    beat = load_beat(name)
    watchlist = parse_watchlist(beat.texts[WATCHLIST], rules=beat.rules)
    return compile_tagger(watchlist, beat.tagging)


def publish(result: Result, *, record: bool) -> None:
    """Print the tables and the sentence; with *record* keep them, too.

    Raises:
        SystemExit: The product's code has changes that no commit holds, so that nobody
            could repeat what would be recorded.
    """
    for table in result.tables:
        print("\n".join(table.markdown()), end="\n\n")
    print("\n".join([*result.notes, result.summary]))
    if record:
        if changed := git("status", "--porcelain", "--", *result.code):
            raise SystemExit(f"not recorded: commit these changes first:\n{changed}")
        RESULTS.mkdir(exist_ok=True)
        kept = asdict(result) | {"run": asdict(this_run())}
        text = json.dumps(kept, ensure_ascii=False, indent=1)
        (RESULTS / f"{result.name}.json").write_text(text + "\n", encoding="utf-8")


def recorded() -> list[Result]:
    """Return all that was recorded, by name."""
    return [_read(path) for path in sorted(RESULTS.glob("*.json"))]


def git(*args: str) -> str:
    """Return what git says; empty outside a checkout."""
    done = subprocess.run(
        ["git", "-C", str(ROOT), *args], capture_output=True, text=True, check=False
    )
    return done.stdout.strip()


def this_run() -> Run:
    """Describe the run that is under way."""
    script = Path(sys.argv[0]).resolve().relative_to(ROOT)
    after = ("", *sys.argv)
    words = [
        word
        for word, before in list(zip(sys.argv, after, strict=False))[1:]
        if before not in OWN and word not in (*OWN, "--record")
    ]
    return Run(
        command=shlex.join(["python", str(script), *words]),
        commit=git("rev-parse", "--short=10", "HEAD"),
        date=datetime.now(UTC).date().isoformat(),
        machine=f"{os.cpu_count()} cores {platform.machine()}, {platform.system()},"
        f" Python {platform.python_version()}",
    )


def _read(path: Path) -> Result:
    raw = json.loads(path.read_text(encoding="utf-8"))
    tables = [Table(**table) for table in raw.pop("tables")]
    return Result(**raw | {"tables": tables, "run": Run(**raw.pop("run"))})


def _shown(cell: Cell) -> str:
    if isinstance(cell, float):
        return f"{cell:,.2f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
