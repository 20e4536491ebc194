"""Trends: counts of days, bursts and shifts of them, terms that emerge, wordings."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelShift:
    """A subject's latest change of level: stories a week before *since* and from it on.

    The ratio is of its part of all stories; *gain* is twice the gain in log-likelihood.
    """

    subject_id: str
    kind: Literal["company", "topic"]
    since: date
    until: date
    before: float
    after: float
    ratio: float
    low: float
    high: float
    gain: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FramePole:
    """One of the two opposite wordings of a frame."""

    frame_id: str
    pole: str
    name: str
    name_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Framing:
    """An article whose headline is worded as one pole of a frame has it."""

    article_id: str
    frame_id: str
    pole: str
    term: str
