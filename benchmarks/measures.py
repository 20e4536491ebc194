"""How well are measures told from talk of them, on hand-labelled headlines?

    python benchmarks/measures.py [--gold FILE] [--write] [--cost] [--errors]

Each headline is decided by weights that were fitted to others: once to those of other
outlets, and once to those of other months, so that no story is on both sides. The figures
are of the mean, and of our own labels also of each. Labels are those of gold, and our own
of ``tests/data/measure_labels.jsonl``: of headlines that earlier weights called measures,
or nearly, and of others with words of states and of measures, each by its id and place in
``../shared/corpus``; some were drawn from outlets and months with few labels. Those marked
``held_out`` are in no fit, and nobody looks at what is wrong with them. Of these some have
a ``draw``: by what the weights of one day said of headlines that no label had seen, whether
they were called, near it or low. Those of the draw ``bound``, nearest to the threshold of
another day, are in the fit. What gold calls right beside its first label counts as right.

--write fits to all of them: the weights of ``transforms/measures/weights.toml``, where
nothing else changes, and ``pieces.toml`` beside it, in which no sign holds a name of the
watchlist. --cost times the decision. --errors lists what is decided wrongly.
"""

from __future__ import annotations

import re
import sys
import time
import timeit
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from reports import entry, foremost, holds_name, listed, names_of
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

from transforms.headlines.digests import is_digest
from transforms.measures.read import PAIR, decision, signs_of
from transforms.measures.reading import read_tokens
from transforms.names.tagging import Tagger, mentions_in, tag_text
from transforms.training.fit import Labelled, chance, fitted, folds

GOLD = SHARED / "gold" / "measures_dev.jsonl"
LABELS = ROOT / "tests" / "data" / "measure_labels.jsonl"
WEIGHTS = ROOT / "transforms" / "measures" / "weights.toml"
PIECES = WEIGHTS.with_name("pieces.toml")
FIELDS = ("side", "instrument", "status", "direction")
WHOLE = FIELDS[:3]
# Headlines of one outlet, or month, are decided by weights that saw none of them.
GROUPINGS = ("outlet", "month")
# How far weights may go from what is expected, and how heavy the intercept may be.
SPREAD = 0.5
INTERCEPT = "intercept"
# Signs that are learned: so many at most. They count less than a pattern, pieces less than
# letters side by side, so that they stay nearer to nothing.
MOST, WITHIN = 5000, {True: 0.6, False: 0.3}
HEAD = """\
# What tells an act of a state from talk of it, in hundredths of log-odds: fitted to labels
# by "python benchmarks/measures.py --write", and not to be edited. "~" begins two letters.

"""

Row = Mapping[str, Any]


class Share(NamedTuple):
    """What part of the called is right, and what part of the measures is called."""

    precision: float
    recall: float


def main() -> None:
    """Print the tables; fit or time where that is asked for."""
    parser = arguments(__doc__)
    parser.add_argument("--gold", type=Path, default=GOLD)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--cost", action="store_true", help="time the decision")
    parser.add_argument("--errors", action="store_true")
    args = parser.parse_args()
    if not args.gold.is_file():
        sys.exit(f"{args.gold} is not here: --gold names the file of the labels")
    tagger, gold = shipped_tagger(), list(json_lines(args.gold))
    own = list(own_rows())
    rows = [*gold, *(row for row in own if not row.get("held_out"))]
    examples = [example(row, tagger) for row in rows]
    names = names_of(tagger)
    if args.write:
        write(fit(examples, names))
    if args.cost:
        print_cost(rows, tagger)
        return
    found = cross_validated(rows, examples, names)
    held = [row for row in own if row.get("held_out")]
    publish(result(gold, rows, found, tagger, held), record=args.record)
    if args.errors:
        print("\n".join(errors(rows, on_average(found))))


def own_rows(shared: Path = SHARED) -> Iterator[Row]:
    """Yield our own labelled headlines, as gold is shaped."""
    labels = read_rows(LABELS)
    found = look_up(labels, shared)
    for label in labels:
        if made := found.get(label["id"]):
            at = made.published.isoformat()
            yield {"title": made.title, "source": made.publisher, "published": at, **label}


def example(row: Row, tagger: Tagger) -> Labelled:
    """Return a labelled headline with the patterns that it has; none if nothing is told."""
    document, digest = tagger.read(row["title"], ""), is_digest(row["title"])
    named = mentions_in(document, tagger.mentions, is_digest=digest)
    title = document.fields[0]
    reading = read_tokens(title, named, tagger.watchlist, tagger.measures, is_digest=digest)
    found = decision().found(reading.letters) if reading else ()
    values = dict.fromkeys([INTERCEPT, *(feature.name for feature in found)], 1.0)
    if reading:
        values |= {sign: WITHIN[sign.startswith(PAIR)] for sign in signs_of(reading)}
    return Labelled(values if reading else {}, float(row["is_measure"]))


def expected() -> dict[str, float]:
    """Return the weights that a person expects."""
    now = decision()
    return {INTERCEPT: now.intercept} | {f.name: f.expected for f in now.features}


def fit(examples: Sequence[Labelled], names: frozenset[str]) -> dict[str, float]:
    """Return the weights of patterns, and of the signs that tell most beside them."""
    known = fitted(examples, expected(), SPREAD)
    signs = [s for s in foremost(examples, known, MOST) if not holds_name(s, names)]
    return fitted(examples, expected() | dict.fromkeys(signs, 0.0), SPREAD)


def group(row: Row, by: str) -> str:
    """Return the outlet of a headline, or its month."""
    source, day = str(row["source"]), str(row["published"])
    return source.removesuffix(".com") if by == "outlet" else day[:7]


def cross_validated(
    rows: Sequence[Row], examples: Sequence[Labelled], names: frozenset[str]
) -> dict[str, list[float]]:
    """Return the chance of each headline, by weights that saw no other of its group."""
    found = {by: [0.0] * len(rows) for by in GROUPINGS}
    for by, chances in found.items():
        drawn = [
            e._replace(group=group(row, by)) for row, e in zip(rows, examples, strict=True)
        ]
        for weights, unseen in folds(drawn, partial(fit, names=names)):
            for n in unseen:
                if drawn[n].values:
                    chances[n] = chance(drawn[n].total(weights))
    return found


def on_average(found: Mapping[str, Sequence[float]]) -> list[float]:
    """Return the mean chance of each headline."""
    return [sum(each) / len(each) for each in zip(*found.values(), strict=True)]


def share(rows: Sequence[Row], called: Sequence[bool]) -> Share:
    """Return precision and recall of what is called a measure."""
    right = sum(
        row["is_measure"] and is_in for row, is_in in zip(rows, called, strict=True)
    )
    measures = sum(row["is_measure"] for row in rows)
    return Share(right / max(1, sum(called)), right / max(1, measures))


def result(
    gold: Sequence[Row],
    rows: Sequence[Row],
    chances: Mapping[str, Sequence[float]],
    tagger: Tagger,
    held: Sequence[Row],
) -> Result:
    """Return the tables."""
    own = slice(len(gold), None)
    mean = on_average(chances)
    table = [
        ("gold", *_unseen(rows, mean, slice(len(gold)))),
        ("our own labels", *_unseen(rows, mean, own)),
        *((f"by {by} alone", *_unseen(rows, chances[by], own)) for by in GROUPINGS),
    ]
    drawn = [row for row in held if row.get("draw")]
    held = [row for row in held if not row.get("draw")]
    found, unseen = _found(gold, tagger), _found(held, tagger)
    table.append(("held out", *_told(held, [each is not None for each in unseen])))
    as_is = share(gold, [each is not None for each in found])
    columns = ("labels", "headlines", "measures", "P", "R")
    return Result(
        name="measures",
        title="Measures told from talk of them",
        summary=f"gold, cross-validated: P {table[0][3]} R {table[0][4]}; as it stands "
        f"P {as_is.precision:.3f} R {as_is.recall:.3f}",
        code=("transforms", "beats", "watchlist.toml"),
        tables=[
            Table(title="Cross-validated", columns=columns, rows=table),
            _fields("Fields, as it stands", gold, found),
            _fields("Fields of what is held out", held, unseen),
            _by_draw(drawn, called=[each is not None for each in _found(drawn, tagger)]),
        ],
    )


def _found(rows: Sequence[Row], tagger: Tagger) -> list[Row | None]:
    return [tag_text(tagger, title=row["title"])["measure"] for row in rows]


def _unseen(
    rows: Sequence[Row], chances: Sequence[float], part: slice
) -> tuple[int, int, str, str]:
    return _told(rows[part], [each >= decision().threshold for each in chances[part]])


def _told(rows: Sequence[Row], called: Sequence[bool]) -> tuple[int, int, str, str]:
    reached = share(rows, called)
    measures = sum(row["is_measure"] for row in rows)
    return len(rows), measures, f"{reached.precision:.3f}", f"{reached.recall:.3f}"


def _by_draw(drawn: Sequence[Row], *, called: Sequence[bool]) -> Table:
    """Return what is called of each draw, and how much of that is right."""
    rows: list[tuple[str, int, int, int, int]] = []
    for name in sorted({row["draw"] for row in drawn}):
        part = [pair for pair in zip(drawn, called, strict=True) if pair[0]["draw"] == name]
        measures = sum(row["is_measure"] for row, _ in part)
        right = sum(row["is_measure"] and is_in for row, is_in in part)
        rows.append((name, len(part), measures, sum(is_in for _, is_in in part), right))
    columns = ("draw", "headlines", "measures", "called now", "of these measures")
    return Table(title="Draws that no label had seen", columns=columns, rows=rows)


def is_right(row: Row, found: Row, field: str) -> bool:
    """Tell whether a field is as labelled, or as one of the labels that are as right."""
    return found[field] in (row[field], *row.get("alt", {}).get(field, ()))


def errors(rows: Sequence[Row], chances: Sequence[float]) -> Iterator[str]:
    """Yield what is decided wrongly, the surest last."""
    threshold = decision().threshold
    for row, each in sorted(zip(rows, chances, strict=True), key=lambda pair: pair[1]):
        if row["is_measure"] != (each >= threshold):
            yield f"{'missed' if row['is_measure'] else 'wrong'} {each:.2f} {row['title']}"


def write(weights: Mapping[str, float]) -> None:
    """Write the weights into their files, those of patterns in their places."""
    lines, signs = [], dict(weights)
    for line in WEIGHTS.read_text(encoding="utf-8").splitlines():
        name = line.partition(" ")[0]
        weight = signs.pop(name, None) if " = " in line else None
        if name == INTERCEPT:
            lines.append(f"intercept = {weight:.2f}")
        elif weight is not None:
            lines.append(re.sub(r"weight = -?[\d.]+", f"weight = {weight:.2f}", line))
        else:
            lines.append(line)
    WEIGHTS.write_text("\n".join((*lines, "")), encoding="utf-8")
    whole = {n: round(100 * w * WITHIN[n.startswith(PAIR)]) for n, w in signs.items()}
    entries = [entry(name, whole[name]) for name in sorted(whole) if whole[name]]
    PIECES.write_text(HEAD + listed("pieces", entries), encoding="utf-8")


def print_cost(rows: Sequence[Row], tagger: Tagger) -> None:
    """Print what the decision takes of a headline that has words of acts."""
    readings = []
    for row in rows:
        document, digest = tagger.read(row["title"], ""), is_digest(row["title"])
        named = mentions_in(document, tagger.mentions, is_digest=digest)
        title, words = document.fields[0], tagger.measures
        found = read_tokens(title, named, tagger.watchlist, words, is_digest=digest)
        readings += [found] if found else []

    def run() -> None:
        for reading in readings:
            decision().likelihood(reading)

    seconds = min(timeit.repeat(run, timer=time.process_time, number=1, repeat=5))
    print(f"{seconds / len(readings) * 1e6:.0f} µs a headline that is decided on")


def _fields(title: str, gold: Sequence[Row], found: Sequence[Row | None]) -> Table:
    both = [
        (row, each)
        for row, each in zip(gold, found, strict=True)
        if row["is_measure"] and each
    ]
    rows = [
        (field, f"{sum(is_right(row, each, field) for row, each in both) / len(both):.3f}")
        for field in FIELDS
    ]
    whole = sum(all(is_right(*pair, field) for field in WHOLE) for pair in both)
    measures = sum(row["is_measure"] for row in gold)
    rows.append(("side, instrument and status, of all measures", f"{whole / measures:.3f}"))
    return Table(title=title, columns=("field", "right"), rows=rows)


if __name__ == "__main__":
    main()
