"""Decide whether two headlines report the same event, and say why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from transforms.stories.features import features
from transforms.stories.numbers import shared_numbers
from transforms.stories.pairs import across_languages as across
from transforms.stories.pairs import same_language as within
from transforms.stories.pairs.compared import Side, gap
from transforms.stories.pairs.meaning import meaning
from transforms.stories.pairs.weights import PairKind, least_sum, weights_of

# Coverage of one event comes within three days; what comes later is another turn.
WINDOW = timedelta(hours=72)
# Asked of one pair across languages, time only ranks: the other language may be a week
# late, and has no moulds in common that would come again meanwhile.
ACROSS = timedelta(days=8)
# Under one and the same headline an outlet has a column of the day, not one event.
COLUMN = timedelta(hours=12)
# So long a headline is the same with "Exclusive" before it or its outlet behind it.
LABELLED = 6
WHOLE = 0.6
# From here on two headlines are one story, whatever their scripts.
SAME = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryText:
    """What a comparison may know of an article; all but the title may be unknown.

    ``companies`` are those that title and summary name, ``names`` what the title calls
    them by.
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
    """Whether two headlines report one event, how sure that is, and why."""

    same: bool
    score: float
    why: str


def compare(a: StoryText, b: StoryText) -> Comparison:
    """Return whether *a* and *b* report the same event; 0.5 and more is a yes."""
    left, right = side_of(a), side_of(b)
    score = _likelihood(left, right) if gap(left, right) <= _window(left, right) else 0.0
    return Comparison(same=score >= SAME, score=round(score, 4), why=_why(left, right))


def match(a: Side, b: Side, *, least: float = 0.0, least_unnamed: float = 0.0) -> float:
    """Return how likely it is, from 0 to 1, that two headlines report one event.

    Where that is less than *least* it is 0, since nobody asks how much less it is; so it
    is below *least_unnamed* where two languages share no actor, product or telling figure.
    """
    return _likelihood(a, b, least, least_unnamed) if gap(a, b) <= WINDOW else 0.0


def _likelihood(a: Side, b: Side, least: float = 0.0, least_unnamed: float = 0.0) -> float:
    kind = pair_kind(a, b)
    written: tuple[float, ...]
    if kind == "cross":
        shared = across.shared_signs(a, b)
        if not shared:
            return 0.0
        if least < least_unnamed and not shared.is_anchored:
            least = least_unnamed
        written = across.crossing(a, b, shared)
    else:
        # Most headlines that a key brings together share a word or two and no more.
        if not within.may_be_alike(a, b):
            return 0.0
        if _is_same_headline(a, b):
            return 1.0
        written = within.evidence(a, b)
    weights = weights_of(kind)
    if weights.sum_of(written) + weights.meaning.above(a, b) < least_sum(least):
        return 0.0
    likelihood = weights.probability((*written, *meaning(a, b)))
    return likelihood if likelihood >= least else 0.0


def pair_kind(a: Side, b: Side) -> PairKind:
    """Return which weights a pair of headlines is judged by."""
    if a.parts.is_han != b.parts.is_han:
        return "cross"
    return "han" if a.parts.is_han else "latin"


def pair_evidence(a: Side, b: Side) -> tuple[float, ...]:
    """Return what two headlines have in common: words or signs, then what they mean."""
    if a.parts.is_han != b.parts.is_han:
        return (*across.crossing(a, b, across.shared_signs(a, b)), *meaning(a, b))
    return (*within.evidence(a, b), *meaning(a, b))


def may_be_one(a: Side, b: Side) -> bool:
    """Tell whether two headlines that a third is like may be of one event.

    They have a sign in common, and neither companies nor numbers contradict each other.
    """
    if gap(a, b) > WINDOW:
        return False
    if (a.companies or b.companies) and a.companies.isdisjoint(b.companies):
        return False
    numbers = a.parts.numbers and b.parts.numbers
    if numbers and not shared_numbers(a.parts.numbers, b.parts.numbers):
        return False
    if a.parts.is_han != b.parts.is_han:
        return bool(across.shared_signs(a, b))
    return not a.parts.grams.isdisjoint(b.parts.grams)


def _is_same_headline(a: Side, b: Side) -> bool:
    """Tell whether two headlines are one, but for a label that one of them carries."""
    shorter, longer = a.parts, b.parts
    if len(shorter.text) > len(longer.text):
        shorter, longer = longer, shorter
    if shorter.text == longer.text:
        # The text is without signs: "fall 5%" and "fall $5" differ in their numbers.
        is_one = shorter.numbers == longer.numbers
    else:
        is_one = (
            len(shorter.grams) >= LABELLED
            and len(shorter.text) >= WHOLE * len(longer.text)
            and shorter.text in longer.text
            and shorter.numbers <= longer.numbers
        )
    if not is_one:
        return False
    return not a.publisher or a.publisher != b.publisher or gap(a, b) < COLUMN


def side_of(text: StoryText) -> Side:
    """Return an article as a side of a comparison."""
    parts = features(text.title, text.names)
    return Side(parts, text.companies, text.published_at, text.publisher)


def _window(a: Side, b: Side) -> timedelta:
    return WINDOW if a.parts.is_han == b.parts.is_han else ACROSS


def _why(a: Side, b: Side) -> str:
    if gap(a, b) > (window := _window(a, b)):
        return f"more than {window // timedelta(hours=1)} hours apart"
    if a.parts.is_han != b.parts.is_han:
        return across.in_words(across.shared_signs(a, b))
    if _is_same_headline(a, b):
        return "the same headline"
    return within.in_words(a, b)
