"""Trends: counts of days, bursts above them, terms that emerge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """Stories on one subject in one reporting day, the raw material of bursts."""

    subject_id: str
    kind: Literal["company", "topic"]
    day: date
    stories: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """A subject's day far above its own recent level; p and q are one-sided."""

    subject_id: str
    kind: Literal["company", "topic"]
    day: date
    observed: int
    expected: float
    p: float
    q: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergingTerm:
    """A term used this week far more than in the weeks before."""

    week: date
    term: str
    language: str
    count: int
    z: float
