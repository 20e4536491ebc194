"""Signs and keys of a headline, by which matches are found.

Two headlines without a shared key are never compared, so the keys are generous: the whole
headline, bands of its MinHash, and its most distinctive names and numbers. The latter match
across languages: 34亿美元 and $3.4 billion give the same key. Keys are stored, so changed
signs need new keys.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from itertools import combinations
from zlib import crc32

from transforms.stories.concepts import ConceptLexicon, Concepts
from transforms.stories.letters import (
    GENERIC,
    HAN_RUN,
    LATIN_WORD,
    LEAD,
    OTHER_RUN,
    READ,
    STOPWORDS,
    TAIL,
    grams_of_other,
    joined,
    pairs_of,
    script_of,
    stem,
)
from transforms.stories.numbers import find_numbers
from transforms.stories.product_versions import ANNOUNCED
from transforms.text.fold import fold

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
