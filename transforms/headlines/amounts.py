"""Amounts of money in headlines, as they are written.

What two headlines are compared by is another thing: quantities of any kind, as numbers
(:mod:`transforms.stories.numbers`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from transforms.headlines import lexicon
from transforms.headlines.lexicon import ANY_CASE, Found, one_of
from transforms.names.rules.patterns import PatternSet, Searched, pattern_set

# From its first digit to its last: a long number is not tried again at each of them.
_NUMBER = r"(?<!\d)(?<!\d[.,])\d++(?:[.,]\d++)*+"


def find_amount(title: str) -> Found | None:
    """Return the first amount that *title* names with its unit, None where there is none.

    What only begins like a unit is none: "bln" is one, the b of "bought" is not. An amount
    with a currency comes before one without.
    """
    for forms in (_with_currency(), _without_currency()):
        if found := forms.first(title):
            amount = found[1]["amount"]
            return Found(amount, amount)
    return None


def patterns() -> Sequence[Searched]:
    """Return the patterns one of which every headline with an amount matches."""
    return (*_with_currency().patterns, *_without_currency().patterns)


@cache
def _with_currency() -> PatternSet:
    lists = lexicon.read("amounts")
    units, units_zh = one_of(lists["units"]), one_of(lists["units_zh"])
    short = one_of([*lists["units"], f"[{lists['letters']}]"])
    forms = (
        # Digits of a signed amount need no border before them: "$5", but also "A$5".
        rf"{one_of(lists['signs'])}\s?\d++(?:[.,]\d++)*+(?:[\s-]?{short}\b|\s?{units_zh})?",
        rf"{_NUMBER}[\s-]?{units} {one_of(lists['currencies'])}\b",
        rf"{_NUMBER}\s?[多余]?{units_zh}[多余]?{one_of(lists['currencies_zh'])}",
    )
    return pattern_set([re.compile(f"(?P<amount>{form})", ANY_CASE) for form in forms])


@cache
def _without_currency() -> PatternSet:
    lists = lexicon.read("amounts")
    amount = rf"(?P<amount>{_NUMBER}\s?{one_of(lists['units_zh'])})"
    behind = rf"(?:{lists['stake']}|[^\sa-z{lists['counted']}]|\Z)"
    return pattern_set([re.compile(amount + behind, re.ASCII)])
