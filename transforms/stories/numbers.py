"""Quantities in headlines, in one form for both languages: 34亿美元 is $3.4 billion.

So are product versions: Qwen3.8, 千问 3.8 and qwen-3.8-max. Another version of a family, or
another size of it, is another event.
"""

from __future__ import annotations

import re
from functools import lru_cache
from math import floor, log10
from typing import NamedTuple

from transforms.stories.concepts import ConceptLexicon
from transforms.stories.letters import STOPWORDS

_SCALES = {
    "万亿": 1e12,
    "trillion": 1e12,
    "trln": 1e12,
    "tn": 1e12,
    "亿": 1e8,
    "billion": 1e9,
    "bln": 1e9,
    "bn": 1e9,
    "b": 1e9,
    "million": 1e6,
    "mln": 1e6,
    "m": 1e6,
    "万": 1e4,
    "thousand": 1e3,
    "k": 1e3,
}
_ONE_TO_TWELVE = "one two three four five six seven eight nine ten eleven twelve"
_SPELLED = {word: str(n) for n, word in enumerate(_ONE_TO_TWELVE.split(), 1)}
_NUMBER = re.compile(
    r"(?<![a-z0-9.])(?P<money>[$€£¥])?\s?(?P<value>[0-9][0-9,]*(?:\.[0-9]+)?)"
    r"[\s-]?(?P<scale>万亿|亿|万|trillion|trln|tn|billion|bln|bn|million|mln|thousand|[bmk](?![a-z]))?"
    r"(?P<percent>\s?(?:%|percent|per cent))?(?![a-z])"
    r"(?P<currency>\s?(?:美元|美金|欧元|英镑|港元|港币|日元|元|yuan|rmb|euros?|dollars?))?"
)
_WORDED = re.compile(
    rf"\b({'|'.join(_SPELLED)})(?=[\s-](?:trillion|billion|million|thousand)\b)"
)
# What a unit of each is worth in dollars, as headlines convert: rates move, and amounts
# that are taken for one may be a tenth apart.
_RATES = {"美": 1, "$": 1, "d": 1, "欧": 1.12, "€": 1.12, "e": 1.12, "英": 1.3, "£": 1.3}
_RATES |= {"港": 0.128, "日": 0.0068, "元": 0.14, "y": 0.14, "r": 0.14, "¥": 0.14}
_CONVERTED = 0.08
# Times and counts, which both languages write with their unit: 5年后 is in five years.
_UNITS = {
    "y": ("years?", "年"),
    "mo": ("months?", "个月"),
    "w": ("weeks?", "周"),
    "d": ("days?", "天"),
    "h": ("hours?", "小时"),
    "min": ("minutes?", "分钟"),
    "km": ("km|kilomet(?:er|re)s?", "公里|千米"),
    "th": ("st|nd|rd|th", "次"),
}
_UNIT = re.compile(
    r"(?<![0-9.])(?P<value>[0-9]{1,4}(?:\.[0-9]+)?)[\s-]?(?:"
    + "|".join(f"(?P<{unit}>(?:{en})(?![a-z])|{zh})" for unit, (en, zh) in _UNITS.items())
    + ")"
)
_SPELLED_UNIT = re.compile(
    rf"\b({'|'.join(_SPELLED)})(?=[\s-](?:years?|months?|weeks?|days?|hours?|minutes?)\b)"
)
_HAN_DIGITS = dict(
    zip("一二两三四五六七八九十", (1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10), strict=True)
)
_HAN_UNIT = re.compile(
    r"([一二两三四五六七八九十])(?=年[后内来]|年间|个月|周|小时|分钟|天[后内])"
)
# A figure and what it counts: 19 districts, 19个区县. Money counts nothing.
_COUNTED = re.compile(
    r"(?<![a-z0-9.$€£¥])(?P<value>[0-9][0-9,]{0,15}(?:\.[0-9]{1,9})?)[\s-]?"
    rf"(?:(?P<scale>{'|'.join(_SCALES)})(?![a-z])[\s-]?)?"
    r"(?:(?P<word>(?!yuan|rmb|euro|dollar|percent)[a-z]{3,})"
    r"|(?P<measure>(?![美欧港日]?元|英镑)[\u4e00-\u9fff])(?P<noun>[\u4e00-\u9fff]{0,2}))"
)
# They say nothing of what they count: the noun behind them does.
_ANY_MEASURE = frozenset("个家项款种类余多来")
_DIGIT = re.compile(r"[0-9]")
_NONE: frozenset[str] = frozenset()
# A bare small number or a year says too little to tell two events apart.
_SMALLEST_TELLING = 32
_YEARS = range(1990, 2051)
# 363,000 cars and 362,758 cars are one recall.
_SAME_NUMBER = 0.01
# What stands behind a version, and of which a family has several at once.
_KINDS = (
    "pro|max|plus|ultra|mini|lite|flash|air|nano|turbo|preview|thinking|instant|omni|coder"
    "|code|opus|sonnet|haiku|fable|tts|asr|vl|image|video|fold|flip|trifold|vision|edge|se"
)
# Numbers that count or date something are no versions.
_COUNTED_WORDS = (
    r"(?![\s-]?(?:[年月日号天点元亿万个款家人次名位台辆岁期轮级小分秒周倍条部项架颗折届美欧英港韩时座寸批纳米%％]"
    r"|million|billion|trillion|bn\b|percent|per\s|years?|months?|weeks?|days?|hours?|minutes?|seconds?"
    r"|inch|stars?\b|seat|in-\d|nm\b|mm\b|km\b|kwh?\b|gwh?\b|mah\b"
    r"|people|things|ways|reasons|times|deals|st\b|nd\b|rd\b|th\b|am\b|pm\b))"
)
_VERSION = re.compile(
    r"(?:(?<![a-z])(?P<before>[a-z]{2,20})[\s-])?(?P<name>[a-z]{1,14}|[\u4e00-\u9fff]{2})"
    r"(?:[\s-]?(?P<mark>v))?[\s-]?(?P<number>[0-9]{1,4}(?:\.[0-9]{1,2})?)(?![0-9.]*[0-9,]*[0-9])"
    rf"{_COUNTED_WORDS}(?P<size>(?:[\s-]?a?[0-9]{{1,4}}b\b)*)"
    rf"(?P<kinds>(?:[\s-]?(?:{_KINDS})(?![a-z]))*)(?P<more>[a-z]?)"
)
# "Harbour-3.1" and "Harbour-3.1: Towards …": a headline that is a version and no verb.
ANNOUNCED = re.compile(
    rf"(?<![a-z])(?:[a-z]{{1,20}}[\s-]){{0,2}}v?[a-z]{{0,20}}[\s-]?v?[0-9]{{1,9}}(?:\.[0-9]{{1,9}})?(?:[\s-]?(?:{_KINDS}))*\s*(?:$|[:：])"
)
_KIND = re.compile(_KINDS)
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


def find_numbers(text: str) -> frozenset[str]:
    """Return the distinctive quantities in a folded, lower-case *text*."""
    if "illion" in text or "thousand" in text:
        text = _WORDED.sub(lambda found: _SPELLED[found[1]], text)
    if not _DIGIT.search(text):
        return _NONE
    found = (_canonical(match) for match in _NUMBER.finditer(text))
    return frozenset(number for number in found if number)


def find_counts(text: str) -> frozenset[str]:
    """Return all figures in a folded, lower-case *text*, without years."""
    if "illion" in text or "thousand" in text:
        text = _WORDED.sub(lambda found: _SPELLED[found[1]], text)
    if not _DIGIT.search(text):
        return _NONE
    return frozenset(
        f"{float(match['value'].replace(',', '')):g}%"
        if match["percent"]
        else f"{_value(match):.6g}"
        for match in _NUMBER.finditer(text)
        if match["scale"] or match["percent"] or _value(match) not in _YEARS
    )


def find_counted(text: str) -> dict[str, frozenset[str]]:
    """Return the counted nouns in a folded, lower-case *text*, with their numbers."""
    found: dict[str, frozenset[str]] = {}
    for match in _COUNTED.finditer(text):
        if not match["scale"] and _value(match) in _YEARS:
            continue
        what = match["word"] or match["measure"]
        if what in _ANY_MEASURE:
            what = match["noun"] or what
        what = what.removesuffix("s")
        found[what] = found.get(what, frozenset()) | {f"{_value(match):.6g}"}
    return found


def find_units(text: str) -> frozenset[str]:
    """Return the durations and counts in a folded, lower-case *text*, with units."""
    text = _SPELLED_UNIT.sub(lambda found: _SPELLED[found[1]], text)
    text = _HAN_UNIT.sub(lambda found: str(_HAN_DIGITS[found[1]]), text)
    if not _DIGIT.search(text):
        return _NONE
    return frozenset(
        f"{float(found['value']):g} {found.lastgroup}"
        for found in _UNIT.finditer(text)
        if not (found.lastgroup == "y" and float(found["value"]) in _YEARS)
    )


def find_amounts(text: str) -> frozenset[tuple[str, float]]:
    """Return the sums of money in a folded *text*, as (currency, dollars)."""
    if not _DIGIT.search(text):
        return frozenset()
    return frozenset(
        (sign, _value(match) * _RATES[sign])
        for match in _NUMBER.finditer(text)
        if match["scale"]
        and (sign := match["money"] or (match["currency"] or "").strip()[:1]) in _RATES
    )


def same_amount(
    some: frozenset[tuple[str, float]], others: frozenset[tuple[str, float]]
) -> bool:
    """Tell whether one amount occurs in two currencies: 2万亿元 is about $290 billion."""
    if not some or not others:
        return False
    return any(
        _RATES[a] != _RATES[b] and abs(x - y) <= _CONVERTED * max(x, y)
        for a, x in some
        for b, y in others
    )


def shared_numbers(some: frozenset[str], others: frozenset[str]) -> frozenset[str]:
    """Return the quantities of *some* that *others* has too, also rounded or truncated."""
    return some & others or frozenset(x for x in some for y in others if _close(x, y))


def _close(x: str, y: str) -> bool:
    if x.endswith("%") != y.endswith("%"):
        return False
    first, second = float(x.rstrip("%")), float(y.rstrip("%"))
    if abs(first - second) <= _SAME_NUMBER * max(first, second):
        return True
    rounder, other = sorted((x.rstrip("%"), y.rstrip("%")), key=_digits)
    return _digits(rounder) > 1 and _cut_to(other, _digits(rounder)) == float(rounder)


def _digits(number: str) -> int:
    """Return the significant digits of a number: two of 5.1e+09, and of 51."""
    return len(number.partition("e")[0].replace(".", "").strip("0"))


def _cut_to(number: str, digits: int) -> float:
    """Return *number* with so many significant digits, as headlines cut 51.79 to 51."""
    value = float(number)
    step = 10 ** (floor(log10(value)) + 1 - digits) if value else 1
    return floor(value / step) * step


def _value(match: re.Match[str]) -> float:
    return float(match["value"].replace(",", "")) * _SCALES.get(match["scale"] or "", 1.0)


def _canonical(match: re.Match[str]) -> str:
    value = float(match["value"].replace(",", ""))
    if match["percent"]:
        return f"{value:g}%"
    scaled = _value(match)
    if scaled == value and not match["money"] and _says_little(value):
        return ""
    return f"{scaled:.6g}"


def _says_little(value: float) -> bool:
    return value < _SMALLEST_TELLING or (value.is_integer() and int(value) in _YEARS)


class Version(NamedTuple):
    """A product version: possible family names, number and variants."""

    families: frozenset[str]
    number: str
    kinds: frozenset[str]


_NO_VERSION: frozenset[Version] = frozenset()


@lru_cache(maxsize=1 << 12)
def versions_of(text: str, lexicon: ConceptLexicon, cased: str = "") -> frozenset[Version]:
    """Return the product versions in a folded, lower-case headline.

    *cased* is the headline as it was written: in English a name has a capital.
    """
    return frozenset(version for _, version in _found(text, cased, lexicon)) or _NO_VERSION


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
