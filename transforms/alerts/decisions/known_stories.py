"""Known stories: their coverage and past alerts on them, the input of decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from transforms.alerts.rules.alert_rules import AlertRules
from transforms.alerts.rules.tagged_article import TaggedArticle
from transforms.models import (
    Alert,
    Article,
    ArticleClaim,
    ArticleMeasure,
    ClaimOutcome,
    Mention,
    Rule,
    Tag,
)

# Rule and company: the key of a cooldown.
Subject = tuple[str, str | None]
# Rule and story: the key of a first alert.
StoryKey = tuple[str, str]
# Rule and affair: the key of the alert that the affair's turns update.
AffairKey = tuple[str, str]
# Rule, company and topic: what else is of a day's news is an update of the alert on it.
NewsKey = tuple[str, str, str | None]
_NO_MEASURES: Mapping[str, Sequence[ArticleMeasure]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Outlets and languages of a story, including the articles of this batch.

    ``crossed_by`` are the first articles in each further language.
    """

    publishers: int = 1
    languages: frozenset[str] = frozenset()
    crossed_by: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Alert history of a rule on a story: its alert and the updates.

    ``alert_id`` is the first alert, which may be on an earlier story of its affair.
    ``is_open`` says that updates may follow: it was sent, or merely muted, and is not
    resolved.
    """

    alert_id: str
    is_open: bool = True
    is_sent: bool = True
    publishers: int = 1
    languages: frozenset[str] = frozenset()
    companies: frozenset[str] = frozenset()


def told_by(alert: Alert) -> Told:
    """Return the history of a rule on a story that begins with *alert*."""
    return Told(
        alert_id=alert.updates_alert_id or alert.alert_id,
        is_open=alert.is_open,
        is_sent=alert.state != "suppressed",
        publishers=alert.publishers,
        languages=frozenset(alert.languages),
        companies=frozenset(alert.companies),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A claim of a story that an article of this batch is the first to settle."""

    claim_id: str
    story_id: str
    subject: str
    outcome: ClaimOutcome

    @property
    def step(self) -> str:
        """What an update on it brings."""
        return f"{self.outcome}:{self.claim_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownStories:
    """Stored coverage of the stories of a batch, and earlier alerts on them.

    ``earlier`` are a story's stored articles, for rules that wait for outlets. ``affairs``
    are the affairs of each story, and ``threads`` the first alerts of rules on them.
    ``news`` are the last first alerts of rules on companies and topics, with their times.
    ``settled`` are the claims that each article settles, the earliest first; what was told
    of their stories is known, too.
    """

    coverage: Mapping[str, Coverage] = field(default_factory=dict)
    earlier: Mapping[str, Sequence[TaggedArticle]] = field(default_factory=dict)
    told: Mapping[StoryKey, Told] = field(default_factory=dict)
    affairs: Mapping[str, Sequence[str]] = field(default_factory=dict)
    threads: Mapping[AffairKey, str] = field(default_factory=dict)
    last_alert_at: Mapping[Subject, datetime] = field(default_factory=dict)
    news: Mapping[NewsKey, tuple[str, datetime]] = field(default_factory=dict)
    settled: Mapping[str, Sequence[Settled]] = field(default_factory=dict)


def news_keys(alert: Alert) -> list[NewsKey]:
    """Return the keys of the news that *alert* tells: none without a topic."""
    topic = alert.topic_id
    return [(alert.rule_id, each, topic) for each in alert.companies if topic]


def may_speak(rule: Rule, told: Told | None, coverage: Coverage) -> bool:
    """Tell whether *rule* may alert on a story with this coverage, or update its alert."""
    if coverage.publishers < rule.min_publishers:
        return False
    if told is None:
        return True
    return told.is_open and bool(
        rule.updates.companies
        or step_reached(rule, told, coverage)
        or new_languages(rule, told, coverage)
    )


def may_settle(claim: ArticleClaim) -> bool:
    """Tell whether an article with this claim may settle a claim of other articles."""
    return claim.basis != "unnamed" and claim.modality not in ("may", "planned")


def step_reached(rule: Rule, told: Told, coverage: Coverage) -> int | None:
    """Return the highest update step in outlets reached since *told*; None without one."""
    steps = rule.updates.publishers
    return max(
        (n for n in steps if told.publishers < n <= coverage.publishers), default=None
    )


def new_languages(rule: Rule, told: Told, coverage: Coverage) -> tuple[str, ...]:
    """Return the languages that are new since *told*, if the rule updates on them."""
    if not rule.updates.languages or not told.languages:
        return ()
    return tuple(sorted(coverage.languages - told.languages))


def items_of(
    articles: Iterable[Article],
    mentions: Mapping[str, Sequence[Mention]],
    tags: Mapping[str, Sequence[Tag]],
    rules: AlertRules,
    measures: Mapping[str, Sequence[ArticleMeasure]] = _NO_MEASURES,
) -> list[TaggedArticle]:
    """Return articles with their findings, in the form that rules test."""
    return [
        TaggedArticle(
            article=article,
            mentions=mentions.get(article.article_id, ()),
            tags=tags.get(article.article_id, ()),
            feed_kind=rules.feed_kinds.get(article.feed_id, "news"),
            measure=next(iter(measures.get(article.article_id, ())), None),
        )
        for article in articles
    ]
