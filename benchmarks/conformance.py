"""How well does our reading of feeds agree with other parsers' test suites?

    python benchmarks/conformance.py [--shared DIR] [--all] [--record]

Prints a table of scores, and what disagrees without a reason in
docs/conformance.md; --all prints what has one as well. Exit 1 where a case
ends in an exception, or a disagreement has no reason.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from results import ROOT, Result, Table, arguments, publish
from suites import Score, compare_feedparser, compare_gofeed, crashes

NOTES = ROOT / "docs" / "conformance.md"
_ROW = re.compile(r"^\| `([^`]+)` \| `([^`]+)` \| (.+?) \|$", re.MULTILINE)


def main() -> int:
    """Print the scores; return the exit code."""
    parser = arguments(__doc__, needs="corpus/parser_suites")
    parser.add_argument("--all", action="store_true", help="print what is explained, too")
    options = parser.parse_args()
    scores = all_scores(options.shared / "corpus" / "parser_suites")
    publish(result(scores), record=options.record)
    return int(print_details(scores, is_whole=options.all))


def all_scores(suites: Path) -> list[Score]:
    """Return the scores of all suites."""
    return [
        *compare_gofeed(suites / "gofeed_rss" / "translator"),
        *compare_feedparser(suites / "feedparser"),
        crashes("gofeed parser", suites / "gofeed_rss" / "parser"),
        crashes("feedjira", suites / "feedjira"),
        crashes("lemon24 reader", suites / "lemon24_reader"),
    ]


def reasons() -> dict[tuple[str, str], str]:
    """Return the reasons in the tables of docs/conformance.md, by case and field."""
    rows = _ROW.findall(NOTES.read_text(encoding="utf-8"))
    return {(case, name): reason for case, name, reason in rows}


def result(scores: Sequence[Score]) -> Result:
    """Return a row a suite."""
    rows = [
        [
            s.name.strip(),
            s.documents,
            len(s.not_feeds),
            len(s.exceptions),
            s.values,
            s.agreed,
        ]
        for s in scores
    ]
    documents, _, crashes, values, agreed = map(
        sum, zip(*(row[1:] for row in rows), strict=True)
    )
    columns = ["suite", "documents", "no feed", "crashes", "values", "agreed"]
    return Result(
        name="conformance",
        title="Agreement with other parsers' test suites",
        summary=f"{agreed:,} of {values:,} values agree in {documents:,} documents, "
        f"{crashes} crashes; each that differs has its reason in docs/{NOTES.name}",
        code=("connectors/feeds", "transforms/dates/parse.py", "transforms/text/html.py"),
        tables=[Table(columns=columns, rows=rows)],
    )


def print_details(scores: list[Score], *, is_whole: bool) -> bool:
    """Print what went wrong; return whether anything is unexplained."""
    known, left = reasons(), 0
    for score in scores:
        for text in [*score.exceptions, *(score.not_feeds if is_whole else [])]:
            print(f"{score.name.strip()}: {text}")
        for case, name, theirs, ours in score.differences:
            reason = known.get((case, name), "")
            left += not reason
            if is_whole or not reason:
                said = reason or "NO REASON GIVEN"
                print(f"{case} {name}: {theirs!r}, ours {ours!r}: {said}")
    print(f"{left} disagreements without a reason in docs/{NOTES.name}")
    return bool(left) or any(score.exceptions for score in scores)


if __name__ == "__main__":
    sys.exit(main())
