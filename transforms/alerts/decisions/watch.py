"""Alerts without an article: on bursts, level shifts and silent feeds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from transforms.alerts.decisions.decide import alert_id, muted
from transforms.alerts.rules.alert_rules import AlertRules
from transforms.models import Alert, AlertKind, AlertPhase, Rule
from transforms.words import say

# Told once: a shift although its day moves a little, and a burst although one run, with
# others to compare it with, does not find it.
RESTS = {"shift": timedelta(days=28), "burst": timedelta(days=2)}
# A rule and the key of a signal.
WatchKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class OwnTitle:
    """An alert's own title in each language of channels."""

    en: str
    zh: str


def own_title(key: str, name: str | OwnTitle = "", **facts: object) -> OwnTitle:
    """Return the phrase *key* on the subject *name*, with *facts* filled in.

    A fact may itself be an :class:`OwnTitle`, with its own words in each language.
    """
    facts["name"] = name
    in_english, in_chinese = (
        {
            fact: getattr(value, language) if isinstance(value, OwnTitle) else value
            for fact, value in facts.items()
        }
        for language in ("en", "zh")
    )
    return OwnTitle(say(key, "en", **in_english), say(key, "zh", **in_chinese))


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """Current state of a burst, level shift or silence that rules watch.

    ``key`` is the id of its subject: a company, topic or feed. ``began`` is the beginning
    of a silence that is over, perhaps before any alert. Off the beat, a rule has to name
    the subject. ``story_id`` is what a burst is about, and ``is_repeat`` says that an alert
    has told it.
    """

    kind: AlertKind
    key: str
    title: OwnTitle
    url: str = ""
    article_id: str | None = None
    company_id: str | None = None
    topic_id: str | None = None
    feed_id: str | None = None
    began: datetime | None = None
    is_on_beat: bool = True
    story_id: str | None = None
    is_repeat: bool = False

    @property
    def is_over(self) -> bool:
        """Whether the silence has ended."""
        return self.began is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """The last alert of a rule on the subject of a signal."""

    alert_id: str
    phase: AlertPhase
    created_at: datetime


def decide_watched(
    signals: Mapping[str, Iterable[Signal]],
    rules: AlertRules,
    watched: Mapping[WatchKey, Watched],
    *,
    now: datetime,
    rules_version: str,
    back: Mapping[str, str],
) -> tuple[list[Alert], list[str]]:
    """Return the alerts on *signals* (by rule), and the ids of alerts that are over.

    A lasting signal raises one alert; its end resolves the alert, and the end of a silence
    raises an update: *back* are the names of the healthy feeds. A feed that is no longer
    polled is not back. Alerts of removed rules are over.
    """
    alerts: list[Alert] = []
    over = [
        last.alert_id
        for (rule_id, _), last in watched.items()
        if rule_id not in signals and last.phase != "resolved"
    ]
    for rule_id, found in signals.items():
        rule = rules.by_id[rule_id]
        standing = _standing(rule, found)
        for key, signal in standing.items():
            last = watched.get((rule_id, key))
            if _is_new(rule, signal, last, now):
                alert = _alert(rule, signal, now, rules_version)
                alerts.append(muted(alert, rule))
        for (watcher, key), last in watched.items():
            if watcher != rule_id or last.phase == "resolved" or _stands(standing, key):
                continue
            over.append(last.alert_id)
            is_watched = not rule.wanted.feeds or key in rule.wanted.feeds
            if rule.kind == "silence" and (not key or (is_watched and key in back)):
                alerts.append(_back(rule, key, last, now, rules_version, back.get(key)))
    return alerts, over


def _standing(rule: Rule, found: Iterable[Signal]) -> dict[str, Signal]:
    """Return what a rule watches by its key; a second burst of one story is none."""
    standing: dict[str, Signal] = {}
    stories: set[str | None] = set()
    for signal in found:
        if _is_asked(rule, signal) and signal.story_id not in stories:
            standing[signal.key] = signal
            stories |= {signal.story_id} - {None}
    return standing


def _stands(standing: Mapping[str, Signal], key: str) -> bool:
    return key in standing and not standing[key].is_over


def _is_asked(rule: Rule, signal: Signal) -> bool:
    """Tell whether the rule watches this subject; without subjects it watches the beat."""
    wanted = rule.wanted
    if signal.kind == "silence":
        return signal.feed_id is None or not wanted.feeds or signal.feed_id in wanted.feeds
    if not wanted.companies and not wanted.topics:
        return signal.is_on_beat
    return signal.company_id in wanted.companies or signal.topic_id in wanted.topics


def _is_new(rule: Rule, signal: Signal, last: Watched | None, now: datetime) -> bool:
    if last is None:
        return True
    if signal.began is not None:
        # The rule has alerted since the silence began: no second alert.
        return last.created_at < signal.began
    rest = max(rule.cooldown, RESTS.get(rule.kind, timedelta(0)))
    # The clock may go back: a later alert silences no earlier one.
    is_resting = timedelta(0) <= now - last.created_at < rest
    return last.phase == "resolved" and not is_resting


def _alert(rule: Rule, signal: Signal, now: datetime, rules_version: str) -> Alert:
    return Alert(
        alert_id=alert_id(
            rule.rule_id, signal.kind, signal.key, (signal.began or now).isoformat()
        ),
        rule_id=rule.rule_id,
        kind=rule.kind,
        company_id=signal.company_id,
        topic_id=signal.topic_id,
        story_id=None,
        article_id=signal.article_id,
        title=signal.title.en,
        title_zh=signal.title.zh,
        url=signal.url,
        created_at=now,
        state="suppressed" if signal.is_repeat else "pending",
        rules_version=rules_version,
        companies=(signal.company_id,) if signal.company_id else (),
        feed_id=signal.feed_id,
        severity=rule.severity,
        publishers=0,
        phase="resolved" if signal.is_over else "fired",
    )


def _back(
    rule: Rule, key: str, last: Watched, now: datetime, rules_version: str, name: str | None
) -> Alert:
    title = own_title("title.back", name or own_title("pipeline"))
    return Alert(
        alert_id=alert_id(last.alert_id, "back"),
        rule_id=rule.rule_id,
        kind=rule.kind,
        company_id=None,
        topic_id=None,
        story_id=None,
        article_id=None,
        title=title.en,
        title_zh=title.zh,
        url="",
        created_at=now,
        state="pending",
        rules_version=rules_version,
        updates_alert_id=last.alert_id,
        feed_id=key or None,
        step="back",
        severity=rule.severity,
        publishers=0,
        phase=None,
    )
