"""How accurate is relevance, on hand-labelled headlines, cross-validated?

    python benchmarks/beat.py [--gold ../shared/gold/beat_dev.jsonl]… [--refit] [--errors]
                              [--predictions FILE.jsonl]

Each headline is scored by weights fitted to the other four fifths, so that no figure is
of a headline that its own weights were fitted to. Rows labelled "edge" are left out.
Alarms are the
share of rows off the beat, of those drawn blindly, that are called on it; leads the share
of those that belong into a daily brief that are.

--refit fits the weights of ``beats/china-tech/weights.toml`` to all rows and writes them
there; nothing else in that file changes. Without it, the last table scores the rows by
the weights as they stand. --predictions writes what the scorer that comes with the
labels reads, cross-validated.

The fit is a logistic regression in which each weight keeps near what the file expects
(a normal prior around it), as far as the labels do not say otherwise. Caps are no part of
the fit, and of every score.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from regression import Array, auc, fitted, fold_of
from results import ROOT, SHARED, Result, Table, arguments, publish, shipped_tagger

from transforms.beat.evidence import Evidence, TextFindings, gather
from transforms.beat.score import weighed
from transforms.beat.weights import BeatWeights, shipped_weights
from transforms.headlines.digests import is_digest
from transforms.names.tagging import Tagger, tag_document

GOLD = SHARED / "gold" / "beat_dev.jsonl"
WEIGHTS = ROOT / "beats" / "china-tech" / "weights.toml"
FOLDS = 5
# How far a weight may go from what is expected, and the intercept: standard deviations.
SPREAD = 0.6
SPREAD_INTERCEPT = 2.0
# From this label on, a story belongs into a daily brief; it counts twice in the fit.
LEAD = 2

Row = Mapping[str, Any]


class Fitted(NamedTuple):
    """The intercept, and the weights in the order of the terms."""

    intercept: float
    weights: Array
    shipped: BeatWeights

    def relevance(self, matrix: Array) -> Array:
        """Return the relevance of each row of *matrix*."""
        added = matrix[:, :-1] * self.weights
        total = self.intercept + added.sum(axis=1)
        for name, most in self.shipped.caps.items():
            held = [term.cap == name for term in self.shipped.terms]
            total -= np.maximum(added[:, held].sum(axis=1) - most, 0) * matrix[:, -1]
        odds: Array = 1 / (1 + np.exp(-total))
        return odds


class Figures(NamedTuple):
    """What a set of rows reaches."""

    core: int
    off: int
    precision: float
    recall: float
    auc: float
    alarms: float
    leads: float


def main() -> None:
    """Print the tables; with --refit write the weights."""
    parser = arguments(__doc__)
    parser.add_argument("--gold", type=Path, action="append")
    parser.add_argument("--refit", action="store_true")
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--predictions", type=Path)
    args = parser.parse_args()
    rows = [row for file in args.gold or [GOLD] for row in _read(file)]
    tagger = shipped_tagger()
    shipped = shipped_weights()
    matrix = matrix_of(rows, tagger, shipped)
    relevance = cross_validated(rows, matrix, shipped)
    tables = [_table("Cross-validated", rows, relevance, shipped.threshold)]
    if args.refit:
        _write(fit(rows, matrix, shipped), shipped)
    else:
        as_is = _as_it_stands(shipped).relevance(matrix)
        tables.append(_table("As it stands", rows, as_is, shipped.threshold))
    publish(_result(rows, relevance, shipped.threshold, tables), record=args.record)
    if args.errors:
        print("\n".join(_errors(rows, relevance, shipped.threshold)))
    if args.predictions:
        _predict(args.predictions, rows, relevance, shipped.threshold)


def matrix_of(rows: Sequence[Row], tagger: Tagger, weights: BeatWeights) -> Array:
    """Return a line a row: how much each term counts there, and whether caps hold."""
    column = {term.name: n for n, term in enumerate(weights.terms)}
    matrix = np.zeros((len(rows), len(column) + 1))
    for n, row in enumerate(rows):
        evidence = evidence_of(row, tagger)
        matrix[n, -1] = weights.uncapped.isdisjoint(evidence)
        for found in weighed(evidence, weights):
            matrix[n, column[found.term.name]] = found.value
    return matrix


def evidence_of(row: Row, tagger: Tagger) -> dict[str, Evidence]:
    """Return the evidence of one labelled headline."""
    document = tagger.read(row["title"], row.get("summary") or "")
    sources = (row.get("source") or "",)
    digest = is_digest(row["title"])
    tagged = tag_document(document, tagger, is_digest=digest, sources=sources)
    findings = TextFindings(
        document=document,
        mentions=tagged.mentions,
        tags=tagged.tags,
        is_digest=digest,
        sources=sources,
    )
    return gather(findings, tagger.beat)


def fit(rows: Sequence[Row], matrix: Array, weights: BeatWeights) -> Fitted:
    """Fit the weights to the rows that are labelled core or off, near what is expected."""
    chosen = [n for n, row in enumerate(rows) if row["beat"] != "edge"]
    truth = np.array([rows[n]["beat"] == "core" for n in chosen], dtype=float)
    counts = np.array([1.0 + (rows[n]["lead"] >= LEAD) for n in chosen])
    lines = np.hstack([np.ones((len(chosen), 1)), matrix[chosen, :-1]])
    expected = np.array([weights.intercept, *(t.expected for t in weights.terms)])
    spread = np.array([SPREAD_INTERCEPT, *([SPREAD] * len(weights.terms))])
    now = fitted(lines, truth, counts, expected, spread)
    return Fitted(float(now[0]), now[1:], weights)


def cross_validated(rows: Sequence[Row], matrix: Array, weights: BeatWeights) -> Array:
    """Return the relevance of each row by weights fitted to the other folds."""
    folds = np.array([fold_of(row["id"], FOLDS) for row in rows])
    relevance = np.zeros(len(rows))
    for fold in range(FOLDS):
        others = np.flatnonzero(folds != fold)
        model = fit([rows[n] for n in others], matrix[others], weights)
        relevance[folds == fold] = model.relevance(matrix[folds == fold])
    return relevance


def figures(rows: Sequence[Row], relevance: Array, threshold: float) -> Figures:
    """Return precision, recall and the others of some rows."""
    scored = list(zip(rows, relevance.tolist(), strict=True))
    core = [r for row, r in scored if row["beat"] == "core"]
    off = [r for row, r in scored if row["beat"] == "off"]
    blind = [r for row, r in scored if row["beat"] == "off" and row["pool"] == "random"]
    leads = [r for row, r in scored if row["lead"] >= LEAD]
    right = _over(core, threshold)
    return Figures(
        core=len(core),
        off=len(off),
        precision=_share(right, right + _over(off, threshold)),
        recall=_share(right, len(core)),
        auc=auc(core, off),
        alarms=_share(_over(blind, threshold), len(blind)),
        leads=_share(_over(leads, threshold), len(leads)),
    )


def _read(file: Path) -> Iterator[Row]:
    if not file.is_file():
        sys.exit(f"{file} is not here: --gold names the file of the labels")
    with file.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _as_it_stands(weights: BeatWeights) -> Fitted:
    of_terms = np.array([term.weight for term in weights.terms])
    return Fitted(weights.intercept, of_terms, weights)


def _result(
    rows: Sequence[Row], relevance: Array, threshold: float, tables: Sequence[Table]
) -> Result:
    f = figures(rows, relevance, threshold)
    return Result(
        name="beat",
        title="Accuracy of relevance, cross-validated",
        summary=f"{f.core + f.off} labelled headlines: P {f.precision:.2f} "
        f"R {f.recall:.2f} AUC {f.auc:.2f}; of those off the beat and drawn blindly "
        f"{f.alarms:.1%} are called on it",
        code=("transforms", "watchlist.toml"),
        tables=tables,
    )


def _table(title: str, rows: Sequence[Row], relevance: Array, threshold: float) -> Table:
    groups = {"all": [True] * len(rows)}
    for key in ("lang", "pool"):
        for value in sorted({row[key] for row in rows}):
            groups[f"{key} {value}"] = [row[key] == value for row in rows]
    found = []
    for name, mask in groups.items():
        chosen = [row for row, is_in in zip(rows, mask, strict=True) if is_in]
        f = figures(chosen, relevance[np.array(mask)], threshold)
        shares = (f.precision, f.recall, f.auc, f.alarms, f.leads)
        found.append((name, f.core, f.off, *(f"{share:.3f}" for share in shares)))
    columns = ("rows", "core", "off", "P", "R", "AUC", "alarms", "leads")
    return Table(title=title, columns=columns, rows=found)


def _errors(rows: Sequence[Row], relevance: Array, threshold: float) -> Iterator[str]:
    yield "\n## On the wrong side\n"
    for row, r in sorted(zip(rows, relevance.tolist(), strict=True), key=lambda e: -e[1]):
        if row["beat"] != "edge" and (r >= threshold) != (row["beat"] == "core"):
            yield f"- {r:.2f} {row['beat']} {row['lead']} `{row['id']}` {row['source']}"


def _predict(file: Path, rows: Sequence[Row], relevance: Array, threshold: float) -> None:
    with file.open("w", encoding="utf-8") as out:
        for row, r in zip(rows, relevance.tolist(), strict=True):
            line = {"id": row["id"], "on_beat": r >= threshold, "relevance": r}
            out.write(json.dumps(line) + "\n")


def _write(fitted: Fitted, weights: BeatWeights) -> None:
    text = WEIGHTS.read_text(encoding="utf-8")
    text = re.sub(r"(?m)^intercept = [-\d.]+", f"intercept = {fitted.intercept:.2f}", text)
    for term, weight in zip(weights.terms, fitted.weights.tolist(), strict=True):
        name = re.escape(term.name if " " not in term.name else f'"{term.name}"')
        pattern = rf"(?m)^({name} = {{ weight = )[-\d.]+"
        text, count = re.subn(pattern, rf"\g<1>{weight:.2f}", text)
        if count != 1:
            sys.exit(f"{WEIGHTS.name}: {term.name} does not stand on one line of its own")
    WEIGHTS.write_text(text, encoding="utf-8")


def _over(relevances: Sequence[float], threshold: float) -> int:
    return sum(r >= threshold for r in relevances)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


if __name__ == "__main__":
    main()
