"""How well are basis and modality of what is told of firms read? Fits their weights, too.

    python benchmarks/claims.py [--shared DIR] [--labels FILE] [--errors] [--write]

Reads the labels of ``gold/basis_dev.jsonl``, by which words were chosen and weights were
fitted, and prints accuracy and macro-F1 over classes of ten rows or more, with precision
and recall of what matters most: of the shipped weights, and of weights that were fitted
without the row at hand (eight folds). A value that the label lists as well is as right.

--labels reads a file of the same form in its place, and fits nothing. --errors lists what
is read otherwise. --write puts the weights fitted to all rows into
``transforms/claims/weights.toml``: logistic regressions, one a class, near what
``claims_expected.toml`` expects.

A last table is of headlines drawn by words of denial, by id and place in
``tests/data/denial_labels.jsonl``: how many that tell a denial are called one. A rumour
that somebody without a name calls false is neither right nor wrong; of a round-up the
first item is read.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from readings import interval
from results import (
    ROOT,
    SHARED,
    Cell,
    Result,
    Table,
    arguments,
    json_lines,
    publish,
    shipped_tagger,
)
from story_labels import look_up, read_rows

from transforms.claims.cues import (
    BASES,
    MODALITIES,
    ClaimWeights,
    claim_weights,
    read_weights,
)
from transforms.headlines.digests import is_digest
from transforms.names.tagging import Tagger, tag_document
from transforms.training.fit import Labelled, fitted

WEIGHTS = ROOT / "transforms" / "claims" / "weights.toml"
EXPECTED = ROOT / "benchmarks" / "claims_expected.toml"
DENIALS = ROOT / "tests" / "data" / "denial_labels.jsonl"
LANGUAGES = ("en", "zh")
FIELDS = {"basis": BASES, "modality": MODALITIES}
WATCHED = (("basis", "unnamed"), ("modality", "denied"), ("modality", "confirmed"))
# How far a weight may go from what is expected of it.
SPREAD = 0.4
# A sign of fewer rows is not weighed, nor a weight that hardly adds anything.
LEAST_ROWS, LEAST_WEIGHT = 2, 0.2
LEAST_CLASS = 10
FOLDS, SEED = 8, 0
_START = "start"
_BARE = re.compile("[A-Za-z-]+")

Row = Mapping[str, Any]
Read = tuple[str, str]


class Score(NamedTuple):
    """Figures of one field, and precision and recall of its classes."""

    accuracy: float
    macro: float
    classes: Mapping[str, tuple[float, float]]


def signs_of(tagger: Tagger, row: Row) -> frozenset[str]:
    """Return the signs of a labelled headline, none where nothing is told of a firm."""
    title, summary = row["title"], row.get("summary") or ""
    document, digest = tagger.read(title, summary), is_digest(title)
    tagged = tag_document(document, tagger, is_digest=digest)
    told = tagger.claims.told(document, tagged.mentions, tagged.people, is_digest=digest)
    return frozenset(told.signs) if told else frozenset()


def decided(signs: Iterable[frozenset[str]], weights: ClaimWeights) -> list[Read]:
    """Return what *weights* make of signs; without any, what is printed as no claim."""
    return [weights.decide(each) if each else ("none", "happened") for each in signs]


def scored(rows: Sequence[Row], read: Sequence[Read]) -> dict[str, Score]:
    """Return the figures of both fields."""
    return {
        field: _score(
            [_pair(row, said[n], field) for row, said in zip(rows, read, strict=True)]
        )
        for n, field in enumerate(FIELDS)
    }


def _pair(row: Row, said: str, field: str) -> Read:
    right = said in (row[field], *row.get("alt", {}).get(field, ()))
    return row[field], row[field] if right else said


def _score(pairs: Sequence[Read]) -> Score:
    classes, harmonic = {}, []
    for name, times in Counter(truth for truth, _ in pairs).items():
        hits = sum(pair == (name, name) for pair in pairs)
        called = sum(said == name for _, said in pairs)
        precision, recall = hits / called if called else 0.0, hits / times
        classes[name] = precision, recall
        if times >= LEAST_CLASS:
            harmonic.append(2 * hits / (called + times))
    macro = sum(harmonic) / len(harmonic) if harmonic else 0.0
    return Score(sum(a == b for a, b in pairs) / len(pairs), macro, classes)


def fit(
    rows: Sequence[Row], signs: Sequence[frozenset[str]]
) -> dict[str, dict[str, float]]:
    """Return the weights of each sign, by class, fitted near what is expected."""
    expected = tomllib.loads(EXPECTED.read_text(encoding="utf-8"))
    borne = Counter(sign for each in signs for sign in each)
    names = {sign for sign, times in borne.items() if times >= LEAST_ROWS} | {*expected}
    made: dict[str, dict[str, float]] = defaultdict(dict)
    for field, classes in FIELDS.items():
        for name in classes:
            prior = {sign: expected.get(sign, {}).get(name, 0.0) for sign in sorted(names)}
            labelled = [
                Labelled(dict.fromkeys((*each, _START), 1.0), float(row[field] == name))
                for row, each in zip(rows, signs, strict=True)
                # What is as right neither speaks for the class nor against it.
                if row[field] == name or name not in row.get("alt", {}).get(field, ())
            ]
            for sign, weight in fitted(labelled, prior, SPREAD).items():
                if sign == _START or abs(weight) >= LEAST_WEIGHT:
                    made[sign][name] = round(weight, 2)
    return made


def written(weights: Mapping[str, Mapping[str, float]]) -> str:
    """Return weights as TOML."""
    head = (
        "# What signs add to a basis and to a modality; made by benchmarks/claims.py.\n\n"
    )
    order = sorted(weights, key=lambda sign: (sign != _START, sign))
    return head + "".join(_line(sign, weights[sign]) for sign in order)


def _line(sign: str, weights: Mapping[str, float]) -> str:
    key = sign if _BARE.fullmatch(sign) else f'"{sign}"'
    return f"{key} = {{ {', '.join(f'{name} = {w}' for name, w in weights.items())} }}\n"


def cross_validated(rows: Sequence[Row], signs: Sequence[frozenset[str]]) -> list[Read]:
    """Return what is read of each row by weights fitted without it."""
    order = list(range(len(rows)))
    random.Random(SEED).shuffle(order)
    read: dict[int, Read] = {}
    for fold in range(FOLDS):
        unseen = order[fold::FOLDS]
        known = [n for n in order if n not in set(unseen)]
        made = fit([rows[n] for n in known], [signs[n] for n in known])
        weights = read_weights(written(made))
        read |= zip(unseen, decided([signs[n] for n in unseen], weights), strict=True)
    return [read[n] for n in range(len(rows))]


def figures(label: str, scores: Mapping[str, Score]) -> list[str | float]:
    """Return a row of the table."""
    macros = [scores[field].macro for field in FIELDS]
    accuracies = [scores[field].accuracy for field in FIELDS]
    watched = [scores[field].classes.get(name, (0.0, 0.0)) for field, name in WATCHED]
    return [label, *macros, *accuracies, *(f"{p:.2f} / {r:.2f}" for p, r in watched)]


def denials(tagger: Tagger, shared: Path = SHARED) -> list[Row]:
    """Return the headlines drawn by words of denial, each with whether it is called one."""
    labels = read_rows(DENIALS)
    found = look_up(labels, shared)
    rows = [r | {"title": found[r["id"]].title} for r in labels if r["id"] in found]
    read = decided([signs_of(tagger, row) for row in rows], claim_weights())
    return [
        row | {"is_called": s[1] == "denied"} for row, s in zip(rows, read, strict=True)
    ]


def _drawn(name: str, rows: Sequence[Row]) -> list[str | int]:
    called = [r for r in rows if r["is_called"] and not r.get("untrue")]
    right, told = sum(r["denial"] for r in called), sum(r["denial"] for r in rows)
    shares = [(right / of, *interval(right, of)) for of in (len(called), told)]
    written_out = [f"{share:.2f} ({low:.2f}–{high:.2f})" for share, low, high in shares]
    return [name, len(rows), told, len(called), *written_out]


def main() -> None:
    """Print the figures; write or record them where that is asked for."""
    parser = arguments(__doc__, needs="gold/basis_dev.jsonl")
    parser.add_argument("--labels", type=Path, help="other labels; nothing is fitted")
    parser.add_argument("--errors", action="store_true", help="list what is read otherwise")
    parser.add_argument(
        "--write", action="store_true", help="put fitted weights into place"
    )
    options = parser.parse_args()
    rows = list(json_lines(options.labels or options.shared / "gold" / "basis_dev.jsonl"))
    tagger = shipped_tagger()
    signs = [signs_of(tagger, row) for row in rows]
    if options.write and not options.labels:
        WEIGHTS.write_text(written(fit(rows, signs)), encoding="utf-8")
        claim_weights.cache_clear()
    read = decided(signs, read_weights(WEIGHTS.read_text(encoding="utf-8")))
    table = [figures("shipped weights", scored(rows, read))]
    if not options.labels:
        apart = cross_validated(rows, signs)
        table.append(figures("fitted without the row", scored(rows, apart)))
    if options.errors:
        _print_errors(rows, read)
    drawn = denials(tagger, options.shared)
    parts = [_drawn(name, [r for r in drawn if r["lang"] == name]) for name in LANGUAGES]
    parts.append(_drawn("all", drawn))
    parts.append(_drawn("first items", [r for r in drawn if r.get("item") != "later"]))
    publish(_result(table, parts, len(rows)), record=options.record)


def _print_errors(rows: Sequence[Row], read: Sequence[Read]) -> None:
    for row, said in zip(rows, read, strict=True):
        pairs = [_pair(row, each, field) for each, field in zip(said, FIELDS, strict=True)]
        wrong = [f"{truth}, read as {each}" for truth, each in pairs if truth != each]
        if wrong:
            print(f"{row['id']} {row['title']}: {'; '.join(wrong)}")


def _result(
    table: Sequence[Sequence[str | float]], drawn: Sequence[Sequence[Cell]], rows: int
) -> Result:
    _, basis, modality, *_ = table[-1]
    return Result(
        name="claims",
        title="Basis and modality of what is told of firms",
        summary=(
            f"of {rows} headlines, basis and modality are read with a macro-F1 of "
            f"{basis:.2f} and {modality:.2f} by weights fitted without them"
        ),
        code=["transforms/claims", "benchmarks/claims.py"],
        tables=[
            Table(
                ["", "macro-F1 of basis", "of modality", "accuracy of basis", "of modality"]
                + [f"P / R of {name}" for _, name in WATCHED],
                table,
            ),
            Table(
                ["", "headlines", "denials", "called", "P", "R"],
                drawn,
                "Headlines drawn by words of denial",
            ),
        ],
        notes=["Words were chosen with these labels in view."],
    )


if __name__ == "__main__":
    main()
