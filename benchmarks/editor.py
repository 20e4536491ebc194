"""How near does the front page of a brief come to an editor's list?

    python benchmarks/editor.py [--gold ../shared/gold] [--corpus ../shared/corpus]
        [--keep DIR] [--only DAY] [--days 3] [--show] [--record]

The gold names periods, the stories that an editor would lead with, and the files of
headlines that they were drawn from. Of these files the rows of each period and of
--days days before are imported into a home of its own, and its brief is asked for as
JSON. With --keep the homes stay, and are imported into once.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import results
from results import SHARED, json_lines

SINOWIRE = Path(sys.executable).with_name("sinowire")
# The scorer's names for what the table shows.
COLUMNS = {
    "must@5": "must in 5",
    "must@N": "must in 10",
    "nDCG@N": "nDCG@10",
    "not": "not wanted",
    "unlisted": "unlisted",
    "also": "below the line",
    "dup": "told twice",
    "merged": "merged",
    "x-lang": "both languages",
}
COUNTS = {"dup", "merged"}

Row = dict[str, Any]


def main() -> None:
    """Import, print the briefs, score them."""
    parser = results.arguments(__doc__)
    parser.add_argument("--gold", type=Path, default=SHARED / "gold")
    parser.add_argument("--corpus", type=Path, default=SHARED / "corpus")
    parser.add_argument("--keep", type=Path, help="keep the homes in this folder")
    parser.add_argument("--only", action="append", help="first day of a period")
    parser.add_argument("--days", type=int, default=3, help="days before to import")
    parser.add_argument("--show", action="store_true", help="print each place")
    args = parser.parse_args()
    for folder in (args.gold, args.corpus):
        if not folder.is_dir():
            sys.exit(f"{folder} is not here: --gold and --corpus name the folders")
    scorer = _load(args.gold / "score_editor.py")
    rows = json_lines(args.gold / "editor_dev.jsonl")
    periods = [r for r in rows if not args.only or r["since"][:10] in args.only]
    with tempfile.TemporaryDirectory() as scratch:
        homes = args.keep or Path(scratch)
        briefs = [_brief(row, homes / row["since"][:10], args) for row in periods]
    scored = [
        scorer.score(row, brief["stories"])
        for row, brief in zip(periods, briefs, strict=True)
    ]
    if args.show:
        _show(scored)
    results.publish(_result([row for row, _ in scored]), record=args.record)


def _load(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("score_editor", path)
    if spec is None or spec.loader is None:
        sys.exit(f"{path} is not here")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _brief(period: Row, home: Path, args: argparse.Namespace) -> Row:
    since, until = (datetime.fromisoformat(period[end]) for end in ("since", "until"))
    # A day of the gold is one of its own zone.
    zone = "UTC" if since.utcoffset() == timedelta(0) else "Asia/Shanghai"
    env = {"SINOWIRE_REPORTING_ZONE": zone, "SINOWIRE_HOME": str(home)}
    if not (home / "data" / "sinowire.duckdb").exists():
        home.mkdir(parents=True, exist_ok=True)
        files = [args.corpus / "headlines" / name for name in period["files"]]
        first = since - timedelta(days=args.days)
        rows = (json.dumps(row) + "\n" for row in _rows(files, first, until))
        (home / "rows.jsonl").write_text("".join(rows), encoding="utf-8")
        _sinowire(env, "import", str(home / "rows.jsonl"))
    last = f"{until - timedelta(days=1):%Y-%m-%d}"
    asked = ("--period", period["period"], "--until", last, "--format", "json")
    made = _sinowire(env, "brief", *asked)
    (home / "brief.json").write_text(made, encoding="utf-8")
    return dict(json.loads(made))


def _sinowire(env: Mapping[str, str], *words: str) -> str:
    done = subprocess.run(
        [SINOWIRE, *words],
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def _rows(files: Sequence[Path], since: datetime, until: datetime) -> Iterator[Row]:
    """Yield the rows of the period as ``sinowire import`` reads them."""
    for row in (row for path in files for row in json_lines(path)):
        at = _moment(row.get("published") or row.get("first_seen") or "")
        if at and since <= at < until and row.get("url") and row["title"].strip():
            yield {
                "url": row["url"],
                "title": row["title"],
                "summary": row.get("summary") or "",
                "publisher": row["source"],
                "feed_id": f"import-{row['source']}",
                "language": row["lang"],
                "published": at.isoformat(),
            }


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _show(scored: Sequence[tuple[Row, Sequence[tuple[int, str, str]]]]) -> None:
    for row, lines in scored:
        print(f"# {row['period']}")
        for place, tag, title in lines:
            print(f"{place:4} {tag:12} {title[:90]}")
        for missed in row["missed"]:
            print(f"     missed: {missed[:100]}")


def _result(scored: Sequence[Row]) -> results.Result:
    rows = [[row["period"], *(_cell(row[key]) for key in COLUMNS)] for row in scored]
    means = {key: _mean(scored, key) for key in COLUMNS}
    rows.append(["all", *(_cell(means[key]) for key in COLUMNS)])
    return results.Result(
        name="editor",
        title="Front page agreement with an editor's list",
        summary=(
            f"Of the stories that an editor held to be a must, "
            f"{_cell(means['must@N'])} are among the ten of the front page "
            f"(nDCG@10 {_cell(means['nDCG@N'])}), over {len(scored)} periods."
        ),
        code=["transforms", "warehouse/sql", "watchlist.toml"],
        tables=[results.Table(columns=["period", *COLUMNS.values()], rows=rows)],
    )


def _mean(scored: Sequence[Row], key: str) -> float | int | None:
    found = [row[key] for row in scored if row[key] is not None]
    if key in COUNTS:
        return sum(found)
    return sum(found) / len(found) if found else None


def _cell(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.2f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
