"""Numeric evidence that headlines of two languages report one event.

Words cannot be compared here, but names, numbers and concepts can: 34亿美元 is
$3.4 billion, 马斯克 is Musk, and 起诉 is to sue.
"""

from __future__ import annotations

from collections.abc import Iterable
from string import digits
from typing import NamedTuple

from transforms.stories.concepts import ConceptLexicon, Concepts
from transforms.stories.numbers import same_version, shared_numbers
from transforms.stories.pairs.compared import (
    MOST_TOLD,
    Side,
    log_hours,
    other_facets,
    other_roles,
)

_SMALL = 100
# Percentages below this are in too many headlines of one day.
_SMALL_SHARE = 50
_MOST_NAMES = 3


class Crossing(NamedTuple):
    """Evidence by its names in ``weights.toml``.

    ``telling_number`` is one that no two events share by chance, as a round or a small
    one may be; ``actors_number`` is such a number beside a company in common, and
    ``actors_act`` what an act tells beside one. ``same_count`` and ``other_count`` are of
    all figures, small ones too. ``names`` counts Latin names in both, ``names_found`` is
    their share of those in the Chinese headline, ``names_missing`` counts the others
    there; a company's own name is none of them. ``product`` is what products in common
    tell that are in the news all year, beside a company in common: Qwen says hardly more
    than Alibaba does.
    """

    telling_number: float
    common_number: float
    actors_number: float
    actors_act: float
    other_number: float
    same_count: float
    other_count: float
    names: float
    names_found: float
    names_missing: float
    product: float
    guide: float
    hours: float


class Shared(NamedTuple):
    """Signs shared by two headlines of different languages.

    ``actors`` are the things among its concepts that are names of firms and bodies,
    ``home`` is whether one names China, and the other, in Chinese, no country.
    """

    numbers: frozenset[str]
    counts: frozenset[str]
    names: frozenset[str]
    companies: frozenset[str]
    own_names: frozenset[str]
    concepts: Concepts
    actors: frozenset[str]
    version: bool
    home: bool

    @property
    def has_actor(self) -> bool:
        """Whether both name one firm, body, person or product, tracked or not."""
        return bool(
            self.companies
            or self.names
            or self.concepts.person
            or self.version
            or self.actors
        )

    def __bool__(self) -> bool:
        """Tell whether any sign is shared; a company alone is not enough."""
        return bool(
            self.numbers
            or self.names
            or self.version
            or len(self.companies) > 1
            or any(self.concepts)
        )


def shared_signs(a: Side, b: Side) -> Shared:
    """Return the signs shared by two headlines of different languages."""
    lexicon = a.parts.lexicon
    own, names = frozenset[str](), a.parts.names & b.parts.names
    if a.parts.names or b.parts.names:
        # A company's own name says no more than that the company is named, where it is.
        own = _parts_of(a.companies | b.companies)
        names -= _parts_of(a.actors & b.actors)
        names = frozenset(name for name in names if not _is_common(name, lexicon))
    concepts = a.parts.concepts.shared_with(b.parts.concepts)
    return Shared(
        numbers=shared_numbers(a.parts.numbers, b.parts.numbers),
        counts=shared_numbers(a.parts.counts, b.parts.counts),
        names=names,
        companies=a.actors & b.actors,
        own_names=own,
        concepts=concepts,
        actors=concepts.thing & lexicon.actors,
        version=same_version(a.parts.versions, b.parts.versions),
        home=_at_home(a, b) or _at_home(b, a),
    )


def _is_common(name: str, lexicon: ConceptLexicon) -> bool:
    """Tell whether a Latin word is one for a thing of many headlines: an agent, code."""
    things = lexicon.products_of(name)
    return bool(things) and not (lexicon.telling(things) or things & lexicon.lasting)


def _parts_of(companies: Iterable[str]) -> frozenset[str]:
    return frozenset(part for company in companies for part in company.split("-"))


def _at_home(a: Side, b: Side) -> bool:
    """Tell whether *a* says China, and *b* is in Chinese and names no other country."""
    lexicon, places = a.parts.lexicon, b.parts.concepts.place
    home = lexicon.roles.home
    if not b.parts.is_han or home.isdisjoint(lexicon.with_wholes(a.parts.concepts.place)):
        return False
    wholes = (lexicon.with_wholes(frozenset({place})) for place in places)
    return home.isdisjoint(places) and not any(map(home.isdisjoint, wholes))


def crossing(a: Side, b: Side, shared: Shared) -> Crossing:
    """Return the evidence from signs shared across languages."""
    # The names of the one in another script than Latin, where they stand out.
    chinese = _names_beside(b if a.parts.script == "latin" else a, shared.own_names)
    lexicon = a.parts.lexicon
    products = shared.concepts.thing & lexicon.lasting if shared.companies else ()
    telling = any(map(is_telling, shared.numbers))
    return Crossing(
        telling_number=float(telling),
        common_number=float(bool(shared.numbers) and not telling),
        actors_number=float(telling and bool(shared.companies)),
        actors_act=min(lexicon.information(shared.concepts.action), 1.0)
        if shared.companies
        else 0.0,
        other_number=float(
            bool(a.parts.numbers and b.parts.numbers and not shared.numbers)
            and not (other_facets(a, b) or other_roles(a, b))
        ),
        same_count=float(bool(shared.counts) and not shared.numbers),
        other_count=float(bool(a.parts.counts and b.parts.counts and not shared.counts)),
        names=float(min(len(shared.names), _MOST_NAMES)),
        names_found=len(shared.names) / len(chinese) if chinese else 0.0,
        names_missing=float(min(len(chinese - shared.names), _MOST_NAMES)),
        product=min(lexicon.information(products), MOST_TOLD),
        guide=float(a.parts.is_guide or b.parts.is_guide),
        hours=log_hours(a, b),
    )


def _names_beside(side: Side, own: frozenset[str]) -> frozenset[str]:
    """Return the names in a headline but for its companies', with a version or not."""
    return frozenset(name for name in side.parts.names if name.rstrip(digits) not in own)


def in_words(shared: Shared) -> str:
    """Return the shared signs in words."""
    parts = [
        f"{name} {_list(found)}"
        for name, found in (
            ("companies", shared.companies),
            ("numbers", shared.numbers),
            ("names", shared.names),
            ("actions", shared.concepts.action),
            ("places", shared.concepts.place),
            ("people", shared.concepts.person),
            ("things", shared.concepts.thing),
        )
        if found
    ]
    if shared.version:
        parts.append("the same version")
    return "; ".join(parts) or "two languages and nothing in common"


def is_telling(number: str) -> bool:
    """Tell whether *number* is too distinctive to be shared by chance.

    Round and small numbers are not, nor are common percentages.
    """
    if number.endswith("%") and float(number[:-1]) < _SMALL_SHARE:
        return False
    return not (_is_round(number) or _is_small(number))


def _is_round(number: str) -> bool:
    return len(number.partition("e")[0].rstrip("%").rstrip("0")) == 1


def _is_small(number: str) -> bool:
    # Two figures of one company agree by chance where they count cities or models.
    return number.isdecimal() and int(number) < _SMALL


def _list(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))
