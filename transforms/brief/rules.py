"""What a home's briefs and pages are written by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from transforms.brief.ranking.leads import RankingWeights
from transforms.freshness import PATIENCE


class BriefRules(NamedTuple):
    """Parts of a home's beat and settings: what makes a story lead, and what is old.

    ``names`` are those of the beat by language, and ``themes`` those of its themes.
    Data without news for longer than ``patience`` are reported as old; chance alone may
    cause so many ``false_alarms`` a week.
    """

    names: Mapping[str, str]
    themes: Mapping[str, Mapping[str, str]]
    ranking: RankingWeights
    patience: timedelta = PATIENCE
    false_alarms: float = 2.0
