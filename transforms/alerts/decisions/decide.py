"""Alerts on new articles: one per rule and developing story, then its updates.

What is known of stories, their coverage and past alerts on them, is input.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any

from transforms.alerts.rules.alert_rules import AlertRules
from transforms.alerts.rules.rule import (
    companies_in,
    holds,
    subjects_of,
    term_in,
    topic_in,
)
from transforms.alerts.rules.tagged_article import TaggedArticle
from transforms.grouping import grouped
from transforms.headlines.reports import is_act
from transforms.models import (
    TURN,
    Alert,
    AlertState,
    Article,
    ArticleClaim,
    ClaimKey,
    ClaimOutcome,
    Findings,
    Rule,
)

# Rule and company: the key of a cooldown.
Subject = tuple[str, str | None]
# Rule and story: the key of a first alert.
StoryKey = tuple[str, str]
# Rule and affair: the key of the alert that the affair's turns update.
AffairKey = tuple[str, str]
# Rule, company and topic: what else is of a day's news is an update of the alert on it.
NewsKey = tuple[str, str, str | None]
_NONE = timedelta(0)
# A launch, results or a round of a firm are told in several stories within a day.
SAME_NEWS = timedelta(hours=24)


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
class Settled(ClaimKey):
    """A claim of a story that an article of this batch is the first to settle."""

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
    found: Mapping[str, Findings],
    rules: AlertRules,
) -> list[TaggedArticle]:
    """Return articles with their findings, by article, in the form that rules test."""
    return [
        TaggedArticle(
            article=article,
            mentions=own.mentions,
            tags=own.tags,
            feed_kind=rules.feed_kinds.get(article.feed_id, "news"),
            measure=next(iter(own.measures), None),
        )
        for article in articles
        for own in (found.get(article.article_id, Findings()),)
    ]


def decide_alerts(
    new: Iterable[TaggedArticle],
    rules: AlertRules,
    known: KnownStories,
    *,
    now: datetime,
    rules_version: str,
) -> list[Alert]:
    """Return the alerts on *new* articles: one per rule and story, and its updates.

    Of several articles that meet a rule, the one with the most informative headline
    represents its story, of equals the earliest published. A story of an affair with an
    earlier alert of the rule is an update of that alert, and so is one on the company and
    topic of a first alert within :data:`SAME_NEWS`. Within a rule's cooldown the alert
    is stored but suppressed, that is not sent; a suppressed story has no updates. Muted
    alerts are suppressed too, but have updates like others.
    """
    told: defaultdict[str, dict[str, Told]] = defaultdict(dict)
    for (rule_id, story_id), what in known.told.items():
        told[story_id][rule_id] = what
    decision = _Decision(
        rules=rules,
        known=known,
        told=told,
        now=now,
        rules_version=rules_version,
        last_at=dict(known.last_alert_at),
        threads=dict(known.threads),
        news=dict(known.news),
    )
    return [
        alert
        for story_id, items in _by_story(new).items()
        for alert in decision.of_story(story_id, items)
    ]


def _by_story(new: Iterable[TaggedArticle]) -> Mapping[str, list[TaggedArticle]]:
    in_order = attrgetter("article.published_at", "article.article_id")
    return grouped(sorted(new, key=in_order), attrgetter("article.story_id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decision:
    """Decision on one batch; what was told before, and when, grows on the way."""

    rules: AlertRules
    known: KnownStories
    told: defaultdict[str, dict[str, Told]]
    now: datetime
    rules_version: str
    last_at: dict[Subject, datetime]
    threads: dict[AffairKey, str]
    news: dict[NewsKey, tuple[str, datetime]]

    def of_story(self, story_id: str, items: Sequence[TaggedArticle]) -> Iterator[Alert]:
        """Yield the alerts on a story with the articles *items*, rule by rule."""
        coverage = self.known.coverage.get(story_id, Coverage())
        told = self.told[story_id]
        firing = self._firing(story_id, items, coverage)
        settling = [
            (item, claim)
            for item in items
            for claim in self.known.settled.get(item.article.article_id, ())
        ]
        before = {rule_id for _, claim in settling for rule_id in self.told[claim.story_id]}
        for rule_id in sorted(firing.keys() | told.keys() | before):
            rule = self.rules.by_id.get(rule_id)
            found = firing.get(rule_id, [])
            if rule is None:
                continue
            made: Iterable[Alert] = ()
            if rule_id not in told and found:
                made = [self._first(rule, story_id, found, coverage)]
            elif rule_id in told and told[rule_id].is_open:
                made = self._update(rule, told[rule_id], items, found, coverage)
            made = list(made)
            self.told[story_id].update((rule_id, told_by(a)) for a in made if a.opens_story)
            yield from self._with_outcome(rule, made, settling, coverage)

    def _firing(
        self, story_id: str, items: Sequence[TaggedArticle], coverage: Coverage
    ) -> dict[str, list[TaggedArticle]]:
        """Return the articles that meet each rule, earliest first.

        What a story had before this batch counts for a rule that waited for outlets.
        """
        firing: dict[str, list[TaggedArticle]] = defaultdict(list)
        for item in self.known.earlier.get(story_id, ()):
            for rule in self.rules.index.candidates(item):
                if rule.min_publishers > 1 and self._fires(rule, item, coverage):
                    firing[rule.rule_id].append(item)
        for item in items:
            for rule in self.rules.index.candidates(item):
                if self._fires(rule, item, coverage):
                    firing[rule.rule_id].append(item)
        return firing

    def _fires(self, rule: Rule, item: TaggedArticle, coverage: Coverage) -> bool:
        article = item.article
        return (
            self.now - article.published_at <= rule.max_age
            and coverage.publishers >= rule.min_publishers
            and (rule.kind != "official" or is_act(article.title))
            and (rule.kind != "crossing" or article.article_id in coverage.crossed_by)
            and holds(rule.wanted, item)
        )

    def _first(
        self,
        rule: Rule,
        story_id: str,
        found: Sequence[TaggedArticle],
        coverage: Coverage,
    ) -> Alert:
        item = _best(found)
        companies = _all_companies(rule, found)
        subjects: tuple[str | None, ...] = companies or (None,)
        is_cooling = all(self._is_cooling(rule, company) for company in subjects)
        alert = self._alert(
            rule,
            item,
            coverage,
            companies,
            alert_id=alert_id(rule.rule_id, story_id),
            state="suppressed" if is_cooling else "pending",
        )
        threads = [(rule.rule_id, each) for each in self.known.affairs.get(story_id, ())]
        alert = muted(self._in_thread(alert, threads), rule)
        if alert.state == "pending":
            for company in subjects:
                self.last_at[rule.rule_id, company] = self.now
            for key in threads:
                self.threads.setdefault(key, alert.updates_alert_id or alert.alert_id)
            if alert.updates_alert_id is None:
                first = (alert.alert_id, self.now)
                self.news.update((key, first) for key in news_keys(alert))
        return alert

    def _in_thread(self, alert: Alert, keys: Sequence[AffairKey]) -> Alert:
        """Return *alert* as an update if its rule alerted on its affair or its news."""
        news = (self.news[key] for key in news_keys(alert) if key in self.news)
        recent = [first for first, at in news if _NONE <= self.now - at < SAME_NEWS]
        thread = next(filter(None, [*map(self.threads.get, keys), *recent]), None)
        if thread is None:
            return alert
        return replace(alert, updates_alert_id=thread, step=TURN, phase=None)

    def _is_cooling(self, rule: Rule, company: str | None) -> bool:
        last = self.last_at.get((rule.rule_id, company))
        # The clock may go back: a later alert silences no earlier one.
        return last is not None and _NONE <= self.now - last < rule.cooldown

    def _update(
        self,
        rule: Rule,
        told: Told,
        items: Sequence[TaggedArticle],
        found: Sequence[TaggedArticle],
        coverage: Coverage,
    ) -> Iterator[Alert]:
        """Yield the update of an alerted story, where it came to a step of the rule."""
        further = self._further(rule, told, found)
        languages = _told_on_beat(rule, new_languages(rule, told, coverage), items)
        reached = step_reached(rule, told, coverage)
        words = [
            *([f"publishers:{coverage.publishers}"] if reached else []),
            *(f"language:{language}" for language in languages),
            *(f"company:{company}" for company in further),
        ]
        if not words:
            return
        item = _speaker(items, found, languages, further)
        steps = [*([str(reached)] if reached else []), *languages, *further]
        alert = self._alert(
            rule,
            item,
            coverage,
            further or _all_companies(rule, found),
            alert_id=alert_id(told.alert_id, *steps),
            updates_alert_id=told.alert_id,
            step=" ".join(words),
            phase=None,
        )
        yield muted(alert, rule)

    def _with_outcome(
        self,
        rule: Rule,
        made: Sequence[Alert],
        settling: Sequence[tuple[TaggedArticle, Settled]],
        coverage: Coverage,
    ) -> Iterator[Alert]:
        """Yield the alerts *made*, with what became of a claim that the rule had told.

        An article that is told anyway says so in the same alert. One that opens its story
        and is no turn of an affair says all by itself: nothing was told before it.
        """
        item, claim, told = self._settled(rule, settling)
        alone = [
            alert
            for alert in made
            if item and alert.article_id == item.article.article_id
            if alert.state != "suppressed"
        ]
        for alert in made:
            is_news = alert in alone and alert.updates_alert_id is not None
            step = f"{alert.step} {claim.step}" if claim and is_news else alert.step
            yield replace(alert, step=step)
        if item and claim and told and not alone:
            alert = self._alert(
                rule,
                item,
                coverage,
                companies_in(rule.wanted, item) or (claim.subject,),
                alert_id=alert_id(
                    told.alert_id, claim.story_id, claim.subject, claim.outcome
                ),
                updates_alert_id=told.alert_id,
                step=claim.step,
                phase=None,
            )
            yield muted(alert, rule)

    def _settled(
        self, rule: Rule, settling: Sequence[tuple[TaggedArticle, Settled]]
    ) -> tuple[TaggedArticle, Settled, Told] | tuple[None, None, None]:
        """Return the first article that settles a claim of a story that the rule told."""
        for item, claim in settling:
            told = self.told[claim.story_id].get(rule.rule_id)
            if (
                told is not None
                and told.is_sent
                and claim.outcome in rule.updates.outcomes
                and item.article.feed_id not in rule.wanted.not_feeds
                and self.now - item.article.published_at <= rule.max_age
            ):
                return item, claim, told
        return None, None, None

    def _further(
        self, rule: Rule, told: Told, found: Sequence[TaggedArticle]
    ) -> tuple[str, ...]:
        """Return companies that an article is about and whose group no alert named yet."""
        if not rule.updates.companies:
            return ()
        groups = {self._root(company) for company in told.companies}
        about = frozenset().union(*(subjects_of(item) for item in found))
        return tuple(
            company
            for company in _all_companies(rule, found)
            if company in about and self._root(company) not in groups
        )

    def _root(self, company_id: str) -> str:
        return self.rules.roots.get(company_id, company_id)

    def _alert(
        self,
        rule: Rule,
        item: TaggedArticle,
        coverage: Coverage,
        companies: tuple[str, ...],
        *,
        state: AlertState = "pending",
        **fields: Any,
    ) -> Alert:
        article = item.article
        return Alert(
            rule_id=rule.rule_id,
            kind=rule.kind,
            company_id=companies[0] if companies else None,
            companies=companies,
            topic_id=topic_in(rule.wanted, item),
            story_id=article.story_id,
            article_id=article.article_id,
            title=article.title,
            url=article.url,
            created_at=self.now,
            state=state,
            rules_version=self.rules_version,
            term=term_in(rule.wanted, item, companies_in(rule.wanted, item)),
            severity=rule.severity,
            publishers=coverage.publishers,
            languages=tuple(sorted(coverage.languages)),
            **fields,
        )


def _all_companies(rule: Rule, found: Iterable[TaggedArticle]) -> tuple[str, ...]:
    """Return the companies named in the articles, those of the first article first."""
    each = (company for item in found for company in companies_in(rule.wanted, item))
    return tuple(dict.fromkeys(each))


def _told_on_beat(
    rule: Rule, languages: Iterable[str], items: Iterable[TaggedArticle]
) -> tuple[str, ...]:
    """Return those of *languages* in which an article tells what is of the rule's beat.

    One that tells it elsewhere waits for the next: the story may hold what is not of it.
    """
    if not rule.wanted.on_beat:
        return tuple(languages)
    heard = {i.language for i in items if i.article.is_on_beat is not False}
    return tuple(language for language in languages if language in heard)


def _speaker(
    items: Sequence[TaggedArticle],
    found: Sequence[TaggedArticle],
    languages: Sequence[str],
    further: Sequence[str],
) -> TaggedArticle:
    """Return the article that shows what an update is about."""
    named = [item for item in found if not subjects_of(item).isdisjoint(further)]
    told = [item for item in items if item.language in languages]
    return _best(named or told) if named or told else (found or items)[-1]


def _best(items: Sequence[TaggedArticle]) -> TaggedArticle:
    """Return the article with the most informative headline, of equals the first."""
    return max(items, key=lambda item: item.article.headline_weight or 0)


def muted(alert: Alert, rule: Rule) -> Alert:
    """Return *alert*, suppressed if it would be sent before ``mute_until`` of its rule."""
    until = rule.mute_until
    if (
        alert.state != "pending"
        or until is None
        or alert.created_at.astimezone(UTC).date() >= until
    ):
        return alert
    return replace(alert, state="suppressed", muted_by=f"mute_until {until}")


def alert_id(*parts: str) -> str:
    """Return the id of a rule's alert on a story or another subject."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:20]
