"""Alerts: rules, decisions on articles and signals, and messages."""

from __future__ import annotations

from transforms.alerts.decisions.arrivals import Rehearsal
from transforms.alerts.decisions.decide import (
    Coverage,
    KnownStories,
    Told,
    decide_alerts,
    items_of,
)
from transforms.alerts.decisions.watch import (
    OwnTitle,
    Signal,
    Watched,
    decide_watched,
    own_title,
)
from transforms.alerts.messages.schedule import messages_for, next_attempt
from transforms.alerts.rules.alert_rules import AlertRules, parse_alerts
from transforms.alerts.rules.tagged_article import TaggedArticle

__all__ = [
    "AlertRules",
    "Coverage",
    "KnownStories",
    "OwnTitle",
    "Rehearsal",
    "Signal",
    "TaggedArticle",
    "Told",
    "Watched",
    "decide_alerts",
    "decide_watched",
    "items_of",
    "messages_for",
    "next_attempt",
    "own_title",
    "parse_alerts",
]
