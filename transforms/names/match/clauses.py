"""Clauses: actor, act and object within one sentence.

The actor of an act is the nearest entity named before it, else the next one after it:
"Utopia bans Erewhon's drones", "drones banned by Utopia", "Utopia's drone ban". So this
module is independent of language; the patterns of names exclude positions that are no actor
("on Utopia", "对某国").
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from transforms.names.match.wordings import Places, Sentence, Span, Wording, Wordings, spans
from transforms.names.rules.patterns import expand, folded_pattern
from transforms.names.rules.topics import COMPANY, REGULATOR
from transforms.names.rules.watchlist import Clause
from transforms.text.fold import fold

# A semicolon, a bar or a dash ends a clause as a full stop does; a comma does not, since
# a Chinese sentence names its subject before the first.
_END = re.compile(
    r"[。！？!?；;|｜丨…\n]+|\s[–—-]+\s|——"
    r"|(?<=[a-z0-9)\"'%])(?<!Inc)(?<!Corp)(?<!Co)(?<!Ltd)(?<!Mr)(?<!Dr)\. "
)
# What such an end has, and most texts have little of: each is looked at by itself.
_MAY_END = re.compile("[。！？!?;；|｜丨…\n.–—-]")
_DASHES = frozenset("–—-")
# Beyond so many characters, two words belong together by chance.
_REACH = 90
# After the act, its actor follows closely: "banned by Utopia".
_BEHIND = 30
# A product is called by few words, with the act at one end and its kind at the other.
_LONGEST_NAME = 40
_BREAK = re.compile(r"[,，、:：()（）]")
_ARTICLES = re.compile(
    r"^(?:(?:an?|the|its|their|his|her|on|for|of|in|to|with)\s+|[了其的]|旗下)+",
    re.IGNORECASE,
)
# The companies that title and summary name, and how they spell each.
Named = Mapping[str, Collection[str]]
NOBODY: Named = MappingProxyType({})


class Framed(NamedTuple):
    """Match of a clause: actor, act and object in reading order, and the object alone."""

    words: str
    object: str


class Names(NamedTuple):
    """Spellings of the companies and public bodies named in the folded text."""

    companies: frozenset[str]
    regulators: frozenset[str]


_NOBODY = Names(frozenset(), frozenset())


@dataclass(frozen=True, slots=True, eq=False)
class ClausePart:
    """One part of a clause: patterns with their mask, and named entities."""

    wordings: tuple[Wording, ...]
    mask: int
    companies: bool
    regulators: bool

    @property
    def said(self) -> tuple[list[str], bool, bool]:
        """Its patterns, and which entities it may be."""
        return [each.source for each in self.wordings], self.companies, self.regulators

    def spans(self, sentence: Sentence, names: Names) -> list[Span]:
        """Return the spans of the part in *sentence*."""
        found = spans(self.wordings, self.mask, sentence)
        if self.companies and names.companies:
            found = found + _places(sentence.text, names.companies)
        if self.regulators and names.regulators:
            found = found + _places(sentence.text, names.regulators)
        return found

    def may_stand(self, likely: int, names: Names) -> bool:
        """Tell whether a text has a literal that the part needs; most lack it."""
        return bool(
            self.mask & likely
            or (self.companies and names.companies)
            or (self.regulators and names.regulators)
        )


@dataclass(frozen=True, slots=True, eq=False)
class CompiledClause:
    """A compiled clause; an absent part is None."""

    act: ClausePart
    actor: ClausePart | None
    object: ClausePart | None
    others: ClausePart | None
    excludes: ClausePart | None

    @property
    def said(self) -> str:
        """All of its parts, as one text to compare."""
        parts = (self.act, self.actor, self.object, self.others, self.excludes)
        return repr([part and part.said for part in parts])

    def may_stand(self, likely: int, names: Names) -> bool:
        """Tell whether a text with these literals may match every part."""
        if not self.act.mask & likely:
            return False
        if self.object and not self.object.may_stand(likely, names):
            return False
        return self.actor is None or self.actor.may_stand(likely, names)

    def search(self, sentences: Iterable[Sentence], names: Names) -> Framed | None:
        """Return the first match of the clause in *sentences*; None without one."""
        for sentence in sentences:
            may_stand = self.may_stand(sentence.likely, names)
            if may_stand and (found := self._in_sentence(sentence, names)):
                return found
        return None

    def _in_sentence(self, sentence: Sentence, names: Names) -> Framed | None:
        acts = self.act.spans(sentence, names)
        if not acts or (self.object and not self.object.spans(sentence, names)):
            return None
        for act in acts:
            actor = self._actor(act, sentence, names)
            if actor is None:
                continue
            over = _object(self.object, act, actor, sentence, names) if self.object else act
            if over is not None:
                if self.excludes and self.excludes.spans(sentence, names):
                    return None
                parts = sorted({actor, act, over})
                words = " … ".join(sentence.text[start:end].strip() for start, end in parts)
                return Framed(words, self._done_to(act, actor, over, sentence, names))
        return None

    def _done_to(
        self, act: Span, actor: Span, over: Span, sentence: Sentence, names: Names
    ) -> str:
        """Return what the act is done to: a name as it stands, or a thing in its words."""
        if not self.object or over == act:
            return ""
        if self.object.companies or self.object.regulators:
            found = self.object.spans(sentence, names)
            after = [s for s in found if act[1] <= s[0] <= act[1] + _REACH and s != actor]
            nearest = min(after, key=lambda s: (s[0], -s[1]), default=over)
            return sentence.text[slice(*nearest)].strip()
        others = self.object.spans(sentence, _NOBODY)
        return _in_words(act, actor, _to_its_end(over, others), sentence.text)

    def _actor(self, act: Span, sentence: Sentence, names: Names) -> Span | None:
        return _agent(self.actor, self.others, act, sentence, names) if self.actor else act


def compile_frame(
    clause: Clause, macros: Mapping[str, str], wordings: Wordings
) -> CompiledClause:
    """Compile *clause*; its patterns are added to *wordings*."""

    def side(sources: tuple[str, ...]) -> ClausePart | None:
        return _side(sources, macros, wordings) if sources else None

    return CompiledClause(
        act=_side(clause.act, macros, wordings),
        actor=side(clause.actor),
        object=side(clause.object),
        others=side(clause.others),
        excludes=side(clause.excludes),
    )


def names_of(named: Named, regulators: Container[str]) -> Names:
    """Return the folded spellings of companies and of *regulators*."""
    sides: tuple[set[str], set[str]] = set(), set()
    for company_id, spellings in named.items():
        sides[company_id in regulators].update(fold(s).text for s in spellings)
    return Names(*map(frozenset, sides))


def sentences_of(text: str, lower: str, places: Places) -> list[Sentence]:
    """Return the sentences of *text*; parts of a headline count as sentences."""
    ends = list(_ends(text))
    if not ends:
        return [Sentence(text, lower, places.likely)]
    begins = [0, *(end for _, end in ends)]
    stops = [*(start for start, _ in ends), len(text)]
    return [
        Sentence(text[start:end], lower[start:end], places.between(start, end))
        for start, end in zip(begins, stops, strict=True)
        if start < end
    ]


def _ends(text: str) -> Iterator[Span]:
    """Yield what ``_END`` finds, several times as fast."""
    done = 0
    for found in _MAY_END.finditer(text):
        at = found.start()
        if at < done:
            continue
        # A dash ends a clause with the space before it.
        is_apart = at > done and text[at] in _DASHES and text[at - 1].isspace()
        end = (is_apart and _END.match(text, at - 1)) or _END.match(text, at)
        if end:
            done = end.end()
            yield end.span()


def _side(
    sources: Iterable[str], macros: Mapping[str, str], wordings: Wordings
) -> ClausePart:
    named = set(sources) & {COMPANY, REGULATOR}
    patterns = [folded_pattern(expand(s, macros)) for s in sources if s not in named]
    added = wordings.add(patterns)
    mask = sum(wording.bit for wording in added)
    return ClausePart(added, mask, COMPANY in named, REGULATOR in named)


def _places(sentence: str, names: Iterable[str]) -> list[Span]:
    """Return where *names* stand, in reading order."""
    found: list[Span] = []
    for name in names:
        start = sentence.find(name)
        while start >= 0:
            found.append((start, start + len(name)))
            start = sentence.find(name, start + 1)
    return sorted(found)


def _agent(
    actor: ClausePart,
    others: ClausePart | None,
    act: Span,
    sentence: Sentence,
    names: Names,
) -> Span | None:
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
    side: ClausePart, act: Span, actor: Span, sentence: Sentence, names: Names
) -> Span | None:
    """Return an object near the act, no part of it, nor of the actor's name."""
    # The car in the name of a carmaker is no car; what is only likely a name may be one.
    own = actor if sentence.text[slice(*actor)] in names.companies else (0, 0)
    return next(
        (
            (start, end)
            for start, end in side.spans(sentence, names)
            if (start, end) != actor
            and not own[0] <= start < end <= own[1]
            and (start < act[0] or end > act[1])
            and act[0] - _REACH <= end
            and start <= act[1] + _REACH
        ),
        None,
    )


def _to_its_end(over: Span, others: Iterable[Span]) -> Span:
    """Return *over* with what follows at once: "humanoid" and "robot" are one thing."""
    start, end = over
    for begins, ends in sorted(others):
        if start <= begins <= end + 1:
            end = max(end, ends)
    return start, end


def _in_words(act: Span, actor: Span, over: Span, text: str) -> str:
    """Return an object with the words between it and the act, or the actor before it."""
    start, end = over
    begins = (
        act[1] if act[1] <= start else actor[1] if actor[1] <= start < act[0] else start
    )
    # A pattern may end within a word: "a plant in H".
    while (letters := text[end - 1 : end + 1]).isascii() and letters[1:].isalpha():
        end += 1
    words = text[begins:end].strip()
    if len(words) > _LONGEST_NAME or _BREAK.search(words):
        words = text[start:end].strip()
    return _ARTICLES.sub("", words)
