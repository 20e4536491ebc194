"""Alerts reach their channel in the end, and the ledger says how."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from flows.steps.clock import clock_at
from flows.steps.deliver import deliver as attempts
from flows.steps.deliver import outcomes
from flows.steps.run import run
from warehouse.connect import open_published
from warehouse.publish import publish

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ALERTS = """
[channel.hook]
type = "webhook"
url = "{url}/hook"

[rule.giants]
companies = ["baidu", "roborock"]
channels = ["hook"]
"""


def quiet(_message):
    pass


def deliver(*args, **options):
    return outcomes(attempts(*args, **options))


@pytest.fixture
def alerted(home, web, subscribe, config):
    """A home with two pending alerts for a webhook that is down."""
    (home / "alerts.toml").write_text(ALERTS.format(url=web.url))
    old = ("https://x.example/1", "Weather is fine", format_datetime(NOW))
    web.page("/hook", status=503)
    web.feed("/good", old)
    subscribe("/good")
    run(config(), now=NOW, report=quiet, progress=quiet)
    web.feed(
        "/good",
        ("https://x.example/2", "Baidu opens a lab in Wuhan", format_datetime(LATER)),
        ("https://x.example/3", "Roborock recalls a mop", format_datetime(LATER)),
        old,
    )
    run(config(), now=LATER, report=quiet, progress=quiet)


@pytest.fixture
def ledger(home, config):
    """Return (company, attempt, outcome) of every attempt, in order."""

    def read():
        data = home / "data"
        publish(data)
        with contextlib.closing(open_published(data / "sinowire.duckdb")) as con:
            return con.execute(
                "select company_id, attempt, outcome from alert_deliveries "
                "join alerts using (alert_id) order by company_id, attempt"
            ).fetchall()

    return read


def posts(web):
    return [
        (headers["Idempotency-Key"], json.loads(body))
        for method, path, headers, body in web.requests
        if (method, path) == ("POST", "/hook")
    ]


def test_a_webhook_that_was_down_gets_every_alert_once_it_is_up(
    alerted, web, config, ledger
):
    """Three refusals, then delivery: one key a message, all attempts on record."""
    clock = LATER
    for _ in range(2):
        clock += timedelta(hours=7)
        assert deliver(config(), clock_at(clock), report=quiet) == {"retry": 2}
    web.page("/hook", status=200)
    clock += timedelta(hours=7)

    counts = deliver(config(), clock_at(clock), report=quiet)

    assert counts == {"delivered": 2}
    assert ledger() == [
        (company, attempt, "delivered" if attempt == 4 else "retry")
        for company in ("baidu", "roborock")
        for attempt in (1, 2, 3, 4)
    ]
    assert len({key for key, _ in posts(web)}) == 2
    assert len(posts(web)) == 8
    assert deliver(config(), clock_at(clock), report=quiet) == {}


def test_back_off_is_kept_unless_a_person_asks(alerted, config):
    """Right after a failure nothing is due; by hand everything pending is tried."""
    soon = clock_at(LATER + timedelta(seconds=1))

    assert deliver(config(), soon, report=quiet) == {}
    assert deliver(config(), soon, force=True, report=quiet) == {"retry": 2}


def test_what_will_never_work_is_parked_at_once(alerted, web, config, ledger):
    """A 400 is not asked again and again."""
    web.page("/hook", status=400)

    assert deliver(config(), clock_at(LATER), force=True, report=quiet) == {"parked": 2}
    assert deliver(config(), clock_at(LATER), force=True, report=quiet) == {}
    assert [outcome for _, _, outcome in ledger()] == ["retry", "parked"] * 2


def test_a_channel_that_was_removed_parks_its_messages(alerted, home, config):
    """What alerts.toml no longer names cannot be delivered, and says so."""
    text = (home / "alerts.toml").read_text().replace("hook]", "other]")
    (home / "alerts.toml").write_text(text.replace('["hook"]', '["other"]'))

    counts = deliver(config(), clock_at(LATER), force=True, report=quiet)

    assert counts == {"parked": 2}
