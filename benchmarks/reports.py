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
import timeit
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Any, NamedTuple

from calibrate import auc
from results import ROOT, Result, Table, arguments, json_lines, publish, shipped_tagger

from transforms.beat.evidence import TextFindings, gather
from transforms.headlines.digests import is_digest
from transforms.headlines.reports import CHINESE, ReportSigns, read_report_weights
from transforms.headlines.telling import REPORT
from transforms.names.tagging import Tagger, report_signs, tag_document, telling_of
from transforms.teach.fit import Labelled, fitted, folds, foremost
from transforms.text.fold import fold, lowered

WEIGHTS = ROOT / "beats" / "china-tech" / "reports.toml"
LABELS = "gold/reports_dev.jsonl"
MOST, SPREAD, LOOSE = 1000, 0.5, 3.0
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
HEAD = """\
# What tells a headline that reports from one that talks, in hundredths of log-odds; fitted to
# labels by "python benchmarks/reports.py --write", and not to be edited. A headline begins
# with what its language has below, and is a report from 0 on.

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


def fit(rows: Sequence[Labelled], names: frozenset[str] = frozenset()) -> dict[str, float]:
    """Return the weights of the signs that tell most."""
    base = fitted(rows, {_START: 0.0, CHINESE: 0.0}, LOOSE)
    bare = [
        row._replace(
            values={k: v for k, v in row.values.items() if not holds_name(k, names)}
        )
        for row in rows
    ]
    signs = foremost(bare, base, MOST)
    return fitted(bare, base | dict.fromkeys(signs, 0.0), SPREAD)


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
    made = f"{HEAD}start = {{ chinese = {start + chinese - at['zh']}, else = {start - at['en']} }}\n"
    parts: dict[str, list[str]] = {"findings": [], "pieces": []}
    for name in sorted(name for name in whole if whole[name]):
        is_piece = name.startswith(_PIECE)
        key = name.removeprefix(_PIECE).replace("\\", "\\\\").replace('"', '\\"')
        parts["pieces" if is_piece else "findings"].append(f'"{key}"={whole[name]}')
    for part, entries in parts.items():
        made += f"{part} = [\n{''.join(_lines(entries))}]\n"
    return made


def _lines(entries: Iterable[str]) -> Iterator[str]:
    line = ""
    for entry in entries:
        if len(line) + len(entry) > _WIDTH:
            yield f"{{{line}}},\n"
            line = ""
        line += f",{entry}" if line else entry
    yield f"{{{line}}},\n"
