"""What speaks for headlines of two languages reporting one event, in numbers.

Words give no evidence here, so names, numbers and concepts do: 34亿美元 is $3.4 billion,
马斯克 is Musk, and 起诉 is to sue.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from transforms.stories.concepts import Concepts, lasting_products, told
from transforms.stories.numbers import shared_numbers
from transforms.stories.pairs.compared import MOST_TOLD, Side, log_hours, other_facets
from transforms.stories.product_versions import same_version

SMALL = 100
MOST_NAMES = 3


class Crossing(NamedTuple):
    """The evidence by the names under which ``weights.toml`` weighs it.

    ``telling_number`` is one that no two events share by chance, as a round or a small
    one may be. ``names`` counts Latin names in both, ``names_found`` is their share of
    those in the Chinese headline, ``names_missing`` counts the others there; a company's
    own name is none of them. ``product`` is what products in common tell that are in the
    news all year, beside a company in common: Qwen says hardly more than Alibaba does.
    """

    telling_number: float
    common_number: float
    other_number: float
    names: float
    names_found: float
    names_missing: float
    product: float
    guide: float
    hours: float


class Shared(NamedTuple):
    """What two headlines have in common across languages."""

    numbers: frozenset[str]
    names: frozenset[str]
    companies: frozenset[str]
    own_names: frozenset[str]
    concepts: Concepts
    version: bool

    @property
    def is_anchored(self) -> bool:
        """Whether both tell of one actor, product or figure, and not only of one matter."""
        telling = any(not (_is_round(n) or _is_small(n)) for n in self.numbers)
        named = self.companies or self.names or self.concepts.person
        return bool(named or self.version or telling)

    def __bool__(self) -> bool:
        """Whether there is anything: a company alone is a beat and no event."""
        return bool(
            self.numbers
            or self.names
            or self.version
            or len(self.companies) > 1
            or any(self.concepts)
        )


def shared_signs(a: Side, b: Side) -> Shared:
    """Return the signs that two headlines of different languages have in common."""
    own: frozenset[str] = frozenset()
    if a.parts.names and b.parts.names:
        # A company's own name says no more than that the company is named.
        companies = a.companies | b.companies
        own = frozenset(part for company in companies for part in company.split("-"))
    return Shared(
        numbers=shared_numbers(a.parts.numbers, b.parts.numbers),
        names=(a.parts.names & b.parts.names) - own,
        companies=a.actors & b.actors,
        own_names=own,
        concepts=a.parts.concepts.shared_with(b.parts.concepts),
        version=same_version(a.parts.versions, b.parts.versions),
    )


def crossing(a: Side, b: Side, shared: Shared) -> Crossing:
    """Return which written signs two headlines of different languages have in common."""
    chinese = (a if a.parts.is_han else b).parts.names - shared.own_names
    products = shared.concepts.thing & lasting_products() if shared.companies else ()
    telling = any(not (_is_round(n) or _is_small(n)) for n in shared.numbers)
    return Crossing(
        telling_number=float(telling),
        common_number=float(bool(shared.numbers) and not telling),
        other_number=float(
            bool(a.parts.numbers and b.parts.numbers and not shared.numbers)
            and not other_facets(a, b)
        ),
        names=float(min(len(shared.names), MOST_NAMES)),
        names_found=len(shared.names) / len(chinese) if chinese else 0.0,
        names_missing=float(min(len(chinese - shared.names), MOST_NAMES)),
        product=min(told(products), MOST_TOLD),
        guide=float(a.parts.is_guide or b.parts.is_guide),
        hours=log_hours(a, b),
    )


def in_words(shared: Shared) -> str:
    """Say what two headlines share."""
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


def _is_round(number: str) -> bool:
    return len(number.partition("e")[0].rstrip("%").rstrip("0")) == 1


def _is_small(number: str) -> bool:
    # Two figures of one company agree by chance where they count cities or models.
    return number.isdecimal() and int(number) < SMALL


def _list(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))
