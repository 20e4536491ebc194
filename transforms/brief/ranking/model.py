"""What is known of a story that may lead, and what it becomes."""

from __future__ import annotations

from dataclasses import dataclass, replace

# Less than this is not worth a word.
LEAST = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadCandidate:
    """A story of the period.

    ``titles`` are its headlines of the period, ``subjects`` the companies and bodies that
    these are about, ``named`` all that its articles name. ``relevance`` is how surely it
    is of the beat, 0 to 1, ``bursts`` are the companies far above their own level that it
    is about.
    """

    story_id: str
    titles: tuple[str, ...]
    publishers: tuple[str, ...]
    languages: tuple[str, ...]
    articles: int
    subjects: tuple[str, ...]
    named: tuple[str, ...]
    topics: tuple[str, ...]
    events: tuple[str, ...]
    relevance: float
    affairs: tuple[str, ...] = ()
    bursts: tuple[str, ...] = ()

    @property
    def is_in_both(self) -> bool:
        """Whether outlets of both languages tell it."""
        return {"en", "zh"} <= set(self.languages)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The ids of its topics and events."""
        return (*self.topics, *self.events)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """An affair of one story or several: *story_ids* begin with the one that tells it.

    ``reasons`` are what raised and lowered its score, by name; ``outlets`` tell it.
    """

    story_ids: tuple[str, ...]
    score: float
    reasons: tuple[tuple[str, float], ...]
    outlets: int

    def lessened(self, part: float, why: str) -> Lead:
        """Return it with a *part* of its score, and the reason *why* the rest is gone."""
        if part == 1:
            return self
        score = round(self.score * part, 4)
        less = (why, round(score - self.score, 4))
        return replace(self, score=score, reasons=(*self.reasons, less))

    @property
    def why(self) -> str:
        """What weighed, the most first, as ``outlets 2.3, both languages 1.2``."""
        weighed = sorted(self.reasons, key=lambda reason: -abs(reason[1]))
        return ", ".join(
            f"{name} {weight:.1f}" for name, weight in weighed if abs(weight) >= LEAST
        )
