"""The most that what two headlines mean can add to what they have written in common.

Most pairs that a key brings together cannot be of one event whatever they mean. To ask
for the most takes a quarter of the time that it takes to say what they do mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from transforms.stories.concepts import told
from transforms.stories.pairs.compared import Side
from transforms.stories.pairs.meaning import COMPANY, RESULTS


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What evidence of meaning weighs where it speaks for one event, some of it as one.

    ``each`` is the most that a concept weighs by its kind, ``act`` what else comes with
    a concept in common; ``others`` and ``strangers`` speak against, and are known at once.
    """

    actors: float
    each: float
    act: float
    told: float
    results: float
    share: float
    cover: float
    version: float
    amount: float
    unit: float
    others: float
    strangers: float

    def above(self, a: Side, b: Side) -> float:
        """Return what is at least the weight of all that *a* and *b* mean in common."""
        shared = len(a.actors & b.actors)
        most = self._figures(a, b) + (self.actors if shared else 0.0)
        if a.companies and b.companies:
            if not shared:
                most += self.others
            if not (a.companies <= b.companies or b.companies <= a.companies):
                most += self.strangers
        common = COMPANY * shared
        if not a.parts.matter.isdisjoint(b.parts.matter):
            both = a.parts.matter & b.parts.matter
            tells = told(both)
            common += tells
            most += self.act + self.each * tells
            if shared:
                most += self.told * tells + self.results * (RESULTS in both)
        return most + self._parts(a, b, common) if common else most

    def _parts(self, a: Side, b: Side, common: float) -> float:
        mine = COMPANY * len(a.actors) + a.parts.told
        other = COMPANY * len(b.actors) + b.parts.told
        share = 2 * common / (mine + other)
        return self.share * share + self.cover * common / min(mine, other)

    def _figures(self, a: Side, b: Side) -> float:
        x, y = a.parts, b.parts
        most = self.version if x.versions and y.versions else 0.0
        if x.amounts and y.amounts:
            most += self.amount
        return most + self.unit if x.units and y.units else most


def ceiling_of(weights: Mapping[str, float]) -> Ceiling:
    """Return the ceiling of a kind of pair by its *weights*, which have names."""
    most = {name: max(weight, 0.0) for name, weight in weights.items()}
    least = {name: min(weight, 0.0) for name, weight in weights.items()}
    return Ceiling(
        actors=most["actors"] + most["two_actors"],
        each=max(most[kind] for kind in ("actions", "things", "places", "people")),
        act=most["whole"] + most["same_step"],
        told=most["told"],
        results=most["results"],
        share=most["share"],
        cover=most["cover"],
        version=most["same_version"],
        amount=most["same_amount"],
        unit=most["same_unit"],
        others=least["other_actor"],
        strangers=least["other_company"],
    )
