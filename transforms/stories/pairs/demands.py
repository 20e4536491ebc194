"""Thresholds for joining two headlines, beyond the probability of one event.

The probability is fitted on pairs selected for similarity. Most pairs of articles within
three days that share a company, a place and a figure report two events, so these alone join
nothing: an act has to agree, or other words, or a distinctive figure. Across languages an
actor has to be shared as well. Contradictions raise the threshold or exclude the join.
"""

from __future__ import annotations

from transforms.stories.concepts import ConceptLexicon
from transforms.stories.features import Features
from transforms.stories.numbers import (
    other_version,
    same_amount,
    same_version,
    shared_numbers,
)
from transforms.stories.pairs.across_languages import Shared, is_telling
from transforms.stories.pairs.compared import Side, other_facets, other_roles

# Of two articles picked at random most tell two events, so that it takes more to join
# them than to call a pair that was picked to look alike the same.
JOIN = 0.74
# Across languages so little is shared that an actor and an act are much; and an actor and
# what is done to something without the act.
ACT = 0.50
FIRM = 0.58
# Threshold with one contradiction.
DOUBTED = 0.70
# Thresholds with a shared act and no shared actor: with a rare thing, or without.
FEW = 0.80
SURE = 0.95
# Above every probability: never join.
NEVER = 1.1
# What is asked for by how much of act, place and figures contradicts, where no act agrees:
# one may be another side of the event, two are another event.
_CONTRADICTED = (JOIN, 0.80, NEVER, NEVER)
MOST_AGAINST = 2
# Figures of so much are told exactly, and seldom twice of one firm in three days.
_MONEY = 1e6
# The share of the words of the shorter headline, or so many words, that two have in common
# which say one thing; set on the labelled week.
_ALIKE = 0.25
_TWO_WORDS = 2
# A headline of a version and at most so many words more: "Slate 15 Max 发布".
_BARE = 1
_HANDFUL = 10
_NOTHING: frozenset[str] = frozenset()


def least_within(a: Side, b: Side) -> float:
    """Return the threshold to join two headlines of one language."""
    x, y = a.parts, b.parts
    if other_version(x.versions, y.versions) or counts_otherwise(a, b):
        return NEVER
    against = contradictions(a, b)
    if x.acts & y.acts:
        return JOIN if against < MOST_AGAINST else NEVER
    if _other_places(a, b) or not says_one_thing(a, b):
        return NEVER
    return _CONTRADICTED[against]


def least_across(a: Side, b: Side, shared: Shared) -> float:
    """Return the threshold to join two headlines of two languages."""
    shared = shared._replace(companies=_who_acts(a, shared) & _who_acts(b, shared))
    against = contradictions(a, b)
    if against >= MOST_AGAINST or _other_units(a, b):
        return NEVER
    if _share_state_act(a, b):
        return DOUBTED if against else ACT
    if not shared.has_actor:
        return _least_without_actor(a, b, shared)
    least = _least_with_actor(a, b, shared)
    return max(least, DOUBTED) if against else least


def may_meet_across(a: Side, b: Side) -> bool:
    """Tell cheaply whether two headlines of two languages may share an act, or an actor.

    And beside the actor a thing, a figure or another one: :func:`least_across` is NEVER
    otherwise.
    """
    x, y = a.parts, b.parts
    if not x.acts.isdisjoint(y.acts) or _share_state_act(a, b):
        return True
    companies, things = a.actors & b.actors, x.concepts.thing & y.concepts.thing
    if not (things or len(companies) > 1 or _may_share_figure(x, y)):
        return False
    return bool(
        companies
        or not x.names.isdisjoint(y.names)
        or not x.concepts.person.isdisjoint(y.concepts.person)
        or not x.lexicon.actors.isdisjoint(things)
        or (x.versions and y.versions)
    )


def _share_state_act(a: Side, b: Side) -> bool:
    """Tell whether one state does one thing to another in both headlines."""
    return bool(a.act and b.act and a.act.may_be(b.act))


def _may_share_figure(x: Features, y: Features) -> bool:
    return bool(
        (x.counts and y.counts)
        or (x.amounts and y.amounts)
        or not x.units.isdisjoint(y.units)
    )


def _who_acts(side: Side, shared: Shared) -> frozenset[str]:
    """Return the shared companies that act in a headline.

    Where it names some, those of its summary are told of in passing. An exchange of the
    summary is where a share is listed, and one of the headline is not all who act.
    """
    lexicon = side.parts.lexicon
    is_listing = shared.concepts.action & lexicon.roles.listing
    venues = lexicon.owners_of(lexicon.roles.venues) if is_listing else _NOTHING
    acting = side.headlined | lexicon.firms_of(side.parts.concepts.person)
    if acting <= venues:
        acting |= side.companies - venues
    return shared.companies & acting


def _least_with_actor(a: Side, b: Side, shared: Shared) -> float:
    """Return what is asked for where both name one actor: less where the act agrees."""
    lexicon = a.parts.lexicon
    things, has_act = _things(shared, lexicon), bool(a.parts.acts & b.parts.acts)
    if _share_figure(a, b) or shared.concepts.thing & lexicon.roles.results:
        return ACT
    if (has_act or shared.counts) and (things or shared.concepts.place):
        return ACT
    units = not a.parts.units.isdisjoint(b.parts.units)
    more = units or shared.counts or len(shared.companies) > 1
    # A firm's cars and its sales are in the news all year, those of one version are not.
    told = things if shared.version else lexicon.telling(things)
    if not (has_act or told or more):
        return NEVER
    named = shared.home or (shared.companies and shared.names)
    # One act of a firm alone, or one thing, is of many events.
    if more or shared.version or (has_act and named) or shared.concepts.person:
        return ACT if has_act else FIRM
    return JOIN


def _least_without_actor(a: Side, b: Side, shared: Shared) -> float:
    """Return what is asked for where nobody is named in both: an act and what it is of.

    Two firms are two events; and without a firm nobody's results are told.
    """
    lexicon = a.parts.lexicon
    if not a.parts.acts & b.parts.acts or (a.companies and b.companies):
        return NEVER
    if _share_figure(a, b):
        return JOIN
    things = _things(shared, lexicon)
    has_place = bool(shared.concepts.place or shared.home)
    is_told = len(things) > 1 or bool(things and has_place)
    if not is_told or shared.concepts.thing & lexicon.roles.results:
        return NEVER
    if has_place and lexicon.telling(things) and not _names_firm(a) and not _names_firm(b):
        return FEW
    return SURE


def _names_firm(side: Side) -> bool:
    """Tell whether a headline names a company that is no body that its things name."""
    return bool(side.companies - side.parts.lexicon.owners_of(side.parts.concepts.thing))


def says_one_thing(a: Side, b: Side) -> bool:
    """Tell whether two headlines agree in content though no act is shared."""
    x, y = a.parts, b.parts
    if _share_words(a, b) or (_share_figure(a, b) and x.rest & y.rest):
        return True
    if (
        a.actors & b.actors
        and x.concepts.thing & y.concepts.thing & x.lexicon.roles.results
    ):
        return True
    return same_version(x.versions, y.versions) and min(len(x.rest), len(y.rest)) <= _BARE


def _share_words(a: Side, b: Side) -> bool:
    """Tell whether two headlines have words in common that are no name, place or figure."""
    x, y = a.parts.rest, b.parts.rest
    shared = len(x & y)
    return shared >= _TWO_WORDS or shared >= max(1, _ALIKE * min(len(x), len(y)))


def _share_figure(a: Side, b: Side) -> bool:
    """Tell whether both have a figure that no two events share by chance."""
    if same_amount(a.parts.amounts, b.parts.amounts):
        return True
    shared = shared_numbers(a.parts.counts, b.parts.counts)
    return any(
        is_telling(n) or (not n.endswith("%") and float(n) >= _MONEY) for n in shared
    )


def share_count(a: Side, b: Side) -> bool:
    """Tell whether two headlines share a figure above a handful, or a percentage."""
    shared = shared_numbers(a.parts.counts, b.parts.counts)
    return any(number.endswith("%") or float(number) > _HANDFUL for number in shared)


def contradictions(a: Side, b: Side) -> int:
    """Return the number of contradictions among act, place and figures."""
    figures = _other_counts(a, b) or _other_units(a, b)
    return _other_acts(a, b) + _other_places(a, b) + figures


def _other_acts(a: Side, b: Side) -> bool:
    some, others = a.parts.acts, b.parts.acts
    return bool(some and others and some.isdisjoint(others))


def _other_places(a: Side, b: Side) -> bool:
    return a.parts.lexicon.other_places(a.parts.concepts.place, b.parts.concepts.place)


def _other_counts(a: Side, b: Side) -> bool:
    """Tell whether both headlines have figures, and none in common."""
    x, y = a.parts.counts, b.parts.counts
    return bool(x and y and not shared_numbers(x, y) and not other_roles(a, b))


def counts_otherwise(a: Side, b: Side) -> bool:
    """Tell whether two headlines give different numbers of one counted noun.

    A quarter's profit and revenue may be two numbers of one release.
    """
    if other_facets(a, b):
        return False
    x, y = a.parts.counted, b.parts.counted
    return any(not shared_numbers(x[what], y[what]) for what in x.keys() & y.keys())


def _other_units(a: Side, b: Side) -> bool:
    """Tell whether two headlines give other numbers of one unit: in 3 and in 5 years."""
    x = {unit.partition(" ")[2] for unit in a.parts.units}
    y = {unit.partition(" ")[2] for unit in b.parts.units}
    return bool(x & y) and a.parts.units.isdisjoint(b.parts.units)


def _things(shared: Shared, lexicon: ConceptLexicon) -> frozenset[str]:
    """Return the things in common that are evidence beside the actor.

    A firm or a body is no second evidence beside its name, nor is a firm's lasting
    product, a name that is written in both, or what another thing brings with it.
    """
    named = _NOTHING.union(*map(lexicon.products_of, shared.names))
    things = shared.concepts.thing - lexicon.lasting - lexicon.actors - named
    companies = shared.companies
    things = frozenset(t for t in things if lexicon.owners_of((t,)).isdisjoint(companies))
    return things - lexicon.implied_by(things)
