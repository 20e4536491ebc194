"""How well does the learned score tell headlines that report from those that talk? Fits it.

    python benchmarks/reports.py [--shared DIR] [--write] [--cost] [--record]

Reads the labels of ``gold/reports_dev.jsonl`` and prints, of either language, the area
under the curve of today's weight of a headline and of a score fitted without the row at
hand: of a fold of rows, and of a fold of outlets. Beside it stand what alerts that ask for
reports keep and how much of it reports, by the weight alone and with the score.

--write fits to all rows and writes ``reports.toml`` of the beat: no sign holds a name of
the watchlist, and the threshold of a language is where a fit without the outlet at hand
keeps so many of the reports as ``KEPT`` says. --cost times the score.
"""

from __future__ import annotations

import re
import time
import timeit
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from math import sqrt
from pathlib import Path
from typing import Any, NamedTuple

from calibrate import auc
from results import (
    ROOT,
    Cell,
    Result,
    Table,
    arguments,
    json_lines,
    publish,
    shipped_tagger,
)

from transforms.headlines.digests import is_digest
from transforms.headlines.reports import CHINESE, REPORT, ReportSigns, pieces_of
from transforms.names.tagging import Tagger, report_signs, tag_document, telling_of
from transforms.relevance.evidence import TextFindings, gather
from transforms.text.fold import Folded, fold, lowered
from transforms.training.fit import Labelled, Weights, chance, fitted, folds

WEIGHTS = ROOT / "beats" / "china-tech" / "reports.toml"
LABELS = "gold/reports_dev.jsonl"
MOST, SPREAD, LOOSE = 1100, 0.5, 3.0
# A sign that fewer rows bear is not weighed: chance would decide.
LEAST_ROWS = 3
# The share of reports that alerts keep.
KEPT = {"zh": 0.7, "en": 0.8}
LANGUAGES = {"zh": "Chinese", "en": "English"}
# Outlets that stand under several names.
TWINS = {
    "hacker-news": "hn", "bilibili-hot-search": "bilibili", "wired-business": "wired",
    "zhuanlan.zhihu": "zhihu", "daily.zhihu": "zhihu",
}  # fmt: skip
_FAMILY = re.compile(r"scmp|cnbc|cls|hn-|reddit")
_WIDTH = 150
# Standard deviations by which a rare sign stands behind.
_SHY = 0.8
# Of an outlet of fewer labelled reports nothing is said.
LEAST_LABELS = 12
HEAD = """\
# What tells a headline that reports from one that talks, in hundredths of log-odds: fitted
# to labels by "python benchmarks/reports.py --write", and not to be edited. A headline
# begins with what its language has below, and is a report from 0 on.

"""

Row = Mapping[str, Any]
Fit = tuple[dict[str, float], dict[str, float]]


class Read(NamedTuple):
    """A labelled headline: its signs, and what it weighs by words."""

    row: Row
    signs: ReportSigns
    weight: int

    @property
    def outlet(self) -> str:
        """Its outlet, of several names one."""
        name = self.row["source"].removesuffix(".com").removesuffix(".cn")
        family = _FAMILY.match(name)
        return family[0].strip("-") if family else TWINS.get(name, name)

    def labelled(self, group: str) -> Labelled:
        """Return it as an example."""
        truth = 0.5 if self.row["kind"] == "talk" else float(self.row["is_report"])
        pieces = Counter(f"{_PIECE}{piece}" for piece in self.signs.pieces)
        return Labelled({**self.signs.findings, **pieces, _START: 1.0}, truth, group)


_PIECE, _START = "~", "start"


def read(tagger: Tagger, row: Row) -> Read:
    """Return the signs of a labelled headline."""
    document, digest = tagger.read(row["title"], row["summary"]), is_digest(row["title"])
    sources = (row["source"], row["source"])
    tagged = tag_document(document, tagger, is_digest=digest, sources=sources)
    findings = TextFindings(
        document, tagged.mentions, tagged.tags, sources, digest, tagged.measure
    )
    evidence = gather(findings, tagger.beat)
    telling = telling_of(findings, evidence, tagger.telling)
    return Read(row, report_signs(findings, evidence, telling, tagged), telling.weight)


def names_of(tagger: Tagger) -> frozenset[str]:
    """Return all names of the watchlist, as titles are read."""
    watchlist = tagger.watchlist
    people = [name for person in watchlist.people for name in person.names]
    firms = [
        name
        for company in watchlist.companies
        for name in (company.name, company.company_id, *(a.text for a in company.aliases))
    ]
    return frozenset(lowered(fold(name).text).strip() for name in (*people, *firms))


def holds_name(sign: str, names: frozenset[str]) -> bool:
    """Tell whether a piece of a title is a name, or has one as a word."""
    words = sign.strip(f"{_PIECE}^$ ").split()
    return not names.isdisjoint({*words, " ".join(words)})


def fit(rows: Sequence[Labelled], names: frozenset[str]) -> dict[str, float]:
    """Return the weights of the signs that tell most."""
    base = fitted(rows, {_START: 0.0, CHINESE: 0.0}, LOOSE)
    found = foremost(rows, base, MOST)
    signs = [sign for sign in found if not holds_name(sign, names)]
    return fitted(rows, base | dict.fromkeys(signs, 0.0), SPREAD)


def unseen(rows: Sequence[Labelled], names: frozenset[str]) -> list[float]:
    """Return the log-odds of each row by weights fitted without its group."""
    found: dict[int, float] = {}
    for weights, held in folds(rows, partial(fit, names=names)):
        found |= {n: rows[n].total(weights) for n in held}
    return [found[n] for n in range(len(rows))]


def thresholds(rows: Sequence[Read], scores: Sequence[float]) -> dict[str, float]:
    """Return, by language, the score that so many reports reach as are to be kept."""
    found = {}
    for language, share in KEPT.items():
        reached = sorted(
            (
                score
                for each, score in zip(rows, scores, strict=True)
                if each.row["lang"] == language and each.row["is_report"]
            ),
            reverse=True,
        )
        found[language] = reached[round(share * len(reached)) - 1]
    return found


def written(weights: Mapping[str, float], least: Mapping[str, float]) -> str:
    """Return weights as TOML, several a line."""
    whole = {name: round(100 * weight) for name, weight in weights.items()}
    start, chinese = whole.pop(_START), whole.pop(CHINESE)
    at = {language: round(100 * score) for language, score in least.items()}
    zh, en = start + chinese - at["zh"], start - at["en"]
    made = f"{HEAD}start = {{ chinese = {zh}, else = {en} }}\n"
    parts: dict[str, list[str]] = {"findings": [], "pieces": []}
    for name in sorted(name for name in whole if whole[name]):
        is_piece = name.startswith(_PIECE)
        parts["pieces" if is_piece else "findings"].append(
            entry(name.removeprefix(_PIECE), whole[name])
        )
    for part, entries in parts.items():
        made += listed(part, entries)
    return made


def entry(sign: str, weight: int) -> str:
    """Return a weight in hundredths as TOML has it."""
    key = sign.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{key}"={weight}'


def listed(name: str, entries: Iterable[str]) -> str:
    """Return entries as a list of TOML tables, several a line."""
    return f"{name} = [\n{''.join(_lines(entries))}]\n"


def _lines(entries: Iterable[str]) -> Iterator[str]:
    line = ""
    for entry in entries:
        if len(line) + len(entry) > _WIDTH:
            yield f"{{{line}}},\n"
            line = ""
        line += f",{entry}" if line else entry
    yield f"{{{line}}},\n"


class Kept(NamedTuple):
    """How much of what reports is kept, and how much of what is kept reports."""

    precision: float
    kept: float


def kept(rows: Sequence[Read], holds: Sequence[bool]) -> Kept:
    """Return what of *rows* an alert keeps that asks for reports."""
    right = sum(
        row.row["is_report"] and held for row, held in zip(rows, holds, strict=True)
    )
    return Kept(
        right / max(1, sum(holds)), right / sum(row.row["is_report"] for row in rows)
    )


def lost(rows: Sequence[Read], scores: Sequence[float]) -> dict[str, float]:
    """Return the share of each outlet's reports below 0, where enough are labelled."""
    reports: dict[str, list[float]] = defaultdict(list)
    for each, score in zip(rows, scores, strict=True):
        if each.row["is_report"]:
            reports[each.outlet].append(score)
    return {
        outlet: sum(score < 0 for score in told) / len(told)
        for outlet, told in reports.items()
        if len(told) >= LEAST_LABELS
    }


def curve(rows: Sequence[Read], scores: Sequence[float]) -> float:
    """Return how often a report stands above what is none."""
    some: list[float] = []
    others: list[float] = []
    for each, score in zip(rows, scores, strict=True):
        (some if each.row["is_report"] else others).append(score)
    return auc(some, others)


def spoken(read: Read, score: float) -> int:
    """Return what a headline weighs with its score; SQL's ``speaks`` says the same."""
    return read.weight + round(max(-3, min(1, score)))


def borne_often(rows: Iterable[Labelled]) -> list[str]:
    """Return the signs that occur in enough rows for a weight."""
    borne = Counter(name for row in rows for name, value in row.values.items() if value)
    return sorted(name for name, times in borne.items() if times >= LEAST_ROWS)


def labelled_rows(shared: Path, tagger: Tagger) -> list[Read]:
    """Return the labelled headlines as they are read."""
    return [read(tagger, row) for row in json_lines(shared / LABELS)]


def main() -> None:
    """Print the figures; fit, time or record where that is asked for."""
    parser = arguments(__doc__, needs=LABELS)
    parser.add_argument("--write", action="store_true", help="put fitted weights in place")
    parser.add_argument("--cost", action="store_true", help="time the score")
    options = parser.parse_args()
    tagger = shipped_tagger()
    rows, names = labelled_rows(options.shared, tagger), names_of(tagger)
    if options.cost:
        return _print_cost(rows, tagger)
    by_row = unseen([row.labelled(row.row["title"]) for row in rows], names)
    by_outlet = unseen([row.labelled(row.outlet) for row in rows], names)
    least = thresholds(rows, by_row)
    if options.write:
        made = fit([row.labelled("") for row in rows], names)
        WEIGHTS.write_text(written(made, least), encoding="utf-8")
    return publish(_result(rows, by_row, by_outlet, least), record=options.record)


def _print_cost(rows: Sequence[Read], tagger: Tagger) -> None:
    for language, name in LANGUAGES.items():
        titles = [
            (tagger.read(each.row["title"], "").fields[0].folded, each.signs)
            for each in rows
            if each.row["lang"] == language
        ]

        def run(titles: Sequence[tuple[Folded, ReportSigns]] = titles) -> None:
            for title, (found, _) in titles:
                pieces = pieces_of(title, (), is_chinese=CHINESE in found)
                tagger.telling.reports.score(ReportSigns(found, pieces))

        seconds = (
            min(timeit.repeat(run, timer=time.process_time, number=3, repeat=5))
            / 3
            / len(titles)
        )
        print(f"{name}: {seconds * 1e6:.0f} µs a headline")


def _result(
    rows: Sequence[Read],
    by_row: Sequence[float],
    by_outlet: Sequence[float],
    least: Mapping[str, float],
) -> Result:
    curves: list[list[Cell]] = []
    alerts: list[list[Cell]] = []
    for language, name in LANGUAGES.items():
        chosen = [n for n, row in enumerate(rows) if row.row["lang"] == language]
        some = [rows[n] for n in chosen]
        scores = [by_row[n] - least[language] for n in chosen]
        outlets = [by_outlet[n] - least[language] for n in chosen]
        weights = [float(row.weight) for row in some]
        both = [float(spoken(row, score)) for row, score in zip(some, scores, strict=True)]
        curves.append([name, *(curve(some, by) for by in (weights, scores, outlets, both))])
        before = kept(some, [weight >= REPORT for weight in weights])
        now = kept(
            some,
            [w >= REPORT and s >= 0 for w, s in zip(weights, scores, strict=True)],
        )
        alerts.append([name, *before, *now])
    (_, _, zh, zh_unseen, _), (_, _, en, en_unseen, _) = map(tuple, curves)
    return Result(
        name="reports",
        title="Headlines that report, and those that talk",
        summary=(
            f"A learned score tells reports from talk with AUC {zh:.2f} in Chinese and "
            f"{en:.2f} in English by fits without the headline, of {zh_unseen:.2f} and "
            f"{en_unseen:.2f} without its outlet, over {len(rows)} labels."
        ),
        code=[
            *(f"transforms/{room}" for room in ("headlines", "names", "relevance")),
            "beats",
        ],
        tables=[
            Table(
                [
                    "",
                    "weight",
                    "score",
                    "of unseen outlets",
                    "both, as headlines are chosen",
                ],
                curves,
            ),
            Table(
                ["", "by weight: reports", "kept", "with the score: reports", "kept"],
                alerts,
                "What alerts keep that ask for reports",
            ),
        ],
        notes=["Words were chosen with some of these labels in view."],
    )


def foremost(rows: Sequence[Labelled], weights: Weights, most: int) -> list[str]:
    """Return the *most* signs beside *weights* that would add most to them."""
    slopes: dict[str, float] = defaultdict(float)
    bends: dict[str, float] = defaultdict(float)
    for row in rows:
        share = chance(row.total(weights))
        for name, value in row.values.items():
            slopes[name] += value * (row.truth - share) * row.times
            bends[name] += (value * row.times) ** 2 * share * (1 - share)
    able = set(borne_often(rows)).difference(weights)
    order = sorted(
        able, key=lambda name: (-abs(slopes[name]) / (_SHY + sqrt(bends[name])), name)
    )
    return sorted(order[:most])


if __name__ == "__main__":
    main()
