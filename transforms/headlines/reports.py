"""Whether a headline reports what happened or talks about it: a score that was learned.

``reports.toml`` of a beat holds what each sign adds, in hundredths of log-odds. Signs are
what is found in an article, and the pieces of its title: a Chinese one's characters, alone
and by two, with both ends; an English one's words, alone and by two, and its letters by
three and four. Digits are 0, and each name of the watchlist is one sign.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, pairwise
from operator import add
from typing import Any, NamedTuple

from transforms.models import Mention
from transforms.text.fold import Folded, lowered

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
