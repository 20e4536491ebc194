"""What a home's briefs and pages are written by."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from transforms.brief.ranking.leads import RankingWeights
from transforms.freshness import PATIENCE


class BriefRules(NamedTuple):
    """Parts of a home's beat and settings: what makes a story lead, and what is old.

    Data without news for longer than ``patience`` are reported as old; chance alone may
    cause so many ``false_alarms`` a week.
    """

    ranking: RankingWeights
    patience: timedelta = PATIENCE
    false_alarms: float = 2.0
