"""What share was right of what was read by hand, with its interval?

    python benchmarks/readings.py [--only NAME] [--record]

A line of tests/data/readings_*.jsonl is one row that a person read:
{"reading": what was read for, "row": id, "label": "right" or "wrong", "why": by which
mechanism it is wrong, "read_on": day, "window": the days it was drawn from}. It has no
text of anybody: ids lead to the rows in a warehouse of these days.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from math import sqrt
from pathlib import Path
from typing import Any

import results
from results import ROOT

FOLDER = ROOT / "tests" / "data"
FIELDS = {"reading", "row", "label", "why", "read_on", "window"}
LABELS = {"right", "wrong"}
# Of the normal distribution: 95 of 100 lie within.
Z = 1.959964

Reading = dict[str, Any]


def main() -> None:
    """Print each reading's share and what most of the wrong ones are."""
    parser = results.arguments(__doc__)
    parser.add_argument("--only", action="append", default=[], help="a reading's name")
    args = parser.parse_args()
    if not (rows := read(*args.only)):
        sys.exit(f"no such reading in {FOLDER}")
    results.publish(_result(rows), record=args.record)


def read(*names: str, folder: Path = FOLDER) -> list[Reading]:
    """Return the rows of the readings *names*, or of all.

    Raises:
        ValueError: A line is none, or its row was read twice for one thing.
    """
    rows: dict[tuple[str, str], Reading] = {}
    for path in sorted(folder.glob("readings_*.jsonl")):
        for number, row in enumerate(results.json_lines(path), 1):
            key = (str(row.get("reading")), str(row.get("row")))
            if set(row) != FIELDS or row["label"] not in LABELS or key in rows:
                raise ValueError(f"{path.name}:{number}: not a new row with its label")
            rows[key] = row
    return [row for (name, _), row in rows.items() if not names or name in names]


def interval(right: int, of: int) -> tuple[float, float]:
    """Return Wilson's interval of a share, at 95 %."""
    share, spread = right / of, Z * Z / of
    middle = share + spread / 2
    half = Z * sqrt(share * (1 - share) / of + spread / of / 4)
    return (middle - half) / (1 + spread), (middle + half) / (1 + spread)


def _result(rows: Sequence[Reading]) -> results.Result:
    names = sorted({row["reading"] for row in rows})
    lines = [_line(name, [r for r in rows if r["reading"] == name]) for name in names]
    return results.Result(
        name="readings",
        title="Readings by hand, share judged right",
        summary=f"{len(rows):,} rows of {len(lines)} readings were judged by hand.",
        code=["tests/data"],
        tables=[
            results.Table(
                columns=[
                    "read",
                    "window",
                    "right",
                    "of",
                    "share",
                    "95 %",
                    "most often wrong by",
                ],
                rows=lines,
            )
        ],
    )


def _line(name: str, rows: Sequence[Reading]) -> list[results.Cell]:
    right = sum(row["label"] == "right" for row in rows)
    low, high = interval(right, len(rows))
    wrong = Counter(row["why"] for row in rows if row["label"] == "wrong")
    return [
        name,
        ", ".join(sorted({row["window"] for row in rows})),
        right,
        len(rows),
        right / len(rows),
        f"{low:.2f}–{high:.2f}",
        ", ".join(f"{why} {count}" for why, count in wrong.most_common(1)) or "-",
    ]


if __name__ == "__main__":
    main()
