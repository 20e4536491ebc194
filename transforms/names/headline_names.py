"""Detection of company names in Chinese and English headlines by patterns.

Chinese has no spaces around names, and English capitals alone are weak evidence.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

_SUREST = 3
# A name that raised money is a company, whatever its form.
_FUNDED = 4
_SHORTEST = 2
_SHORTEST_LATIN = 3
_NOTHING = ("en_stop", "en_noun", "en_places", "en_outlets")
_PLACE = re.compile(r"\{([A-Z]+|[a-z]{2}_\w+)\}")


class FoundName(NamedTuple):
    """A name found in a headline, with the strength of its pattern, 1 to 4.

    *stem* is the distinctive part of the name: 亮道 of 亮道智能.
    """

    name: str
    start: int
    end: int
    why: str
    strength: int
    stem: str = ""
    owner_end: int = -1
    ticker: str = ""


def chinese_names(text: str) -> Iterator[FoundName]:
    """Yield possible company names in a folded headline, surest patterns first."""
    for pattern, why, strength in patterns("zh"):
        for found in pattern.finditer(text):
            groups = found.groupdict()
            cue = _cue().match(groups["name"])
            cut = len(cue[0]) if cue else 0
            name, stem = groups["name"][cut:], (groups.get("stem") or "")[cut:]
            if _may_be_name(name, stem, strength):
                start = found.start("name") + cut
                owner_end = found.start("owned") if "owned" in groups else -1
                yield FoundName(
                    name, start, start + len(name), why, strength, stem, owner_end
                )


@cache
def _cue() -> re.Pattern[str]:
    """Return what finds words that a name comes after, taken for its beginning."""
    return re.compile(f"(?:{_alternatives('zh_before_two')})(?=..)")


def _may_be_name(name: str, stem: str, strength: int) -> bool:
    """Tell whether neither the name nor its stem is a noun, a place or an outlet.

    A company that raised money may be called 星际光年, though 光年 (light year) is a noun.
    """
    core = stem or name
    if len(name) < _SHORTEST or name in words("zh_outlets"):
        return False
    if name.isascii():
        return _may_be_latin_name(name)
    # 储能 and 智能 end as a verb may.
    telling = core[:1] if strength == _FUNDED else core
    if any(char in words("zh_function") for char in telling):
        return False
    if core in words("zh_generic") if strength == _FUNDED else _is_generic(core):
        return False
    ends = words("zh_bad_end")
    is_sure = strength >= _SUREST
    bad = (end for end in ends if name.endswith(end) and not (is_sure and len(end) == 1))
    return bool(stem) or not any(bad)


def _may_be_latin_name(name: str) -> bool:
    parts = name.split()
    if parts[0].lower() in words("en_first_names"):
        return False
    # HydroX AI is a name, AI and an AI agent are none.
    return not all(part in words("zh_latin") for part in parts[:2])


def _is_generic(core: str) -> bool:
    """Tell whether it is a noun or place, or begins or ends with one."""
    generic = words("zh_generic") | words("zh_places")
    if core in generic or core in words("zh_latin") or core[:2] in words("zh_places"):
        return True
    ends = core[:2], core[-2:], core[:3], core[-3:]
    return len(core) > _SHORTEST and any(end in generic for end in ends)


def english_names(text: str) -> Iterator[FoundName]:
    """Yield possible company names in a folded headline, surest patterns first."""
    for pattern, why, strength in patterns("en"):
        for found in pattern.finditer(text):
            start, end = _trimmed(text, *found.span("name"))
            name = text[start:end]
            ticker = found.groupdict().get("ticker") or ""
            if name and _may_be_english_name(name) and not _is_short_for(ticker, name):
                yield FoundName(name, start, end, why, strength, ticker=ticker)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Cut off what belongs to the sentence: Why AirJoule Technologies, Intel's Mobileye."""
    tokens = list(re.finditer(r"\S+", text[start:end]))
    cuts = [n for n, token in enumerate(tokens[:-1]) if _opens(token.group())]
    tokens = tokens[cuts[-1] + 1 :] if cuts else tokens
    if not tokens or _plain(tokens[0].group()) in words("en_stop"):
        return end, end
    last = start + tokens[-1].end()
    return start + tokens[0].start(), last - 2 * text[:last].endswith("'s")


def _opens(word: str) -> bool:
    """Tell whether a name cannot begin before the end of this word."""
    return _plain(word) in words("en_stop") or word.endswith(("'s", "s'"))


def _plain(word: str) -> str:
    return word.lower().strip(".,&'-").removesuffix("'s")


def _may_be_english_name(name: str) -> bool:
    """Tell whether the name has a word of its own, and is no person, place or outlet."""
    parts = [_plain(part) for part in name.split()]
    if len(name) < _SHORTEST_LATIN or all(p in _nothing() or p.isdigit() for p in parts):
        return False
    return parts[-1] in _firm_words() or parts[0] not in words("en_first_names")


@cache
def _nothing() -> frozenset[str]:
    return _firm_words().union(*map(words, _NOTHING))


@cache
def _firm_words() -> frozenset[str]:
    return frozenset(word.lower() for word in words("en_firm"))


def _is_short_for(code: str, name: str) -> bool:
    """Tell whether the code in brackets is an abbreviation, of no company: (JWT)."""
    initials = "".join(part[0] for part in name.split()).upper()
    return len(code) > 1 and code in initials


@cache
def patterns(language: Literal["zh", "en"]) -> tuple[tuple[re.Pattern[str], str, int], ...]:
    """Return the patterns of a language with label and strength, surest first."""
    path = files(__package__) / "name_patterns.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    parts = data["part"][language]
    return tuple(
        (re.compile(_filled(row["pattern"], parts)), row["why"], row["strength"])
        for row in data[language]
    )


def _filled(source: str, parts: Mapping[str, str]) -> str:
    """Return *source* with parts and lists of words in place of their names."""

    def value(found: re.Match[str]) -> str:
        part = parts.get(found[1])
        return _alternatives(found[1]) if part is None else _filled(part, parts)

    return _PLACE.sub(value, source)


@cache
def words(name: str) -> frozenset[str]:
    """Return the words listed under *name* in ``name_words.toml``."""
    path = files(__package__) / "name_words.toml"
    lists = tomllib.loads(path.read_text(encoding="utf-8"))
    return frozenset(lists[name].split())


def _alternatives(name: str) -> str:
    """Return the words listed under *name* as alternatives of a pattern, longest first."""
    return "|".join(sorted(words(name), key=lambda word: (-len(word), word)))
