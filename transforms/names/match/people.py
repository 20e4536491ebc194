"""People who stand for companies: founders, chairs and chief executives.

A Chinese name matches as a substring, the longest first; a Latin one in both orders and
with its syllables joined, hyphenated or apart. Short ``common`` names need a word that
marks a manager, or the company's name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from transforms.grouping import first_of_pairs
from transforms.models import Mention, Role, TextField
from transforms.names.match.document import ArticleText, Field, Roles, beside
from transforms.names.rules.watchlist import Person, Watchlist
from transforms.text.fold import LATIN, fold, lowered, syllables

# A name of so few characters, or syllables, may be borne by many.
_COMMON = 2
_HAN = re.compile("[\u3400-\u9fff]")
_CLOSENESS: tuple[Role, ...] = ("subject", "named", "aside", "place", "byline")


class PersonFound(NamedTuple):
    """A person named in one field, by their first name there."""

    person: Person
    field: TextField
    alias: str
    start: int
    length: int
    role: Role


class _Name(NamedTuple):
    person: Person
    is_common: bool
    is_latin: bool


@dataclass(frozen=True, slots=True, eq=False)
class PeopleMatcher:
    """Names of a watchlist's people, and the words that mark a manager."""

    automaton: AhoCorasick
    names: tuple[_Name, ...]
    telling: AhoCorasick
    roles: Roles


def compile_people(watchlist: Watchlist, roles: Roles) -> PeopleMatcher:
    """Compile the *watchlist*'s people who stand for a company."""
    spellings = first_of_pairs(
        (spelling, _name(person, folded))
        for person in watchlist.people
        if person.company_id
        for folded in (lowered(fold(name).text) for name in person.names)
        for spelling in spellings_of(folded)
    )
    return PeopleMatcher(
        automaton=AhoCorasick(list(spellings)),
        names=tuple(spellings.values()),
        telling=AhoCorasick(list(roles.person)),
        roles=roles,
    )


def people_in(
    document: ArticleText,
    matcher: PeopleMatcher,
    companies: Collection[str] = (),
    *,
    is_digest: bool = False,
    on: date | None = None,
) -> list[PersonFound]:
    """Return the people named in title and summary, in reading order.

    *companies* are those named by an alias; *on* is the day of publication.
    """
    found: dict[tuple[str, TextField], PersonFound] = {}
    # Asked once a text: one may be nothing but a common name.
    # Whether a word in title or summary marks a manager.
    is_telling = cache(
        lambda: any(
            matcher.telling.find_matches_as_indexes(field.lower)
            for field in document.fields
            if field.name != "content"
        )
    )
    for field in document.fields:
        if field.name == "content":
            continue
        places = matcher.automaton.find_matches_as_indexes(field.lower, overlapping=True)
        for start, end, name in _longest(field.lower, places, matcher):
            person = name.person
            key = person.person_id, field.name
            if key in found or not person.stands_on(on):
                continue
            is_vague = name.is_common and person.company_id not in companies
            if is_vague and not is_telling():
                continue
            role = _role(matcher.roles, field, start, end, is_digest=is_digest)
            written = field.written(start, end)
            found[key] = PersonFound(person, field.name, *written, role)
    return list(found.values())


def names_pattern(person: Person) -> str:
    """Return a pattern of a person's names in folded small letters, as they are written."""
    spellings = {
        spelling
        for name in person.names
        for spelling in spellings_of(lowered(fold(name).text))
    }
    longest = sorted(spellings, key=lambda spelling: (-len(spelling), spelling))
    return "|".join(
        re.escape(each) if _HAN.search(each) else rf"\b{re.escape(each)}\b"
        for each in longest
    )


def person_mentions(
    people: list[PersonFound],
    companies: Collection[str],
    article_id: str,
    rules_version: str,
) -> list[Mention]:
    """Return the mentions of companies named only through their people."""
    roles: dict[str, Role] = {}
    for found in people:
        company_id = found.person.company_id
        best = roles.get(company_id, found.role)
        roles[company_id] = min(best, found.role, key=_CLOSENESS.index)
    first: dict[tuple[str, TextField], Mention] = {}
    for found in people:
        company_id = found.person.company_id
        key = company_id, found.field
        if company_id not in companies and key not in first:
            role = roles[company_id]
            first[key] = Mention(
                article_id,
                company_id,
                found.field,
                found.alias,
                found.start,
                found.length,
                rules_version,
                role == "subject",
                role,
                "person",
            )
    return list(first.values())


def _longest(
    lower: str, places: list[tuple[int, int, int]], matcher: PeopleMatcher
) -> Iterator[tuple[int, int, _Name]]:
    taken = -1
    for number, start, end in sorted(places, key=lambda p: (p[1], -p[2])):
        name = matcher.names[number]
        if start < taken or (name.is_latin and not _is_word(lower, start, end)):
            continue
        taken = end
        yield start, end, name


def _is_word(lower: str, start: int, end: int) -> bool:
    return not (start and lower[start - 1] in LATIN) and not (
        end < len(lower) and lower[end] in LATIN
    )


def _role(roles: Roles, field: Field, start: int, end: int, *, is_digest: bool) -> Role:
    if cue := beside(roles, field.lower, start, end):
        return cue.role
    return "named" if is_digest or field.name != "title" else "subject"


def _name(person: Person, folded: str) -> _Name:
    if _HAN.search(folded):
        return _Name(person, person.common and len(folded) <= _COMMON, is_latin=False)
    is_short = len(folded.split()) <= _COMMON
    return _Name(person, person.common and is_short, is_latin=True)


def spellings_of(folded: str) -> Iterator[str]:
    """Yield a name's words in either order, each as outlets join its syllables."""
    if _HAN.search(folded):
        yield folded
        return
    words = folded.split()
    for order in (words, [*words[1:], words[0]]):
        for joint in ("", "-", "'", " "):
            yield " ".join(joint.join(syllables(word)) for word in order)
        yield " ".join(order)
