"""Decide whether two headlines report the same event, and say why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from transforms.stories.crossing import ENOUGH, signs
from transforms.stories.features import Features, features
from transforms.stories.likeness import likeness, may_be_alike, reasons, threshold

# Coverage of one event comes within three days; what comes later is another turn.
WINDOW = timedelta(hours=72)
# Across languages words give no evidence, so the time has to give more.
CROSS_WINDOW = timedelta(hours=48)
# From here on two headlines are one story, whatever their scripts.
SAME = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryText:
    """What a comparison may know of an article; all but the title may be unknown.

    ``companies`` are those that title and summary name. They matter most across
    languages, where nothing is alike without them.
    """

    title: str
    summary: str = ""
    language: str = ""
    publisher: str = ""
    published_at: datetime | None = None
    companies: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Whether two headlines report one event, how sure that is, and why."""

    same: bool
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class Side:
    """One of two headlines, read."""

    parts: Features
    companies: frozenset[str]
    published_at: datetime | None


def compare(a: StoryText, b: StoryText) -> Comparison:
    """Return whether *a* and *b* report the same event; 0.5 and more is a yes."""
    left, right = _side(a), _side(b)
    score = match(left, right)
    return Comparison(same=score >= SAME, score=round(score, 4), why=_why(left, right))


def may_match(a: Side, b: Side) -> bool:
    """Tell, at a tenth of the price of ``match``, whether it could say yes.

    Most headlines that a key brings together share a word or two and no more.
    """
    if a.parts.is_han != b.parts.is_han:
        return not a.companies.isdisjoint(b.companies)
    return may_be_alike(a.parts, b.parts)


def match(a: Side, b: Side) -> float:
    """Return how sure it is, from 0 to 1, that two headlines report one event."""
    if _gap(a, b) > _window(a, b):
        return 0.0
    if a.parts.is_han != b.parts.is_han:
        found = signs(a.parts, b.parts, a.companies & b.companies)
        return _calibrated(min(1.0, sum(found.values())), ENOUGH)
    raw = likeness(a.parts, b.parts, a.companies, b.companies)
    return _calibrated(raw, threshold(a.parts))


def _calibrated(raw: float, needed: float) -> float:
    """Stretch *raw* so that what is just enough becomes 0.5 and 1 stays 1."""
    if raw < needed:
        return SAME * raw / needed
    return SAME + (1 - SAME) * (raw - needed) / (1 - needed)


def _side(text: StoryText) -> Side:
    return Side(features(text.title), text.companies, text.published_at)


def _gap(a: Side, b: Side) -> timedelta:
    if a.published_at is None or b.published_at is None:
        return timedelta(0)
    return abs(a.published_at - b.published_at)


def _window(a: Side, b: Side) -> timedelta:
    return WINDOW if a.parts.is_han == b.parts.is_han else CROSS_WINDOW


def _why(a: Side, b: Side) -> str:
    if _gap(a, b) > (window := _window(a, b)):
        return f"more than {window // timedelta(hours=1)} hours apart"
    if a.parts.is_han == b.parts.is_han:
        raw = likeness(a.parts, b.parts, a.companies, b.companies)
        return reasons(a.parts, b.parts, raw)
    companies = a.companies & b.companies
    if not companies:
        return "two languages and no company in common"
    found = signs(a.parts, b.parts, companies)
    return "; ".join((f"companies {', '.join(sorted(companies))}", *found))
