"""How alike two headlines of one language are."""

from __future__ import annotations

from itertools import pairwise

from transforms.stories.features import Features, in_order, weight_of

# Chosen on the development pairs for precision first. Latin headlines share the
# words of their beat (Apple, court, Trump); pairs of Han characters are rarer.
LATIN_THRESHOLD = 0.5
HAN_THRESHOLD = 0.46
# "Apple Vision Pro" alone is a subject, not an event.
FEWEST_GRAMS = 3
NUMBER_BONUS = 0.15
NUMBER_CONFLICT = 0.15
# "Micron, Ford sign …" and "Micron, GM sign …" are two deals.
COMPANY_CONFLICT = 0.35
# Guides, offers and how-tos share their frame and report no event.
GUIDE_PENALTY = 0.35
# Only the same headline is surely the same.
ALMOST = 0.99
# "Silicon Valley Bank" in both is one name and no event, unless it is nearly all
# that one of them says.
ONE_PHRASE = 0.1
WHOLE = 0.8
ROUNDING = 1e-9
# What two headlines must share of all their weight, numbers counted in their favour.
_LEAST_LATIN = (LATIN_THRESHOLD - NUMBER_BONUS) / 2 - ROUNDING
_LEAST_HAN = (HAN_THRESHOLD - NUMBER_BONUS) / 2 - ROUNDING
# 363,000 cars and 362,758 cars are one recall.
SAME_NUMBER = 0.01


def threshold(parts: Features) -> float:
    """Return from which likeness on headlines of this script are of one story."""
    return HAN_THRESHOLD if parts.is_han else LATIN_THRESHOLD


def may_be_alike(a: Features, b: Features) -> bool:
    """Tell whether ``likeness`` could reach its threshold: no gram weighs more than one."""
    needed = (a.weight + b.weight) * (_LEAST_HAN if a.is_han else _LEAST_LATIN)
    # The bits say no to most, and lie nearer in memory than two sets of words.
    if (a.marks & b.marks).bit_count() + min(a.hidden, b.hidden) < needed:
        return a.text == b.text
    return len(a.grams & b.grams) >= needed or a.text == b.text


def likeness(
    a: Features, b: Features, companies_a: frozenset[str], companies_b: frozenset[str]
) -> float:
    """Return how alike two headlines of one language are, from 0 to 1."""
    if _is_same_text(a, b):
        return 1.0
    if min(len(a.grams), len(b.grams)) < FEWEST_GRAMS:
        return 0.0
    score = 2 * weight_of(a.grams & b.grams) / (a.weight + b.weight)
    if a.numbers and b.numbers:
        score += NUMBER_BONUS if shared_numbers(a, b) else -NUMBER_CONFLICT
    if companies_a - companies_b and companies_b - companies_a:
        score -= COMPANY_CONFLICT
    if a.is_guide and b.is_guide:
        score -= GUIDE_PENALTY
    if score >= threshold(a) and _is_one_phrase(a, b):
        return threshold(a) - ONE_PHRASE
    return min(max(score, 0.0), ALMOST)


def _is_one_phrase(a: Features, b: Features) -> bool:
    """Tell whether all that two headlines share is one name: a part of either."""
    shared = a.grams & b.grams
    if len(shared) >= WHOLE * min(len(a.grams), len(b.grams)):
        return False
    return all(_runs(in_order(side), shared) == 1 for side in (a, b))


def _runs(grams: tuple[str, ...], shared: frozenset[str]) -> int:
    marks = [gram in shared for gram in grams]
    return sum(now and not before for before, now in pairwise([False, *marks]))


def _is_same_text(a: Features, b: Features) -> bool:
    # The text is without signs: "fall 5%" and "fall $5" differ in their numbers.
    return a.text == b.text and a.numbers == b.numbers


def shared_numbers(a: Features, b: Features) -> frozenset[str]:
    """Return the quantities of *a* that *b* has too, give or take a hundredth."""
    return a.numbers & b.numbers or frozenset(
        x for x in a.numbers for y in b.numbers if _close(x, y)
    )


def _close(x: str, y: str) -> bool:
    if x.endswith("%") != y.endswith("%"):
        return False
    first, second = float(x.rstrip("%")), float(y.rstrip("%"))
    return abs(first - second) <= SAME_NUMBER * max(first, second)


def reasons(a: Features, b: Features, score: float) -> str:
    """Say what made two headlines of one language alike or not."""
    if _is_same_text(a, b):
        return "the same headline"
    parts = [f"words alike {score:.2f}, needed {threshold(a):.2f}"]
    if numbers := shared_numbers(a, b):
        parts.append(f"numbers {', '.join(sorted(numbers))}")
    elif a.numbers and b.numbers:
        parts.append("different numbers")
    if names := a.names & b.names:
        parts.append(f"words {', '.join(sorted(names))}")
    if a.is_guide and b.is_guide:
        parts.append("both are guides or offers")
    return "; ".join(parts)
