from __future__ import annotations

from datetime import timedelta

from warehouse.alerting.alerts import append_alerts
from warehouse.feeds import sync_feeds
from warehouse.numbers.brief import totals


def test_totals_count_what_is_there(warehouse, load, make_alert, make_feed, noon):
    """One row says how much there is; what is switched off or held back is left out."""
    sync_feeds(warehouse, [make_feed("a"), make_feed("b", enabled=False)])
    load(
        warehouse,
        {"article_id": "a1", "companies": ["alibaba"], "topics": ["chips"]},
        {
            "article_id": "a2",
            "story_id": "sa1",
            "publisher": "Other",
            "published_at": noon + timedelta(hours=1),
        },
        {"article_id": "a3"},
    )
    append_alerts(warehouse, [make_alert("x1"), make_alert("x2", state="suppressed")])

    counted = totals(warehouse)

    assert counted == {
        "feeds": 1,
        "articles": 3,
        "mentions": 1,
        "tags": 1,
        "stories": 2,
        "shared_stories": 1,
        "alerts": 1,
        "delivery_attempts": 0,
        "bursts": 0,
    }
