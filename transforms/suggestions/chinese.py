"""Names of companies in Chinese headlines, where no space says where a name begins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from transforms.suggestions.model import FoundName
from transforms.suggestions.patterns import patterns
from transforms.suggestions.words import alternatives, words

SUREST = 3
# Whoever raised money is a firm, whatever it is called.
_FUNDED = 4
_SHORTEST = 2


def chinese_names(text: str) -> Iterator[FoundName]:
    """Yield what may be a company's name in a folded headline, surest patterns first."""
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
    return re.compile(f"(?:{alternatives('zh_before_two')})(?=..)")


def _may_be_name(name: str, stem: str, strength: int) -> bool:
    """Say whether neither the name nor its stem is a noun, a place or an outlet.

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
    is_sure = strength >= SUREST
    bad = (end for end in ends if name.endswith(end) and not (is_sure and len(end) == 1))
    return bool(stem) or not any(bad)


def _may_be_latin_name(name: str) -> bool:
    parts = name.split()
    if parts[0].lower() in words("en_first_names"):
        return False
    # HydroX AI is a name, AI and an AI agent are none.
    return not all(part in words("zh_latin") for part in parts[:2])


def _is_generic(core: str) -> bool:
    """Say whether it is a noun or place, or begins or ends with one."""
    generic = words("zh_generic") | words("zh_places")
    if core in generic or core in words("zh_latin") or core[:2] in words("zh_places"):
        return True
    ends = core[:2], core[-2:], core[:3], core[-3:]
    return len(core) > _SHORTEST and any(end in generic for end in ends)
