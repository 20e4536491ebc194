"""Affairs: chains of acts on one object, such as a model, its price and its sale.

An affair belongs to a group, or to two states (one, at home) of which one acts on the
other: talks, deal and closing; rule proposed, decided and in force, with the answer to it.
It goes on while the next act follows within a month, for two at most.

The object is what one act of a chain and the next are both about. A firm and a day are
none, nor are a firm and a field: news on one firm shares both. A version is one, or what
only a name tells, as a buyer, a plant's town or a word that no lexicon holds; with a figure
or a rare thing where two acts of one chain are told of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import chain, groupby, product
from operator import attrgetter
from typing import NamedTuple

from transforms.stories.concepts import ConceptLexicon
from transforms.stories.features import headline_concepts, signs_of
from transforms.stories.letters import HAN_RUN, LATIN_WORD, joined
from transforms.stories.numbers import find_amounts, has_names_in_capitals, versions_of
from transforms.text.fold import fold

_QUIET = timedelta(days=30)
LONGEST = timedelta(days=60)
# What one state does, another answers in kind within days.
_ANSWERED = timedelta(days=7)
# What is told again within a day is one act.
_AT_ONCE = timedelta(days=1)
# A firm's next step in one matter.
_SOON = timedelta(days=14)
_KINDS = (
    *({"export-control"}, {"entity-list"}),
    # A duty is answered by a probe that leads to one.
    {"tariff", "investigation"},
)
# So long after a model is announced news of it is of its release.
_RELEASE = timedelta(days=21)
_BARE_VERSION = "v"
# So many Chinese signs in a row, of no concept, are a name or near to one.
_NAMED = 3
_MODEL = re.compile("[a-z][0-9]")
_EDGES = ".,:;!?'\"“”‘’()[]"
_NOTHING: frozenset[str] = frozenset()


class Act(NamedTuple):
    """What a state does, as ``article_measures`` has it."""

    side: str
    target_side: str
    actor: str
    instrument: str
    status: str
    direction: str
    thing: str
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A story of a group or of states, a candidate for a step of its affairs.

    ``headlines`` are those of its reports, ``firms`` the groups that it names and ``words``
    what they are called there. Turns of states have ``acts``, and may have a topic.
    """

    subject_id: str
    story_id: str
    headlines: tuple[str, ...]
    began_at: datetime
    firms: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    acts: tuple[Act, ...] = ()
    topic_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Position of a story in an affair, from 1; the topic is one of states."""

    affair_id: str
    story_id: str
    step: int
    group_id: str | None
    topic_id: str | None


@dataclass(frozen=True, slots=True, eq=False)
class _Affair:
    turns: Sequence[tuple[Turn, Account]]

    def goes_on(self, turn: Turn, account: Account, lexicon: ConceptLexicon) -> bool:
        """Tell whether a later *turn* is another act on an object of its turns."""
        if turn.began_at - min(turn.began_at for turn, _ in self.turns) > LONGEST:
            return False
        return any(
            _follows(earlier, its, turn, account, lexicon)
            for earlier, its in reversed(self.turns)
            if turn.began_at - earlier.began_at <= _QUIET
        )


def affairs_of(turns: Iterable[Turn], lexicon: ConceptLexicon) -> list[Step]:
    """Return the steps of the affairs formed by *turns*, over all their subjects.

    A turn joins the affairs that it goes on, as a plan that two languages tell by two
    stories. A single story is no affair.
    """
    ordered = sorted(turns, key=attrgetter("subject_id", "began_at", "story_id"))
    return [
        step
        for _, of_subject in groupby(ordered, key=attrgetter("subject_id"))
        for affair in _linked(of_subject, lexicon)
        if len(affair.turns) > 1
        for step in _steps(affair)
    ]


def _linked(turns: Iterable[Turn], lexicon: ConceptLexicon) -> list[_Affair]:
    affairs: list[_Affair] = []
    for turn in turns:
        account = account_of(turn.headlines, turn.words, lexicon)
        joined = [each for each in affairs if each.goes_on(turn, account, lexicon)]
        affairs = [each for each in affairs if each not in joined]
        before = (each.turns for each in joined)
        affairs.append(_Affair([*chain.from_iterable(before), (turn, account)]))
    return affairs


def _follows(
    earlier: Turn, its: Account, turn: Turn, account: Account, lexicon: ConceptLexicon
) -> bool:
    apart = turn.began_at - earlier.began_at
    if turn.acts:
        return any(
            _is_step(a, b, (its, account), apart, lexicon) or _answers(b, a, apart)
            for a, b in product(earlier.acts, turn.acts)
        )
    others = {turn.subject_id}
    some, more = earlier.firms - others, turn.firms - others
    # News that names two firms beside is of two matters.
    if some and more and some.isdisjoint(more):
        return False
    return is_next(its, account, some & more, apart, lexicon)


def _is_step(
    a: Act,
    b: Act,
    accounts: tuple[Account, Account],
    apart: timedelta,
    lexicon: ConceptLexicon,
) -> bool:
    """Tell whether one state goes on with what it did, on its targets or the thing."""
    its, account = accounts
    if (
        (a.side, a.target_side) != (b.side, b.target_side)
        or (a.direction == "supports") != (b.direction == "supports")
        or lexicon.other_places(its.places, account.places)
    ):
        return False
    both = its.shared_with(account)
    names, rare = both.names.difference(a.targets), objects(both.things, lexicon)
    if set(a.targets) & set(b.targets):
        return _is_on_one_firm(a, b, apart, is_named=bool(names or rare))
    is_abroad = a.side != a.target_side
    # At home two bodies do two things, as do those of whom nothing but the side is known.
    is_by_one = is_abroad or (a.actor == b.actor and a.actor.islower())
    if (a.targets and b.targets) or not is_by_one:
        return False
    # A field is ruled on at home all year.
    is_named = (names and a.thing == b.thing) or both.versions
    return bool(is_named or (is_abroad and rare))


def _is_on_one_firm(a: Act, b: Act, apart: timedelta, *, is_named: bool) -> bool:
    """Tell whether an act on firms goes on with another: a state acts on one all year."""
    one, other = set(a.targets), set(b.targets)
    is_settled = a.instrument == "investigation" != b.instrument
    is_further = (is_settled or a.status != b.status) and apart <= _SOON
    return (
        # Of many firms some are in the next list.
        (one <= other or other <= one)
        and (a.thing == b.thing or a.instrument == b.instrument)
        and (is_further or is_named or apart < _AT_ONCE)
    )


def _answers(answer: Act, act: Act, apart: timedelta) -> bool:
    """Tell whether a state answers an act of another in kind."""
    return (
        (answer.side, answer.target_side) == (act.target_side, act.side)
        and answer.side != act.side
        and answer.direction == act.direction == "tightens"
        and act.status not in ("rumoured", "answered")
        and apart <= _ANSWERED
        and any({answer.instrument, act.instrument} <= kind for kind in _KINDS)
    )


def _steps(affair: _Affair) -> Iterator[Step]:
    order = attrgetter("began_at", "story_id")
    turns = sorted((turn for turn, _ in affair.turns), key=order)
    first = turns[0]
    topic = next((turn.topic_id for turn in turns if turn.topic_id), None)
    for number, turn in enumerate(turns, 1):
        yield Step(
            affair_id=f"{first.story_id}-{first.subject_id}",
            story_id=turn.story_id,
            step=number,
            group_id=None if turn.acts else turn.subject_id,
            topic_id=topic,
        )


class Account(NamedTuple):
    """What the headlines of a story tell; ``names`` are of no concept and no version."""

    actions: frozenset[str] = _NOTHING
    things: frozenset[str] = _NOTHING
    places: frozenset[str] = _NOTHING
    people: frozenset[str] = _NOTHING
    versions: frozenset[str] = _NOTHING
    models: frozenset[str] = _NOTHING
    names: frozenset[str] = _NOTHING
    amounts: frozenset[str] = _NOTHING

    def shared_with(self, other: Account) -> Account:
        """Return what both tell."""
        return Account(*(mine & its for mine, its in zip(self, other, strict=True)))


def account_of(
    headlines: Iterable[str], words: tuple[str, ...], lexicon: ConceptLexicon
) -> Account:
    """Return what *headlines* tell, beside the companies that *words* name."""
    each = [_account_of(headline, words, lexicon) for headline in headlines]
    return Account(*(_NOTHING.union(*parts) for parts in zip(*each, strict=True)))


# With each batch of news the stories of weeks are linked anew, one after the other: a
# memory that is too small for all of them finds none of them again.
@lru_cache(maxsize=1 << 16)
def _account_of(headline: str, words: tuple[str, ...], lexicon: ConceptLexicon) -> Account:
    # Not by all its features: those in memory are of headlines that new ones are like.
    signs = signs_of(headline)
    concepts = headline_concepts(signs.plain, lexicon)
    versions = versions_of(signs.plain, lexicon, signs.cased)
    return Account(
        actions=concepts.action,
        things=concepts.thing,
        places=concepts.place - lexicon.roles.wide,
        people=concepts.person,
        versions=frozenset(
            f"{family} {version.number}"
            for version in versions
            for family in version.families - {_BARE_VERSION}
        ),
        models=frozenset(_MODEL.findall(signs.plain)),
        names=frozenset(_names(headline, words, lexicon)),
        amounts=frozenset(f"{sign} {sum_:.3g}" for sign, sum_ in find_amounts(signs.plain)),
    )


def _names(headline: str, called: Iterable[str], lexicon: ConceptLexicon) -> Iterable[str]:
    signs = signs_of(headline)
    plain = lexicon.without_concepts(signs.plain)
    for word in sorted(called, key=len, reverse=True):
        plain = plain.replace(fold(word).text.lower(), "|")
    words = signs.names.intersection(map(joined, LATIN_WORD.findall(plain)))
    latin = {name for name in words if len(name) >= _NAMED and name.isalpha()}
    if signs.is_han:
        runs = HAN_RUN.findall(plain)
        return latin.union(r[i : i + _NAMED] for r in runs for i in range(len(r) - 2))
    if not has_names_in_capitals(signs.plain, signs.cased):
        return ()
    capitals = (word for word in signs.cased.split()[1:] if word[:1].isupper())
    return latin.intersection(joined(word.strip(_EDGES).lower()) for word in capitals)


def is_next(
    a: Account, b: Account, firms: frozenset[str], apart: timedelta, lexicon: ConceptLexicon
) -> bool:
    """Tell whether *b* is another act on an object of *a*, which one firm's news tells.

    *firms* are the other firms that both name.
    """
    both, roles = a.shared_with(b), lexicon.roles
    if both.versions and a.actions & roles.released and apart <= _RELEASE:
        return True
    is_other = a.versions and b.versions and not both.versions
    if is_other or lexicon.other_places(a.places, b.places):
        return False
    named, rare = firms | both.names, objects(both.things, lexicon)
    chains = (
        chain
        for chain, acts in lexicon.chains.items()
        if acts & a.actions and acts & b.actions
    )
    if any(_has_object(chain, a, b, named, rare, lexicon) for chain in chains):
        return True
    is_of_one_object = bool(named) and len(named) + len(rare) + bool(both.places) > 1
    if is_of_one_object and b.actions & roles.answers and apart <= _ANSWERED:
        return True
    plans, ends = a.actions & roles.plans, roles.plans | {"deny", "confirm"}
    return bool(is_of_one_object and plans and b.actions & ends)


def objects(things: frozenset[str], lexicon: ConceptLexicon) -> frozenset[str]:
    """Return the rare things that acts can be about."""
    rare = lexicon.telling(things) - lexicon.lasting - lexicon.roles.no_object
    return rare - lexicon.owners.keys()


def _has_object(
    chain: str,
    a: Account,
    b: Account,
    named: frozenset[str],
    rare: frozenset[str],
    lexicon: ConceptLexicon,
) -> bool:
    """Tell whether two acts of a *chain* have an object in common."""
    if chain == "listing":
        concepts = a.actions | b.actions | a.things | b.things | a.places | b.places
        is_model = a.models or b.models or a.versions or b.versions
        return bool(concepts & lexicon.roles.shares) and not is_model
    if chain == "strike":
        return True
    if chain == "site":
        return bool(a.places & b.places and a.things & b.things)
    both = a.shared_with(b)
    if chain == "raising":
        return bool(both.amounts or both.names or a.actions & lexicon.roles.plans)
    if chain == "posts":
        return bool(both.people or named)
    # One thing alone is a field: much of a firm's news is of it.
    return bool(named or (chain != "deal" and (both.amounts or len(rare) > 1)))
