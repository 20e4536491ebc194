"""Alerts on record: each decided once, with its phase, updates and reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from transforms.models import Alert
from warehouse import appends, queries
from warehouse.news.stories import THE_START
from warehouse.queries import Connection

# A day without news, and then as long as stories take in new articles.
COOLED_AFTER = timedelta(days=1)
RESOLVED_AFTER = timedelta(days=3)


def append_alerts(con: Connection, alerts: Iterable[Alert]) -> set[str]:
    """Append *alerts*; return the ids of those that were new.

    A rule has one alert per story; later ones are updates of it and advance its phase.
    """
    listed = list(alerts)
    columns = appends.names(Alert)
    ids = appends.append_fresh(con, "alerts", "alerts.fresh_alerts", listed, columns)
    sent = (a for a in listed if a.alert_id in ids and a.state != "suppressed")
    updated = (alert.updates_alert_id for alert in sent)
    if told := sorted(filter(None, set(updated))):
        now = max(alert.created_at for alert in listed)
        queries.run(con, "alerts.mark_updated", alert_id=told, now=now)
    return ids


def told(con: Connection, story_ids: Collection[str] | None = None) -> list[queries.Row]:
    """Return the alert history by rule and story, for *story_ids* or all stories.

    A row has rule_id, story_id, alert_id, is_open, is_sent, publishers, languages,
    companies.
    """
    ids = None if story_ids is None else sorted(set(story_ids))
    return queries.rows(con, "alerts.told", story_id=ids)


def threads(con: Connection, affair_ids: Iterable[str]) -> dict[tuple[str, str], str]:
    """Return the id of each rule's first alert on each of these affairs."""
    if not (listed := sorted(set(affair_ids))):
        return {}
    found = queries.run(con, "alerts.threads", affair_id=listed)
    return {(rule_id, affair_id): alert_id for rule_id, affair_id, alert_id in found}


def coverage(
    con: Connection,
    ids: Iterable[str],
    *,
    since: datetime = THE_START,
    is_then: bool = False,
) -> list[queries.Row]:
    """Return the outlets and languages of each story that has an article.

    A row has story_id, publishers, languages and crossed_by: the articles that were the
    story's first in a further language. No story may have an article from before *since*:
    older rows are not read. With *is_then* the ids are of articles, and a row is of the
    story of one (at_article) when it arrived.
    """
    name = "alerts.coverage_then" if is_then else "alerts.coverage"
    return queries.rows_for(con, name, {"ids": set(ids), "since": since})


def settled(
    con: Connection,
    article_ids: Iterable[str],
    *,
    since: datetime,
) -> list[queries.Row]:
    """Return the claims that these articles are the first to settle.

    A row has claim_id, story_id, subject, outcome, settled_by. Articles from before *since*
    are not read.
    """
    return queries.rows(con, "alerts.settled", article_id=set(article_ids), since=since)


def headlines_of(con: Connection, article_ids: Iterable[str]) -> list[queries.Row]:
    """Return the headlines sent for these articles, in alerts and updates, in order.

    A row has alert_id (of the first alert), rule_id, article_id, title, companies,
    topic_id. Suppressed alerts and corrections are left out.
    """
    listed = sorted(set(article_ids))
    return queries.rows(con, "alerts.headlines_of", article_id=listed) if listed else []


def last_alert_at(con: Connection) -> dict[tuple[str, str | None], datetime]:
    """Return the time of each rule's last alert on each company."""
    found = queries.run(con, "alerts.last_alert_at")
    return {(rule_id, company_id): at for rule_id, company_id, at in found}


def news(
    con: Connection, since: datetime
) -> dict[tuple[str, str, str | None], tuple[str, datetime]]:
    """Return by rule, company and topic the id and time of the last first alert."""
    found = queries.run(con, "alerts.news", since=since)
    return {
        (rule_id, company_id, topic_id): (alert_id, at)
        for rule_id, company_id, topic_id, alert_id, at in found
    }


def watched(con: Connection) -> list[queries.Row]:
    """Return each rule's last alert on each burst, shift, silence or date.

    A row has rule_id, key (a company, topic, feed or article; empty for the pipeline),
    alert_id, phase, created_at.
    """
    return queries.rows(con, "alerts.watched")


def resolve(con: Connection, alert_ids: Collection[str], now: datetime) -> None:
    """Mark these alerts resolved: no further update will follow."""
    if alert_ids:
        queries.run(con, "alerts.resolve", alert_id=set(alert_ids), now=now)


def advance_phases(con: Connection, now: datetime) -> None:
    """Move alerts without news to ``cooled``, and later to ``resolved``.

    The stories of an alert are its own and further turns of its affair.
    """
    queries.run(
        con,
        "alerts.advance_phases",
        now=now,
        cooled_after=COOLED_AFTER,
        resolved_after=RESOLVED_AFTER,
    )


def alert_counts(con: Connection) -> dict[str, int]:
    """Return the number of alerts by state."""
    return dict(queries.run(con, "alerts.alert_counts"))


def list_alerts(
    con: Connection,
    *,
    state: str | None = None,
    rule_id: str | None = None,
    company_id: str | None = None,
    since: datetime | None = None,
    limit: int = 50,
) -> list[queries.Row]:
    """Return alerts, the newest first."""
    return queries.rows(
        con,
        "alerts.list_alerts",
        state=state,
        rule_id=rule_id,
        company_id=company_id,
        since=since,
        limit=limit,
    )


def explain(con: Connection, alert_id: str) -> dict[str, list[queries.Row]]:
    """Return an alert with its mentions, updates, messages and delivery attempts."""
    params = {"alert_id": alert_id}
    return {
        "alert": queries.rows(con, "alerts.alert", **params),
        "mentions": queries.rows(con, "alerts.alert_mentions", **params),
        "updates": queries.rows(con, "alerts.alert_updates", **params),
        "messages": queries.rows(con, "alerts.alert_messages", **params),
        "attempts": queries.rows(con, "alerts.alert_attempts", **params),
    }


def updates(con: Connection, *, rule_id: str | None = None) -> list[queries.Row]:
    """Return the updates of one rule, or of all, with the state of their first alerts."""
    return queries.rows(con, "deliveries.updates", rule_id=rule_id)


def digests(con: Connection) -> list[queries.Row]:
    """Return the digests: channel, alerts, and the reason for gathering them."""
    return queries.rows(con, "deliveries.digests")


def retries(con: Connection) -> list[queries.Row]:
    """Return all attempts at messages whose first attempt failed."""
    return queries.rows(con, "deliveries.retries")
