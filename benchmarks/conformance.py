"""How well does our reading of feeds agree with other parsers' test suites?

    python benchmarks/conformance.py [--shared DIR] [--all] [--record]

Prints a table of scores, and what disagrees without a reason in
docs/conformance.md; --all prints what has one as well. Exit 1 where a case
ends in an exception, or a disagreement has no reason.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from feedparser_cases import compare_feedparser
from gofeed_cases import compare_gofeed
from results import ROOT, Result, Table, arguments, publish
from scores import Disagreement, Score, crashes

NOTES = ROOT / "docs" / "conformance.md"
_ROW = re.compile(r"^\| `([^`]+)` \| `([^`]+)` \| (.+?) \|$", re.MULTILINE)


def main() -> int:
    """Print the scores; return the exit code."""
    parser = arguments(__doc__)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--all", action="store_true", help="print what is explained, too")
    options = parser.parse_args()
    suites = options.shared / "corpus" / "parser_suites"
    if not suites.is_dir():
        print(f"{suites} is not here; name the folder that holds corpus/ with --shared")
        return 2
    scores = all_scores(suites)
    publish(result(scores), record=options.record)
    is_bad = print_details(scores, is_whole=options.all)
    return int(is_bad)


def all_scores(suites: Path) -> list[Score]:
    """Return the scores of every suite in the folder."""
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


def unexplained(scores: Iterable[Score]) -> list[tuple[Score, Disagreement]]:
    """Return the disagreements for which the notes give no reason."""
    known = reasons()
    return [
        (score, found)
        for score in scores
        for found in score.disagreements
        if (found.case, found.field) not in known
    ]


def result(scores: Sequence[Score]) -> Result:
    """Return a row a suite."""
    rows = [
        [
            score.name.strip(),
            score.documents,
            len(score.not_feeds),
            len(score.exceptions),
            score.values.total(),
            score.agreed.total(),
        ]
        for score in scores
    ]
    documents, _, crashes, values, agreed = map(
        sum, zip(*(row[1:] for row in rows), strict=True)
    )
    return Result(
        name="conformance",
        title="Agreement with other parsers' test suites",
        summary=f"{agreed:,} of {values:,} values agree in {documents:,} documents, "
        f"{crashes} crashes; each that differs has its reason in docs/{NOTES.name}",
        code=("connectors/feeds", "transforms/dates/parse.py", "transforms/text/html.py"),
        tables=[
            Table(
                columns=["suite", "documents", "no feed", "crashes", "values", "agreed"],
                rows=rows,
            )
        ],
    )


def print_details(scores: list[Score], *, is_whole: bool) -> bool:
    """Print what went wrong; return whether anything is unexplained."""
    known = reasons()
    for score in scores:
        for text in [*score.exceptions, *(score.not_feeds if is_whole else [])]:
            print(f"{score.name.strip()}: {text}")
        for found in score.disagreements:
            reason = known.get((found.case, found.field), "")
            if is_whole or not reason:
                values = f"{found.theirs!r}, ours {found.ours!r}"
                print(
                    f"{found.case} {found.field}: {values}: {reason or 'NO REASON GIVEN'}"
                )
    left = len(unexplained(scores))
    print(f"{left} disagreements without a reason in docs/{NOTES.name}")
    return bool(left) or any(score.exceptions for score in scores)


if __name__ == "__main__":
    sys.exit(main())
