"""Parts of the world that headlines name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from transforms.headlines import lexicon
from transforms.headlines.lexicon import ANY_CASE, Found, one_of
from transforms.names.rules.patterns import PatternSet, Searched, pattern_set


def find_regions(title: str) -> list[Found]:
    """Return the regions that *title* names, each once, with the first words for it."""
    regions = _regions()
    found = []
    for number in regions.terms.likely(title.lower()):
        excepted = regions.excepted[number]
        if excepted and excepted.search(title):
            continue
        if match := regions.terms.patterns[number].search(title):
            found.append(Found(regions.names[number], match[0]))
    return found


def patterns() -> Sequence[Searched]:
    """Return the patterns one of which every headline with a region matches."""
    return _regions().terms.patterns


@dataclass(frozen=True, slots=True)
class _Regions:
    names: tuple[str, ...]
    terms: PatternSet
    excepted: tuple[re.Pattern[str] | None, ...]


@cache
def _regions() -> _Regions:
    lists = lexicon.read("regions")
    return _Regions(
        names=tuple(lists),
        terms=pattern_set(
            [lexicon.words_or_names(r["words"], r["names"]) for r in lists.values()]
        ),
        excepted=tuple(_excepted(region.get("not", ())) for region in lists.values()),
    )


def _excepted(terms: list[str]) -> re.Pattern[str] | None:
    return re.compile(one_of(terms), ANY_CASE) if terms else None
