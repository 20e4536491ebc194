"""Roles of companies in an article: subject, named, or set aside by a phrase.

The headline decides: companies named in it, unless set aside by a phrase ("backed by",
"former … executive", "in a post on"), are subjects, unless there are many. Without a
company in the headline, one that opens the summary, or is repeated in it, is the subject.
The phrases are those of the beat; texts are folded and lower-case.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from transforms.models import Role
from transforms.names.match.document import BESIDE, RoleCue, Roles, beside
from transforms.names.match.judgement import Judgement

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
    cue: RoleCue | None
    run: int


_HEADLINE = Salience("headline")


_CROWD = Salience("crowd")


_DIGEST = Salience("digest")


_PASSING = Salience("passing")


_CONTENT = Salience("content")


_OPENS = Salience("opening")


def salience(
    hits: Sequence[Judgement], roles: Roles, *, is_digest: bool
) -> dict[str, Salience]:
    """Return the salience of each company in an article, from *hits* in reading order."""
    if is_digest:
        return {hit.rule.alias.company_id: _DIGEST for hit in hits}
    found = _in_title([hit for hit in hits if hit.field.name == "title"], roles)
    rest = [hit for hit in hits if found.get(hit.rule.alias.company_id) is not _HEADLINE]
    if rest:
        if in_summary := [hit for hit in rest if hit.field.name == "summary"]:
            _add_summary(found, in_summary, roles)
        for hit in rest:
            found.setdefault(hit.rule.alias.company_id, _CONTENT)
    return found


def _in_title(hits: Sequence[Judgement], roles: Roles) -> dict[str, Salience]:
    places = _places(hits, roles)
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


def _add_beside(found: dict[str, Salience], company_id: str, cue: RoleCue) -> None:
    """Of several phrases the one counts that sets the company least aside."""
    known = found.get(company_id)
    if known is None or (
        known.ground in BESIDE and BESIDE.index(cue.role) < BESIDE.index(known.ground)
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


def _add_summary(
    found: dict[str, Salience], hits: Sequence[Judgement], roles: Roles
) -> None:
    """Judge whom the headline does not name, or only aside."""
    every = _places(hits, roles)
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


def _places(hits: Iterable[Judgement], roles: Roles) -> list[_Place]:
    """Return where each name stands and what sets it aside.

    Names joined to a list are one run, and what sets the first aside does so for all.
    """
    places: list[_Place] = []
    end, run = -1, 0
    cue: RoleCue | None = None
    for hit in hits:
        lower = hit.field.lower
        if end >= 0 and (hit.start < end or lower[end : hit.start] in _JOINTS):
            cue = cue or beside(roles, lower, hit.start, hit.end)
        else:
            cue = beside(roles, lower, hit.start, hit.end)
            run += 1
        end = hit.end
        places.append(_Place(hit.rule.alias.company_id, hit.start, end, cue, run))
    return places
