"""Find who does what to whom within one sentence.

An act is that of the nearest one named before it, and where nobody is, of the next one
after it: "Utopia bans Erewhon's drones", "drones banned by Utopia", "Utopia's drone ban".
So nothing here knows a language; what does not count as a name where it stands ("on
Utopia", "对某国") is said by the patterns of the names.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from types import MappingProxyType
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from transforms.patterns.compile import IGNORES_CASE, expand, folded_pattern, in_lower_case
from transforms.patterns.literals import anywhere, required_literals
from transforms.text.fold import fold, lowered
from transforms.watchlist import Clause

COMPANY, REGULATOR = "@company", "@regulator"
# A semicolon, a bar or a dash ends a clause as a full stop does; a comma does not, since
# a Chinese sentence names its subject before the first.
_END = re.compile(
    r"[。！？!?；;|｜丨…\n]+|\s[–—-]+\s|——"
    r"|(?<=[a-z0-9)\"'%])(?<!Inc)(?<!Corp)(?<!Co)(?<!Ltd)(?<!Mr)(?<!Dr)\. "
)
# Beyond so many characters, two words belong together by chance.
_REACH = 90
# After the act, its actor follows closely: "banned by Utopia".
_BEHIND = 30
_AT_HAND = 8


# The companies that title and summary name, and how they spell each.
Named = Mapping[str, Collection[str]]
NOBODY: Named = MappingProxyType({})


class Names(NamedTuple):
    """How the folded text spells the companies, and the public bodies, that it names."""

    companies: frozenset[str]
    regulators: frozenset[str]


_Span = tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class ClausePart:
    """One part of a clause: patterns as one, and who the watchlist names."""

    patterns: tuple[str, ...]
    companies: bool
    regulators: bool

    def spans(self, sentence: str, names: Names) -> list[_Span]:
        """Return where it stands in *sentence*."""
        found = list(_spans(self.patterns, sentence)) if self.patterns else []
        if self.companies:
            found += _places(sentence, names.companies)
        if self.regulators:
            found += _places(sentence, names.regulators)
        return found

    def may_stand(self, lower: str, names: Names) -> bool:
        """Whether a lower-case text has words that it needs, which most texts lack."""
        if (self.companies and names.companies) or (self.regulators and names.regulators):
            return True
        return _may_stand(self.patterns, lower)


@dataclass(frozen=True, slots=True, eq=False)
class CompiledClause:
    """A clause, compiled; a part that is not asked for is None."""

    act: ClausePart
    actor: ClausePart | None
    object: ClausePart | None
    others: ClausePart | None
    excludes: ClausePart | None

    def may_stand(self, lower: str, names: Names) -> bool:
        """Whether a lower-case text has words that its parts need."""
        if self.object and not self.object.may_stand(lower, names):
            return False
        return self.actor is None or self.actor.may_stand(lower, names)

    def search(self, text: str, names: Names) -> str:
        """Return actor, act and object as the first clause of *text* has them, or ""."""
        for sentence in sentences(text):
            if found := self._in_sentence(sentence, names):
                return found
        return ""

    def _in_sentence(self, sentence: str, names: Names) -> str:
        acts = self.act.spans(sentence, names)
        if not acts or (self.object and not self.object.spans(sentence, names)):
            return ""
        for act in acts:
            actor = self._actor(act, sentence, names)
            if actor is None:
                continue
            over = _object(self.object, act, actor, sentence, names) if self.object else act
            if over is not None:
                if self.excludes and self.excludes.spans(sentence, names):
                    return ""
                parts = sorted({actor, act, over})
                return " … ".join(sentence[start:end].strip() for start, end in parts)
        return ""

    def _actor(self, act: _Span, sentence: str, names: Names) -> _Span | None:
        if not self.actor:
            return act
        return _agent(self.actor, self.others, act, sentence, names)


def compile_frame(clause: Clause, macros: Mapping[str, str]) -> CompiledClause:
    """Prepare *clause* for matching."""

    def side(sources: tuple[str, ...]) -> ClausePart | None:
        return _side(sources, macros) if sources else None

    return CompiledClause(
        act=_side(clause.act, macros),
        actor=side(clause.actor),
        object=side(clause.object),
        others=side(clause.others),
        excludes=side(clause.excludes),
    )


def names_of(named: Named, regulators: Container[str]) -> Names:
    """Return the spellings of companies and of *regulators*, folded."""
    sides: tuple[set[str], set[str]] = set(), set()
    for company_id, spellings in named.items():
        sides[company_id in regulators].update(fold(s).text for s in spellings)
    return Names(*map(frozenset, sides))


@lru_cache(maxsize=_AT_HAND)
def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of *text*, a headline's parts among them."""
    return tuple(part for part in _END.split(text) if part.strip())


@lru_cache(maxsize=1024)
def _unions(patterns: tuple[str, ...]) -> tuple[re.Pattern[str] | None, ...]:
    """Return one pattern for text as it is, and one for lower-case text, if needed."""
    small = [in_lower_case(p) for p in patterns if p.startswith(IGNORES_CASE)]
    exact = [p for p in patterns if not p.startswith(IGNORES_CASE)]
    return tuple(_any_of(p) if p else None for p in (exact, small))


@lru_cache(maxsize=1024)
def _needs(patterns: tuple[str, ...]) -> AhoCorasick | None:
    """Return what finds texts that any match of *patterns* has one of, if known."""
    needs = [anywhere(required_literals(pattern)) for pattern in patterns]
    return AhoCorasick(sorted({*chain(*needs)})) if all(needs) else None


@lru_cache(maxsize=256)
def _may_stand(patterns: tuple[str, ...], lower: str) -> bool:
    needs = _needs(patterns)
    return needs is None or bool(needs.find_matches_as_indexes(lower))


@lru_cache(maxsize=256)
def _spans(patterns: tuple[str, ...], sentence: str) -> tuple[_Span, ...]:
    """Return where any of *patterns* stands; clauses of a text share most of theirs."""
    exact, small = _unions(patterns)
    found = [f.span() for f in exact.finditer(sentence)] if exact else []
    if small:
        found += [f.span() for f in small.finditer(lowered(sentence))]
    return tuple(found)


def _side(sources: Iterable[str], macros: Mapping[str, str]) -> ClausePart:
    named = set(sources) & {COMPANY, REGULATOR}
    patterns = [folded_pattern(expand(s, macros)) for s in sources if s not in named]
    return ClausePart(tuple(patterns), COMPANY in named, REGULATOR in named)


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def _places(sentence: str, names: Iterable[str]) -> Iterator[_Span]:
    for name in names:
        start = sentence.find(name)
        while start >= 0:
            yield start, start + len(name)
            start = sentence.find(name, start + 1)


def _agent(
    actor: ClausePart, others: ClausePart | None, act: _Span, sentence: str, names: Names
) -> _Span | None:
    """Return who is named nearest, first before the act, if that is an actor."""
    strangers = set(others.spans(sentence, names)) if others else set()
    actors = set(actor.spans(sentence, names)) - strangers
    if not actors:
        return None
    everyone = actors | strangers
    # Where both end at one place, the longer name is who is meant.
    before = [s for s in everyone if act[0] - _REACH <= s[1] <= act[0]]
    nearest = max(before, key=lambda s: (s[1], -s[0]), default=None)
    if nearest is None:
        after = [s for s in everyone if act[1] <= s[0] <= act[1] + _BEHIND]
        nearest = min(after, key=lambda s: (s[0], -s[1]), default=None)
    return nearest if nearest in actors else None


def _object(
    side: ClausePart, act: _Span, actor: _Span, sentence: str, names: Names
) -> _Span | None:
    """Return an object near the act that is neither a part of it nor the actor."""
    return next(
        (
            (start, end)
            for start, end in side.spans(sentence, names)
            if (start, end) != actor
            and (start < act[0] or end > act[1])
            and act[0] - _REACH <= end
            and start <= act[1] + _REACH
        ),
        None,
    )
