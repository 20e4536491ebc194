"""Which stories lead a brief: affairs put together, weighed, the weightiest first."""

from transforms.brief.ranking.here import why_here
from transforms.brief.ranking.known import (
    ASKED,
    EARLIER,
    EarlierTelling,
    known_behind,
    known_since,
)
from transforms.brief.ranking.model import Lead, LeadCandidate
from transforms.brief.ranking.rank import is_light, rank

__all__ = [
    "ASKED",
    "EARLIER",
    "EarlierTelling",
    "Lead",
    "LeadCandidate",
    "is_light",
    "known_behind",
    "known_since",
    "rank",
    "why_here",
]
