"""Features of a headline for comparison: words, names, figures, concepts, the rest.

A Chinese name counts once: its four characters would be three pairs, so that two headlines
sharing nothing else would look similar. Two headlines that share a company, a place and a
figure may report two events: the remaining grams are computed only if all else agrees, as
they cost as much as all other features.

Signs and keys find what is compared. Two headlines without a shared key never are, so the
keys are generous: the whole headline, bands of its MinHash, and its most distinctive names
and numbers. The latter match across languages: 34亿美元 and $3.4 billion give the same key.
Keys are stored, so changed signs need new keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from itertools import combinations, islice
from operator import add
from sys import intern
from typing import NamedTuple
from zlib import crc32

from transforms.stories.concepts import ConceptLexicon, Concepts, once
from transforms.stories.letters import (
    GENERIC,
    GUIDE,
    HAN_RUN,
    LATIN_WORD,
    LEAD,
    OTHER_RUN,
    READ,
    STOPWORDS,
    TAIL,
    grams_in_order,
    grams_of_other,
    joined,
    pairs_of,
    script_of,
    stem,
)
from transforms.stories.numbers import (
    ANNOUNCED,
    Version,
    find_amounts,
    find_counted,
    find_counts,
    find_numbers,
    find_units,
    versions_of,
    without_versions,
)
from transforms.text.fold import fold, places_in

# An English headline may have a name or two in Chinese beside it, and no more.
_NAMES_AT_MOST = 5
# Two rows a band: headlines of one event share a third to a half of their grams,
# and five bands of two bring 45 to 76 of a hundred such pairs together; the
# telling words bring most of the others.
_BANDS = 5
_ROWS = 2
_TELLING = 6
# Headlines that name more companies than this are surveys.
_PAIRED = 3
_BRIDGES = 6
# Things of a headline that others meet it by.
_THINGS = 2
_MASK = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15
# What shares its first bits with a point is nearer than what does not: each point has
# the values of these bits, nearest first.
_FIRST_BITS = 4
_REST = 64 - _FIRST_BITS
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
class Signs:
    """Index terms of a headline.

    ``plain`` is the headline folded and in lower case, ``cased`` as it was written.
    ``grams`` are Han character pairs or stemmed Latin words, and what other scripts
    have of either; ``names`` are Latin words that could name something; ``numbers`` are
    exact quantities, digits of versions among them.
    """

    text: str
    plain: str
    cased: str
    is_han: bool
    script: str
    grams: frozenset[str]
    names: frozenset[str]
    numbers: frozenset[str]


# Keys are made of them in two steps, and features soon after.
@lru_cache(maxsize=1 << 10)
def signs_of(title: str) -> Signs:
    """Return the signs of *title*, without regional script and outlet labels."""
    folded = fold(unescape(title) if "&" in title else title).text
    cased = TAIL.sub("", LEAD.sub("", folded)) or folded
    text = cased.lower()
    runs = HAN_RUN.findall(text)
    words = list(map(joined, LATIN_WORD.findall(text)))
    others = [] if text.isascii() else OTHER_RUN.findall(text)
    # Chinese headlines carry many Latin names, English ones hardly a Han letter.
    is_han = bool(runs) and sum(map(len, runs)) >= min(len(words), _NAMES_AT_MOST)
    names = frozenset(words) - STOPWORDS
    grams = names.union(pairs_of(runs)) if is_han else frozenset(map(stem, names))
    if others:
        grams = grams.union(*map(grams_of_other, others))
    return Signs(
        text="".join(runs) + " ".join(words) + " ".join(others),
        plain=text,
        cased=cased,
        is_han=is_han,
        script=script_of(others, words, is_han=is_han),
        grams=grams,
        names=frozenset(n for n in names - GENERIC if not n.isdigit()),
        numbers=find_numbers(text),
    )


def headline_concepts(plain: str, lexicon: ConceptLexicon) -> Concepts:
    """Return a headline's concepts; a version without a verb counts as announced."""
    found = lexicon.concepts_of(plain)
    if plain[:1].isascii() and ANNOUNCED.match(plain):
        return found._replace(action=found.action | lexicon.roles.announced)
    return found


def _mix(value: int) -> int:
    """Return splitmix64 of *value*: every bit of it moves every bit of the result."""
    value = (value + _GOLDEN) & _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


# The nearest hash to a random point is as good a sample as the least one of a
# random permutation, and costs one exclusive-or. Fixed, since keys are stored.
_POINTS = tuple(_mix(number) for number in range(_BANDS * _ROWS))


_ORDERS = tuple(
    (point, tuple((point >> _REST) ^ distance for distance in range(1 << _FIRST_BITS)))
    for point in _POINTS
)


# Items that change are read again soon, most of them under the same headline.
@lru_cache(maxsize=1 << 10)
def story_keys(title: str) -> tuple[int, ...]:
    """Return the unsigned 64-bit keys of *title*, twelve at most."""
    return _keys_of(signs_of(title))


def _keys_of(parts: Signs) -> tuple[int, ...]:
    """Return the keys of a headline whose signs are known."""
    if not parts.text:
        return ()
    whole = _mix(crc32(parts.text.encode()))
    return tuple(dict.fromkeys((whole, *_bands(parts.grams), *_telling(parts))))


def bridge_keys(
    title: str, companies: Iterable[str], lexicon: ConceptLexicon
) -> tuple[int, ...]:
    """Return keys of pairs of names and concepts in a headline, shared by few others.

    They match headlines without a common written sign: by companies, and by people, things,
    places and actions with a word in both languages.
    """
    named = [f"&{company}" for company in sorted(companies)[:_PAIRED]]
    by_kind = lexicon.concepts_of(signs_of(title).plain)
    concepts = frozenset().union(*by_kind) - lexicon.common
    subjects = [*named, *(f"~{concept}" for concept in sorted(concepts))]
    keys = [_hash(f"{a} {b}") for a, b in combinations(subjects, 2)]
    # The least hashes: two headlines that share some of many pairs keep the same ones.
    certain = [_hash(f"{a} {b}") for a, b in combinations(named, 2)]
    return tuple(dict.fromkeys((*certain, *sorted(keys)[:_BRIDGES])))


def actor_keys(
    title: str, companies: Iterable[str], lexicon: ConceptLexicon, *, is_chinese: bool
) -> tuple[int, ...]:
    """Return the keys of headlines of one script on these firms.

    All of the beat that tell of a firm are compared with those of the other script: the
    events that are told in both share no word, and often no pair of concepts. Where one of
    them names no firm, a thing that few headlines name brings them together.
    """
    script = "zh" if is_chinese else "other"
    things = lexicon.concepts_of(signs_of(title).plain).thing
    rarest = lexicon.rarest(things)[:_THINGS]
    named = (*sorted(companies)[:_PAIRED], *(f"~{thing}" for thing in rarest))
    return tuple(_hash(f"@{name} {script}") for name in named)


def _bands(grams: Iterable[str]) -> list[int]:
    nearest = _nearest(map(_hash, grams))
    rows = zip(nearest[::_ROWS], nearest[1::_ROWS], strict=True)
    # The band's number keeps equal samples of two bands apart.
    return [
        ((first ^ (second >> 1)) * _GOLDEN + band) & _MASK
        for band, (first, second) in enumerate(rows)
    ]


def _nearest(hashes: Iterable[int]) -> list[int]:
    """Return the nearest hash to each point."""
    groups: list[list[int]] = [[] for _ in range(1 << _FIRST_BITS)]
    for number in hashes:
        groups[number >> _REST].append(number)
    nearest = []
    for point, order in _ORDERS:
        for first in order:
            if near := groups[first]:
                nearest.append(near[0] if len(near) == 1 else min(near, key=point.__xor__))
                break
    return nearest


def _telling(parts: Signs) -> list[int]:
    """Return the keys of a few numbers and names, model names first.

    Which plain names are taken is a matter of their hash, so that two headlines
    that share some of many take the same ones. Of scripts that are neither Latin nor
    Han all words may be names.
    """
    names = parts.names if parts.script in READ else parts.grams
    if not names and not parts.numbers:
        return []
    models = {name for name in names if not name.isalpha()}
    order = [
        *sorted(_hash(f"#{number}") for number in parts.numbers),
        *sorted(map(_hash, models)),
        *sorted(map(_hash, names - models)),
    ]
    return order[:_TELLING]


@lru_cache(maxsize=1 << 16)
def _hash(gram: str) -> int:
    return _mix(crc32(gram.encode()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Features(Signs):
    """Comparable features of one headline: its signs, with weights and information.

    ``words`` are the grams with each Chinese name counted as one, ``weight`` is theirs;
    ``steps`` are hashes of grams that follow each other, ``lead`` the first grams, which
    are mostly the subject; ``units`` are numbers with the unit that they count,
    ``matter`` is all concepts together, ``telling`` the rare things among them, ``acts``
    the actions that identify an event, ``figures`` the figures of results, and
    ``information`` what it would tell to share them all. The ``lexicon`` is that of the
    concepts.
    """

    is_guide: bool
    words: frozenset[str]
    weight: float
    steps: frozenset[int]
    lead: frozenset[str]
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
        cased=signs.cased,
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
        spans += places_in(text, fold(name).text.lower())
    left = list(text)
    for start, end in spans:
        left[start:end] = "|" * (end - start)
    return frozenset(map(intern, signs.grams.intersection(_grams("".join(left), signs))))


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
