"""Alerts put on record, with the messages that tell them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import duckdb

from transforms.alerts import AlertRules, messages_for
from transforms.models import Alert
from warehouse.alerting import alerts as alert_store
from warehouse.alerting import outbox


def put_out(
    con: duckdb.DuckDBPyConnection, rules: AlertRules, alerts: Sequence[Alert]
) -> list[Alert]:
    """Append *alerts* and their messages; return the new ones as stored.

    One that no channel is to hear of, since each was told of its story before, is kept
    as suppressed. The caller's transaction holds both or neither.
    """
    if not alerts:
        return []
    before = outbox.told(
        con,
        [a.story_id for a in alerts if a.story_id],
        [a.updates_alert_id for a in alerts if a.updates_alert_id],
    )
    messages = messages_for(alerts, rules, told=before)
    heard = {message.alert_id for message in messages}
    stored = [a if a.alert_id in heard else replace(a, state="suppressed") for a in alerts]
    added = alert_store.append_alerts(con, stored)
    outbox.append_messages(con, [m for m in messages if m.alert_id in added])
    return [alert for alert in stored if alert.alert_id in added]
