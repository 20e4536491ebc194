"""On which side who acts in a headline is: china, us_eu, or neither of them (unclear)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from transforms.headlines import lexicon
from transforms.headlines.lexicon import Found
from transforms.names.rules.patterns import PatternSet, Searched, pattern_set


def find_side(title: str) -> Found | None:
    """Return the side of the first one that *title* names and nothing is done to.

    None where nobody acts, as in most headlines.
    """
    actors = _actors()
    if not actors.terms.likely(title.lower()):
        return None
    found = actors.terms.first(actors.objects.sub("", title))
    return Found(actors.sides[found[0]], found[1][0]) if found else None


def patterns() -> Sequence[Searched]:
    """Return the patterns one of which every headline with a side matches."""
    return _actors().terms.patterns


@dataclass(frozen=True, slots=True)
class _Actors:
    objects: re.Pattern[str]
    terms: PatternSet
    sides: tuple[str, ...]


@cache
def _actors() -> _Actors:
    lists = lexicon.read("sides")
    macros = {"{adverb}": lists["adverb"], "{verbs}": "|".join(lists["verbs"])}
    return _Actors(
        objects=re.compile("|".join(lists["objects"]), re.ASCII),
        terms=pattern_set([_pattern(actor["terms"], macros) for actor in lists["actor"]]),
        sides=tuple(actor["side"] for actor in lists["actor"]),
    )


def _pattern(terms: list[str], macros: dict[str, str]) -> re.Pattern[str]:
    text = lexicon.one_of(terms)
    for name, meaning in macros.items():
        text = text.replace(name, meaning)
    return re.compile(text, re.ASCII)
