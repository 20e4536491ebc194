"""What a headline says, as comparable parts: grams, Latin names, numbers, concepts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import add
from sys import intern

from transforms.stories.concepts import Concepts, telling, told
from transforms.stories.letters import grams_in_order
from transforms.stories.names import BEGINNING, NOWHERE, Places, places_of
from transforms.stories.numbers import find_amounts, find_numbers, find_units
from transforms.stories.product_versions import Version, versions_of, without_versions
from transforms.stories.signs import Signs, signs_of, told_by
from transforms.stories.statements import figures_of, rest_of
from transforms.stories.words import COMMON, GUIDE

# So many grams of a headline are taken for its subject.
LEADING = 2

# A common word counts for less than half: found on the development pairs.
COMMON_DISCOUNT = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """The comparable parts of one headline: its signs, and what they amount to.

    ``words`` are the grams with each Chinese name counted as one, ``weight`` is theirs;
    ``steps`` are hashes of grams that follow each other, ``lead`` the first grams, which
    are mostly the subject; ``units`` are numbers with the unit that they count,
    ``matter`` is all concepts together, ``telling`` the rare things among them, and
    ``told`` what it would tell to share them all.
    """

    text: str
    plain: str
    is_han: bool
    script: str
    is_guide: bool
    grams: frozenset[str]
    words: frozenset[str]
    weight: float
    steps: frozenset[int]
    lead: frozenset[str]
    names: frozenset[str]
    numbers: frozenset[str]
    units: frozenset[str]
    amounts: frozenset[tuple[str, float]]
    versions: frozenset[Version]
    concepts: Concepts
    matter: frozenset[str]
    telling: frozenset[str]
    told: float
    title: str
    named: tuple[str, ...]

    @property
    def counts(self) -> frozenset[str]:
        """All its figures, small ones and percentages too, but for years and versions."""
        return figures_of(self.title).counts

    @property
    def counted(self) -> Mapping[str, frozenset[str]]:
        """What it counts, and how many of each: 19 districts, 4 sites."""
        return figures_of(self.title).counted

    @property
    def rest(self) -> frozenset[str]:
        """Its grams that tell neither who nor where nor how much."""
        return rest_of(self.title, self.named)


_NOTHING: frozenset[str] = frozenset()


# What a batch is compared with in days of much news, and the batch itself: those of the
# batch before are read again otherwise.
@lru_cache(maxsize=12_000)
def features(title: str, names: tuple[str, ...] = ()) -> Features:
    """Return the features of *title*, which is compared with others again and again.

    *names* are those of companies and products that were recognised in it.
    """
    signs = signs_of(title)
    places = places_of(signs.plain, names) if names and signs.is_han else NOWHERE
    concepts = told_by(signs.plain)
    versions = versions_of(signs.plain, signs.cased)
    order = _in_order(signs, places)
    grams = frozenset(map(intern, signs.grams))
    words = frozenset(map(intern, order)) if places else grams
    # Kept by thousands: each word once, no empty set of its own, pairs as bare numbers.
    return Features(
        text=signs.text,
        plain=signs.plain,
        is_han=signs.is_han,
        script=signs.script,
        is_guide=GUIDE.search(signs.plain) is not None,
        grams=grams,
        words=words,
        weight=weight_of(words),
        steps=frozenset(map(hash, map(add, order, order[1:]))),
        lead=frozenset(map(intern, order[:LEADING])),
        names=signs.names or _NOTHING,
        numbers=_numbers(signs, versions) or _NOTHING,
        units=find_units(signs.plain) or _NOTHING,
        amounts=find_amounts(signs.plain) or frozenset(),
        versions=versions,
        concepts=concepts,
        matter=_NOTHING.union(*concepts),
        telling=telling(concepts.thing),
        told=sum(map(told, concepts)),
        title=title,
        named=names,
    )


def _numbers(signs: Signs, versions: frozenset[Version]) -> frozenset[str]:
    """Return the telling quantities; digits of a version, which keys have, are none."""
    if not versions or not signs.numbers:
        return signs.numbers
    return find_numbers(without_versions(signs.plain, signs.cased))


def _in_order(parts: Signs, names: Places) -> list[str]:
    """Return the grams as they follow each other, one for each name."""
    order: list[str] = []
    done = 0
    for start, end in names:
        order += _grams_of(parts.plain[done:start], parts)
        order.append(parts.plain[start : start + BEGINNING])
        done = end
    order += _grams_of(parts.plain[done:], parts)
    return order


def _grams_of(plain: str, parts: Signs) -> Iterable[str]:
    found = grams_in_order(plain, is_han=parts.is_han)
    return (gram for gram in found if gram in parts.grams)


def weight_of(grams: frozenset[str]) -> float:
    """Return what *grams* weigh: common words of the beat less than others."""
    return len(grams) - COMMON_DISCOUNT * len(grams & COMMON)
