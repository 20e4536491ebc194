"""Phrases that give a company a secondary role: aside, place or byline.

They are data of the beat (``roles.toml``); texts are folded and lower-case.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Literal, NamedTuple, get_args

from transforms.text.fold import LATIN

_Beside = Literal["aside", "place", "byline"]
BESIDE: tuple[_Beside, ...] = get_args(_Beside)
# "前" also ends words for "before"; a person makes it "former".
_PERSON = re.compile(
    ".{0,8}?(?:高管|员工|工程师|总裁|总监|经理|主管|负责人|研究员|科学家|创始人|ceo|cto)"
)
# From the last two characters of an exchange's or a board's name.
_LISTED = re.compile("(?:[交易]所|[创业]板)(上市|主板|挂牌|递|提交|ipo)")
_WITHIN = 2


class RoleCue(NamedTuple):
    """Secondary role of a company, with the phrase that shows it."""

    role: _Beside
    phrase: str


class Roles(NamedTuple):
    """Phrases that set a name aside; ``person`` are the words that mark a manager."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    after_pattern: re.Pattern[str]
    role_before: Mapping[str, _Beside]
    role_after: Mapping[str, _Beside]
    not_before: tuple[str, ...]
    not_after: tuple[str, ...]
    around: tuple[tuple[_Beside, tuple[str, ...], tuple[str, ...]], ...]
    ends: tuple[str, ...]
    person: tuple[str, ...]


def read_roles(text: str) -> Roles:
    """Return the phrases of a TOML text."""
    data = tomllib.loads(text)
    role_before = {text: role for role in BESIDE for text in data[role]["before"]}
    role_after = {text: role for role in BESIDE for text in data[role]["after"]}
    around = tuple(
        (entry["role"], tuple(entry["before"]), tuple(entry["after"]))
        for entry in data["around"]
    )
    return Roles(
        before=tuple(role_before),
        after=tuple(role_after),
        after_pattern=re.compile(data["place"]["after-pattern"]),
        role_before=role_before,
        role_after=role_after,
        not_before=tuple(data["not"]["before"]),
        not_after=tuple(data["not"]["after"]),
        around=around,
        ends=tuple(end for _, _, ends in around for end in ends),
        person=tuple(data["person"]["words"]),
    )


def beside(known: Roles, lower: str, start: int, end: int) -> RoleCue | None:
    """Return the phrase that gives the name at lower[start:end] a secondary role."""
    ends = lower.startswith(known.ends, end)
    if ends and (cue := _around(known, lower, start, end)):
        return cue
    begins = start and lower.endswith(known.before, 0, start)
    if begins and (cue := _before(known, lower, start)):
        return cue
    if lower.startswith(known.after, end) and not lower.startswith(known.not_after, end):
        phrase = max((c for c in known.after if lower.startswith(c, end)), key=len)
        return RoleCue(known.role_after[phrase], phrase.strip())
    if scored := known.after_pattern.match(lower, end):
        return RoleCue("place", scored[0])
    return _former_or_listed(lower, start, end)


def _before(known: Roles, lower: str, start: int) -> RoleCue | None:
    phrase = max((c for c in known.before if lower.endswith(c, 0, start)), key=len)
    begin = start - len(phrase)
    is_part = phrase[0] in LATIN and begin > 0 and lower[begin - 1] in LATIN
    if is_part or lower.endswith(known.not_before, 0, start):
        return None
    return RoleCue(known.role_before[phrase], phrase.strip())


def _around(known: Roles, lower: str, start: int, end: int) -> RoleCue | None:
    for role, before, after in known.around:
        if lower.endswith(before, 0, start) and lower.startswith(after, end):
            first = next(cue for cue in before if lower.endswith(cue, 0, start))
            last = next(cue for cue in after if lower.startswith(cue, end))
            return RoleCue(role, f"{first.strip()} … {last.strip()}")
    return None


def _former_or_listed(lower: str, start: int, end: int) -> RoleCue | None:
    if lower.endswith("前", 0, start) and _PERSON.match(lower, end):
        return RoleCue("aside", "前")
    if lower.startswith("前", end) and _PERSON.match(lower, end + 1):
        return RoleCue("aside", "前")
    listed = _LISTED.match(lower, end - _WITHIN)
    return RoleCue("place", listed[1]) if listed else None
