"""Alerts on a batch of articles: new ones, edits with new findings, and corrections.

A correction is of an alert whose headline contradicts the outlet's own.
A rehearsal decides on past batches in the same way, one after the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime

from transforms.alerts.decisions.decide import (
    AffairKey,
    Coverage,
    KnownStories,
    NewsKey,
    Settled,
    StoryKey,
    Subject,
    Told,
    alert_id,
    decide_alerts,
    may_speak,
    news_keys,
    told_by,
)
from transforms.alerts.rules.alert_rules import AlertRules, RuleIndex
from transforms.alerts.rules.rule import companies_in, term_in, topic_in
from transforms.alerts.rules.tagged_article import TaggedArticle
from transforms.models import Alert, Mention
from transforms.stories.concepts import ConceptLexicon
from transforms.stories.features import signs_of
from transforms.stories.numbers import shared_numbers

STEP = "correction"
_NO_AFFAIRS: Mapping[str, Sequence[str]] = {}
_NO_CLAIMS: Mapping[str, Sequence[Settled]] = {}


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldHeadline:
    """A headline sent in an alert, or in an update of it.

    ``mentions`` are those in the headline alone.
    """

    alert_id: str
    rule_id: str
    title: str
    companies: tuple[str, ...]
    topic_id: str | None
    mentions: Sequence[Mention]


def correct(
    told: Iterable[ToldHeadline],
    own: TaggedArticle,
    rules: AlertRules,
    coverage: Coverage,
    lexicon: ConceptLexicon,
    *,
    now: datetime,
    rules_version: str,
) -> list[Alert]:
    """Return one update a rule that corrects headlines contradicted by *own*."""
    corrections: dict[str, Alert] = {}
    for headline in told:
        rule = rules.by_id.get(headline.rule_id)
        if rule is None or not is_contradicted(headline, own, lexicon):
            continue
        named = companies_in(rule.wanted, own)
        companies = named or headline.companies
        corrections.setdefault(
            headline.alert_id,
            Alert(
                alert_id=alert_id(headline.alert_id, STEP, own.article.article_id),
                rule_id=rule.rule_id,
                kind=rule.kind,
                company_id=companies[0] if companies else None,
                companies=companies,
                topic_id=topic_in(rule.wanted, own) or headline.topic_id,
                story_id=own.article.story_id,
                article_id=own.article.article_id,
                title=own.article.title,
                url=own.article.url,
                created_at=now,
                state="pending",
                rules_version=rules_version,
                updates_alert_id=headline.alert_id,
                term=term_in(rule.wanted, own, named),
                step=STEP,
                severity=rule.severity,
                publishers=coverage.publishers,
                languages=tuple(sorted(coverage.languages)),
                phase=None,
            ),
        )
    return list(corrections.values())


def is_contradicted(
    headline: ToldHeadline, own: TaggedArticle, lexicon: ConceptLexicon
) -> bool:
    """Tell whether a headline has a name, quantity or act that *own* lacks.

    Facts in the outlet's own summary count as its own; further facts of *own* are no
    contradiction.
    """
    article, reversals = own.article, lexicon.roles.reversals
    names, numbers, acts = _facts(headline.title, headline.mentions, lexicon)
    own_names, own_numbers, own_acts = _facts(article.title, own.mentions, lexicon)
    more_names, more_numbers, more_acts = _facts(article.summary, own.mentions, lexicon)
    every_number = own_numbers | more_numbers
    return (
        not names <= own_names | more_names
        or len(shared_numbers(numbers, every_number)) < len(numbers)
        or bool(acts and acts.isdisjoint(own_acts | more_acts))
        or acts & reversals != own_acts & reversals
    )


def _facts(
    text: str, mentions: Iterable[Mention], lexicon: ConceptLexicon
) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return the companies and people, the numbers and the acts of *text*."""
    signs = signs_of(text)
    concepts = lexicon.concepts_of(signs.plain)
    companies = frozenset(mention.company_id for mention in mentions)
    return companies | concepts.person, signs.numbers, concepts.action


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
