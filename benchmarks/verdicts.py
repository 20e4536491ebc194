"""Do 300 verdicts make alerts and the beat more precise in a month they did not see?

    python benchmarks/verdicts.py [--shared DIR]

Labels of ``gold/`` stand for the verdicts of a reader: *wanted* where a headline reports,
*on* and *off* of the beat. Of alerts a month is judged by the 300 labels before it, and the
score was fitted to all others. Of the beat it is by the 300 nearest to it, with weights as
shipped, which saw all labels, and as fitted to those left. Verdicts move the weights that
there are, or weigh signs beside them: outlets, companies, topics, events, what is missing.
Precision is at the recall that is reached without verdicts, and at .9.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from math import log
from pathlib import Path
from typing import Any, NamedTuple

from beat import GOLD, evidence_of
from reports import (
    LABELS,
    borne_often,
    fit,
    labelled_rows,
    names_of,
    thresholds,
    unseen,
)
from results import Table, arguments, json_lines, shipped_tagger

from transforms.headlines.digests import is_digest
from transforms.names.tagging import Tagger, tag_document
from transforms.relevance.evidence import TextFindings, learnable
from transforms.relevance.score import BeatWeights, weighed
from transforms.training.fit import Labelled, Weights, chance, fitted, folds
from transforms.training.labels import Example
from transforms.training.labels import fit as fit_beat

VERDICTS, HIGH = 300, 0.9
# A month of fewer labels is judged only together with others.
MANY, FEW = 150, 90
SINCE = "2025-12"
# What a person would say that a sign adds, without verdicts.
EXPECTED = {"no event": -0.5, "no company is its subject": -0.5, "a round-up": -1.0}
DRAWS = 2000
# How far a weight may go from what is known: standard deviations that are tried.
SPREADS = (0.12, 0.25, 0.5, 1.0)
_CERTAIN = 1e-6

Row = Mapping[str, Any]


class Told(NamedTuple):
    """A headline that is judged: its month, its truth, and what each way says of it."""

    month: str
    truth: bool
    by: Mapping[str, float]


def precision(told: Sequence[Told], way: str, recall: float | None) -> float:
    """Return the precision of *way* at a *recall*, or at that without verdicts.

    Months are called each by itself, as far as its recall takes.
    """
    months = defaultdict(list)
    for each in told:
        months[each.month].append(each)
    right = called = 0
    for rows in months.values():
        base = next(iter(rows[0].by))
        wanted = sum(each.truth for each in rows)
        hits = sum(each.truth and each.by[base] >= 0 for each in rows)
        need = hits if recall is None else round(recall * wanted)
        ranked = sorted(((each.by[way], each.truth) for each in rows), reverse=True)
        got = count = 0
        for _, truth in ranked:
            if got == need:
                break
            got, count = got + truth, count + 1
        right, called = right + got, called + count
    return right / max(called, 1)


def gain(told: Sequence[Told], way: str, recall: float | None) -> tuple[float, float]:
    """Return 2.5 and 97.5 of 100 draws of what *way* gains."""
    dice, base = random.Random(46), next(iter(told[0].by))
    gains = []
    for _ in range(DRAWS):
        drawn = dice.choices(told, k=len(told))
        gains.append(precision(drawn, way, recall) - precision(drawn, base, recall))
    gains.sort()
    return gains[DRAWS // 40], gains[-DRAWS // 40]


def signs_of(row: Row, tagger: Tagger) -> dict[str, float]:
    """Return the signs of a headline that no weight is for."""
    document, digest = tagger.read(row["title"], row["summary"]), is_digest(row["title"])
    sources = (row["source"], row["source"])
    tagged = tag_document(document, tagger, is_digest=digest, sources=sources)
    findings = TextFindings(
        document, tagged.mentions, tagged.tags, sources, digest, tagged.measure
    )
    lacks = {
        "no event": not any(tag.kind == "event" for tag in tagged.tags),
        "no company is its subject": not any(m.is_about for m in tagged.mentions),
        "a round-up": digest,
    }
    return dict.fromkeys([*learnable(findings), *(k for k, v in lacks.items() if v)], 1.0)


def moved(verdicts: Sequence[Labelled], prior: Weights) -> dict[str, float]:
    """Return weights that verdicts move, as far as cross-validation says."""

    def loss(spread: float) -> float:
        made = folds(verdicts, lambda known: fitted(known, prior, spread))
        unseen_rows = ((verdicts[n], by) for by, seen in made for n in seen)
        return sum(_loss(row, row.total(by)) for row, by in unseen_rows)

    return fitted(verdicts, prior, min(SPREADS, key=loss))


def _loss(row: Labelled, total: float) -> float:
    share = min(1 - _CERTAIN, max(_CERTAIN, chance(total)))
    return -(row.truth * log(share) + (1 - row.truth) * log(1 - share))


def alone(row: Labelled, weights: Weights, signs: Mapping[str, float]) -> Labelled:
    """Return an example with its signs alone, and its score as known."""
    return row._replace(values=signs, known=row.total(weights))


def beside(verdicts: Sequence[Labelled]) -> dict[str, float]:
    """Return the weights of signs beside what is known."""
    return moved(verdicts, dict.fromkeys(borne_often(verdicts), 0.0) | EXPECTED)


def of_alerts(shared: Path, tagger: Tagger) -> Iterator[Told]:
    """Yield what the score, and verdicts on it, say of months that they did not see."""
    read, names = labelled_rows(shared, tagger), names_of(tagger)
    rows = [each.labelled(each.row["title"]) for each in read]
    signs = [signs_of(each.row, tagger) for each in read]
    truths = [bool(each.row["is_report"]) for each in read]
    when = [each.row["published"] for each in read]
    every = sorted(range(len(read)), key=when.__getitem__)
    for month, count in sorted(Counter(each[:7] for each in when).items()):
        if count < FEW or month < SINCE:
            continue
        judged = [n for n in every if when[n].startswith(month)]
        given = [n for n in every if when[n] < month][-VERDICTS:]
        others = sorted({*every} - {*judged, *given})
        weights = fit([rows[n] for n in others], names)
        scores = unseen([rows[n] for n in others], names)
        bars = thresholds([read[n] for n in others], scores)
        verdicts = [rows[n]._replace(truth=float(truths[n])) for n in given]
        by_score = moved(verdicts, weights)
        of_signs = [
            alone(row, weights, signs[n]) for row, n in zip(verdicts, given, strict=True)
        ]
        by_signs = beside(of_signs)
        anew = fit([*(rows[n] for n in others), *verdicts], names)
        for n in judged:
            row, bar = rows[n], bars[read[n].row["lang"]]
            ways = {
                "no verdicts": row.total(weights),
                "signs beside the score": alone(row, weights, signs[n]).total(by_signs),
                "the score's weights moved": row.total(by_score),
                "as labels, the score fitted anew": row.total(anew),
            }
            yield Told(month, truths[n], {way: at - bar for way, at in ways.items()})


def of_beat(tagger: Tagger, *, is_shipped: bool) -> Iterator[Told]:
    """Yield what the beat, and verdicts on it, say of months that they did not see."""
    gold = [row for row in json_lines(GOLD) if row["beat"] != "edge"]
    gold.sort(key=lambda row: str(row["published"]))
    signs = [signs_of(row, tagger) for row in gold]
    examples = [
        Example(row["id"], evidence_of(row, tagger), row["beat"] == "core") for row in gold
    ]
    months = [row["published"][:7] for row in gold]
    for month in sorted({each for each in months if each >= SINCE}):
        judged = [n for n, each in enumerate(months) if each == month]
        middle = sum(judged) / len(judged)
        near = sorted(range(len(gold)), key=lambda n: abs(n - middle))
        given = [n for n in near if months[n] != month][:VERDICTS]
        others = sorted({*near} - {*judged, *given})
        weights = tagger.beat.weights
        if not is_shipped:
            weights = fit_beat([examples[n] for n in others], weights)
        rows = [_row(example, weights) for example in examples]
        prior = {term.name: term.weight for term in weights.terms}
        by_signs = beside([alone(rows[n], prior, signs[n]) for n in given])
        by_weights = moved([rows[n] for n in given], prior)
        for n in judged:
            ways = {
                "no verdicts": rows[n].total(prior),
                "signs beside the weights": alone(rows[n], prior, signs[n]).total(by_signs),
                "weights moved": rows[n].total(by_weights),
            }
            yield Told(SINCE, examples[n].is_on, ways)


def _row(example: Example, weights: BeatWeights) -> Labelled:
    values = {w.term.name: w.value for w in weighed(example.evidence, weights)}
    return Labelled(values, float(example.is_on), example.example_id, weights.intercept)


def table(title: str, told: Sequence[Told]) -> Table:
    """Return the precision of each way, and what verdicts gain by it."""
    rows: list[list[str | float]] = []
    for way in told[0].by:
        row: list[str | float] = [way]
        for recall in (None, HIGH):
            low, high = gain(told, way, recall)
            row += [f"{precision(told, way, recall):.3f}", f"{low:+.2f} to {high:+.2f}"]
        rows.append(row)
    wanted = sum(each.truth for each in told)
    at = ["precision", "gain", f"precision at {HIGH}", "gain"]
    return Table([f"{len(told)} rows, {wanted} right", *at], rows, title)


def main() -> None:
    """Print the tables."""
    options = arguments(__doc__, needs=LABELS).parse_args()
    tagger = shipped_tagger()
    alerts = list(of_alerts(options.shared, tagger))
    counts = Counter(each.month for each in alerts)
    tables = [
        table(
            f"Alerts, months of {MANY} labels or more",
            [each for each in alerts if counts[each.month] >= MANY],
        ),
        table(f"Alerts, months of {FEW} labels or more", alerts),
        table("Beat, weights as shipped", list(of_beat(tagger, is_shipped=True))),
        table("Beat, fitted to the rest", list(of_beat(tagger, is_shipped=False))),
    ]
    for each in tables:
        print("\n".join([*each.markdown(), ""]))


if __name__ == "__main__":
    main()
