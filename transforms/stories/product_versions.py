"""Product versions in any spelling: Qwen3.8, 千问 3.8 and qwen-3.8-max.

The version distinguishes products of one family: another version, or another size of it, is
another event.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from transforms.stories.concepts import ConceptLexicon
from transforms.stories.letters import STOPWORDS

# What stands behind a version, and of which a family has several at once.
_KINDS = (
    "pro|max|plus|ultra|mini|lite|flash|air|nano|turbo|preview|thinking|instant|omni|coder"
    "|code|opus|sonnet|haiku|fable|tts|asr|vl|image|video|fold|flip|trifold|vision|edge|se"
)
# Numbers that count or date something are no versions.
_COUNTED = (
    r"(?![\s-]?(?:[年月日号天点元亿万个款家人次名位台辆岁期轮级小分秒周倍条部项架颗折届美欧英港韩时座寸批纳米%％]"
    r"|million|billion|trillion|bn\b|percent|per\s|years?|months?|weeks?|days?|hours?|minutes?|seconds?"
    r"|inch|stars?\b|seat|in-\d|nm\b|mm\b|km\b|kwh?\b|gwh?\b|mah\b"
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
_HAN = re.compile("[\u4e00-\u9fff]")
_LONG = re.compile("[A-Za-z]{4,}")
# Where such a share of its words has a capital, a headline is written as titles are.
_MOSTLY = 0.7
# What is numbered and is no product: Day 2, Phase 3, Series 4.
_NUMBERED = """
    day days week month year hour quarter half batch phase part round season episode level
    step stage chapter page article section category group tier grade class type rank top
    series volume vol no number lot tranche wave session age aged nearly
    almost around least under first last
    sub super route flight gate room floor figure table appendix
    """
NUMBERED = frozenset(_NUMBERED.split())
_PERIODS = frozenset({"q", "h"})
_YEARS = range(1990, 2051)


class Version(NamedTuple):
    """A product version: possible family names, number and variants."""

    families: frozenset[str]
    number: str
    kinds: frozenset[str]


_NONE: frozenset[Version] = frozenset()


@lru_cache(maxsize=1 << 12)
def versions_of(text: str, lexicon: ConceptLexicon, cased: str = "") -> frozenset[Version]:
    """Return the product versions in a folded, lower-case headline.

    *cased* is the headline as it was written: in English a name has a capital.
    """
    return frozenset(version for _, version in _found(text, cased, lexicon)) or _NONE


def without_versions(text: str, lexicon: ConceptLexicon, cased: str = "") -> str:
    """Return a folded, lower-case headline with product versions blanked out."""
    for (start, end), _ in _found(text, cased, lexicon):
        text = text[:start] + "|" * (end - start) + text[end:]
    return text


def same_version(some: frozenset[Version], others: frozenset[Version]) -> bool:
    """Tell whether two headlines name one product version, of the same variant."""
    if not some or not others:
        return False
    return any(
        a.number == b.number and a.families & b.families and not _other_kind(a, b)
        for a in some
        for b in others
    )


def other_version(some: frozenset[Version], others: frozenset[Version]) -> bool:
    """Tell whether two headlines name one product family in different versions only."""
    if not some or not others:
        return False
    akin = any(a.families & b.families - {_BARE} for a in some for b in others)
    return akin and not same_version(some, others)


def _other_kind(a: Version, b: Version) -> bool:
    return bool(a.kinds and b.kinds and a.kinds.isdisjoint(b.kinds))


# Asked twice of a headline, for its versions and for what is left of it.
@lru_cache(maxsize=1 << 8)
def _found(
    text: str, cased: str, lexicon: ConceptLexicon
) -> tuple[tuple[tuple[int, int], Version], ...]:
    if not _DIGIT.search(text):
        return ()
    written = cased if has_names_in_capitals(text, cased) else ""
    read = ((match, _read(match, written, lexicon)) for match in _VERSION.finditer(text))
    return tuple((match.span(), version) for match, version in read if version)


def _read(match: re.Match[str], cased: str, lexicon: ConceptLexicon) -> Version | None:
    """Return the version that a name and a number are; most are a figure and its verb."""
    name, number = match["name"], match["number"]
    if name in _PERIODS or (number.isdigit() and int(number) in _YEARS):
        return None
    if not (_may_name(match, "name", cased, lexicon) or _KIND.fullmatch(name)):
        # "in Kenya with 31", "Huawei signs 41": the number counts what follows.
        return None
    words = [part for part in ("name", "before") if match[part]]
    named = {match[part] for part in words if _KIND.fullmatch(match[part])}
    kinds = named.union(_KIND.findall(match["kinds"]), _SIZE.findall(match["size"]))
    families = named | {
        family
        for part in words
        if match[part] not in kinds and _may_name(match, part, cased, lexicon)
        for family in lexicon.products_of(match[part]) or _own_name(match[part])
    }
    if match["mark"]:
        families.add(_BARE)
    short = number.removesuffix(".0") + match["more"]
    return Version(frozenset(families), short, frozenset(kinds)) if families else None


def has_names_in_capitals(text: str, cased: str) -> bool:
    """Tell whether case tells names from words: in Chinese, and in titles, it does not."""
    if len(cased) != len(text) or _HAN.search(text):
        return False
    long: list[str] = _LONG.findall(cased)
    return 0 < sum(word != word.lower() for word in long) < _MOSTLY * len(long)


def _may_name(match: re.Match[str], part: str, cased: str, lexicon: ConceptLexicon) -> bool:
    """Tell whether a word before a number may be a name; *cased* tells it where it can."""
    word: str = match[part]
    if word in STOPWORDS or word in NUMBERED:
        return False
    if cased:
        is_joined = part == "name" and match.end("name") == match.start("number")
        return is_joined or cased[match.start(part) : match.end(part)] != word
    # Between Chinese words a Latin one is a name.
    return bool(_HAN.search(match.string)) or not lexicon.concepts_of(word).action


def _own_name(word: str) -> tuple[str, ...]:
    """Return a Latin word as a name; two Han characters are one only if they are known."""
    return (word,) if word.isascii() else ()
