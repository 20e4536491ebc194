"""Editions of briefs: written when due, kept as files, put in the outbox."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flows.home import Config
from flows.settings import Settings
from flows.steps.ingest.outgoing import put_out
from flows.steps.published import published
from flows.steps.summary import Clock, Report
from flows.steps.warehouse import open_writer, publish
from transforms.alerts.decisions.decide import alert_id
from transforms.models import (
    Alert,
    Edition,
    Letter,
    LetterSection,
    ScheduledBrief,
    ToldItem,
)
from transforms.pages.words import address
from warehouse.alerting import alerts as alert_store
from warehouse.file.connect import transaction
from warehouse.file.lock import private_folder
from warehouse.file.publish import write_durably

if TYPE_CHECKING:
    from transforms.brief import Brief

FOLDER = "briefs"
KEPT = timedelta(days=90)


def tell_briefs(config: Config, clock: Clock, *, report: Report) -> list[Alert]:
    """Write the briefs that are due, and return the alerts that announce them.

    A brief is on record once for each of its days, whoever writes it.
    """
    if not config.alerts.briefs:
        return []
    from transforms.brief.compose import due_at  # noqa: PLC0415  loads templates

    now = clock()
    with published(config.settings) as con:
        last_alerts = alert_store.last_alert_at(con)
    editions = [
        write_edition(config, brief, at, now)
        for brief in config.alerts.briefs
        if (at := due_at(brief, told_at=last_alerts.get((brief.rule_id, None)), now=now))
    ]
    if not editions:
        return []
    with open_writer(config.settings, "brief", report) as con, transaction(con):
        new = put_out(con, config.alerts, editions)
    for alert in new:
        report(f"{alert.rule_id}: {alert.title}")
    forget_editions(config.settings.data, now=now)
    return new


def write_edition(
    config: Config, brief: ScheduledBrief, at: datetime, now: datetime
) -> Alert:
    """Write the brief as of *at* into ``data/briefs``, and return its alert."""
    # Both take a second to load, and few cycles write a brief.
    from flows.steps.brief import make_brief  # noqa: PLC0415
    from transforms.brief import render_html, render_mail, write_letter  # noqa: PLC0415

    day = at.astimezone(ZoneInfo(brief.zone)).date()
    edition_brief = make_brief(
        config,
        now=now,
        period=brief.period,
        # A day's begins where the one before ended, a week's is of whole days.
        until=at if brief.period == "day" else None,
        last=day - timedelta(days=1) if brief.period == "week" else None,
        language=brief.language,
        searches=[config.searches[search_id] for search_id in brief.searches],
        only=brief.only,
    )
    name = edition_name(brief.brief_id, day)
    mail = render_mail(posted(config.settings, brief, edition_brief))
    edition = Edition(letter=write_letter(edition_brief), mail=mail)
    keep_edition(config.settings.data, name, edition, render_html(edition_brief))
    return Alert(
        alert_id=alert_id(brief.rule_id, str(day)),
        rule_id=brief.rule_id,
        kind="brief",
        company_id=None,
        topic_id=None,
        story_id=None,
        article_id=None,
        title=edition_brief.title,
        url="",
        created_at=now,
        state="pending",
        rules_version=config.watchlist.rules_version,
        term=name,
    )


def posted(settings: Settings, brief: ScheduledBrief, written: Brief) -> Brief:
    """Return what is mailed of a brief: of a week the front page, unless it keeps sections.

    Its numbers are at the desk, if that has an address for links.
    """
    from transforms.brief import without_numbers  # noqa: PLC0415  loads templates

    if brief.period == "day" or brief.only:
        return written
    zone = ZoneInfo(settings.reporting_zone)
    last = (written.until - timedelta.resolution).astimezone(zone).date()
    path = address("/brief/week/numbers", brief.language, {"until": last})
    url = f"{settings.web_url.rstrip('/')}{path}" if settings.web_url else ""
    return without_numbers(written, url, f"sinowire brief --period week --until {last}")


def write_again(config: Config, told: Alert, now: datetime) -> bool:
    """Write the brief that *told* announces again; return whether it was written.

    On a file nobody else wrote it: whoever removed it there wants it no more.
    """
    briefs = [brief for brief in config.alerts.briefs if brief.rule_id == told.rule_id]
    if config.settings.lake_address is None or not briefs:
        return False
    brief = briefs[0]
    day = date.fromisoformat(told.term.removeprefix(f"{brief.brief_id}-"))
    # Of what that host had published.
    publish(config.settings)
    at = datetime.combine(day, brief.at, ZoneInfo(brief.zone)).astimezone(UTC)
    write_edition(config, brief, at, now)
    return True


def edition_name(brief_id: str, day: date) -> str:
    """Return the file name of a brief, without suffix."""
    return f"{brief_id}-{day:%Y-%m-%d}"


def keep_edition(data: Path, name: str, edition: Edition, page: str) -> Path:
    """Write the files of a brief, each atomically; return its page."""
    folder = private_folder(data / FOLDER)
    letter = json.dumps(asdict(edition.letter), ensure_ascii=False)
    contents = {".json": letter.encode(), ".eml": edition.mail, ".html": page.encode()}
    for suffix, content in contents.items():
        write_durably(folder / f"{name}{suffix}", content)
    return folder / f"{name}.html"


def read_edition(data: Path, name: str) -> Edition:
    """Return a stored brief.

    Raises:
        FileNotFoundError: It is not there, or not any more.
    """
    folder = data / FOLDER
    letter = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return Edition(letter=_letter(letter), mail=(folder / f"{name}.eml").read_bytes())


def forget_editions(data: Path, *, now: datetime) -> int:
    """Delete briefs older than 90 days before *now*; return the number of files."""
    old = [
        path
        for path in sorted((data / FOLDER).glob("*"))
        if datetime.fromtimestamp(path.stat().st_mtime, UTC) < now - KEPT
    ]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _letter(kept: Mapping[str, object]) -> Letter:
    sections = kept["sections"]
    if not isinstance(sections, list):
        raise TypeError("a letter's sections are a list")
    return Letter(
        subject=str(kept["subject"]),
        heading=str(kept["heading"]),
        sections=tuple(
            LetterSection(
                title=section["title"],
                items=tuple(
                    ToldItem(**item | {"lines": tuple(item["lines"])})
                    for item in section["items"]
                ),
            )
            for section in sections
        ),
    )
