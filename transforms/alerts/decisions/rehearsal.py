"""Backtest of rules over past articles, batch by batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime

from transforms.alerts.decisions.decide import decide_alerts
from transforms.alerts.decisions.known_stories import (
    AffairKey,
    Coverage,
    KnownStories,
    NewsKey,
    Settled,
    StoryKey,
    Subject,
    Told,
    news_keys,
    told_by,
)
from transforms.alerts.rules.alert_rules import AlertRules
from transforms.alerts.rules.tagged_article import TaggedArticle
from transforms.models import Alert

_NO_AFFAIRS: Mapping[str, Sequence[str]] = {}
_NO_CLAIMS: Mapping[str, Sequence[Settled]] = {}


@dataclass(slots=True, kw_only=True)
class Rehearsal:
    """State of a backtest: its alerts so far, as the warehouse would store them."""

    rules: AlertRules
    rules_version: str
    _items: dict[str, list[TaggedArticle]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _told: dict[StoryKey, Told] = field(default_factory=dict)
    _last_at: dict[Subject, datetime] = field(default_factory=dict)
    _threads: dict[AffairKey, str] = field(default_factory=dict)
    _news: dict[NewsKey, tuple[str, datetime]] = field(default_factory=dict)

    def take(
        self,
        items: Sequence[TaggedArticle],
        coverage: Mapping[str, Coverage],
        *,
        now: datetime,
        silent: AbstractSet[str] = frozenset(),
        affairs: Mapping[str, Sequence[str]] = _NO_AFFAIRS,
        settled: Mapping[str, Sequence[Settled]] = _NO_CLAIMS,
    ) -> list[Alert]:
        """Return the alerts of a batch that arrived at *now*, with *coverage* of that time.

        *affairs* are the developing stories of each story, by its id.
        *settled* are the claims that its articles settle, by their ids.
        Articles whose ids are *silent* count for their story and raise no alert.
        """
        stories = {item.article.story_id for item in items}
        earlier = {story: list(self._items[story]) for story in stories}
        for item in items:
            self._items[item.article.story_id].append(item)
        alerts = decide_alerts(
            [item for item in items if item.article.article_id not in silent],
            self.rules,
            KnownStories(
                coverage=coverage,
                earlier=earlier,
                told=self._told,
                last_alert_at=self._last_at,
                affairs=affairs,
                threads=self._threads,
                news=self._news,
                settled=settled,
            ),
            now=now,
            rules_version=self.rules_version,
        )
        for alert in alerts:
            self._note(alert, affairs.get(alert.story_id or "", ()))
        return alerts

    def _note(self, alert: Alert, affairs: Sequence[str]) -> None:
        key = (alert.rule_id, alert.story_id or "")
        before = self._told.get(key)
        now = told_by(alert)
        if before is None and not alert.opens_story:
            return
        if alert.state != "suppressed":
            for affair_id in affairs:
                self._threads.setdefault((alert.rule_id, affair_id), now.alert_id)
            if alert.updates_alert_id is None:
                self._news |= dict.fromkeys(
                    news_keys(alert), (alert.alert_id, alert.created_at)
                )
            for company in alert.companies or (None,):
                self._last_at[alert.rule_id, company] = alert.created_at
        self._told[key] = (
            now
            if before is None
            else replace(
                now,
                alert_id=before.alert_id,
                is_open=before.is_open,
                is_sent=before.is_sent,
                companies=before.companies | now.companies,
            )
        )
