"""Semantic evidence for two headlines, independent of words and language.

It compares actor, act and object: companies or their people, concepts by rarity, versions,
amounts of money in any currency, times. A fine is a 罚单, V4Pro is V4 Pro, and profit and
revenue belong to one results release. Most candidate pairs cannot reach the threshold
whatever they mean: the upper bound of the semantic evidence (``Ceiling``) takes a quarter
of the time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from transforms.stories.concepts import NOTHING
from transforms.stories.features import Features
from transforms.stories.numbers import other_version, same_amount, same_version
from transforms.stories.pairs.compared import MOST_TOLD, Side, other_figure

# What a company tells beside concepts, when a headline's parts are summed.
_COMPANY = 1.0
_UNTOLD = [0.0] * len(NOTHING)


class MeaningEvidence(NamedTuple):
    """Evidence by its names in ``weights.toml``.

    ``actors`` is the share of companies in common, with those that a named person stands
    for; ``actions`` to ``people`` what it tells to share them, the rarer the more;
    ``told`` is all of it where an actor is shared too, ``share`` what both tell of all
    that they tell, and ``cover`` of what the one that tells less does. The others are yes
    (1) or no (0): ``whole`` where an act and more is shared, ``other_…`` where both name
    some and none in common (``other_company``: each one that the other does not),
    ``one_version`` where one leaves it out, ``results`` where both tell figures of one
    release, ``other_figure`` where these contradict, ``same_step`` and ``other_step`` of
    a listing (or another quarter), ``one_answers`` where one is the answer to an act.
    """

    actors: float
    two_actors: float
    other_actor: float
    other_company: float
    actions: float
    things: float
    places: float
    people: float
    told: float
    whole: float
    share: float
    cover: float
    other_action: float
    other_place: float
    other_person: float
    other_thing: float
    same_version: float
    other_version: float
    one_version: float
    same_amount: float
    same_unit: float
    results: float
    other_figure: float
    same_step: float
    other_step: float
    one_answers: float


def meaning(a: Side, b: Side) -> MeaningEvidence:
    """Return the semantic evidence for two headlines."""
    mine, other, lexicon = a.parts.concepts, b.parts.concepts, a.parts.lexicon
    both, kinds, roles = NOTHING, _UNTOLD, lexicon.roles
    if not a.parts.matter.isdisjoint(b.parts.matter):
        both = mine.shared_with(other)
        kinds = [
            min(lexicon.information(told), MOST_TOLD) if told else 0.0 for told in both
        ]
    some, others = a.actors, b.actors
    shared = some & others
    common = sum(kinds) + _COMPANY * len(shared)
    tells = (
        a.parts.information + _COMPANY * len(some),
        b.parts.information + _COMPANY * len(others),
    )
    steps, turns = mine.action & roles.listing_steps, other.action & roles.listing_steps
    return MeaningEvidence(
        actors=_covered(some, others),
        two_actors=float(len(shared) > 1),
        other_actor=float(bool(a.companies and b.companies and not shared)),
        other_company=float(bool(a.companies - b.companies and b.companies - a.companies)),
        actions=kinds[0],
        places=kinds[1],
        people=kinds[2],
        things=kinds[3],
        told=min(sum(kinds), MOST_TOLD) if shared else 0.0,
        whole=float(kinds[0] > 0 and sum(kinds) > kinds[0]),
        # Of what both headlines tell together (Dice), and of what the shorter one tells.
        share=2 * common / sum(tells) if common else 0.0,
        cover=common / min(tells) if common else 0.0,
        other_action=_differ(mine.action, other.action),
        other_place=float(lexicon.other_places(mine.place, other.place)),
        other_person=_differ(mine.person, other.person),
        other_thing=_differ(a.parts.telling, b.parts.telling),
        same_version=float(same_version(a.parts.versions, b.parts.versions)),
        other_version=float(other_version(a.parts.versions, b.parts.versions)),
        one_version=float(_leaves_out_version(a, b) or _leaves_out_version(b, a)),
        same_amount=float(same_amount(a.parts.amounts, b.parts.amounts)),
        same_unit=float(not a.parts.units.isdisjoint(b.parts.units)),
        results=float(bool(shared) and not roles.results.isdisjoint(both.thing)),
        other_figure=float(other_figure(a, b)),
        same_step=float(not steps.isdisjoint(turns)),
        other_step=max(
            _differ(steps, turns),
            _differ(mine.thing & roles.quarters, other.thing & roles.quarters),
        ),
        one_answers=float(_answers(a.parts) != _answers(b.parts)),
    )


def _covered(some: frozenset[str], others: frozenset[str]) -> float:
    """Return the share of the fewer companies that are among the others."""
    fewer = min(len(some), len(others))
    return len(some & others) / fewer if fewer else 0.0


def _leaves_out_version(a: Side, b: Side) -> bool:
    """Tell whether *b* names a family without the version that *a* has of it."""
    if not a.parts.versions or b.parts.versions:
        return False
    families = {family for version in a.parts.versions for family in version.families}
    return not families.isdisjoint(b.parts.names | b.parts.concepts.thing)


def _answers(parts: Features) -> bool:
    return not parts.concepts.action.isdisjoint(parts.lexicon.roles.answers)


def _differ(one: frozenset[str], other: frozenset[str]) -> float:
    return float(bool(one and other and one.isdisjoint(other)))


@dataclass(frozen=True, slots=True)
class Ceiling:
    """Upper bounds of the weight of semantic evidence.

    ``each`` is the maximum weight of a shared concept of any kind; ``others`` and
    ``strangers`` are negative weights known at once.
    """

    actors: float
    each: float
    whole: float
    step: float
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
        """Return an upper bound of the weight of *a* and *b*'s semantic evidence."""
        shared = len(a.actors & b.actors)
        most = self._figures(a, b) + (self.actors if shared else 0.0)
        if a.companies and b.companies:
            if not shared:
                most += self.others
            if not (a.companies <= b.companies or b.companies <= a.companies):
                most += self.strangers
        common = _COMPANY * shared
        if not a.parts.matter.isdisjoint(b.parts.matter):
            both = a.parts.matter & b.parts.matter
            tells = a.parts.lexicon.information(both)
            common += tells
            most += self.each * tells + self._act(a, b, both)
            if shared:
                results = not a.parts.lexicon.roles.results.isdisjoint(both)
                most += self.told * tells + self.results * results
        return most + self._parts(a, b, common) if common else most

    def _act(self, a: Side, b: Side, both: frozenset[str]) -> float:
        """Return the most that a shared act may add to what is told of it."""
        most = 0.0
        if len(both) > 1 and not a.parts.concepts.action.isdisjoint(
            b.parts.concepts.action
        ):
            most = self.whole
        is_step = not a.parts.lexicon.roles.listing_steps.isdisjoint(both)
        return most + self.step if is_step else most

    def _parts(self, a: Side, b: Side, common: float) -> float:
        mine = _COMPANY * len(a.actors) + a.parts.information
        other = _COMPANY * len(b.actors) + b.parts.information
        share = 2 * common / (mine + other)
        return self.share * share + self.cover * common / min(mine, other)

    def _figures(self, a: Side, b: Side) -> float:
        x, y = a.parts, b.parts
        most = self.version if x.versions and y.versions else 0.0
        if x.amounts and y.amounts:
            most += self.amount
        return most + self.unit if x.units and y.units else most


def ceiling_of(weights: Mapping[str, float]) -> Ceiling:
    """Return the ceiling of a kind of pair from its *weights* by name."""
    most = {name: max(weight, 0.0) for name, weight in weights.items()}
    least = {name: min(weight, 0.0) for name, weight in weights.items()}
    return Ceiling(
        actors=most["actors"] + most["two_actors"],
        each=max(most[kind] for kind in ("actions", "things", "places", "people")),
        whole=most["whole"],
        step=most["same_step"],
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
