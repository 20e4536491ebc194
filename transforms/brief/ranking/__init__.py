"""Ranking of a brief's stories: developing stories by score, highest first."""

from transforms.brief.ranking.leads import (
    ASKED,
    EARLIER,
    EarlierTelling,
    Lead,
    LeadCandidate,
    RankingWeights,
    StoryTraits,
    known_behind,
    known_since,
    why_here,
)
from transforms.brief.ranking.rank import is_light, rank

__all__ = [
    "ASKED",
    "EARLIER",
    "EarlierTelling",
    "Lead",
    "LeadCandidate",
    "RankingWeights",
    "StoryTraits",
    "is_light",
    "known_behind",
    "known_since",
    "rank",
    "why_here",
]
