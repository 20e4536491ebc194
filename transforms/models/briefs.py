"""Briefs and their contents: schedule, items, freshness, trend statistics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import chain
from typing import Literal

BriefPeriod = Literal["day", "week"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledBrief:
    """A scheduled brief: one ``[brief.<id>]`` of ``alerts.toml``.

    A daily brief is sent at ``at`` in ``zone``, a weekly one on ``weekday`` (Monday is 0).
    ``only`` are the sections to keep, all if empty; ``searches`` are those of
    ``searches.toml`` that it lists.
    """

    brief_id: str
    period: BriefPeriod = "day"
    at: time
    weekday: int | None = None
    zone: str = "Asia/Shanghai"
    language: Literal["en", "zh"] = "en"
    channels: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    searches: tuple[str, ...] = ()

    @property
    def rule_id(self) -> str:
        """Rule id in the outbox; ids of rules contain no dot."""
        return f"brief.{self.brief_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldItem:
    """An item of a letter: its headline, the lines below, and a web link or ""."""

    headline: str
    lines: tuple[str, ...] = ()
    link: str = ""

    @property
    def plain(self) -> str:
        """It as a few plain lines."""
        return "\n".join(filter(None, (self.headline, *self.lines, self.link)))


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterSection:
    """Items under one title; a single alert has a section without a title."""

    title: str
    items: tuple[ToldItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Text sent to a channel. ``heading`` is "" for one alert."""

    subject: str
    heading: str
    sections: tuple[LetterSection, ...]

    @property
    def plain(self) -> str:
        """It as plain text, with an empty line between items."""
        parts = ((s.title, *(item.plain for item in s.items)) for s in self.sections)
        return "\n\n".join(filter(None, (self.heading, *chain.from_iterable(parts))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A brief in its sent forms: the front page as a letter, the whole as a mail.

    ``mail`` is a MIME message without sender and recipients.
    """

    letter: Letter
    mail: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """Freshness and completeness of the data.

    ``as_of`` is the newest successful poll or imported article. ``asked`` is the number of
    feeds polled, ``answered`` that of successful last polls. Bursts are computed up to
    ``computed_until``. None means never.
    """

    as_of: datetime | None
    asked: int = 0
    answered: int = 0
    computed_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """Warnings about the data: too old, or with failed feeds."""

    freshness: Freshness
    is_late: bool
    has_failures: bool

    def __bool__(self) -> bool:
        return self.is_late or self.has_failures


@dataclass(frozen=True, kw_only=True)
class WeekShare:
    """What has a share of the company-stories of the seven days of ``week``."""

    week: date


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A company, person, topic or event type."""

    subject_id: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class SubjectName(Subject):
    """A subject and its names."""

    name: str
    name_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount(Subject):
    """Stories on one subject in one reporting day, the input of burst detection."""

    kind: Literal["company", "topic"]
    day: date
    stories: int


@dataclass(frozen=True, kw_only=True)
class BurstDay:
    """A day far above a subject's own recent level; p and q are one-sided."""

    day: date
    observed: int
    expected: float
    p: float
    q: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst(BurstDay, Subject):
    """A subject's day far above its own recent level; p and q are one-sided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergingTerm:
    """A term used far more this week than in the weeks before."""

    week: date
    term: str
    language: str
    count: int
    z: float


@dataclass(frozen=True, kw_only=True)
class Levels:
    """Stories a week before *since* and after, and their ratio with its 95 % interval."""

    since: date
    before: float
    after: float
    ratio: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelShift(Levels, Subject):
    """A subject's latest level shift: stories a week before *since* and after.

    The ratio is that of its share of all stories; *gain* is twice the gain in
    log-likelihood.
    """

    until: date
    gain: float
