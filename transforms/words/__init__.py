"""Wording of briefs, pages and messages: phrases, counts, days, spans and changes.

A phrase stands in ``en.toml`` and ``zh.toml`` under the same key.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

LANGUAGES: Final = ("en", "zh")
HTML_LANGUAGE: Final = {"en": "en", "zh": "zh-Hans"}
LONG = 72  # hours: above it they say nothing
# Under 10 stories a percentage and under 5 an arrow would report noise as news.
MIN_PERCENT = 10
MIN_ARROW = 5
NBSP = "\N{NO-BREAK SPACE}"
SENTENCE = 3  # Latin words: fewer are a name
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_HAN_RUN = re.compile(rf"{_HAN.pattern}+")
_LATIN = re.compile(r"[A-Za-z]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")


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


def in_language(text: str, language: str) -> Markup:
    """Return *text* escaped, with text in another language than the page marked.

    Screen readers need the language for pronunciation, browsers for the font.
    """
    han = len(_HAN.findall(text))
    if language == "en" and han:
        if 2 * han >= len(_LATIN.findall(text)):
            return Markup('<span lang="zh">{}</span>').format(text)
        marked = _HAN_RUN.sub(r'<span lang="zh">\g<0></span>', str(escape(text)))
        return Markup(marked)  # noqa: S704  escaped above
    if language == "zh" and not han and len(_LATIN_WORD.findall(text)) >= SENTENCE:
        return Markup('<span lang="en">{}</span>').format(text)
    return escape(text)


def change(now: int, before: int | None) -> str:
    """Return an arrow with the change in percent, as far as the counts allow."""
    if before is None or now < MIN_ARROW:
        return ""
    arrow = "↑" if now > before else "↓" if now < before else "→"
    if min(now, before) < MIN_PERCENT:
        return arrow
    return f"{arrow} {100 * abs(now - before) / before:.0f}{NBSP}%"


def level(expected: float) -> str:
    """Return an expected count; below 0.1 it keeps one significant digit."""
    return f"{expected:.1f}" if expected >= 0.1 else f"{expected:.1g}"  # noqa: PLR2004


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
