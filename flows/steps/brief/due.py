"""Tell the briefs of ``alerts.toml`` that are due: written, kept, and put in the outbox."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flows.home import Config
from flows.steps.clock import Clock
from flows.steps.deliver.editions import edition_name, forget_editions, keep_edition
from flows.steps.ingest.outbox import put_out
from flows.steps.published import published
from flows.steps.summary import Report
from flows.steps.warehouse import open_writer
from transforms.alerts.decisions.decide import alert_id
from transforms.brief.schedule import due_at
from transforms.models import Alert, Edition, ScheduledBrief
from warehouse.alerting import alerts as alert_store
from warehouse.file.connect import transaction


def tell_briefs(config: Config, clock: Clock, *, report: Report) -> list[Alert]:
    """Write what is due from the published file; return the alerts that tell of it.

    A brief is on record once for each of its days, whoever writes it.
    """
    if not config.alerts.briefs:
        return []
    now = clock()
    with published(config.settings) as con:
        told = alert_store.last_alert_at(con)
    made = [
        write_edition(config, brief, at, now)
        for brief in config.alerts.briefs
        if (at := due_at(brief, told_at=told.get((brief.rule_id, None)), now=now))
    ]
    if not made:
        return []
    with open_writer(config.settings, "brief", report) as con, transaction(con):
        new = put_out(con, config, made)
    for alert in new:
        report(f"{alert.rule_id}: {alert.title}")
    forget_editions(config.settings.data, now=now)
    return new


def write_edition(
    config: Config, brief: ScheduledBrief, at: datetime, now: datetime
) -> Alert:
    """Write the brief for the moment *at* into ``data/briefs``."""
    # Both take a second to load, and few cycles write a brief.
    from flows.steps.brief.make import make_brief  # noqa: PLC0415
    from transforms.brief import keep_sections, render_html, render_mail, write_letter  # noqa: PLC0415

    day = at.astimezone(ZoneInfo(brief.zone)).date()
    made = make_brief(
        config.settings,
        now=now,
        period=brief.period,
        # A day's begins where the one before ended, a week's is of whole days.
        until=at if brief.period == "day" else None,
        last=day - timedelta(days=1) if brief.period == "week" else None,
        language=brief.language,
        searches=[config.searches[search_id] for search_id in brief.searches],
    )
    made = keep_sections(made, brief.only)
    name = edition_name(brief.brief_id, day)
    edition = Edition(letter=write_letter(made), mail=render_mail(made))
    keep_edition(config.settings.data, name, edition, render_html(made))
    return Alert(
        alert_id=alert_id(brief.rule_id, str(day)),
        rule_id=brief.rule_id,
        kind="brief",
        company_id=None,
        topic_id=None,
        story_id=None,
        article_id=None,
        title=made.title,
        url="",
        created_at=now,
        state="pending",
        rules_version=config.watchlist.rules_version,
        term=name,
    )
