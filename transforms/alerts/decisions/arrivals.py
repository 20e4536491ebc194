"""Alerts on a batch of articles: new ones, and edits with new findings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from transforms.alerts.decisions.decide import decide_alerts
from transforms.alerts.decisions.known_stories import (
    KnownStories,
    StoryKey,
    may_speak,
    told_by,
)
from transforms.alerts.rules.alert_rules import AlertRules
from transforms.alerts.rules.rule_index import RuleIndex
from transforms.alerts.rules.tagged_article import TaggedArticle
from transforms.models import Alert


def decide_arrivals(
    new: Iterable[TaggedArticle],
    edited: Sequence[TaggedArticle],
    before: Iterable[TaggedArticle],
    rules: AlertRules,
    known: KnownStories,
    *,
    now: datetime,
    rules_version: str,
) -> list[Alert]:
    """Return the alerts of *new* articles and of edits with new findings.

    Findings that an *edited* article already had *before* raise no alert: an archive
    imported silently, or before a company or rule was added, stays silent after an edit.
    """
    alerts = decide_alerts(new, rules, known, now=now, rules_version=rules_version)
    if not edited:
        return alerts
    # Alone: what the story had besides is no news of an edit.
    # What is told now counts as well: of a story its first alert.
    alone = replace(
        known,
        told={**known.told, **{_key(a): told_by(a) for a in alerts if a.opens_story}},
        earlier={},
    )
    old, fresh = (
        decide_alerts(items, rules, alone, now=now, rules_version=rules_version)
        for items in (before, edited)
    )
    companies: dict[StoryKey, set[str]] = {}
    for alert in (*old, *alerts):
        companies.setdefault(_key(alert), set()).update(alert.companies)
    beyond = (_beyond(alert, companies.get(_key(alert))) for alert in fresh)
    return [*alerts, *filter(None, beyond)]


def waiting_stories(
    waiting: RuleIndex, known: KnownStories, stories: Iterable[str]
) -> set[str]:
    """Return the *stories* that now have enough outlets for a waiting rule."""
    return {
        story_id
        for story_id in stories
        if any(
            may_speak(
                rule, known.told.get((rule.rule_id, story_id)), known.coverage[story_id]
            )
            for rule in waiting.rules
        )
    }


def without_corrected(alerts: Iterable[Alert], corrections: Sequence[Alert]) -> list[Alert]:
    """Return *alerts* without updates that repeat a correction."""
    corrected = {(c.updates_alert_id, c.article_id) for c in corrections}
    return [a for a in alerts if (a.updates_alert_id, a.article_id) not in corrected]


def _key(alert: Alert) -> StoryKey:
    return alert.rule_id, alert.story_id or ""


def _beyond(alert: Alert, told: Collection[str] | None) -> Alert | None:
    """Return what an edit brings beyond the companies *told* before, None for nothing."""
    if told is None:
        return alert
    companies = tuple(c for c in alert.companies if c not in told)
    if not companies:
        return None
    step = alert.step if alert.opens_story else " ".join(f"company:{c}" for c in companies)
    return replace(alert, company_id=companies[0], companies=companies, step=step)
