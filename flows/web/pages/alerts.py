"""``/alerts``: inbox of alerts, read-only, with the reason and deliveries of each."""

from __future__ import annotations

import logging
from typing import Any

from flows.home import load_config
from flows.web.asked import DAY
from flows.web.page import Page, PageView, Reading
from transforms.config import ConfigError
from transforms.pages import inbox
from transforms.pages.inbox import EVERY_ALERT, INBOX, SPANS, Demand, demands
from transforms.pages.words import DataTable

log = logging.getLogger("sinowire.web")
SHOWN = 100
STATES = ("pending", "delivered", "parked", "suppressed")


def inbox_page(reading: Reading) -> PageView:
    """Return the inbox of alerts, those that need a person first."""
    ask, words = reading.ask, reading.words
    state = ask.one_of("state", *STATES)
    params: dict[str, Any] = {
        **EVERY_ALERT,
        "story_id": ask.text("story"),
        "state": state,
        "rule": ask.text("rule"),
        "limit": SHOWN,
    }
    alerts = reading.rows(INBOX, **params)
    articles = [alert.article_id for alert in alerts if alert.article_id]
    spans = reading.rows(SPANS, article_ids=articles) if articles else []
    stories = reading.stories([alert.story_id for alert in alerts if alert.story_id])
    return PageView(
        template="alerts.html.j2",
        # A rule is that of the home's file, which changes without a publication.
        is_kept=params["rule"] is None,
        title=words.word("nav.alerts"),
        section="alerts",
        given={
            "alerts": inbox.notes(
                words, alerts, spans, stories, reading.publication.search_names
            ),
            "states": inbox.state_links(words, STATES, state),
            "rule": params["rule"],
            # As an example: a week from the newest data.
            "mute_until": reading.day_of(reading.publication.as_of) + 7 * DAY,
            "demands": _demands(reading, params["rule"]),
            "is_full": len(alerts) == SHOWN,
            "shown": SHOWN,
            "sql": reading.sql(INBOX, **params),
            "newest": reading.publication.as_of,
        },
        tables=(DataTable(name="alerts", rows=[inbox.record(alert) for alert in alerts]),),
        feed=[*dict.fromkeys(stories.values())],
        feed_title=words.word("nav.alerts"),
    )


def _demands(reading: Reading, rule_id: str | None) -> list[Demand]:
    """Return what a rule of the home asks for; empty without one, or of a wrong file."""
    if rule_id is None:
        return []
    try:
        rule = load_config(reading.settings).alerts.by_id.get(rule_id)
    except ConfigError as exc:
        log.error("no rule is shown: %s", exc)  # noqa: TRY400  no traceback
        return []
    return demands(reading.words, rule) if rule else []


PAGES = (
    Page(
        path="/alerts",
        nav="alerts",
        view=inbox_page,
        known=frozenset({"state", "rule", "story"}),
        forms=("json", "csv", "atom"),
    ),
)
