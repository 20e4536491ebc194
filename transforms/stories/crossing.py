"""Whether headlines of two languages report one event: cautious, by exact signs."""

from __future__ import annotations

from transforms.stories.events import WEAK_ACTIONS, actions
from transforms.stories.features import Features
from transforms.stories.likeness import shared_numbers

# Weights of signs; half a point makes a match. No single sign is enough but an
# exact number: not a round one ("$2 trillion"), nor a small count ("33 cities"),
# nor the names of one company's products ("Claude Fable"). Chosen on the
# development pairs for precision.
NUMBER = 0.5
COMMON_NUMBER = 0.35
NAME = 0.3
MORE_NAMES = 0.15
EVENT = 0.3
WEAK_EVENT = 0.1
COMPANIES = 0.2
ENOUGH = 0.5
SMALL = 100


def signs(a: Features, b: Features, companies: frozenset[str]) -> dict[str, float]:
    """Return what speaks for one event, in words, with its weight.

    *companies* are those named in both; without one nothing else counts.
    """
    if not companies or (a.is_guide and b.is_guide):
        return {}
    found: dict[str, float] = {}
    if numbers := shared_numbers(a, b):
        common = all(_is_round(number) or _is_small(number) for number in numbers)
        found[f"numbers {_list(numbers)}"] = COMMON_NUMBER if common else NUMBER
    # A company's own name says no more than that the company is named.
    named = {part for company in companies for part in company.split("-")}
    if names := (a.names & b.names) - named:
        found[f"names {_list(names)}"] = NAME + (MORE_NAMES if len(names) > 1 else 0)
    if events := actions(a.plain) & actions(b.plain):
        is_weak = events <= WEAK_ACTIONS
        found[f"events {_list(events)}"] = WEAK_EVENT if is_weak else EVENT
    if len(companies) > 1:
        found["more than one company"] = COMPANIES
    return found


def _is_round(number: str) -> bool:
    return len(number.partition("e")[0].rstrip("%").rstrip("0")) == 1


def _is_small(number: str) -> bool:
    # Two figures of one company agree by chance where they count cities or models.
    return number.isdecimal() and int(number) < SMALL


def _list(words: frozenset[str]) -> str:
    return ", ".join(sorted(words))
