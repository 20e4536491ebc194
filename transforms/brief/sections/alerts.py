"""What reached the channels; repeats that were held back are only counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from transforms.brief.draft import Draft, Heading, link
from transforms.brief.model import Line, Section, Table, Text
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


def section(draft: Draft) -> Section:
    """List the alerts, the newest first."""
    rows = draft.rows(ALERTS)
    shown = [row for row in rows if row.state != "suppressed"]
    table = Table(
        draft.word("caption.alerts"),
        draft.columns("time", "rule", "subject", "alert", "state"),
        tuple(_row(draft, row) for row in shown),
    )
    held = len(rows) - len(shown)
    return Section(
        key="alerts",
        title=draft.word("section.alerts"),
        blocks=(draft.folded(table),) if shown else (),
        notes=(draft.line("alerts.suppressed", n=held),) if held else (),
        queries=draft.evidence("alerts"),
    )


def _row(draft: Draft, row: AlertRow) -> tuple[Line, ...]:
    subject = row.company_id or row.topic_id
    return (
        (Text(draft.moment(row.created_at)),),
        (Text(row.rule_id),),
        (Text(draft.listed([subject] if subject else [])),),
        (link(row.title, row.url),),
        (Text(draft.label("state", row.state)),),
    )


HEADING = Heading(key="alerts", write=section, queries=(ALERTS,))
