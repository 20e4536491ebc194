"""The measure that a headline tells of, if that is its news.

Whether it is one is decided by the headline's line of letters and its pieces:
``weights.toml`` has the patterns over the line; ``pieces.toml`` what was learned of letters
side by side and of pieces of titles, in hundredths of log-odds.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import chain, pairwise
from math import exp
from typing import Any

from transforms.headlines.reports import NAME, pieces_in
from transforms.measures import fields
from transforms.measures.days import effective_on, money
from transforms.measures.lexicon import MeasureWords, Office
from transforms.measures.reading import Reading, read_tokens
from transforms.models import Mention
from transforms.models.calendar import DateAhead
from transforms.models.measures import Measure
from transforms.names.match.document import ArticleText
from transforms.names.rules.watchlist import Watchlist

# What a headline may tell of any fine, and the tagging of a text leaves out.
_MONEY = frozenset({"amount", "currency"})
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


def read_measure(
    document: ArticleText,
    mentions: Iterable[Mention],
    watchlist: Watchlist,
    words: MeasureWords,
    *,
    is_digest: bool = False,
    on: date | None = None,
) -> Measure | None:
    """Return the measure that the headline of *document* tells of; None if none is.

    Of two measures that of the main clause counts, of a round-up the first item. *on* is
    the day of publication, by which days without a year are read.
    """
    title = next((field for field in document.fields if field.name == "title"), None)
    if title is None:
        return None
    reading = read_tokens(title, mentions, watchlist, words, is_digest=is_digest)
    if reading is None:
        return None
    if decision().likelihood(reading) < decision().threshold:
        return None
    return _measure(reading, on, words.offices)


def as_row(measure: Measure | None) -> Mapping[str, Any] | None:
    """Return a measure as ``sinowire watchlist tag`` prints it."""
    if measure is None:
        return None
    day = measure.effective_on
    said = {
        "targets": list(measure.targets),
        "effective_on": day.isoformat() if day else None,
    }
    return {n: v for n, v in (asdict(measure) | said).items() if n not in _MONEY}


def holds_from(measure: Measure, on: date) -> tuple[DateAhead, ...]:
    """Return the day from which a measure holds, if on the day *on* that lies ahead."""
    begins = measure.effective_on
    if begins is None or begins < on:
        return ()
    return (DateAhead("takes-effect", "", begins, begins, "day", moves=False, said=""),)


def _measure(reading: Reading, on: date | None, offices: Iterable[Office]) -> Measure:
    begins = effective_on(reading.lower, on)
    side, means = fields.side(reading), fields.instrument(reading)
    state = fields.status(reading, is_to_come=bool(begins and on and begins > on))
    hit, sum_ = fields.targets(reading), money(reading.text)
    return Measure(
        side=side,
        actor=fields.actor_name(reading, side, offices),
        instrument=means,
        status=state,
        direction=fields.direction(reading, means, state),
        targets=tuple(dict.fromkeys(token.company for token in hit)),
        target_class=fields.target_class(reading),
        target_side=fields.target_side(reading, side, means, state, hit),
        thing=fields.thing(reading),
        effective_on=begins,
        amount=sum_.amount if sum_ else None,
        currency=sum_.currency if sum_ else "",
    )
