"""Products with a version, however they are written: Qwen3.8, 千问 3.8 and qwen-3.8-max.

The version is what tells two products of one family apart: another version, or another
size of it, is another event.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from transforms.stories.concepts import products_of
from transforms.stories.words import STOPWORDS

# What stands behind a version, and of which a family has several at once.
_KINDS = (
    "pro|max|plus|ultra|mini|lite|flash|air|nano|turbo|preview|thinking|instant|omni|coder"
    "|code|opus|sonnet|haiku|fable|tts|asr|vl|image|video|fold|flip|trifold|vision|edge|se"
)
# Numbers that count or date something are no versions.
_COUNTED = (
    r"(?!\s?(?:[年月日号天点元亿万个款家人次名位台辆岁期轮小分秒周倍条部项架颗折届美欧英港韩%％]"
    r"|million|billion|trillion|bn\b|percent|per\s|years?|months?|weeks?|days?|hours?|minutes?"
    r"|people|things|ways|reasons|times|deals|st\b|nd\b|rd\b|th\b|am\b|pm\b))"
)
_VERSION = re.compile(
    r"(?:(?<![a-z])(?P<before>[a-z]{2,20})[\s-])?(?P<name>[a-z]{1,14}|[\u4e00-\u9fff]{2})"
    r"(?:[\s-]?(?P<mark>v))?[\s-]?(?P<number>[0-9]{1,4}(?:\.[0-9]{1,2})?)(?![0-9.]*[0-9,]*[0-9])"
    rf"{_COUNTED}(?P<size>(?:[\s-]?a?[0-9]{{1,4}}b\b)*)"
    rf"(?P<kinds>(?:[\s-]?(?:{_KINDS})(?![a-z]))*)(?P<more>[a-z]?)"
)
# "Harbour-3.1" and "Harbour-3.1: Towards …": a headline that is a version and no verb.
ANNOUNCED = re.compile(
    rf"(?<![a-z])(?:[a-z]{{1,20}}[\s-]){{0,2}}v?[a-z]{{0,20}}[\s-]?v?[0-9]{{1,9}}(?:\.[0-9]{{1,9}})?(?:[\s-]?(?:{_KINDS}))*\s*(?:$|[:：])"
)
_KIND = re.compile(_KINDS)
_DIGIT = re.compile("[0-9]")
_SIZE = re.compile(r"(?<![0-9])[0-9]+b\b")
# A version without a name: what it is of, the rest of the headline says.
_BARE = "v"
_PERIODS = frozenset({"q", "h"})
_YEARS = range(1990, 2051)


class Version(NamedTuple):
    """What a product may be called, its version, and which of several kinds it is."""

    families: frozenset[str]
    number: str
    kinds: frozenset[str]


_NONE: frozenset[Version] = frozenset()


@lru_cache(maxsize=1 << 12)
def versions_of(text: str) -> frozenset[Version]:
    """Return the products with a version that a folded, lower-case headline names."""
    return frozenset(_found(text)) if _DIGIT.search(text) else _NONE


def same_version(some: frozenset[Version], others: frozenset[Version]) -> bool:
    """Tell whether two headlines name one version of a product, and no other kind."""
    if not some or not others:
        return False
    return any(
        a.number == b.number and a.families & b.families and not _other_kind(a, b)
        for a in some
        for b in others
    )


def other_version(some: frozenset[Version], others: frozenset[Version]) -> bool:
    """Tell whether two headlines name one family and no version of it in common."""
    if not some or not others:
        return False
    akin = any(a.families & b.families - {_BARE} for a in some for b in others)
    return akin and not same_version(some, others)


def _other_kind(a: Version, b: Version) -> bool:
    return bool(a.kinds and b.kinds and a.kinds.isdisjoint(b.kinds))


def _found(text: str) -> Iterator[Version]:
    for match in _VERSION.finditer(text):
        number = match["number"]
        if match["name"] in _PERIODS or (number.isdigit() and int(number) in _YEARS):
            continue
        kinds = {*_KIND.findall(match["kinds"]), *_SIZE.findall(match["size"])}
        words = [match["name"], match["before"] or ""]
        kinds |= (named := {word for word in words if _KIND.fullmatch(word)})
        families = named | {
            family
            for word in words
            if word and word not in STOPWORDS and word not in kinds
            for family in products_of(word) or _own_name(word)
        }
        if match["mark"]:
            families.add(_BARE)
        if families:
            short = number.removesuffix(".0") + match["more"]
            yield Version(frozenset(families), short, frozenset(kinds))


def _own_name(word: str) -> tuple[str, ...]:
    """Return a Latin word as a name; two Han characters are one only if they are known."""
    return (word,) if word.isascii() else ()
