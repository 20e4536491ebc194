"""Decide which new articles somebody should hear of."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from transforms.alerts.parse import AlertRules
from transforms.alerts.people import people_finder
from transforms.alerts.terms import finder, folded
from transforms.models import Alert, Article, Mention, Rule, Tag

# Rule, company and story: who asked, of whom, about what event.
AlertKey = tuple[str, str | None, str]
Subject = tuple[str, str | None]
_NONE = timedelta(0)


@dataclass(slots=True, kw_only=True)
class _History:
    """What has been alerted before and so far in this batch."""

    alerted: set[AlertKey]
    last_at: dict[Subject, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """An article with what was found in it."""

    article: Article
    mentions: Sequence[Mention]
    tags: Sequence[Tag]
    texts: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return a field as terms are looked for in it; folded once, when asked."""
        if name not in self.texts:
            self.texts[name] = folded(getattr(self.article, name) or "")
        return self.texts[name]


def decide_alerts(  # noqa: PLR0913  what the warehouse knows, spelled out
    new: Sequence[Article],
    mentions: Mapping[str, Sequence[Mention]],
    tags: Mapping[str, Sequence[Tag]],
    rules: AlertRules,
    *,
    now: datetime,
    silent_feeds: AbstractSet[str],
    publishers: Mapping[str, int],
    alerted: AbstractSet[AlertKey],
    last_alert_at: Mapping[Subject, datetime],
    rules_version: str,
) -> list[Alert]:
    """Return the alerts of *new* articles: one a rule, company and story at most.

    Of several articles the earliest published speaks for its story. Within a
    rule's cooldown the alert is kept but suppressed, so that nobody is sent it.
    """
    history = _History(alerted=set(alerted), last_at=dict(last_alert_at))
    found = [
        _Found(
            article=a,
            mentions=mentions.get(a.article_id, ()),
            tags=tags.get(a.article_id, ()),
        )
        for a in sorted(new, key=lambda a: (a.published_at, a.article_id))
        if a.feed_id not in silent_feeds
    ]
    return [
        alert
        for rule in rules.rules
        for item in found
        if _wants(rule, item, now, publishers)
        for alert in _alerts(rule, item, history, now, rules_version)
    ]


def _wants(rule: Rule, item: _Found, now: datetime, publishers: Mapping[str, int]) -> bool:
    """Tell whether everything but the company is as the rule wants it."""
    article = item.article
    return (
        now - article.published_at <= rule.max_age
        and (not rule.wanted.feeds or article.feed_id in rule.wanted.feeds)
        and (
            not rule.wanted.languages
            or article.language.partition("-")[0] in rule.wanted.languages
        )
        and publishers.get(article.story_id, 1) >= rule.min_publishers
        and (not rule.wanted.topics or _topic(rule, item) is not None)
        and (not rule.wanted.terms or _holds(rule, item, finder(rule.wanted.terms)))
        and (not rule.wanted.people or _holds(rule, item, _people(rule)))
    )


def _people(rule: Rule) -> re.Pattern[str]:
    return people_finder(rule.wanted.people, rule.wanted.namesakes)


def _holds(rule: Rule, item: _Found, pattern: re.Pattern[str]) -> bool:
    return any(pattern.search(item.text(name)) for name in rule.wanted.fields)


def _topic(rule: Rule, item: _Found) -> str | None:
    """Return the topic asked for that the article is most about."""
    asked = [tag for tag in item.tags if tag.topic_id in rule.wanted.topics]
    best = min(asked, key=lambda tag: (-tag.score, tag.topic_id), default=None)
    return best.topic_id if best else None


def _subjects(rule: Rule, item: _Found) -> list[str | None]:
    """Return the companies that the article names, as the rule wants it, once each."""
    if not rule.wanted.companies:
        return [None]
    named = {
        mention.company_id
        for mention in item.mentions
        if mention.field in rule.wanted.fields
        and (mention.is_about or not rule.wanted.about)
    }
    return [*sorted(named & rule.wanted.companies)]


def _alerts(
    rule: Rule, item: _Found, history: _History, now: datetime, rules_version: str
) -> Iterator[Alert]:
    for company_id in _subjects(rule, item):
        key = (rule.rule_id, company_id, item.article.story_id)
        if key in history.alerted:
            continue
        history.alerted.add(key)
        last = history.last_at.get((rule.rule_id, company_id))
        # The clock may go back: a later alert silences no earlier one.
        is_cooling = last is not None and _NONE <= now - last < rule.cooldown
        if not is_cooling:
            history.last_at[rule.rule_id, company_id] = now
        yield Alert(
            alert_id=alert_id(*key),
            rule_id=rule.rule_id,
            kind=rule.kind,
            company_id=company_id,
            topic_id=_topic(rule, item) if rule.wanted.topics else None,
            story_id=item.article.story_id,
            article_id=item.article.article_id,
            title=item.article.title,
            url=item.article.url,
            created_at=now,
            state="suppressed" if is_cooling else "pending",
            rules_version=rules_version,
        )


def alert_id(rule_id: str, company_id: str | None, story_id: str) -> str:
    """Return the id of the one alert of a rule on a company in a story."""
    subject = f"{rule_id}\n{company_id or ''}\n{story_id}"
    return hashlib.sha256(subject.encode()).hexdigest()[:20]
