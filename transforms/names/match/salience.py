"""Roles of companies in an article: subject, named, or set aside by a phrase.

The headline decides: companies named in it, unless set aside by a phrase ("backed by",
"former … executive", "in a post on"), are subjects, unless there are many. Without a
company in the headline, one that opens the summary, or is repeated in it, is the subject.
The phrases are data (``roles.toml``); texts are folded and lower-case.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Literal, NamedTuple, get_args

from transforms.models import Role
from transforms.names.match.judgement import Judgement
from transforms.seam import beat_text
from transforms.text.fold import LATIN

_Beside = Literal["aside", "place", "byline"]
_BESIDE: tuple[_Beside, ...] = get_args(_Beside)
# "前" also ends words for "before"; a person makes it "former".
_PERSON = re.compile(
    ".{0,8}?(?:高管|员工|工程师|总裁|总监|经理|主管|负责人|研究员|科学家|创始人|ceo|cto)"
)
# From the last two characters of an exchange's or a board's name.
_LISTED = re.compile("(?:[交易]所|[创业]板)(上市|主板|挂牌|递|提交|ipo)")
_WITHIN = 2
Ground = Literal[
    "headline",
    "opening",
    "often",
    "digest",
    "crowd",
    "passing",
    "content",
    "aside",
    "place",
    "byline",
]
# A crowd in the headline is what it is about, so each of them is named; a list that
# "such as" begins is an aside.
_ROLES: dict[Ground, Role] = {
    "headline": "subject",
    "opening": "subject",
    "often": "subject",
    "digest": "named",
    "crowd": "named",
    "passing": "named",
    "content": "named",
    "aside": "aside",
    "place": "place",
    "byline": "byline",
}
# Three may act together; a headline of four is a list.
_MOST_TOGETHER = 3
# Where a summary opens: characters before the name, of which Chinese needs fewer.
_OPENING = 24
_OPENING_HAN = 5
_TWICE, _THRICE = 2, 3
_JOINTS = frozenset(
    {", ", " and ", ", and ", " & ", "/", " / ", "、", ",", "和", "与", "及", "以及"}
)
_DATELINE = re.compile(
    r"[^,。]{0,30}?(?:消息|获悉|报道|[日社网]讯|\d日电)[\])】]?[,: ]?"
    r"|[\w ,./]{2,40}\([\w ]+\) ?[-—–] ?"
)


class Cue(NamedTuple):
    """Secondary role of a company, with the phrase that shows it."""

    role: _Beside
    phrase: str


def beside(lower: str, start: int, end: int) -> Cue | None:
    """Return the phrase that gives the name at lower[start:end] a secondary role."""
    known = _phrases()
    ends = lower.startswith(known.ends, end)
    if ends and (cue := _around(known, lower, start, end)):
        return cue
    begins = start and lower.endswith(known.before, 0, start)
    if begins and (cue := _before(known, lower, start)):
        return cue
    if lower.startswith(known.after, end) and not lower.startswith(known.not_after, end):
        phrase = max((c for c in known.after if lower.startswith(c, end)), key=len)
        return Cue(known.role_after[phrase], phrase.strip())
    if scored := known.after_pattern.match(lower, end):
        return Cue("place", scored[0])
    return _former_or_listed(lower, start, end)


def person_words() -> tuple[str, ...]:
    """Return the words that mark a manager, required beside a common name."""
    return tuple(_data()["person"]["words"])


def _before(known: _Phrases, lower: str, start: int) -> Cue | None:
    phrase = max((c for c in known.before if lower.endswith(c, 0, start)), key=len)
    begin = start - len(phrase)
    is_part = phrase[0] in LATIN and begin > 0 and lower[begin - 1] in LATIN
    if is_part or lower.endswith(known.not_before, 0, start):
        return None
    return Cue(known.role_before[phrase], phrase.strip())


def _around(known: _Phrases, lower: str, start: int, end: int) -> Cue | None:
    for role, before, after in known.around:
        if lower.endswith(before, 0, start) and lower.startswith(after, end):
            first = next(cue for cue in before if lower.endswith(cue, 0, start))
            last = next(cue for cue in after if lower.startswith(cue, end))
            return Cue(role, f"{first.strip()} … {last.strip()}")
    return None


def _former_or_listed(lower: str, start: int, end: int) -> Cue | None:
    if lower.endswith("前", 0, start) and _PERSON.match(lower, end):
        return Cue("aside", "前")
    if lower.startswith("前", end) and _PERSON.match(lower, end + 1):
        return Cue("aside", "前")
    listed = _LISTED.match(lower, end - _WITHIN)
    return Cue("place", listed[1]) if listed else None


class _Phrases(NamedTuple):
    before: tuple[str, ...]
    after: tuple[str, ...]
    after_pattern: re.Pattern[str]
    role_before: Mapping[str, _Beside]
    role_after: Mapping[str, _Beside]
    not_before: tuple[str, ...]
    not_after: tuple[str, ...]
    around: tuple[tuple[_Beside, tuple[str, ...], tuple[str, ...]], ...]
    ends: tuple[str, ...]


@cache
def _phrases() -> _Phrases:
    data = _data()
    role_before = {text: role for role in _BESIDE for text in data[role]["before"]}
    role_after = {text: role for role in _BESIDE for text in data[role]["after"]}
    around = tuple(
        (entry["role"], tuple(entry["before"]), tuple(entry["after"]))
        for entry in data["around"]
    )
    return _Phrases(
        before=tuple(role_before),
        after=tuple(role_after),
        after_pattern=re.compile(data["place"]["after-pattern"]),
        role_before=role_before,
        role_after=role_after,
        not_before=tuple(data["not"]["before"]),
        not_after=tuple(data["not"]["after"]),
        around=around,
        ends=tuple(end for _, _, ends in around for end in ends),
    )


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(beat_text("roles.toml"))


class Salience(NamedTuple):
    """Reason for a company's role in an article.

    *cue* is the phrase that gives a secondary role, or the number of mentions.
    """

    ground: Ground
    cue: str = ""

    @property
    def role(self) -> Role:
        """Role of the company in the article."""
        return _ROLES[self.ground]

    @property
    def is_about(self) -> bool:
        """Whether the article is about the company."""
        return self.role == "subject"


class _Place(NamedTuple):
    company_id: str
    start: int
    end: int
    cue: Cue | None
    run: int


_HEADLINE = Salience("headline")


_CROWD = Salience("crowd")


_DIGEST = Salience("digest")


_PASSING = Salience("passing")


_CONTENT = Salience("content")


_OPENS = Salience("opening")


def salience(hits: Sequence[Judgement], *, is_digest: bool) -> dict[str, Salience]:
    """Return the salience of each company in an article, from *hits* in reading order."""
    if is_digest:
        return {hit.rule.alias.company_id: _DIGEST for hit in hits}
    found = _in_title([hit for hit in hits if hit.field.name == "title"])
    rest = [hit for hit in hits if found.get(hit.rule.alias.company_id) is not _HEADLINE]
    if rest:
        if in_summary := [hit for hit in rest if hit.field.name == "summary"]:
            _add_summary(found, in_summary)
        for hit in rest:
            found.setdefault(hit.rule.alias.company_id, _CONTENT)
    return found


def _in_title(hits: Sequence[Judgement]) -> dict[str, Salience]:
    places = _places(hits)
    runs = _runs(places)
    found: dict[str, Salience] = {}
    for place in places:
        if place.cue:
            _add_beside(found, place.company_id, place.cue)
        elif len(runs) > _MOST_TOGETHER or runs.get(place.run, 0) > _MOST_TOGETHER:
            found.setdefault(place.company_id, _CROWD)
        else:
            found[place.company_id] = _HEADLINE
    return found


def _add_beside(found: dict[str, Salience], company_id: str, cue: Cue) -> None:
    """Of several phrases the one counts that sets the company least aside."""
    known = found.get(company_id)
    if known is None or (
        known.ground in _BESIDE and _BESIDE.index(cue.role) < _BESIDE.index(known.ground)
    ):
        found[company_id] = Salience(cue.role, cue.phrase)


def _runs(places: Iterable[_Place]) -> dict[int, int]:
    """Return how many companies each run is the first to name, but for asides."""
    seen: set[str] = set()
    sizes: dict[int, int] = {}
    for place in places:
        if not place.cue and place.company_id not in seen:
            seen.add(place.company_id)
            sizes[place.run] = sizes.get(place.run, 0) + 1
    return sizes


def _add_summary(found: dict[str, Salience], hits: Sequence[Judgement]) -> None:
    """Judge whom the headline does not name, or only aside."""
    every = _places(hits)
    places = [place for place in every if not place.cue]
    counts = Counter(place.company_id for place in places)
    has_subject = _HEADLINE in found.values()
    if not has_subject and len(counts) <= _MOST_TOGETHER:
        found.update(dict.fromkeys(_opening(hits[0].field.lower, places), _OPENS))
    enough = _THRICE if found else _TWICE
    for company_id, count in counts.items():
        if count >= enough and found.get(company_id) is not _OPENS:
            found[company_id] = Salience("often", str(count))
    for place in places:
        found.setdefault(place.company_id, _PASSING)
    for place in every:
        if place.cue and place.company_id not in counts:
            _add_beside(found, place.company_id, place.cue)


def _opening(lower: str, places: Iterable[_Place]) -> list[str]:
    """Return the companies that open a summary, alone or together, in its order."""
    dateline = _DATELINE.match(lower)
    begin = dateline.end() if dateline else 0
    reach = begin + (_OPENING if lower[begin : begin + 2].isascii() else _OPENING_HAN)
    first = {place.run for place in places if place.start < reach}
    return [place.company_id for place in places if place.run in first]


def _places(hits: Iterable[Judgement]) -> list[_Place]:
    """Return where each name stands and what sets it aside.

    Names joined to a list are one run, and what sets the first aside does so for all.
    """
    places: list[_Place] = []
    end, run = -1, 0
    cue: Cue | None = None
    for hit in hits:
        lower = hit.field.lower
        if end >= 0 and (hit.start < end or lower[end : hit.start] in _JOINTS):
            cue = cue or beside(lower, hit.start, hit.end)
        else:
            cue = beside(lower, hit.start, hit.end)
            run += 1
        end = hit.end
        places.append(_Place(hit.rule.alias.company_id, hit.start, end, cue, run))
    return places
