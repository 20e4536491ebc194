"""Objects of stories: what one act of a chain and the next are both about.

A firm and a day are none, nor are a firm and a field: news on one firm shares both. A
version is one, or what only a name tells, as a buyer, a plant's town or a word that no
lexicon holds; with a figure or a rare thing where two acts of one chain are told of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache
from typing import NamedTuple

from transforms.stories.concepts import ConceptLexicon
from transforms.stories.letters import HAN_RUN, LATIN_WORD, joined
from transforms.stories.numbers import find_amounts
from transforms.stories.product_versions import has_names_in_capitals, versions_of
from transforms.stories.signs import headline_concepts, signs_of
from transforms.text.fold import fold

# So long after a model is announced news of it is of its release.
_RELEASE = timedelta(days=21)
_ANSWERED = timedelta(days=7)
_BARE_VERSION = "v"
# So many Chinese signs in a row, of no concept, are a name or near to one.
_NAMED = 3
_MODEL = re.compile("[a-z][0-9]")
_EDGES = ".,:;!?'\"“”‘’()[]"
_NOTHING: frozenset[str] = frozenset()


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
