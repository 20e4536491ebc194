"""Tell Prefect of every alert, so that an automation can react to it."""

from __future__ import annotations

from collections.abc import Iterable

from prefect.events import emit_event

from transforms.models import Alert
from transforms.names.rules.watchlist import Watchlist

MENTIONED = "sinowire.company.mentioned"


def emit_mentions(alerts: Iterable[Alert], watchlist: Watchlist) -> None:
    """Emit one event per alert and company of it; best effort, the outbox is the record."""
    told = [
        (a, company) for a in alerts if a.state != "suppressed" for company in a.companies
    ]
    for alert, company_id in told:
        emit_event(
            event=MENTIONED,
            resource={
                "prefect.resource.id": f"sinowire.company.{company_id}",
                "prefect.resource.name": watchlist.company(company_id).name,
                "sinowire.rule": alert.rule_id,
            },
            payload={
                "alert_id": alert.alert_id,
                "rule_id": alert.rule_id,
                "company_id": company_id,
                "kind": alert.kind,
                "updates_alert_id": alert.updates_alert_id,
                "story_id": alert.story_id,
                "title": alert.title,
                "url": alert.url,
                "created_at": alert.created_at.isoformat(),
            },
        )
