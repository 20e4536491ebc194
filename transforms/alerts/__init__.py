"""Alerts: what the rules say, what they make of new articles, and the outbox."""

from __future__ import annotations

from transforms.alerts.decide import decide_alerts, items_of
from transforms.alerts.match import Item
from transforms.alerts.outbox import messages_for, next_attempt
from transforms.alerts.parse import AlertRules, parse_alerts
from transforms.alerts.rehearsal import Rehearsal
from transforms.alerts.story import Coverage, Known, Told
from transforms.alerts.titles import OwnTitle, own_title
from transforms.alerts.watch import Signal, Watched, decide_watched

__all__ = [
    "AlertRules",
    "Coverage",
    "Item",
    "Known",
    "OwnTitle",
    "Rehearsal",
    "Signal",
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
