"""Whether a headline's news is an act of a state, by its line of letters and its words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from math import exp

from transforms.measures.reading import Reading

_LARGEST = 30.0
# Words bring no line of letters back that is as far from a measure as that.
_HOPELESS = -4.0
# Firms say nothing by their names, marks nothing by how they look.
_WITHOUT_WORDS = frozenset("F',:?;《")
# A word that no list has, and that is neither a number nor a single sign.
_LISTLESS = re.compile(r"[^\W\d].")


@dataclass(frozen=True, slots=True)
class Feature:
    """A pattern over the line of letters; ``expected`` is its weight without labels."""

    name: str
    pattern: re.Pattern[str]
    weight: float
    expected: float
    says: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What speaks for a measure and against it."""

    intercept: float
    threshold: float
    features: tuple[Feature, ...]
    pairs: Mapping[str, float]
    words: Mapping[str, float]

    def likelihood(self, reading: Reading) -> float:
        """Return the probability that a headline tells of a measure."""
        letters, total = reading.letters, self.intercept
        for feature in self.features:
            if feature.pattern.search(letters):
                total += feature.weight
        for pair in side_by_side(letters):
            total += self.pairs.get(pair, 0.0)
        if total > _HOPELESS:
            total += sum(self.words.get(word, 0.0) for word in words_of(reading))
        return 1 / (1 + exp(-max(-_LARGEST, min(_LARGEST, total))))

    def found(self, letters: str) -> Iterator[Feature]:
        """Yield the features that hold."""
        return (feature for feature in self.features if feature.pattern.search(letters))


def side_by_side(letters: str) -> set[str]:
    """Return which letters of a line stand side by side; "$" is its end."""
    return {first + second for first, second in pairwise(f"{letters}$")}


def words_of(reading: Reading) -> set[str]:
    """Return the words of a headline, each behind its letter; no numbers and bare signs."""
    lower = reading.lower
    return {
        f"{token.letter} {lower[token.start : token.end]}"
        for token in reading.tokens
        if token.letter not in _WITHOUT_WORDS
        and (token.letter != "." or _LISTLESS.match(lower, token.start, token.end))
    }


@cache
def decision() -> Decision:
    """Return the decision that is shipped."""
    return read_decision((files(__package__) / "weights.toml").read_text(encoding="utf-8"))


def read_decision(text: str) -> Decision:
    """Return the decision of a TOML text."""
    data = tomllib.loads(text)
    features: Mapping[str, Mapping[str, str]] = data["feature"]
    return Decision(
        intercept=data["decision"]["intercept"],
        threshold=data["decision"]["threshold"],
        features=tuple(
            Feature(
                name,
                re.compile(feature["pattern"]),
                float(feature["weight"]),
                float(feature["expected"]),
                feature["says"],
            )
            for name, feature in features.items()
        ),
        pairs=data["pairs"],
        words=data["words"],
    )
