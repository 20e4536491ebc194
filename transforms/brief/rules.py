"""What a home's briefs and pages are written by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from transforms.brief.ranking.leads import RankingWeights
from transforms.freshness import PATIENCE

_NONE: Mapping[str, frozenset[str]] = {}


class BriefRules(NamedTuple):
    """Parts of a home's beat and settings: how stories rank, and from when data are old.

    ``names`` are those of the beat by language, and ``themes`` those of its themes;
    ``states`` is what the state of a side is called, ``side`` whose acts and answers are
    told ("" for none); ``in_chinese`` is whether some headlines are.
    Data without news for longer than ``patience`` are reported as old; chance alone may
    cause so many ``false_alarms`` a week.
    """

    names: Mapping[str, str]
    themes: Mapping[str, Mapping[str, str]]
    ranking: RankingWeights
    states: Mapping[str, frozenset[str]] = _NONE
    side: str = "cn"
    in_chinese: bool = True
    patience: timedelta = PATIENCE
    false_alarms: float = 2.0
