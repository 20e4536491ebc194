"""``/alerts``: inbox of alerts, read-only, with the reason and deliveries of each."""

from __future__ import annotations

from typing import Any

from flows.web.page import Page, PageView, Reading
from transforms.pages import inbox
from transforms.pages.inbox import INBOX, SPANS
from transforms.pages.words import DataTable

SHOWN = 100
STATES = ("pending", "delivered", "parked", "suppressed")


def inbox_page(reading: Reading) -> PageView:
    """Return the inbox of alerts, those that need a person first."""
    ask, words = reading.ask, reading.words
    state = ask.one_of("state", *STATES)
    params: dict[str, Any] = {
        "since": None,
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
        title=words.word("nav.alerts"),
        section="alerts",
        given={
            "alerts": inbox.notes(
                words, alerts, spans, stories, reading.publication.search_names
            ),
            "states": inbox.state_links(words, STATES, state),
            "rule": params["rule"],
            "is_full": len(alerts) == SHOWN,
            "shown": SHOWN,
            "sql": reading.sql(INBOX, **params),
            "newest": reading.publication.as_of,
        },
        tables=(DataTable(name="alerts", rows=[inbox.record(alert) for alert in alerts]),),
        feed=[*dict.fromkeys(stories.values())],
        feed_title=words.word("nav.alerts"),
    )


PAGES = (
    Page(
        path="/alerts",
        nav="alerts",
        view=inbox_page,
        known=frozenset({"state", "rule", "story"}),
        forms=("json", "csv", "atom"),
    ),
)
