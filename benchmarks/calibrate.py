"""How well does the evidence of two headlines tell one event? Fits its weights, too.

    python benchmarks/calibrate.py [--shared DIR] [--write] [--record]
    python benchmarks/calibrate.py --rates [--shared DIR] [--write]

Reads the gold pairs and our own (``story_labels.py``) from beside the repository. Prints
precision, recall, AUC and F1 of weights that were fitted without the pair at hand: pairs
that share a headline, or share one with the same third, are in one of eight folds.
Intervals are from 500 bootstrap samples. Updates are left out, and told apart. --write
puts the weights fitted to all pairs into transforms/stories/pairs/weights.toml.

Across languages, where labelled pairs all look alike, as many more come from chance: an
English and a Chinese headline that share a key and were published ten days or more apart,
taken as if of one day. They count in fitting only, for a third of the labelled ones.

--rates counts how many headlines hold each concept instead, whose rarity weighs what two
headlines share: the geometric mean of its rates in both languages, for ten thousand. It
prints the most frequent, and --write puts all into beats/china-tech/rates.toml.

What we know beforehand is a normal prior on the weights: another number or another
company speaks against one event, though few of the labelled pairs show it.
"""

from __future__ import annotations

import argparse
import hashlib
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import sqrt
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
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
from story_labels import labelled_pairs, title_names

from flows.beats import load_beat
from transforms.names.tagging import Tagger, tag_text
from transforms.stories.concepts import RAREST
from transforms.stories.features import bridge_keys, signs_of, story_keys
from transforms.stories.pairs.similarity import (
    FIELDS,
    SAME,
    PairKind,
    PairWeights,
    StoryText,
    ceiling_of,
    pair_evidence,
    pair_kind,
    side_of,
)

LEXICON = load_beat().concepts
WEIGHTS = ROOT / "transforms" / "stories" / "pairs" / "weights.toml"
HEADER = """\
# What each piece of evidence weighs when two headlines may report one event: a logistic
# regression a kind of pair, fitted by benchmarks/calibrate.py to hand-labelled pairs.
"""
FOLDS, SAMPLES = 8, 500
STEPS, SMALL = 200, 1e-9
COLUMNS = (
    *("pairs", "set", "n", "P", "R", "AUC", "95 % of AUC", "F1", "95 % of F1"),
    "updates called same",
)
# What a weight is before any pair is seen: mean, and standard deviation. The others are
# nothing, give or take SPREAD.
PRIORS = {
    "other_number": (-0.8, 0.4),
    "other_actor": (-1.6, 0.4),
    "other_company": (-2.4, 0.4),
    "other_place": (-0.6, 0.4),
    "other_person": (-0.6, 0.4),
    "other_action": (-0.3, 0.4),
    "other_thing": (-0.6, 0.4),
    "other_version": (-2.5, 0.5),
    "other_step": (-1.0, 0.5),
    "one_answers": (-1.0, 0.5),
    "same_version": (1.5, 0.5),
    "same_amount": (1.0, 0.5),
    "telling_number": (2.0, 0.5),
    "actors_number": (1.5, 0.5),
    "same_step": (0.5, 0.5),
    "results": (1.0, 0.5),
    "mould": (-4.0, 0.7),
    "other_figure": (-1.5, 0.5),
    "other_subject": (-2.0, 0.5),
    "one_phrase": (-1.0, 0.5),
    "both_guides": (-1.5, 0.5),
    "product": (-0.5, 0.5),
}
SPREAD = 1.0
# Nothing that speaks for one event in one of a thousand ways may come to speak against it,
# nor the other way, because two pieces of evidence mostly come together.
AGAINST = frozenset(
    {"mould", "one_phrase", "both_guides", "one_guide", "guide", "hours", "same_publisher"}
    | {"product"}
)
EITHER = frozenset({"names_missing", "steps"})
# Headlines to make pairs by chance of, and how many pairs of a key are taken.
CHANCE = ("en_feeds_2025-11_2026-07", "hotlists_cn_2025-12_2026-06")
SAMPLE, PAIRS_A_KEY, CHANCE_PAIRS = 20_000, 2, 3_000
APART = timedelta(days=10)
# All of them beside all labelled pairs: the more, the fewer pairs called the same.
CHANCE_WEIGHT = 0.05
# The hard gold pairs are few, and most like what a reader meets.
HARD_WEIGHT = 2.0


Array = np.ndarray[Any, np.dtype[np.float64]]


RATES = ROOT / "beats" / "china-tech" / "rates.toml"
FILES = {
    "en": (
        "ai_news_2026-04_2026-06",
        "en_feeds_2025-11_2026-07",
        "reuters_2026-02_2026-07-10",
    ),
    "zh": ("hot_36kr_juejin_2023-10_2026-03", "hotlists_cn_2025-12_2026-06"),
}
# Articles for developers, which the other files have none of.
LEFT_OUT = frozenset({"juejin"})
A_LANGUAGE = 15_000
RATES_HEADER = """\
# How many of ten thousand headlines hold a concept, in the mean of both languages; those
# that are rarer than two are left out. Counted by benchmarks/calibrate.py.

[rates]
"""


class Example(NamedTuple):
    """A labelled pair as the regression sees it."""

    kind: PairKind
    source: str
    label: str
    evidence: tuple[float, ...]
    titles: tuple[str, str]
    weight: float = 1.0


def main() -> None:
    """Print the table, and write the weights if asked."""
    parser = arguments(__doc__, needs="gold")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--rates", action="store_true", help="count concepts instead")
    args = parser.parse_args()
    if args.rates:
        count_concepts(args.shared, write=args.write)
    else:
        fit_pairs(args)


def fit_pairs(args: argparse.Namespace) -> None:
    """Print how the pairs are told apart, and write the weights if asked."""
    pairs = list(examples(args.shared))
    labelled = sum(pair.kind == "cross" for pair in pairs)
    pairs += by_chance(args.shared, CHANCE_WEIGHT * labelled)
    rows = [
        row for kind in FIELDS for row in _rows(kind, [p for p in pairs if p.kind == kind])
    ]
    publish(_result(rows), record=args.record)
    if args.write:
        tables = (
            _table(kind, _fitted([p for p in pairs if p.kind == kind], kind))
            for kind in FIELDS
        )
        WEIGHTS.write_text("\n".join((HEADER, *tables)), encoding="utf-8")


def count_concepts(shared: Path, *, write: bool) -> None:
    """Print the most frequent concepts, and *write* all."""
    folder = shared / "corpus" / "headlines"
    english, chinese = (_counted(folder, language) for language in FILES)
    rates = {c: sqrt((english[c] + 0.5) * (chinese[c] + 0.5)) for c in english | chinese}
    told = sorted(((rate, c) for c, rate in rates.items() if rate >= RAREST), reverse=True)
    for rate, concept in told[:40]:
        both = f"en {english[concept]:6.1f}  zh {chinese[concept]:6.1f}"
        print(f"{concept:24} {rate:6.1f}  {both}")
    if write:
        lines = "".join(f"{concept} = {rate:.1f}\n" for rate, concept in told)
        RATES.write_text(RATES_HEADER + lines, encoding="utf-8")


def _counted(folder: Path, language: str) -> Counter[str]:
    """Return how many of ten thousand headlines of a language hold each concept."""
    counts: Counter[str] = Counter()
    titles = _titles(folder, language)
    step = max(1, len(titles) // A_LANGUAGE)
    for title in titles[::step]:
        counts.update(frozenset().union(*LEXICON.concepts_of(signs_of(title).plain)))
    held = len(titles[::step])
    return Counter({concept: n * 1e4 / held for concept, n in counts.items()})  # type: ignore[misc]


def _titles(folder: Path, language: str) -> list[str]:
    rows = (r for name in FILES[language] for r in json_lines(folder / f"{name}.jsonl.gz"))
    wanted = (r for r in rows if r["lang"] == language and r["source"] not in LEFT_OUT)
    return list(dict.fromkeys(row["title"] for row in wanted))


def examples(shared: Path) -> Iterator[Example]:
    """Yield all labelled pairs with their evidence."""
    for pair in labelled_pairs(shared):
        kind, found = weighable(pair.a, pair.b)
        weight = HARD_WEIGHT if pair.source == "hard" else 1.0
        titles = (pair.a.title, pair.b.title)
        yield Example(kind, pair.source, pair.label, found, titles, weight)


def weighable(*pair: StoryText) -> tuple[PairKind, tuple[float, ...]]:
    """Return the kind of a pair and the evidence that its weights are fitted to."""
    a, b = (side_of(text, LEXICON) for text in pair)
    return pair_kind(a, b), pair_evidence(a, b)


def by_chance(shared: Path, weight: float) -> list[Example]:
    """Return pairs across languages that share a key by chance, *weight* in sum."""
    dice = random.Random(5)
    tagger = shipped_tagger()
    english, chinese = (
        _texts(shared / "corpus" / "headlines" / f"{name}.jsonl.gz", tagger, dice)
        for name in CHANCE
    )
    holders: defaultdict[int, list[StoryText]] = defaultdict(list)
    for text in english:
        for key in _keys(text):
            holders[key].append(text)
    found = []
    for text in chinese:
        for key in _keys(text):
            held = [other for other in holders[key] if _apart(text, other)]
            found += [
                (text, other) for other in dice.sample(held, min(len(held), PAIRS_A_KEY))
            ]
    chosen = dice.sample(found, min(len(found), CHANCE_PAIRS))
    made = []
    for text, other in chosen:
        at = text.published_at
        moved = replace(
            other, published_at=at and at + timedelta(hours=dice.uniform(0, 24))
        )
        kind, found_of_it = weighable(text, moved)
        if kind == "cross":
            titles = text.title, other.title
            made.append(Example(kind, "chance", "different", found_of_it, titles))
    return [pair._replace(weight=weight / len(made)) for pair in made]


def _texts(file: Path, tagger: Tagger, dice: random.Random) -> list[StoryText]:
    rows = list(json_lines(file))
    made = []
    for row in dice.sample(rows, min(len(rows), SAMPLE)):
        title, summary = row["title"], (row.get("summary") or "")[:300]
        companies = tag_text(tagger, title=title, summary=summary)["companies"]
        made.append(
            StoryText(
                title=title,
                published_at=datetime.fromisoformat(
                    row.get("published") or row["first_seen"]
                ).replace(tzinfo=UTC),
                companies=frozenset(company["company_id"] for company in companies),
                names=title_names(companies),
            )
        )
    return made


def _keys(text: StoryText) -> tuple[int, ...]:
    return (*story_keys(text.title), *bridge_keys(text.title, text.companies, LEXICON))


def _apart(a: StoryText, b: StoryText) -> bool:
    if a.published_at is None or b.published_at is None:
        return False
    return abs(a.published_at - b.published_at) >= APART


def _result(rows: Sequence[Sequence[Cell]]) -> Result:
    hard = {str(row[0]): row for row in rows if row[1] == "hard"}
    told = "; ".join(
        f"{kind} P {row[3]} R {row[4]} AUC {row[5]}" for kind, row in hard.items()
    )
    return Result(
        name="pairs",
        title="Pair agreement of story evidence, cross-validated",
        summary=f"Hard pairs: {told}",
        code=("transforms/stories", "transforms/names", "watchlist.toml"),
        tables=[Table(columns=COLUMNS, rows=rows)],
    )


def _rows(kind: PairKind, pairs: Sequence[Example]) -> Iterator[Sequence[Cell]]:
    scores = _held_out(kind, pairs)
    for source in ("gold", "hard", "own", "all"):
        chosen = [
            (pair.label == "same", score)
            for pair, score in zip(pairs, scores, strict=True)
            if pair.label != "update"
            and pair.source != "chance"
            and source in (pair.source, "all")
        ]
        updates = [
            score >= SAME[kind]
            for pair, score in zip(pairs, scores, strict=True)
            if pair.label == "update" and source in (pair.source, "all")
        ]
        precision, recall = _shares(chosen, SAME[kind])
        area, f1 = _figures(chosen, SAME[kind])
        dice = random.Random(7)
        drawn = [
            _figures(dice.choices(chosen, k=len(chosen)), SAME[kind])
            for _ in range(SAMPLES)
        ]
        spans = [_span(values) for values in zip(*drawn, strict=True)]
        yield (
            *(kind, source, len(chosen), f"{precision:.3f}", f"{recall:.3f}"),
            *(f"{area:.3f}", spans[0], f"{f1:.3f}", spans[1]),
            f"{sum(updates)} of {len(updates)}",
        )


def _shares(chosen: Sequence[tuple[bool, float]], bar: float) -> tuple[float, float]:
    """Return precision and recall of what is called one event."""
    called = sum(score >= bar for _, score in chosen)
    right = sum(same and score >= bar for same, score in chosen)
    return right / max(called, 1), right / max(sum(same for same, _ in chosen), 1)


def _figures(chosen: Sequence[tuple[bool, float]], bar: float) -> tuple[float, float]:
    """Return AUC and F1."""
    same, other = (
        [s for label, s in chosen if label is wanted] for wanted in (True, False)
    )
    precision, recall = _shares(chosen, bar)
    return auc(same, other), 2 * precision * recall / max(precision + recall, 1e-9)


def _span(values: Iterable[float]) -> str:
    ordered = sorted(values)
    low, high = (ordered[int(len(ordered) * part)] for part in (0.025, 0.975))
    return f"{low:.2f}–{high:.2f}"


def _held_out(kind: PairKind, pairs: Sequence[Example]) -> list[float]:
    """Return for each pair the probability by weights that never saw it."""
    groups = (hashlib.sha256(group.encode()).hexdigest() for group in _groups(pairs))
    folds = [int(group, 16) % FOLDS for group in groups]
    models = [
        _fitted([p for p, own in zip(pairs, folds, strict=True) if own != fold], kind)
        for fold in range(FOLDS)
    ]
    return [
        models[fold].probability(pair.evidence)
        for pair, fold in zip(pairs, folds, strict=True)
    ]


def _fitted(pairs: Sequence[Example], kind: PairKind) -> PairWeights:
    """Return the weights of the highest posterior density."""
    clear = [pair for pair in pairs if pair.label != "update"]
    priors = [PRIORS.get(name, (0.0, SPREAD)) for name in FIELDS[kind]]
    bounds = [(-np.inf, np.inf), *map(_bounds, FIELDS[kind])]
    bias, *weights = map(
        float,
        posterior(
            np.array([(1.0, *pair.evidence) for pair in clear]),
            np.array([float(pair.label == "same") for pair in clear]),
            np.array([pair.weight for pair in clear]),
            np.array([0.0, *(mean for mean, _ in priors)]),
            np.array([np.inf, *(spread for _, spread in priors)]),
            (np.array([least for least, _ in bounds]), np.array([m for _, m in bounds])),
        ),
    )
    made = dict(zip(FIELDS[kind], weights, strict=True))
    return PairWeights(bias, tuple(weights), ceiling_of(made))


def posterior(
    lines: Array,
    truth: Array,
    counts: Array,
    expected: Array,
    spread: Array,
    bounds: tuple[Array, Array],
) -> Array:
    """Return the weights of the highest posterior density, within *bounds*.

    Newton's method; a weight at its bound that would go beyond stays there, and a step
    that gains nothing is halved. A *spread* without end is no prior.
    """
    least, most = bounds
    now = np.clip(expected, least, most)
    signs, strength = 2 * truth - 1, 1 / spread**2

    def loss(at: Array) -> float:
        prior = (strength * (at - expected) ** 2).sum() / 2
        return float((counts * np.logaddexp(0, -signs * (lines @ at))).sum() + prior)

    for _ in range(STEPS):
        odds = 1 / (1 + np.exp(-(lines @ now)))
        slope = lines.T @ (counts * (odds - truth)) + strength * (now - expected)
        held = ((now <= least) & (slope > 0)) | ((now >= most) & (slope < 0))
        free = np.flatnonzero(~held)
        bend = (lines.T * (counts * odds * (1 - odds))) @ lines + np.diag(strength)
        step = np.zeros_like(now)
        step[free] = np.linalg.solve(bend[np.ix_(free, free)], slope[free])
        size, before = 1.0, loss(now)
        while loss(ahead := np.clip(now - size * step, least, most)) > before:
            size /= 2
            if size < SMALL:
                return now
        if np.abs(ahead - now).max() < SMALL:
            break
        now = ahead
    return now


def auc(some: Sequence[float], others: Sequence[float]) -> float:
    """Return how often one of *some* stands above one of *others*; a tie counts half."""
    if not some or not others:
        return 0.0
    low = np.sort(np.array(others))
    below, up_to = (np.searchsorted(low, some, side) for side in ("left", "right"))
    return float((below + up_to).sum() / 2 / (len(some) * len(others)))


def _bounds(name: str) -> tuple[float, float]:
    if name in EITHER:
        return -np.inf, np.inf
    against = name in AGAINST or name.startswith(("other_", "one_"))
    return (-np.inf, 0.0) if against else (0.0, np.inf)


def _groups(pairs: Sequence[Example]) -> list[str]:
    """Return a group for each pair: those that a chain of common headlines joins."""
    parents: defaultdict[str, str] = defaultdict(str)

    def root(title: str) -> str:
        while parents[title]:
            title = parents[title]
        return title

    for pair in pairs:
        one, other = map(root, pair.titles)
        if one != other:
            parents[one] = other
    return [root(pair.titles[0]) for pair in pairs]


def _table(kind: PairKind, fitted: PairWeights) -> str:
    weights = zip(FIELDS[kind], fitted.weights, strict=True)
    lines = [f"[{kind}]", f"bias = {fitted.bias:.2f}"]
    return "\n".join((*lines, *(f"{name} = {weight:.2f}" for name, weight in weights), ""))


if __name__ == "__main__":
    main()
