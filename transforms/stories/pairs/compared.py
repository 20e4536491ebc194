"""Sides of a comparison, and evidence for two headlines of one language."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import log1p
from typing import NamedTuple

from transforms.models.measures import StateAct
from transforms.stories.candidates import FEWEST_GRAMS, least_shared
from transforms.stories.features import Features, weight_of
from transforms.stories.numbers import other_version, shared_numbers

# A headline that shares more than this tells nothing more by it.
MOST_TOLD = 3.0
_HOUR = timedelta(hours=1)
# What is taken where a time is not known.
_USUAL_HOURS = 6.0
# Beyond this, more words in common say nothing more.
_MOST_SHARED = 6.0
# "Silicon Valley Bank" in both is one name and no event, unless it is nearly all that
# one of them says.
_WHOLE = 0.8
# Headlines that go so much in step and begin with other words are of one mould.
_IN_STEP = 0.4


@dataclass(frozen=True, slots=True)
class Side:
    """One parsed headline of a pair; time and publisher may be unknown.

    ``actors`` are the companies that it names, and those of its people; ``headlined`` are
    the companies of its title, if known separately.
    """

    parts: Features
    companies: frozenset[str]
    published_at: datetime | None
    publisher: str = ""
    headlined: frozenset[str] = frozenset()
    act: StateAct | None = None
    actors: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        actors, people = self.companies, self.parts.concepts.person
        if people:
            actors |= self.parts.lexicon.firms_of(people)
        object.__setattr__(self, "actors", actors)


def other_facets(a: Side, b: Side) -> bool:
    """Tell whether two headlines give different figures of one company's results.

    Profit and revenue may be two numbers of one release.
    """
    mine, other = a.parts.figures, b.parts.figures
    return (
        bool(mine and other) and mine.isdisjoint(other) and bool(a.companies & b.companies)
    )


def other_roles(a: Side, b: Side) -> bool:
    """Tell whether only one headline gives a valuation: money raised is less."""
    worth = a.parts.lexicon.roles.worth
    mine, other = a.parts.concepts.thing, b.parts.concepts.thing
    return worth.isdisjoint(mine) != worth.isdisjoint(other)


def other_figure(a: Side, b: Side) -> bool:
    """Tell whether two headlines disagree on one figure of a company's results."""
    return bool(
        a.parts.figures & b.parts.figures
        and a.companies & b.companies
        and a.parts.numbers
        and b.parts.numbers
        and not shared_numbers(a.parts.numbers, b.parts.numbers)
    )


def gap(a: Side, b: Side) -> timedelta:
    """Return the time between two headlines, zero if unknown."""
    if a.published_at is None or b.published_at is None:
        return timedelta(0)
    return abs(a.published_at - b.published_at)


def log_hours(a: Side, b: Side) -> float:
    """Return log(1 + hours between): the first hours matter most.

    Less than an hour counts as one, since feeds round or estimate times.
    """
    if a.published_at is None or b.published_at is None:
        return log1p(_USUAL_HOURS)
    return log1p(max(1.0, gap(a, b) / _HOUR))


def same_publisher(a: Side, b: Side) -> float:
    """Return 1 if both have one outlet, which seldom covers an event twice."""
    return float(bool(a.publisher) and a.publisher == b.publisher)


class PairEvidence(NamedTuple):
    """Evidence by its names in ``weights.toml``.

    ``dice`` is the share of common words in both headlines, ``containment`` that in the
    shorter one, ``shared`` their weight; ``steps`` the share of common pairs of
    neighbours, which moulds have ("Ford recalls … over …"); ``one_phrase`` is a single
    run of words that is all they share, and no act; ``mould`` is ``steps`` once more
    where numbers, companies or first words differ: two fillings of one mould;
    ``other_subject`` is where they go in step but for their first words. ``hours`` is a
    logarithm. The others are yes (1) or no (0).
    """

    dice: float
    containment: float
    shared: float
    steps: float
    one_phrase: float
    mould: float
    other_subject: float
    same_number: float
    other_number: float
    both_guides: float
    one_guide: float
    hours: float
    same_publisher: float


def may_be_alike(a: Side, b: Side) -> bool:
    """Tell cheaply whether two headlines share enough to be scored."""
    left, right = a.parts, b.parts
    if left.text == right.text:
        return bool(left.text)
    shorter = min(len(left.grams), len(right.grams))
    if shorter < FEWEST_GRAMS:
        return False
    least = least_shared(shorter, left.script)
    # Or they name one company and tell something of it in common.
    return len(left.grams & right.grams) >= least or not (
        a.companies.isdisjoint(b.companies) or a.parts.matter.isdisjoint(b.parts.matter)
    )


def evidence(a: Side, b: Side) -> PairEvidence:
    """Return the evidence for two headlines of one language."""
    left, right = a.parts, b.parts
    common = left.words & right.words
    shared = weight_of(common, left.lexicon)
    lesser = min(left.weight, right.weight)
    numbers = bool(left.numbers and right.numbers)
    same = numbers and bool(shared_numbers(left.numbers, right.numbers))
    differ = numbers and not same and not other_facets(a, b)
    steps, both = len(left.steps) + len(right.steps), len(left.steps & right.steps)
    in_step = 2 * both / steps if steps else 0.0
    is_run = (
        both >= len(common) - 1
        and shared < _WHOLE * lesser
        and left.concepts.action.isdisjoint(right.concepts.action)
    )
    others = bool(a.companies - b.companies and b.companies - a.companies)
    # Neither headline has anything of what the other one begins with.
    apart = left.lead.isdisjoint(right.words) and right.lead.isdisjoint(left.words)
    guides = left.is_guide + right.is_guide
    return PairEvidence(
        dice=2 * shared / (left.weight + right.weight) if lesser else 0.0,
        containment=shared / lesser if lesser else 0.0,
        shared=min(shared, _MOST_SHARED),
        steps=in_step,
        one_phrase=float(is_run),
        mould=in_step if others or differ or apart else 0.0,
        other_subject=float(apart and in_step > _IN_STEP),
        same_number=float(same),
        other_number=float(differ),
        both_guides=float(guides == 2),  # noqa: PLR2004  of two
        one_guide=float(guides == 1),
        hours=log_hours(a, b),
        same_publisher=same_publisher(a, b),
    )


def in_words(one: Side, other: Side) -> str:
    """Return the shared signs of two headlines, and their differences, in words."""
    a, b = one.parts, other.parts
    parts = []
    if other_version(a.versions, b.versions):
        parts.append("another version")
    if words := sorted(a.words & b.words, key=lambda w: (min(_at(a, w), _at(b, w)), w)):
        parts.append(f"words {', '.join(words)}")
    if numbers := shared_numbers(a.numbers, b.numbers):
        parts.append(f"numbers {', '.join(sorted(numbers))}")
    elif a.numbers and b.numbers and not other_facets(one, other):
        parts.append("different numbers")
    if a.is_guide or b.is_guide:
        parts.append(
            "both are guides or offers" if a.is_guide and b.is_guide else "a guide"
        )
    return "; ".join(parts) or "no word in common"


def _at(parts: Features, word: str) -> int:
    place = parts.plain.find(word)
    return place if place >= 0 else len(parts.plain)
