"""Briefs and what is told in them: schedule, items, freshness, the numbers of trends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

BriefPeriod = Literal["day", "week"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledBrief:
    """A brief that goes out on schedule: one ``[brief.<id>]`` of ``alerts.toml``.

    That of a day is told every day at ``at`` in ``zone``, that of a week on ``weekday``
    (Monday is 0). ``only`` are the sections to keep, all where it is empty; ``searches``
    are those of ``searches.toml`` whose stories it lists.
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
        """The name under which the outbox knows it; ids of rules hold no dot."""
        return f"brief.{self.brief_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldItem:
    """One thing told: its headline, the lines below, and a link to the web, or ""."""

    headline: str
    lines: tuple[str, ...] = ()
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterSection:
    """Items under one title; a single alert has a section without a title."""

    title: str
    items: tuple[ToldItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What goes to a channel, in words. ``heading`` is "" for one alert."""

    subject: str
    heading: str
    sections: tuple[LetterSection, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A brief as it is sent: its front page as a letter, and the whole as a mail.

    ``mail`` is a MIME message without sender and recipients.
    """

    letter: Letter
    mail: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """How new and how complete the data are.

    ``as_of`` is the newest successful poll or imported article. Of ``asked`` feeds
    ``answered`` did so when they were polled last. Bursts are known up to
    ``computed_until``. None means never.
    """

    as_of: datetime | None
    asked: int = 0
    answered: int = 0
    computed_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """What a reader must be warned of: data that are too old, feeds that failed."""

    freshness: Freshness
    is_late: bool
    has_failures: bool

    def __bool__(self) -> bool:
        return self.is_late or self.has_failures


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
