"""Whether a headline's news is an act of a state, by its line of letters and its pieces.

``weights.toml`` has the patterns over the line; ``pieces.toml`` what was learned of letters
side by side and of pieces of titles, in hundredths of log-odds.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain, pairwise
from math import exp

from transforms.headlines.reports import NAME, pieces_in
from transforms.measures.reading import Reading

_LARGEST = 30.0
# Pieces bring no line of letters back that is as far from a measure as that.
_HOPELESS = -4.0
_HUNDREDTHS = 100
# Before two letters side by side, which are no piece of a title.
PAIR = "~"


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
    pieces: Mapping[str, int]

    def likelihood(self, reading: Reading) -> float:
        """Return the probability that a headline tells of a measure."""
        letters, total = reading.letters, self.intercept
        for feature in self.features:
            if feature.pattern.search(letters):
                total += feature.weight
        if total > _HOPELESS:
            found = filter(None, map(self.pieces.get, signs_of(reading)))
            total += sum(found) / _HUNDREDTHS
        return 1 / (1 + exp(-max(-_LARGEST, min(_LARGEST, total))))

    def found(self, letters: str) -> Iterator[Feature]:
        """Yield the features that hold."""
        return (feature for feature in self.features if feature.pattern.search(letters))


def signs_of(reading: Reading) -> set[str]:
    """Return the pieces of a headline, and which letters of its line stand side by side.

    "$" is the end; the name of a company is one sign.
    """
    parts: list[str] = []
    lower, at = reading.lower, 0
    for token in reading.tokens:
        if token.company:
            parts += [lower[at : token.start], NAME]
            at = token.end
    text = "".join((*parts, lower[at:]))
    pairs = (f"{PAIR}{one}{other}" for one, other in pairwise(f"{reading.letters}$"))
    return {*pieces_in(text, is_chinese=reading.is_chinese), *pairs}


@cache
def decision() -> Decision:
    """Return the decision that is shipped."""
    weights, pieces = (
        (files(__package__) / name).read_text(encoding="utf-8")
        for name in ("weights.toml", "pieces.toml")
    )
    return read_decision(weights, pieces)


def read_decision(text: str, pieces: str) -> Decision:
    """Return the decision of two TOML texts; that of *pieces* has several a line."""
    data, learned = tomllib.loads(text), tomllib.loads(pieces)["pieces"]
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
        pieces=dict(chain.from_iterable(line.items() for line in learned)),
    )
