"""Informativeness of a headline on its own; see ``telling.toml``.

SQL chooses a story's headline among all of them (macro ``speaks``); this module weighs each
one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from transforms.headlines.reports import ReportWeights, read_report_weights
from transforms.names.rules.patterns import PatternSet, pattern_set
from transforms.text.fold import fold

MOST = 9
# What a headline weighs that reports and has no more: alerts and queries know it too.
REPORT = 5
_POINTS = ("actor", "act", "short", "fewest")
_LATIN_WORD = re.compile(r"[a-z0-9][a-z0-9.'’-]*")
_SPACE = re.compile(r"[\s\W_]+")
_HOST = re.compile(r"^(?:https?://)?(?:www\.|m\.)?")


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
