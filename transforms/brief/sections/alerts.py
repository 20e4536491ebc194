"""What reached the channels; repeats that were held back are only counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from transforms.brief.draft import Draft, Heading
from transforms.brief.model import Section
from transforms.brief.tables import Columns, label, linked, moment, table, text
from transforms.models import Query


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """An alert decided in the period, and the state that it has come to."""

    alert_id: str
    created_at: datetime
    rule_id: str
    kind: str
    company_id: str | None
    topic_id: str | None
    title: str
    url: str
    state: str
    story_id: str | None


ALERTS = Query(
    name="brief.alerts", row=AlertRow, relations=("alerts", "messages", "alert_deliveries")
)

COLUMNS: Columns[AlertRow] = {
    "time": moment("created_at"),
    "rule": text("rule_id"),
    "subject": lambda draft, row: draft.listed(
        filter(None, [row.company_id or row.topic_id])
    ),
    "alert": linked("title", "url"),
    "state": label("state", "state"),
}


def section(draft: Draft) -> Section:
    """List the alerts, the newest first."""
    rows = draft.rows(ALERTS)
    shown = [row for row in rows if row.state != "suppressed"]
    held = len(rows) - len(shown)
    return draft.section(
        "alerts",
        table(draft, "caption.alerts", COLUMNS, shown),
        notes=(draft.line("alerts.suppressed", n=held),) if held else (),
    )


HEADING = Heading(key="alerts", write=section, queries=(ALERTS,))
