"""Which stories lead a brief: affairs put together, weighed, the weightiest first."""

from transforms.brief.ranking.model import Candidate, Lead
from transforms.brief.ranking.rank import rank

__all__ = ["Candidate", "Lead", "rank"]
