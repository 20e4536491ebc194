"""What a headline says, as comparable parts: grams, Latin names, numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from operator import add
from sys import intern

from transforms.stories.concepts import Concepts, concepts_of, telling, told
from transforms.stories.names import BEGINNING, NOWHERE, Places, places_of
from transforms.stories.numbers import find_amounts, find_numbers, find_units
from transforms.stories.product_versions import ANNOUNCED, Version, versions_of
from transforms.stories.words import COMMON, GENERIC, GUIDE, LEAD, STOPWORDS, TAIL, stem
from transforms.text.fold import fold

_HAN_RUN = re.compile("[\u3400-\u9fff\uf900-\ufaff]+")
_LATIN = re.compile(r"[a-z0-9à-ɏ]+(?:['.-][a-z0-9à-ɏ]+)*")
_TOKEN = re.compile(f"{_HAN_RUN.pattern}|{_LATIN.pattern}")
_ANY_WORD = re.compile(r"[^\W_]+")
_JOINERS = str.maketrans("", "", "-.'")

# An English headline may have a name or two in Chinese beside it, and no more.
NAMES_AT_MOST = 5

# So many grams of a headline are taken for its subject.
LEADING = 2

# A common word counts for less than half: found on the development pairs.
COMMON_DISCOUNT = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What a headline is found again by.

    ``grams`` are Han character pairs or stemmed Latin words; ``names`` are Latin
    words that could name something; ``numbers`` are exact quantities.
    """

    text: str
    plain: str
    is_han: bool
    grams: frozenset[str]
    names: frozenset[str]
    numbers: frozenset[str]


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
    order = _in_order(signs, places)
    grams = frozenset(map(intern, signs.grams))
    words = frozenset(map(intern, order)) if places else grams
    # Kept by thousands: each word once, no empty set of its own, pairs as bare numbers.
    return Features(
        text=signs.text,
        plain=signs.plain,
        is_han=signs.is_han,
        is_guide=GUIDE.search(signs.plain) is not None,
        grams=grams,
        words=words,
        weight=weight_of(words),
        steps=frozenset(map(hash, map(add, order, order[1:]))),
        lead=frozenset(map(intern, order[:LEADING])),
        names=signs.names or _NOTHING,
        numbers=signs.numbers or _NOTHING,
        units=find_units(signs.plain) or _NOTHING,
        amounts=find_amounts(signs.plain) or frozenset(),
        versions=versions_of(signs.plain) or frozenset(),
        concepts=concepts,
        matter=_NOTHING.union(*concepts),
        telling=telling(concepts.thing),
        told=sum(map(told, concepts)),
    )


def told_by(plain: str) -> Concepts:
    """Return what a headline tells: one that is a version and no verb announces it."""
    found = concepts_of(plain)
    if plain[:1].isascii() and ANNOUNCED.match(plain):
        return found._replace(action=found.action | {"launch"})
    return found


# Keys are made of them in two steps, and features soon after.
@lru_cache(maxsize=1 << 10)
def signs_of(title: str) -> Signs:
    """Return the signs of *title*, regional script and outlet labels set aside."""
    folded = fold(unescape(title) if "&" in title else title).text
    text = TAIL.sub("", LEAD.sub("", folded)).lower() or folded.lower()
    runs = _HAN_RUN.findall(text)
    found = _LATIN.findall(text)
    if not runs and not found:
        found = _ANY_WORD.findall(text)
    words = [w if w.isalnum() else _joined(w) for w in found]
    # Chinese headlines carry many Latin names, English ones hardly a Han letter.
    is_han = bool(runs) and sum(map(len, runs)) >= min(len(words), NAMES_AT_MOST)
    names = frozenset(words) - STOPWORDS
    grams = names.union(_pairs(runs)) if is_han else frozenset(map(stem, names))
    return Signs(
        text="".join(runs) + " ".join(words),
        plain=text,
        is_han=is_han,
        grams=grams,
        names=frozenset(n for n in names - GENERIC if not n.isdigit()),
        numbers=find_numbers(text),
    )


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
    return (
        gram
        for token in _TOKEN.findall(plain)
        for gram in _grams(token, parts.is_han)
        if gram in parts.grams
    )


def _grams(token: str, is_han: bool) -> Iterable[str]:  # noqa: FBT001
    if _HAN_RUN.match(token):
        return sorted(_pairs([token]), key=token.find)
    word = token if token.isalnum() else _joined(token)
    return [word] if is_han else [stem(word)]


def weight_of(grams: frozenset[str]) -> float:
    """Return what *grams* weigh: common words of the beat less than others."""
    return len(grams) - COMMON_DISCOUNT * len(grams & COMMON)


def _joined(word: str) -> str:
    """Return GPT-5.6 as gpt56, and Tesla's as tesla."""
    return word.removesuffix("'s").translate(_JOINERS)


def _pairs(runs: list[str]) -> set[str]:
    pairs: set[str] = set()
    for run in runs:
        # A lone character between Latin words is a pair by itself.
        pairs.update(map(add, run, run[1:]) if len(run) > 1 else run)
    return pairs
