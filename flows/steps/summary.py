"""Summary of a pass, in numbers for people and scripts, and the clock of a pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from connectors.feeds.poll.outcomes import FAILURES, NOBODY
from transforms.models import Alert, Poll
from transforms.text.lengths import counted

# A summary names the commonest few; `feeds health` has them all.
MOST_ERRORS = 5
# What a batch counts; the pass adds it up.
_OF_BATCHES = (
    *("outcomes", "errors", "entries", "new_articles", "changed_articles"),
    *("mentions", "tags", "new_stories", "alerts"),
)
# A function that reports a sentence to a person.
Report = Callable[[str], None]
Clock = Callable[[], datetime]


@dataclass(kw_only=True)
class Summary:
    """The counts of one pass: polls by outcome, delivery attempts by outcome.

    ``errors`` counts what failed polls said, so that the commonest can be told,
    ``full_texts`` visits to articles' pages by outcome, ``translations`` headlines;
    ``warnings`` are sentences on what is not as it should be. Where it ``is_offline`` no
    host answered as it should, and of its polls nothing is on record.
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
    is_offline: bool = False
    held: int = 0
    seconds: float = 0.0

    @property
    def feeds(self) -> int:
        """The number of feeds polled."""
        return self.outcomes.total()

    @property
    def failed(self) -> bool:
        """Whether feeds were polled and all of them failed."""
        bad = sum(self.outcomes[outcome] for outcome in FAILURES)
        return self.feeds > 0 and bad == self.feeds

    @property
    def outcome(self) -> Literal["completed", "failed", "offline"]:
        """The outcome of the pass, as its run has it on record."""
        if self.is_offline:
            return "offline"
        return "failed" if self.failed else "completed"

    def count(self, polls: Iterable[Poll], errors: Iterable[str]) -> None:
        """Count *polls* that left no record, with their *errors*."""
        self.outcomes += Counter(poll.outcome for poll in polls)
        self.errors += Counter(errors)

    def add(self, parts: Iterable[Summary]) -> None:
        """Add the counts of *parts*, batches of this pass."""
        for part in parts:
            for name in _OF_BATCHES:
                setattr(self, name, getattr(self, name) + getattr(part, name))

    def as_json(self) -> dict[str, Any]:
        """Return the object that ``sinowire run --json`` prints."""
        return {
            "run_id": self.run_id,
            "outcome": self.outcome,
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


class NoFeedWorked(Exception):  # noqa: N818  (named for the state)
    """Feeds were polled and all of them failed; *done* is the summary."""

    def __init__(self, done: dict[str, Any]) -> None:
        super().__init__(why_failed(done))
        self.done = done
        self.is_offline: bool = done["outcome"] == "offline"


def in_words(done: Mapping[str, Any]) -> list[str]:
    """Return the summary of a pass, from its JSON, as lines for people."""
    outcomes = ", ".join(f"{n} {name}" for name, n in done["outcomes"].items())
    feeds, articles, stories, sent = (
        counted(done["feeds"], "feed"),
        counted(done["new_articles"], "new article"),
        counted(done["new_stories"], "new story", "new stories"),
        counted(done["deliveries"], "delivery attempt"),
    )
    lines = [
        f"{feeds} in {done['seconds']:.1f} s: {outcomes or 'none polled'}",
        (
            f"{counted(done['entries'], 'entry', 'entries')}, {articles}, "
            f"{done['changed_articles']:,} changed; "
            f"{counted(done['mentions'], 'mention')}, "
            f"{counted(done['tags'], 'tag')}, {stories}"
        ),
        f"{counted(done['alerts'], 'alert')}, {sent}{_of(done['delivery_outcomes'])}",
    ]
    if done["held"]:
        lines.append(
            f"{counted(done['held'], 'feed')} not polled: not due yet, or asked by the "
            "server to wait (sinowire feeds health)"
        )
    return lines


def _of(outcomes: Mapping[str, int]) -> str:
    return (
        f": {', '.join(f'{n} {name}' for name, n in outcomes.items())}" if outcomes else ""
    )


def why_failed(done: Mapping[str, Any]) -> str:
    """Return the most frequent error of a pass in which every feed failed."""
    said, count = next(iter(done["errors"].items()), ("nothing", 0))
    if done["outcome"] == "offline":
        return f"{NOBODY} {count} of {done['feeds']} said: {said}"
    return (
        f"no feed worked; {count} of {done['feeds']} said: {said}; "
        "check the network, then run: sinowire feeds health"
    )


def warn(sentences: Iterable[str], report: Report) -> tuple[str, ...]:
    """Report *sentences* as warnings, and return them."""
    said = tuple(sentences)
    for sentence in said:
        report(f"warning: {sentence}")
    return said


def real_clock() -> datetime:
    """Return the current time."""
    return datetime.now(UTC)


def clock_at(moment: datetime | None) -> Clock:
    """Return a clock fixed at *moment*, or the real one without a moment."""
    if moment is None:
        return real_clock
    return lambda: moment
