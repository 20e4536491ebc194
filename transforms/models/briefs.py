"""Briefs that are sent on schedule, and letters: what a channel shows, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
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
