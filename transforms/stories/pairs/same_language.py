"""What speaks for two headlines of one language reporting one event, in numbers."""

from __future__ import annotations

from typing import NamedTuple

from transforms.stories.features import Features, weight_of
from transforms.stories.glance import FEWEST_GRAMS, least_shared
from transforms.stories.numbers import shared_numbers
from transforms.stories.pairs.compared import Side, log_hours, other_facets, same_publisher
from transforms.stories.product_versions import other_version

# Beyond this, more words in common say nothing more.
MOST_SHARED = 6.0
# "Silicon Valley Bank" in both is one name and no event, unless it is nearly all that
# one of them says.
WHOLE = 0.8
# Headlines that go so much in step and begin with other words are of one mould.
IN_STEP = 0.4


class PairEvidence(NamedTuple):
    """The evidence by the names under which ``weights.toml`` weighs it.

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
    """Tell, at a tenth of the price, whether two headlines share enough to be weighed."""
    left, right = a.parts, b.parts
    if left.text == right.text:
        return bool(left.text)
    shorter = min(len(left.grams), len(right.grams))
    if shorter < FEWEST_GRAMS:
        return False
    least = least_shared(shorter, left.script)
    return len(left.grams & right.grams) >= least or _one_subject(a, b)


def _one_subject(a: Side, b: Side) -> bool:
    """Tell whether two headlines name one company and tell something of it in common."""
    return not (
        a.companies.isdisjoint(b.companies) or a.parts.matter.isdisjoint(b.parts.matter)
    )


def evidence(a: Side, b: Side) -> PairEvidence:
    """Return what two headlines of one language have in common."""
    left, right = a.parts, b.parts
    common = left.words & right.words
    shared = weight_of(common)
    lesser = min(left.weight, right.weight)
    numbers = bool(left.numbers and right.numbers)
    same = numbers and bool(shared_numbers(left.numbers, right.numbers))
    differ = numbers and not same and not other_facets(a, b)
    steps, both = len(left.steps) + len(right.steps), len(left.steps & right.steps)
    in_step = 2 * both / steps if steps else 0.0
    is_run = both >= len(common) - 1 and shared < WHOLE * lesser and not _one_act(a, b)
    others = bool(a.companies - b.companies and b.companies - a.companies)
    apart = _other_subject(left, right)
    guides = left.is_guide + right.is_guide
    return PairEvidence(
        dice=2 * shared / (left.weight + right.weight) if lesser else 0.0,
        containment=shared / lesser if lesser else 0.0,
        shared=min(shared, MOST_SHARED),
        steps=in_step,
        one_phrase=float(is_run),
        mould=in_step if others or differ or apart else 0.0,
        other_subject=float(apart and in_step > IN_STEP),
        same_number=float(same),
        other_number=float(differ),
        both_guides=float(guides == 2),  # noqa: PLR2004  of two
        one_guide=float(guides == 1),
        hours=log_hours(a, b),
        same_publisher=same_publisher(a, b),
    )


def _other_subject(a: Features, b: Features) -> bool:
    """Tell whether neither headline has anything of what the other one begins with."""
    return a.lead.isdisjoint(b.words) and b.lead.isdisjoint(a.words)


def _one_act(a: Side, b: Side) -> bool:
    return not a.parts.concepts.action.isdisjoint(b.parts.concepts.action)


def in_words(one: Side, other: Side) -> str:
    """Say what two headlines share, and what keeps them apart."""
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
