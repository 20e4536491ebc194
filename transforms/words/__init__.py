"""Wording of briefs, pages and messages: phrases, counts, days and spans by language.

A phrase stands in ``en.toml`` and ``zh.toml`` under the same key.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

LANGUAGES: Final = ("en", "zh")
LONG = 72  # hours: above it they say nothing


@cache
def phrases(language: str) -> Mapping[str, str]:
    """Return every phrase of *language*, one of ``LANGUAGES``, by key."""
    text = (files("transforms.words") / f"{language}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def say(key: str, language: str, **parts: object) -> str:
    """Return the phrase *key* in *language*, filled in with *parts*."""
    return phrases(language)[key].format(**parts)


def counted(key: str, number: int, language: str) -> str:
    """Return a number with its noun, such as "1 story" or "12 stories"."""
    one = f"{key}.one"
    is_one = number == 1 and one in phrases(language)
    return say(one if is_one else key, language, n=f"{number:,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Wording of a language, with the zone of its days and times."""

    language: str
    zone: ZoneInfo

    def word(self, key: str, **parts: object) -> str:
        """Return a phrase, filled in with *parts*."""
        return say(key, self.language, **parts)

    def count(self, key: str, number: int) -> str:
        """Return a number with its noun, such as "1 story" or "12 stories"."""
        return counted(key, number, self.language)

    def label(self, group: str, value: str | None) -> str:
        """Return the label of a code such as a state; the code itself without one."""
        return phrases(self.language).get(f"{group}.{value}", value or "")

    def joined(self, parts: Iterable[str]) -> str:
        """Return *parts* as one enumeration."""
        return self.word("list.and").join(parts)

    def local_day(self, value: date) -> date:
        """Return the day of a moment in the zone; a date is unchanged."""
        return value.astimezone(self.zone).date() if isinstance(value, datetime) else value

    def day(self, value: date, *, form: str = "date") -> str:
        """Return a day, or the day of a moment in the zone, in words."""
        day = self.local_day(value)
        months = self.word("months").split()
        return self.word(
            form,
            day=day.day,
            number=day.month,
            month=months[day.month - 1] if months else "",
            year=day.year,
        )

    def span(self, hours: float) -> str:
        """Return a length of time in a suitable unit."""
        if hours < 1:
            return self.word("minutes", n=round(hours * 60))
        if hours < LONG:
            return self.word("hours", n=round(hours))
        return self.word("days", n=round(hours / 24))
