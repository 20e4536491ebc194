"""How alerts travelled, as the tables tell it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from transforms.models import Delivery, Sending
from warehouse.alerting.alerts import append_alerts, digests, retries, updates
from warehouse.alerting.outbox import append_messages, lease, record_deliveries


@pytest.fixture
def later(noon):
    """An hour after noon."""
    return noon + timedelta(hours=1)


@pytest.fixture
def told(warehouse, make_alert, make_message, later):
    """Two alerts and an update of the first, each with a message to one channel."""
    alerts = [make_alert("x1", publishers=3, languages=("en",)), make_alert("x2")]
    news = {"step": "publishers:5", "publishers": 5, "languages": ("en", "zh")}
    update = make_alert(
        "x3", rule_id="giants", updates_alert_id="x1", created_at=later, **news
    )
    append_alerts(warehouse, [*alerts, update])
    append_messages(warehouse, [make_message(f"m{n}", f"x{n}") for n in (1, 2, 3)])
    return warehouse


def attempt(number, outcome, at, *, tried=1, **fields):
    return Delivery(
        message_id=f"m{number}",
        alert_id=f"x{number}",
        channel_id="desk",
        attempt=tried,
        attempted_at=at,
        outcome=outcome,
        **fields,
    )


def test_an_update_stands_beside_its_first_alert(told, noon, later):
    """What was known at first, and what is new; another rule has none."""
    (row,) = updates(told, rule_id="giants")

    assert (row["first_alert_id"], row["alert_id"]) == ("x1", "x3")
    assert (row["first_at"], row["created_at"]) == (noon, later)
    assert (row["first_publishers"], row["first_languages"]) == (3, ["en"])
    assert (row["step"], row["publishers"]) == ("publishers:5", 5)
    assert updates(told) == [row]
    assert updates(told, rule_id="other") == []


def test_a_digest_is_one_row(told, noon, later):
    """Its members are counted; what went alone is no digest."""
    bundle = Sending(
        channel_id="desk", message_ids=("m1", "m2"), bundle_id="b1", why="digest"
    )
    alone = Sending(channel_id="desk", message_ids=("m3",))
    lease(told, [bundle, alone], until=later, by="one")
    done = [attempt(n, "delivered", later) for n in (1, 2, 3)]
    record_deliveries(told, done, by="one")

    assert digests(told) == [
        {
            "channel_id": "desk",
            "since": noon,
            "delivered_at": later,
            "alerts": 2,
            "held": "digest",
            "bundle_id": "b1",
        }
    ]


def test_a_retry_has_a_row_per_attempt(told, noon, later):
    """Only what failed once is listed, with what the channel said."""
    no = attempt(1, "retry", noon, error="it answered 503", next_attempt_at=later)
    for done in (
        no,
        attempt(2, "delivered", noon),
        attempt(1, "delivered", later, tried=2),
    ):
        lease(
            told,
            [Sending(channel_id="desk", message_ids=(done.message_id,))],
            until=later,
            by="one",
        )
        record_deliveries(told, [done], by="one")

    assert [(r["attempt"], r["outcome"], r["error"]) for r in retries(told)] == [
        (1, "retry", "it answered 503"),
        (2, "delivered", None),
    ]
