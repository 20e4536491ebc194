"""What a pass did, in numbers: printed to people and, as JSON, to scripts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from connectors.feeds.poll.outcomes import FAILURES
from transforms.models import Alert

# A summary names the commonest few; `feeds health` has them all.
MOST_ERRORS = 5

# What hears a sentence for a person.
Report = Callable[[str], None]


@dataclass(kw_only=True)
class Summary:
    """The counts of one pass: polls by outcome, delivery attempts by outcome.

    ``errors`` counts what failed polls said, so that the commonest can be told,
    ``full_texts`` visits to articles' pages by outcome, ``translations`` headlines;
    ``warnings`` are sentences on what is not as it should be.
    """

    run_id: str = ""
    outcomes: Counter[str] = field(default_factory=Counter)
    entries: int = 0
    new_articles: int = 0
    changed_articles: int = 0
    mentions: int = 0
    tags: int = 0
    new_stories: int = 0
    alerts: list[Alert] = field(default_factory=list)
    deliveries: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    full_texts: Counter[str] = field(default_factory=Counter)
    translations: Counter[str] = field(default_factory=Counter)
    warnings: list[str] = field(default_factory=list)
    held: int = 0
    seconds: float = 0.0

    @property
    def feeds(self) -> int:
        """How many feeds were polled."""
        return self.outcomes.total()

    @property
    def failed(self) -> bool:
        """Whether feeds were polled and not one of them worked."""
        bad = sum(self.outcomes[outcome] for outcome in FAILURES)
        return self.feeds > 0 and bad == self.feeds

    def add(self, parts: Iterable[Summary]) -> None:
        """Add the counts of *parts*, batches of this pass."""
        for part in parts:
            self.outcomes += part.outcomes
            self.errors += part.errors
            self.entries += part.entries
            self.new_articles += part.new_articles
            self.changed_articles += part.changed_articles
            self.mentions += part.mentions
            self.tags += part.tags
            self.new_stories += part.new_stories
            self.alerts += part.alerts

    def as_json(self) -> dict[str, Any]:
        """Return the object that ``sinowire run --json`` prints."""
        return {
            "run_id": self.run_id,
            "feeds": self.feeds,
            "outcomes": dict(sorted(self.outcomes.items())),
            "entries": self.entries,
            "new_articles": self.new_articles,
            "changed_articles": self.changed_articles,
            "mentions": self.mentions,
            "tags": self.tags,
            "new_stories": self.new_stories,
            "alerts": len(self.alerts),
            "deliveries": self.deliveries.total(),
            "delivery_outcomes": dict(sorted(self.deliveries.items())),
            "errors": dict(self.errors.most_common(MOST_ERRORS)),
            "held": self.held,
            "full_texts": dict(sorted(self.full_texts.items())),
            "translations": dict(sorted(self.translations.items())),
            "warnings": self.warnings,
            "seconds": round(self.seconds, 3),
        }
