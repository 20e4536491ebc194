"""Tell Prefect of every alert, so that an automation can react to it."""

from __future__ import annotations

from collections.abc import Iterable

from prefect.events import emit_event

from transforms.models import Alert
from transforms.watchlist import Watchlist

MENTIONED = "sinowire.company.mentioned"


def emit_mentions(alerts: Iterable[Alert], watchlist: Watchlist) -> None:
    """Emit one event per alert on a company; best effort, the outbox is the record."""
    for alert in alerts:
        if alert.company_id is None or alert.state == "suppressed":
            continue
        emit_event(
            event=MENTIONED,
            resource={
                "prefect.resource.id": f"sinowire.company.{alert.company_id}",
                "prefect.resource.name": watchlist.company(alert.company_id).name,
                "sinowire.rule": alert.rule_id,
            },
            payload={
                "alert_id": alert.alert_id,
                "rule_id": alert.rule_id,
                "company_id": alert.company_id,
                "story_id": alert.story_id,
                "title": alert.title,
                "url": alert.url,
                "created_at": alert.created_at.isoformat(),
            },
        )
