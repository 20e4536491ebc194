"""Whether a headline reports what happened or talks about it: a score that was learned.

``reports.toml`` of a beat holds what each sign adds, in hundredths of log-odds. Signs are
what is found in an article, and the pieces of its title: a Chinese one's characters, alone
and by two, with both ends; an English one's words, alone and by two, and its letters by
three and four. Digits are 0, and each name of the watchlist is one sign.

What a headline tells on its own (``telling.toml``) is weighed here too; SQL chooses a
story's headline among all of them (macro ``speaks``).
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from operator import add
from typing import Any, NamedTuple

from transforms.models import Mention
from transforms.names.rules.patterns import PatternSet, pattern_set
from transforms.text.fold import Folded, fold, lowered

NAME = "※"
# What a fit knows to be the Chinese script.
CHINESE = "chinese"
_HUNDREDTHS = 100
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[a-z0]+(?:['.&+-][a-z0]+)*|\S")
# Explanations, pictures and names on show are no acts of an official source. SQL has the
# same of its own: views/05_official_acts.sql.
_NO_ACT = re.compile(
    "解读|读懂|看懂|图解|答记者问|有关问题答|公开招聘|拟聘|拟录用|部门预算|部门决算|工作动态"
    r"|公示(公告)?([\s（(：:，,。】）)]|$)"
)
MOST = 9
# What a headline weighs that reports and has no more: alerts and queries know it too.
REPORT = 5
_POINTS = ("actor", "act", "short", "fewest")
_LATIN_WORD = re.compile(r"[a-z0-9][a-z0-9.'’-]*")
_SPACE = re.compile(r"[\s\W_]+")
_HOST = re.compile(r"^(?:https?://)?(?:www\.|m\.)?")


class ReportSigns(NamedTuple):
    """What is found of a headline, and the pieces of its title."""

    findings: Mapping[str, float]
    pieces: Sequence[str]


class ReportWeights(NamedTuple):
    """What each sign adds, and what a headline begins with in Chinese and else.

    A beginning holds the threshold: a headline with 0 or more is a report.
    """

    start: tuple[int, int]
    findings: Mapping[str, int]
    pieces: Mapping[str, int]

    def score(self, signs: ReportSigns) -> float:
        """Return how far a headline is above the threshold of reports, in log-odds."""
        total: float = self.start[CHINESE not in signs.findings]
        for name, value in signs.findings.items():
            if weight := self.findings.get(name):
                total += value * weight
        total += sum(filter(None, map(self.pieces.get, signs.pieces)))
        return round(total / _HUNDREDTHS, 2)


def pieces_of(title: Folded, mentions: Iterable[Mention], *, is_chinese: bool) -> list[str]:
    """Return the pieces of a title, read whole whatever stands before a bar."""
    return pieces_in(_nameless(title, mentions), is_chinese=is_chinese)


def pieces_in(nameless: str, *, is_chinese: bool) -> list[str]:
    """Return the pieces of a title in lower case whose names are one sign."""
    text = _NUMBER.sub("0", nameless)
    if is_chinese:
        text = f"^{''.join(text.split())}$"
        return [*text[1:-1], *map(add, text, text[1:])]
    words = _WORD.findall(text)
    text = f" {' '.join(words)} "
    two = list(map(add, text, text[1:]))
    return [
        *[f" {word} " for word in words if len(word) > 2],  # noqa: PLR2004  else letters
        *[f" {one} {other} " for one, other in pairwise(("^", *words, "$"))],
        *map(add, two, text[2:]),
        *map(add, two, two[2:]),
    ]


def read_report_weights(data: Mapping[str, Any]) -> ReportWeights:
    """Return the weights of a TOML table, whose lines hold several."""
    findings, pieces = (
        dict(chain.from_iterable(line.items() for line in data[name]))
        for name in ("findings", "pieces")
    )
    start = data["start"]
    return ReportWeights((start["chinese"], start["else"]), findings, pieces)


def _nameless(title: Folded, mentions: Iterable[Mention]) -> str:
    lower, at, parts = lowered(title.text), 0, []
    places = title.starts or range(len(lower))
    named = [(m.start, m.length) for m in mentions if m.field == "title" and m.length]
    for start, length in sorted(named):
        if (begin := bisect_left(places, start)) >= at:
            parts += [lower[at:begin], NAME]
            at = bisect_left(places, start + length)
    return "".join((*parts, lower[at:]))


def is_act(title: str) -> bool:
    """Tell whether an official source's headline may be of an act of its own."""
    return _NO_ACT.search(title) is None


@dataclass(frozen=True, slots=True)
class TellingPart:
    """Points added to or taken from a headline's weight, and the reason."""

    what: str
    adds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Weight of a headline, 0 to 9, with its parts."""

    weight: int
    parts: tuple[TellingPart, ...]


def is_report(weight: int | None, score: float | None = None) -> bool:
    """Tell whether a headline of this *weight* and *score* reports what happened.

    Questions, guides, opinions and teasers are below a threshold; None is above.
    """
    return (weight is None or weight >= REPORT) and (score is None or score >= 0)


@dataclass(frozen=True, slots=True, eq=False)
class TellingRules:
    """What the forms, sources and lengths of headlines add to their weight or take off."""

    points: Mapping[str, int]
    forms: PatternSet
    costs: tuple[TellingPart, ...]
    sources: Mapping[str, TellingPart]
    reports: ReportWeights

    def weigh(
        self, title: str, sources: Iterable[str], *, names_actor: bool, tells_act: bool
    ) -> Telling:
        """Return the weight of *title*, lower-case text in simplified characters.

        *sources* are the names of its publishers.
        """
        parts = tuple(_parts(title, sources, self, actor=names_actor, act=tells_act))
        weight = REPORT + sum(part.adds for part in parts)
        return Telling(weight=max(0, min(MOST, weight)), parts=parts)


def _parts(
    title: str, sources: Iterable[str], by: TellingRules, *, actor: bool, act: bool
) -> Iterator[TellingPart]:
    if actor:
        yield TellingPart("names who acts", by.points["actor"])
    if act:
        yield TellingPart("tells an act", by.points["act"])
    if form := _form(title, by):
        yield form
    kinds = (_kind(source, by) for source in sources if source)
    if source := next(filter(None, kinds), None):
        yield source
    yield from _length(title, by.points)


def _form(title: str, by: TellingRules) -> TellingPart | None:
    """Return the heaviest form; they stand in this order."""
    likely = by.forms.likely(title)
    found = (n for n in likely if by.forms.patterns[n].search(title))
    return next((by.costs[number] for number in found), None)


@lru_cache(maxsize=1024)
def _kind(source: str, by: TellingRules) -> TellingPart | None:
    """Return what a feed, publisher or host is by a name in it, as whole words."""
    words = _SPACE.split(_HOST.sub("", fold(source).text.lower()))
    names = (name for name in _runs(words) if name in by.sources)
    return next(map(by.sources.__getitem__, names), None)


def _runs(words: Sequence[str]) -> list[str]:
    """Return two words together, then each: the first that is known counts."""
    pairs = [f"{a}{mark}{b}" for a, b in pairwise(words) for mark in "- "]
    return [*pairs, *words]


def _length(title: str, points: Mapping[str, int]) -> Iterator[TellingPart]:
    latin = _LATIN_WORD.findall(title)
    others = _SPACE.sub("", _LATIN_WORD.sub("", title))
    letters = len(others) + 2 * len(latin)
    if letters < points["fewest"]:
        yield TellingPart("short", -points["short"])


def read_telling(text: str, learned: str) -> TellingRules:
    """Return the rules of two TOML texts, the second of learned weights.

    Raises:
        ValueError: Headlines begin with another weight than that of a report.
    """
    data = tomllib.loads(text)
    if data["begin"] != REPORT:
        raise ValueError(f"begin is {data['begin']}; a report weighs {REPORT}")
    return TellingRules(
        points={name: int(data[name]) for name in _POINTS},
        forms=pattern_set([re.compile(form["pattern"]) for form in data["form"]]),
        costs=tuple(TellingPart(form["name"], -form["costs"]) for form in data["form"]),
        sources={
            fold(name).text: TellingPart(source["name"], -source["costs"])
            for source in data["source"]
            for name in source["names"]
        },
        reports=read_report_weights(tomllib.loads(learned)),
    )
