"""What speaks for two headlines of one language reporting one event, in numbers."""

from __future__ import annotations

from math import floor, log10
from typing import NamedTuple

from transforms.stories.features import Features, weight_of
from transforms.stories.glance import FEWEST_GRAMS, least_shared
from transforms.stories.sides import Side, log_hours, overlap, same_publisher

# Beyond this, more words in common say nothing more.
MOST_SHARED = 6.0
# 363,000 cars and 362,758 cars are one recall.
SAME_NUMBER = 0.01
# "Silicon Valley Bank" in both is one name and no event, unless it is nearly all that
# one of them says.
WHOLE = 0.8


class Evidence(NamedTuple):
    """The evidence by the names under which ``weights.toml`` weighs it.

    ``dice`` is the share of common grams in both headlines, ``containment`` that in the
    shorter one, ``shared`` their weight; ``steps`` the share of common pairs of
    neighbours, which moulds have ("Ford recalls … over …"); ``one_phrase`` is a single
    run of words that is all they share; ``mould`` is ``steps`` once more where numbers or
    companies differ: two fillings of one mould. ``hours`` is a logarithm. The others are
    yes (1) or no (0), but for ``companies``, the share in common.
    """

    dice: float
    containment: float
    shared: float
    steps: float
    one_phrase: float
    mould: float
    same_number: float
    other_number: float
    companies: float
    other_company: float
    both_guides: float
    one_guide: float
    hours: float
    same_publisher: float


def may_be_alike(a: Features, b: Features) -> bool:
    """Tell, at a tenth of the price, whether two headlines share enough to be weighed."""
    if a.text == b.text:
        return True
    shorter = min(len(a.grams), len(b.grams))
    return shorter >= FEWEST_GRAMS and len(a.grams & b.grams) >= least_shared(shorter)


def evidence(a: Side, b: Side) -> Evidence:
    """Return what two headlines of one language have in common."""
    left, right = a.parts, b.parts
    common = left.grams & right.grams
    shared = weight_of(common)
    lesser = min(left.weight, right.weight)
    numbers = bool(left.numbers and right.numbers)
    same = numbers and bool(shared_numbers(left, right))
    steps, both = len(left.steps) + len(right.steps), len(left.steps & right.steps)
    in_step = 2 * both / steps if steps else 0.0
    is_run = both >= len(common) - 1 and shared < WHOLE * lesser
    others = bool(a.companies - b.companies and b.companies - a.companies)
    guides = left.is_guide + right.is_guide
    return Evidence(
        dice=2 * shared / (left.weight + right.weight) if lesser else 0.0,
        containment=shared / lesser if lesser else 0.0,
        shared=min(shared, MOST_SHARED),
        steps=in_step,
        one_phrase=float(is_run),
        mould=in_step if others or (numbers and not same) else 0.0,
        same_number=float(same),
        other_number=float(numbers and not same),
        companies=overlap(a.companies, b.companies),
        other_company=float(others),
        both_guides=float(guides == 2),  # noqa: PLR2004  of two
        one_guide=float(guides == 1),
        hours=log_hours(a, b),
        same_publisher=same_publisher(a, b),
    )


def shared_numbers(a: Features, b: Features) -> frozenset[str]:
    """Return the quantities of *a* that *b* has too, rounded or cut off as it may be."""
    return a.numbers & b.numbers or common_numbers(a.numbers, b.numbers)


def common_numbers(some: frozenset[str], others: frozenset[str]) -> frozenset[str]:
    """Return those of *some* quantities that are among *others*, or nearly so."""
    return frozenset(x for x in some for y in others if _close(x, y))


def _close(x: str, y: str) -> bool:
    if x.endswith("%") != y.endswith("%"):
        return False
    first, second = float(x.rstrip("%")), float(y.rstrip("%"))
    if abs(first - second) <= SAME_NUMBER * max(first, second):
        return True
    rounder, other = sorted((x.rstrip("%"), y.rstrip("%")), key=_digits)
    return _digits(rounder) > 1 and _cut_to(other, _digits(rounder)) == float(rounder)


def _digits(number: str) -> int:
    """Return the significant digits of a number: two of 5.1e+09, and of 51."""
    return len(number.partition("e")[0].replace(".", "").strip("0"))


def _cut_to(number: str, digits: int) -> float:
    """Return *number* with so many significant digits, as headlines cut 51.79 to 51."""
    value = float(number)
    step = 10 ** (floor(log10(value)) + 1 - digits) if value else 1
    return floor(value / step) * step


def in_words(a: Features, b: Features) -> str:
    """Say what two headlines share, and what keeps them apart."""
    parts = []
    if words := sorted(a.grams & b.grams, key=lambda w: (min(_at(a, w), _at(b, w)), w)):
        parts.append(f"words {', '.join(words)}")
    if numbers := shared_numbers(a, b):
        parts.append(f"numbers {', '.join(sorted(numbers))}")
    elif a.numbers and b.numbers:
        parts.append("different numbers")
    if a.is_guide or b.is_guide:
        parts.append(
            "both are guides or offers" if a.is_guide and b.is_guide else "a guide"
        )
    return "; ".join(parts) or "no word in common"


def _at(parts: Features, word: str) -> int:
    place = parts.plain.find(word)
    return place if place >= 0 else len(parts.plain)
