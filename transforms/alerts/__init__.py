"""Alerts: what the rules say, what they make of new articles, and the outbox."""

from __future__ import annotations

from transforms.alerts.decide import decide_alerts
from transforms.alerts.outbox import messages_for, next_attempt
from transforms.alerts.parse import AlertRules, parse_alerts

__all__ = [
    "AlertRules",
    "decide_alerts",
    "messages_for",
    "next_attempt",
    "parse_alerts",
]
