"""Similarity of two headlines: the probability of one event, and the reasons.

Evidence is weighed by a logistic regression a kind of pair, fitted by hand-labels:
``python benchmarks/calibrate.py`` fits the numbers of ``weights.toml`` anew.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from math import exp, log
from operator import mul
from typing import Literal

from transforms.stories.concepts import ConceptLexicon
from transforms.stories.features import features
from transforms.stories.numbers import shared_numbers
from transforms.stories.pairs import across_languages as across
from transforms.stories.pairs import compared as within
from transforms.stories.pairs.across_languages import Crossing
from transforms.stories.pairs.compared import PairEvidence, Side, gap
from transforms.stories.pairs.demands import (
    ACT,
    JOIN,
    NEVER,
    least_across,
    least_within,
    may_meet_across,
)
from transforms.stories.pairs.meaning import Ceiling, MeaningEvidence, ceiling_of, meaning

PairKind = Literal["latin", "han", "cross"]
FIELDS: dict[PairKind, tuple[str, ...]] = {
    "latin": PairEvidence._fields + MeaningEvidence._fields,
    "han": PairEvidence._fields + MeaningEvidence._fields,
    "cross": Crossing._fields + MeaningEvidence._fields,
}
_LARGEST = 30.0
_ROUNDING = 1e-6
# Coverage of one event comes within three days; what comes later is another turn.
WINDOW = timedelta(hours=72)
# Asked of one pair across languages, time only ranks: the other language may be a week
# late, and has no moulds in common that would come again meanwhile.
_ACROSS = timedelta(days=8)
# Under one and the same headline an outlet has a column of the day, not one event.
_COLUMN = timedelta(hours=12)
# So long a headline is the same with "Exclusive" before it or its outlet behind it.
_LABELLED = 6
_WHOLE = 0.6
# From here on a pair is said to report one event. Across languages headlines have so
# little in common that a doubt is more often one event than in one language.
SAME: dict[PairKind, float] = {"latin": 0.5, "han": 0.5, "cross": 0.4}


@dataclass(frozen=True, slots=True)
class PairWeights:
    """Weights of one kind of pair, in the order of the evidence's fields.

    ``meaning`` is the upper bound of the semantic fields.
    """

    bias: float
    weights: tuple[float, ...]
    meaning: Ceiling

    def probability(self, evidence: Sequence[float]) -> float:
        """Return the probability that headlines with *evidence* report one event."""
        return 1 / (1 + exp(-max(-_LARGEST, min(_LARGEST, self.sum_of(evidence)))))

    def sum_of(self, evidence: Iterable[float]) -> float:
        """Return the log-odds of *evidence*, complete or its first fields only."""
        return self.bias + float(sum(map(mul, self.weights, evidence)))


@cache
def weights_of(kind: PairKind) -> PairWeights:
    """Return the shipped weights of one kind of pair."""
    source = files(__package__).joinpath("weights.toml").read_text(encoding="utf-8")
    table = tomllib.loads(source)[kind]
    weights = tuple(table[name] for name in FIELDS[kind])
    return PairWeights(table["bias"], weights, ceiling_of(table))


@cache
def least_sum(likelihood: float) -> float:
    """Return the log-odds of *likelihood*, less a margin for rounding."""
    return log(likelihood / (1 - likelihood)) - _ROUNDING if likelihood else -_LARGEST


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryText:
    """Input of a comparison; all but the title may be unknown.

    ``companies`` are those named in title and summary, ``names`` their names in the title.
    """

    title: str
    summary: str = ""
    language: str = ""
    publisher: str = ""
    published_at: datetime | None = None
    companies: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Decision on whether two headlines report one event, with score and reasons."""

    same: bool
    score: float
    why: str


def compare(a: StoryText, b: StoryText, lexicon: ConceptLexicon) -> Comparison:
    """Return whether *a* and *b* report one event, by the threshold :data:`SAME`."""
    left, right = side_of(a, lexicon), side_of(b, lexicon)
    score = 0.0
    if gap(left, right) <= _window(left, right):
        score = likelihood(left, right, at_least=0.0)
    same = score >= SAME[pair_kind(left, right)]
    return Comparison(same=same, score=round(score, 4), why=_why(left, right))


def match(a: Side, b: Side) -> float:
    """Return the probability of one event, 0 to 1, or 0 below the threshold to join.

    The threshold depends on the evidence shared, see :func:`demanded`.
    """
    if gap(a, b) > WINDOW:
        return 0.0
    if pair_kind(a, b) == "cross":
        return _match_across(a, b, weights_of("cross"))
    if not (found := likelihood(a, b, at_least=JOIN)):
        return 0.0
    return found if found >= demanded(a, b) else 0.0


def _match_across(a: Side, b: Side, weights: PairWeights) -> float:
    """Return what :func:`match` does of two languages: the threshold first.

    It rules out nineteen of twenty pairs, which then need not be scored.
    """
    if not may_meet_across(a, b):
        return 0.0
    shared = across.shared_signs(a, b)
    if not shared or (least := least_across(a, b, shared)) >= NEVER:
        return 0.0
    return _score(a, b, weights, across.crossing(a, b, shared), max(ACT, least))


def likelihood(a: Side, b: Side, *, at_least: float) -> float:
    """Return the probability of one event; 0 below *at_least*."""
    if not may_be_one_event(a, b):
        return 0.0
    kind = pair_kind(a, b)
    if kind != "cross" and same_headline(a, b):
        return 1.0
    return _score(a, b, weights_of(kind), _written(a, b), at_least)


def _score(
    a: Side, b: Side, weights: PairWeights, written: tuple[float, ...], at_least: float
) -> float:
    """Return the probability of one event by *written* signs and meaning."""
    if weights.sum_of(written) + weights.meaning.above(a, b) < least_sum(at_least):
        return 0.0
    found = weights.probability((*written, *meaning(a, b)))
    return found if found >= at_least else 0.0


def may_be_one_event(a: Side, b: Side) -> bool:
    """Tell whether two headlines share enough to be scored."""
    # Most headlines that a key brings together share a word or two and no more.
    if pair_kind(a, b) == "cross":
        return bool(across.shared_signs(a, b))
    return within.may_be_alike(a, b)


def _written(a: Side, b: Side) -> tuple[float, ...]:
    if pair_kind(a, b) == "cross":
        return across.crossing(a, b, across.shared_signs(a, b))
    return within.evidence(a, b)


def demanded(a: Side, b: Side) -> float:
    """Return the threshold to join two headlines."""
    if pair_kind(a, b) == "cross":
        return least_across(a, b, across.shared_signs(a, b))
    return JOIN if same_headline(a, b) else least_within(a, b)


def pair_kind(a: Side, b: Side) -> PairKind:
    """Return the kind of pair, which selects the weights."""
    if a.parts.script != b.parts.script:
        return "cross"
    return "han" if a.parts.is_han else "latin"


def pair_evidence(a: Side, b: Side) -> tuple[float, ...]:
    """Return the evidence of a pair: written signs, then meaning."""
    return (*_written(a, b), *meaning(a, b))


def may_be_one(a: Side, b: Side) -> bool:
    """Tell whether two headlines that match a third may report one event.

    They must share a sign, and have no contradiction in companies or numbers.
    """
    if gap(a, b) > WINDOW:
        return False
    if (a.companies or b.companies) and a.companies.isdisjoint(b.companies):
        return False
    numbers = a.parts.numbers and b.parts.numbers
    if numbers and not shared_numbers(a.parts.numbers, b.parts.numbers):
        return False
    if pair_kind(a, b) == "cross":
        return bool(across.shared_signs(a, b))
    return not a.parts.grams.isdisjoint(b.parts.grams)


def same_headline(a: Side, b: Side) -> bool:
    """Tell whether two headlines are equal except for a label on one."""
    shorter, longer = a.parts, b.parts
    if len(shorter.text) > len(longer.text):
        shorter, longer = longer, shorter
    if shorter.text == longer.text:
        # The text is without signs: "fall 5%" and "fall $5" differ in their numbers.
        is_one = shorter.numbers == longer.numbers
    else:
        is_one = (
            len(shorter.grams) >= _LABELLED
            and len(shorter.text) >= _WHOLE * len(longer.text)
            and shorter.text in longer.text
            and shorter.numbers <= longer.numbers
        )
    if not is_one:
        return False
    return not a.publisher or a.publisher != b.publisher or gap(a, b) < _COLUMN


def side_of(text: StoryText, lexicon: ConceptLexicon) -> Side:
    """Return an article as a side of a comparison."""
    parts = features(text.title, lexicon, text.names)
    return Side(parts, text.companies, text.published_at, text.publisher)


def _window(a: Side, b: Side) -> timedelta:
    return _ACROSS if pair_kind(a, b) == "cross" else WINDOW


def _why(a: Side, b: Side) -> str:
    if gap(a, b) > (window := _window(a, b)):
        return f"more than {window // timedelta(hours=1)} hours apart"
    if pair_kind(a, b) == "cross":
        return across.in_words(across.shared_signs(a, b))
    return "the same headline" if same_headline(a, b) else within.in_words(a, b)
