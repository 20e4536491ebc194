"""Write a brief anew that another host of the lake told, and has not delivered."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flows.home import Config
from flows.steps.warehouse import publish
from transforms.models import Alert


def write_again(config: Config, told: Alert, now: datetime) -> bool:
    """Write the brief that *told* tells of into ``data/briefs``; return whether.

    On a file nobody else wrote it: whoever removed it there wants it no more.
    """
    from flows.steps.brief.due import write_edition  # noqa: PLC0415  templates are slow to import

    found = [brief for brief in config.alerts.briefs if brief.rule_id == told.rule_id]
    if config.settings.lake_address is None or not found:
        return False
    brief = found[0]
    day = date.fromisoformat(told.term.removeprefix(f"{brief.brief_id}-"))
    # Of what that host had published.
    publish(config.settings)
    at = datetime.combine(day, brief.at, ZoneInfo(brief.zone)).astimezone(UTC)
    write_edition(config, brief, at, now)
    return True
