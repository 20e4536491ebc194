"""Features of a headline for comparison: words, names, figures, concepts, the rest.

A Chinese name counts once: its four characters would be three pairs, so that two headlines
sharing nothing else would look similar. Two headlines that share a company, a place and a
figure may report two events: the remaining grams are computed only if all else agrees, as
they cost as much as all other features.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from operator import add
from sys import intern
from typing import NamedTuple

from transforms.stories.concepts import ConceptLexicon, Concepts, once
from transforms.stories.letters import (
    GUIDE,
    HAN_RUN,
    LATIN_WORD,
    OTHER_RUN,
    STOPWORDS,
    grams_in_order,
    grams_of_other,
    joined,
    pairs_of,
    stem,
)
from transforms.stories.numbers import (
    find_amounts,
    find_counted,
    find_counts,
    find_numbers,
    find_units,
)
from transforms.stories.product_versions import Version, versions_of, without_versions
from transforms.stories.signs import Signs, headline_concepts, signs_of
from transforms.text.fold import fold

# So many grams of a headline are taken for its subject.
_LEADING = 2
# A common word counts for less than half: found on the development pairs.
_COMMON_DISCOUNT = 0.6
_NOTHING: frozenset[str] = frozenset()
# A figure with its currency, its scale and what it counts: a figure and no word.
_FIGURE = re.compile(
    "[$€£¥]?[0-9][0-9,.]*[a-z%％]*"
    r"(?:[\s-]?(?:million|billion|trillion|thousand|percent|per cent))?"
    "[百千万亿多余]*(?:美元|欧元|港元|日元|英镑|元|个月|小时|分钟"
    "|[年月日天周个家名位人台辆款项部颗座处片张单倍岁号])?"
)
_Places = tuple[tuple[int, int], ...]
_NOWHERE: _Places = ()
# What a name counts as is the pair that it begins with: 阿里 and 阿里巴巴 are one, and so
# are a name that was recognised and one that was not.
_BEGINNING = 2
_HAN_NAME = re.compile(f"[\u3400-\u9fff\uf900-\ufaff]{{{_BEGINNING},}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """Comparable features of one headline: its signs, with weights and information.

    ``words`` are the grams with each Chinese name counted as one, ``weight`` is theirs;
    ``steps`` are hashes of grams that follow each other, ``lead`` the first grams, which
    are mostly the subject; ``units`` are numbers with the unit that they count,
    ``matter`` is all concepts together, ``telling`` the rare things among them, ``acts``
    the actions that identify an event, ``figures`` the figures of results, and
    ``information`` what it would tell to share them all. The ``lexicon`` is that of the
    concepts.
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
    acts: frozenset[str]
    figures: frozenset[str]
    telling: frozenset[str]
    information: float
    title: str
    named: tuple[str, ...]
    lexicon: ConceptLexicon

    @property
    def counts(self) -> frozenset[str]:
        """All figures, small ones and percentages included, without years and versions."""
        return figures_of(self.title, self.lexicon).counts

    @property
    def counted(self) -> Mapping[str, frozenset[str]]:
        """Counted nouns with their numbers: 19 districts, 4 sites."""
        return figures_of(self.title, self.lexicon).counted

    @property
    def rest(self) -> frozenset[str]:
        """Grams that are no actor, place or figure."""
        return _rest_of(self.title, self.named, self.lexicon)


# What a batch is compared with in days of much news, and the batch itself: those of the
# batch before are read again otherwise.
@lru_cache(maxsize=12_000)
def features(title: str, lexicon: ConceptLexicon, names: tuple[str, ...] = ()) -> Features:
    """Return the features of *title*; cached, as headlines are compared repeatedly.

    *names* are the company and product names recognised in it.
    """
    signs = signs_of(title)
    places = places_of(signs.plain, names) if names and signs.is_han else _NOWHERE
    concepts = headline_concepts(signs.plain, lexicon)
    versions = versions_of(signs.plain, lexicon, signs.cased)
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
        weight=weight_of(words, lexicon),
        steps=frozenset(map(hash, map(add, order, order[1:]))),
        lead=frozenset(map(intern, order[:_LEADING])),
        names=signs.names or _NOTHING,
        numbers=_numbers(signs, versions, lexicon) or _NOTHING,
        units=find_units(signs.plain) or _NOTHING,
        amounts=find_amounts(signs.plain) or frozenset(),
        versions=versions,
        concepts=concepts,
        matter=_NOTHING.union(*concepts),
        acts=once(concepts.action - lexicon.roles.weak),
        figures=once(concepts.thing & lexicon.roles.figures),
        telling=lexicon.telling(concepts.thing),
        information=sum(map(lexicon.information, concepts)),
        title=title,
        named=names,
        lexicon=lexicon,
    )


def _numbers(
    signs: Signs, versions: frozenset[Version], lexicon: ConceptLexicon
) -> frozenset[str]:
    """Return the telling quantities; digits of a version, which keys have, are none."""
    if not versions or not signs.numbers:
        return signs.numbers
    return find_numbers(without_versions(signs.plain, lexicon, signs.cased))


def _in_order(parts: Signs, names: _Places) -> list[str]:
    """Return the grams as they follow each other, one for each name."""
    order: list[str] = []
    done = 0
    for start, end in names:
        order += _grams_of(parts.plain[done:start], parts)
        order.append(parts.plain[start : start + _BEGINNING])
        done = end
    order += _grams_of(parts.plain[done:], parts)
    return order


def _grams_of(plain: str, parts: Signs) -> Iterable[str]:
    found = grams_in_order(plain, is_han=parts.is_han)
    return (gram for gram in found if gram in parts.grams)


def lead_of(signs: Signs) -> frozenset[str]:
    """Return the first grams of a headline, which are mostly the subject."""
    return frozenset(islice(_grams_of(signs.plain, signs), _LEADING))


def weight_of(grams: frozenset[str], lexicon: ConceptLexicon) -> float:
    """Return the weight of *grams*: common words of the beat weigh less."""
    return len(grams) - _COMMON_DISCOUNT * len(grams & lexicon.common_words)


class Figures(NamedTuple):
    """Figures of a headline, and the counted nouns with their numbers."""

    counts: frozenset[str]
    counted: Mapping[str, frozenset[str]]


# As many as features: they are asked for of the same headlines.
@lru_cache(maxsize=12_000)
def figures_of(title: str, lexicon: ConceptLexicon) -> Figures:
    """Return the figures of *title*, without digits of versions."""
    signs = signs_of(title)
    text = without_versions(signs.plain, lexicon, signs.cased)
    return Figures(find_counts(text), find_counted(text))


@lru_cache(maxsize=12_000)
def _rest_of(title: str, names: tuple[str, ...], lexicon: ConceptLexicon) -> frozenset[str]:
    """Return the grams of *title* that tell neither who nor where nor how much.

    *names* are the company and product names recognised in it.
    """
    signs = signs_of(title)
    text = without_versions(signs.plain, lexicon, signs.cased)
    spans = [
        *lexicon.who_and_where(signs.plain),
        *(m.span() for m in _FIGURE.finditer(text)),
    ]
    for name in names:
        spans += _places_of(fold(name).text.lower(), text)
    left = list(text)
    for start, end in spans:
        left[start:end] = "|" * (end - start)
    return frozenset(map(intern, signs.grams.intersection(_grams("".join(left), signs))))


def _places_of(name: str, text: str) -> Iterator[tuple[int, int]]:
    start = text.find(name) if name else -1
    while start >= 0:
        yield start, start + len(name)
        start = text.find(name, start + len(name))


def _grams(text: str, signs: Signs) -> Iterable[str]:
    if signs.is_han:
        # One character between two names is a particle, not a word.
        return pairs_of(run for run in HAN_RUN.findall(text) if len(run) > 1)
    words = map(joined, LATIN_WORD.findall(text))
    grams = {stem(word) for word in words if word.isalpha() and word not in STOPWORDS}
    return grams.union(*map(grams_of_other, OTHER_RUN.findall(text)))


"""Start and end of each name, in order, none inside another."""


def places_of(plain: str, names: Iterable[str]) -> _Places:
    """Return the spans of the Chinese parts of *names* in a folded headline."""
    found = sorted(
        (at.start(), -at.end())
        for name in names
        if (part := _han_part(name))
        for at in re.finditer(part, plain)
    )
    places: list[tuple[int, int]] = []
    done = 0
    for start, end in found:
        if start >= done:
            places.append((start, -end))
            done = -end
    return tuple(places)


@lru_cache(maxsize=1 << 12)
def _han_part(name: str) -> str:
    found = _HAN_NAME.search(fold(name).text)
    return found[0] if found else ""
