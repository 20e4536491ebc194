"""How accurate is relevance, on hand-labelled headlines, cross-validated?

    python benchmarks/beat.py [--gold ../shared/gold/beat_dev.jsonl]… [--refit] [--errors]
    python benchmarks/beat.py --beat chips [--refit] [--errors] [--held]

Each headline is scored by weights fitted to the other four fifths, so that no figure is
of a headline that its own weights were fitted to. Rows labelled "edge" are left out.
Alarms are the
share of rows off the beat, of those drawn blindly, that are called on it; leads the share
of those that belong into a daily brief that are.

--refit fits the weights of the beat's ``weights.toml`` to all rows and writes them
there; nothing else in that file changes. Without it, the last table scores the rows by
the weights as they stand.

--beat chips is the second beat, by labels of ``tests/data/chips_labels*.jsonl`` that are
for fitting and those drawn later; with --held the last table scores those held back, which
no fit may see. --thresholds adds what other thresholds would reach, cross-validated.

The fit is that of ``sinowire beat new``: :mod:`transforms.training.labels`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from calibrate import auc
from results import (
    ROOT,
    SHARED,
    Result,
    Table,
    arguments,
    json_lines,
    publish,
    shipped_tagger,
)
from story_labels import look_up, read_rows

from flows.beats import DEFAULT_BEAT, load_beat
from transforms.headlines.digests import is_digest
from transforms.names.tagging import Tagger, tag_document
from transforms.relevance.evidence import Evidence, TextFindings, gather
from transforms.relevance.score import BeatWeights, score
from transforms.training.drafts import with_weights
from transforms.training.fit import Labelled, folds
from transforms.training.labels import Example, fit

GOLD = SHARED / "gold" / "beat_dev.jsonl"
# Labels of another beat: ids and places in the corpus.
LABELS = {
    "chips": [
        ROOT / "tests" / "data" / f"{name}.jsonl"
        for name in ("chips_labels", "chips_labels_later")
    ]
}
# From this label on, a story belongs into a daily brief; it counts twice in the fit.
LEAD = 2

Row = Mapping[str, Any]


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
    parser.add_argument("--beat", choices=(DEFAULT_BEAT, *LABELS), default=DEFAULT_BEAT)
    parser.add_argument("--gold", type=Path, action="append")
    parser.add_argument("--held", action="store_true")
    parser.add_argument("--thresholds", action="store_true")
    parser.add_argument("--refit", action="store_true")
    parser.add_argument("--errors", action="store_true")
    args = parser.parse_args()
    rows = list(_rows(args.beat, args.gold or [GOLD]))
    shipped, tagger = load_beat(args.beat).weights, shipped_tagger(args.beat)
    examples = examples_of(rows, tagger)
    relevance = told_apart(rows, examples, shipped)
    tables = [_table("Cross-validated", rows, relevance, shipped.threshold)]
    if args.thresholds:
        tables.append(_by_threshold(rows, relevance))
    if args.refit:
        _write(args.beat, fit(_labelled(rows, examples), shipped))
    else:
        tables.append(_standing("As it stands", rows, tagger, shipped))
    if args.held:
        tables.append(_standing("Held back", list(chips_rows("held")), tagger, shipped))
    publish(
        _result(args.beat, rows, relevance, shipped.threshold, tables), record=args.record
    )
    if args.errors:
        print("\n".join(_errors(rows, relevance, shipped.threshold)))


def chips_rows(part: str, shared: Path = SHARED) -> Iterator[Row]:
    """Yield the labelled headlines of the second beat, of one part, as gold is shaped."""
    labels = [row for file in LABELS["chips"] for row in read_rows(file)]
    labels = [row for row in labels if row["part"] == part]
    found = look_up(labels, shared)
    for label in labels:
        if made := found.get(label["id"]):
            yield {
                "id": label["id"],
                "title": made.title,
                "summary": made.summary,
                "source": made.publisher,
                "lang": label["language"],
                "pool": "filtered",
                "beat": "core" if label["label"] == "on" else "off",
                "lead": 0,
            }


def examples_of(rows: Sequence[Row], tagger: Tagger) -> list[Example]:
    """Return the labelled headlines with their evidence."""
    return [
        Example(
            row["id"],
            evidence_of(row, tagger),
            is_on=row["beat"] == "core",
            times=1.0 + (row["lead"] >= LEAD),
        )
        for row in rows
    ]


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
        measure=tagged.measure,
    )
    return gather(findings, tagger.beat)


def told_apart(
    rows: Sequence[Row], examples: Sequence[Example], weights: BeatWeights
) -> list[float]:
    """Return the relevance of each row by weights fitted to the other folds."""
    edge = {row["id"] for row in rows if row["beat"] == "edge"}

    def fit_to(known: Sequence[Example]) -> BeatWeights:
        return fit([e for e in known if e.example_id not in edge], weights)

    return cross_validated(examples, fit_to)


def cross_validated(
    examples: Sequence[Example], fit_to: Callable[[Sequence[Example]], BeatWeights]
) -> list[float]:
    """Return the relevance of each example by weights fitted to the other folds."""
    rows = [Labelled({}, float(e.is_on), e.example_id) for e in examples]
    by_id = {e.example_id: e for e in examples}
    relevance = [0.0] * len(examples)
    for weights, unseen in folds(
        rows, lambda known: fit_to([by_id[r.group] for r in known])
    ):
        for n in unseen:
            relevance[n] = score(examples[n].evidence, weights).relevance
    return relevance


def figures(rows: Sequence[Row], relevance: Sequence[float], threshold: float) -> Figures:
    """Return precision, recall and the others of some rows."""
    scored = list(zip(rows, relevance, strict=True))
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


def _rows(beat: str, gold: Sequence[Path]) -> Iterator[Row]:
    if beat in LABELS:
        yield from chips_rows("fit")
        yield from chips_rows("later")
    for file in () if beat in LABELS else gold:
        yield from _read(file)


def _standing(
    title: str, rows: Sequence[Row], tagger: Tagger, weights: BeatWeights
) -> Table:
    examples = examples_of(rows, tagger)
    as_is = [score(example.evidence, weights).relevance for example in examples]
    return _table(title, rows, as_is, weights.threshold)


def _read(file: Path) -> Iterator[Row]:
    if not file.is_file():
        sys.exit(f"{file} is not here: --gold names the file of the labels")
    yield from json_lines(file)


def _labelled(rows: Sequence[Row], examples: Sequence[Example]) -> list[Example]:
    """Return the examples that are labelled core or off."""
    both = zip(rows, examples, strict=True)
    return [example for row, example in both if row["beat"] != "edge"]


def _result(
    beat: str,
    rows: Sequence[Row],
    relevance: Sequence[float],
    threshold: float,
    tables: Sequence[Table],
) -> Result:
    f = figures(rows, relevance, threshold)
    return Result(
        name="beat" if beat == DEFAULT_BEAT else f"beat-{beat}",
        title="Accuracy of relevance, cross-validated",
        summary=f"{f.core + f.off} labelled headlines: P {f.precision:.2f} "
        f"R {f.recall:.2f} AUC {f.auc:.2f}; of those off the beat and drawn blindly "
        f"{f.alarms:.1%} are called on it",
        code=("transforms", "watchlist.toml"),
        tables=tables,
    )


def _table(
    title: str, rows: Sequence[Row], relevance: Sequence[float], threshold: float
) -> Table:
    groups = {"all": [True] * len(rows)}
    for key in ("lang", "pool"):
        for value in sorted({row[key] for row in rows}):
            groups[f"{key} {value}"] = [row[key] == value for row in rows]
    found = []
    for name, mask in groups.items():
        chosen = [row for row, is_in in zip(rows, mask, strict=True) if is_in]
        shown = [r for r, is_in in zip(relevance, mask, strict=True) if is_in]
        f = figures(chosen, shown, threshold)
        shares = (f.precision, f.recall, f.auc, f.alarms, f.leads)
        found.append((name, f.core, f.off, *(f"{share:.3f}" for share in shares)))
    columns = ("rows", "core", "off", "P", "R", "AUC", "alarms", "leads")
    return Table(title=title, columns=columns, rows=found)


def _by_threshold(rows: Sequence[Row], relevance: Sequence[float]) -> Table:
    found = []
    for threshold in (place / 50 for place in range(20, 46)):
        f = figures(rows, relevance, threshold)
        # F0.5 weighs precision above recall.
        both = 1.25 * f.precision * f.recall / max(0.25 * f.precision + f.recall, 1e-9)
        found.append(
            (f"{threshold:.2f}", *(f"{x:.3f}" for x in (f.precision, f.recall, both)))
        )
    return Table(title="By threshold", columns=("threshold", "P", "R", "F0.5"), rows=found)


def _errors(
    rows: Sequence[Row], relevance: Sequence[float], threshold: float
) -> Iterator[str]:
    yield "\n## On the wrong side\n"
    for row, r in sorted(zip(rows, relevance, strict=True), key=lambda e: -e[1]):
        if row["beat"] != "edge" and (r >= threshold) != (row["beat"] == "core"):
            yield f"- {r:.2f} {row['beat']} {row['lead']} `{row['id']}` {row['source']}"


def _write(beat: str, weights: BeatWeights) -> None:
    file = ROOT / "beats" / beat / "weights.toml"
    text = with_weights(file.read_text(encoding="utf-8"), weights)
    file.write_text(text, encoding="utf-8")


def _over(relevances: Sequence[float], threshold: float) -> int:
    return sum(r >= threshold for r in relevances)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


if __name__ == "__main__":
    main()
