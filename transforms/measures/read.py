"""The measure that a headline tells of, if that is its news."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from transforms.measures import fields, who
from transforms.measures.days import effective_on, money
from transforms.measures.decision import decision
from transforms.measures.lexicon import MeasureWords, Office
from transforms.measures.reading import Reading, read_tokens
from transforms.models import Mention
from transforms.models.measures import Measure
from transforms.names.match.document import ArticleText
from transforms.names.rules.watchlist import Watchlist

# What a headline may tell of any fine, and the tagging of a text leaves out.
_MONEY = frozenset({"amount", "currency"})


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


def _measure(reading: Reading, on: date | None, offices: Iterable[Office]) -> Measure:
    begins = effective_on(reading.lower, on)
    side, means = who.side(reading), fields.instrument(reading)
    state = fields.status(reading, is_to_come=bool(begins and on and begins > on))
    hit, sum_ = fields.targets(reading), money(reading.text)
    return Measure(
        side=side,
        actor=who.actor_name(reading, side, offices),
        instrument=means,
        status=state,
        direction=fields.direction(reading, means, state),
        targets=tuple(dict.fromkeys(token.company for token in hit)),
        target_class=fields.target_class(reading),
        target_side=fields.target_side(reading, side, state, hit),
        thing=fields.thing(reading),
        effective_on=begins,
        amount=sum_.amount if sum_ else None,
        currency=sum_.currency if sum_ else "",
    )
