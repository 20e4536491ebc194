"""Alerts reach their channel in the end, and the ledger says how."""

from __future__ import annotations

import contextlib
import json
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from builders import alert
from either_kind import publish, writer

from flows.steps import delivery
from flows.steps.cycle import run
from flows.steps.delivery import deliver as attempts
from flows.steps.delivery import outcomes
from flows.steps.parcels import Sent
from flows.steps.summary import clock_at
from transforms.alerts import messages_for, next_attempt
from transforms.alerts.messages.schedule import MOST_ATTEMPTS
from warehouse.alerting import outbox
from warehouse.alerting.alerts import append_alerts
from warehouse.file.connect import open_published, transaction

pytestmark = pytest.mark.slow

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
TWO = """
[channel.hook]
type = "webhook"
url = "{url}/hook"

[channel.file]
type = "file"
path = "alerts.jsonl"

[rule.giants]
companies = ["baidu", "roborock"]
channels = ["file", "hook"]
"""


def quiet(_message):
    pass


def deliver(*args, **options):
    return outcomes(attempts(*args, **options))


@pytest.fixture
def alerted(home, web, subscribe, config, fill_once):
    """A home with two pending alerts for a webhook that is down."""
    (home / "alerts.toml").write_text(ALERTS.format(url=web.url))
    old = ("https://x.example/1", "Weather is fine", format_datetime(NOW))
    news = (
        ("https://x.example/2", "Baidu opens a lab in Wuhan", format_datetime(LATER)),
        ("https://x.example/3", "Roborock recalls a mop", format_datetime(LATER)),
    )
    web.page("/hook", status=503)
    subscribe("/good")

    def poll_twice():
        web.feed("/good", old)
        run(config(), now=NOW, report=quiet, progress=quiet)
        web.feed("/good", *news, old)
        run(config(), now=LATER, report=quiet, progress=quiet)

    fill_once("undelivered", poll_twice)
    # Only the test that fills the home has seen its first post.
    web.requests.clear()


@pytest.fixture
def asked(home):
    """Return the rows of a query on the published file."""

    def ask(query):
        data = home / "data"
        publish(home)
        with contextlib.closing(open_published(data / "sinowire.duckdb")) as con:
            return con.execute(query).fetchall()

    return ask


@pytest.fixture
def ledger(asked):
    """Return (company, attempt, outcome) of every attempt, in order."""
    return lambda: asked(
        "select company_id, attempt, outcome from alert_deliveries "
        "join alerts using (alert_id) order by attempted_at, company_id, attempt"
    )


@pytest.fixture
def pending(home, web, config):
    """Put alerts for the rule ``giants`` into the outbox, without any article."""
    (home / "alerts.toml").write_text(TWO.format(url=web.url))
    web.page("/hook")

    def put(count, *, now=NOW, first=0):
        alerts = [
            alert(
                f"x{n:05}",
                company_id="baidu",
                story_id=None,
                article_id=None,
                title=f"Baidu opens lab {n}",
                url=f"https://x.example/{n}",
                created_at=now,
            )
            for n in range(first, first + count)
        ]
        with writer(home) as con, transaction(con):
            append_alerts(con, alerts)
            outbox.append_messages(con, messages_for(alerts, config().alerts))

    return put


def posts(web):
    return [
        (headers["Idempotency-Key"], json.loads(body))
        for method, path, headers, body in web.requests
        if (method, path) == ("POST", "/hook")
    ]


def titles(web):
    return [body["alert"]["title"] for _, body in posts(web)]


def test_a_webhook_that_was_down_gets_every_alert_once_it_is_up(
    alerted, web, config, ledger
):
    """While it is down only the first is tried: in the end both come, in order."""
    clock = LATER
    for _ in range(2):
        clock += timedelta(hours=7)
        assert deliver(config(), clock_at(clock), report=quiet) == {"retry": 1}
    web.page("/hook", status=200)
    clock += timedelta(hours=7)

    counts = deliver(config(), clock_at(clock), report=quiet)

    assert counts == {"delivered": 2}
    tries = ledger()
    first, second = tries[0][0], ({"baidu", "roborock"} - {tries[0][0]}).pop()
    assert tries == [(first, n, "retry") for n in (1, 2, 3)] + sorted(
        [(first, 4, "delivered"), (second, 1, "delivered")]
    )
    assert len({key for key, _ in posts(web)}) == 2
    assert len(posts(web)) == 4
    assert deliver(config(), clock_at(clock), report=quiet) == {}


UNSET = TWO.replace('url = "{url}/hook"', 'url = {{ env = "HOOK_URL" }}')


def test_a_channel_waits_for_its_variable(
    home, web, subscribe, config, sinowire, monkeypatch, received, asked
):
    """All else goes on, and it is told; what it missed goes out once that is set."""
    (home / "alerts.toml").write_text(UNSET.format())
    web.feed("/good", ("https://x.example/1", "Weather is fine", format_datetime(NOW)))
    web.page("/hook")
    subscribe("/good")
    run(config(), now=NOW, report=quiet, progress=quiet)
    news = ("https://x.example/2", "Baidu opens a lab in Wuhan", format_datetime(LATER))
    web.feed("/good", news)
    said = []

    summary = run(config(), now=LATER, report=said.append, progress=quiet)

    [warning] = summary.warnings
    assert "alerts.toml:4: [channel.hook.url] names the variable HOOK_URL" in warning
    assert said.count(f"warning: {warning}") == 1
    assert len(received()) == 1, "the file has its alert"
    assert asked("select channel_id, state from messages order by all") == [
        ("file", "delivered"),
        ("hook", "pending"),
    ]
    assert deliver(config(), clock_at(LATER), force=True, report=quiet) == {}
    for command in (("doctor",), ("alerts", "list"), ("alerts", "test", "hook")):
        _, out, err = sinowire(*command)
        assert "names the variable HOOK_URL" in out + err, command
    assert sinowire("watchlist", "check")[0] == 0
    assert sinowire("alerts", "backtest")[0] == 0

    monkeypatch.setenv("HOOK_URL", f"{web.url}/hook")
    assert deliver(config(), clock_at(LATER), report=quiet) == {"delivered": 1}
    assert titles(web) == ["Baidu opens a lab in Wuhan"]


def test_back_off_is_kept_unless_a_person_asks(alerted, config):
    """Right after a failure nothing is due; by hand it is tried, once."""
    soon = clock_at(LATER + timedelta(seconds=1))

    assert deliver(config(), soon, report=quiet) == {}
    assert deliver(config(), soon, force=True, report=quiet) == {"retry": 1}


def test_a_clock_that_was_set_back_stops_no_channel(pending, web, config):
    """What failed and what came while it was five days ahead goes out all the same."""
    ahead = NOW + timedelta(days=5)
    pending(1, now=ahead)
    web.page("/hook", status=500)
    failed = deliver(config(), clock_at(ahead), report=quiet)
    assert failed == {"delivered": 1, "retry": 1}
    web.page("/hook")
    pending(1, first=1)
    web.requests.clear()

    counts = deliver(config(), clock_at(NOW), report=quiet)

    assert counts == {"delivered": 3}
    assert titles(web) == ["Baidu opens lab 0", "Baidu opens lab 1"]


def test_a_digest_of_days_to_come_keeps_its_time(pending, home, web, config, received):
    """The moment that is noted on it is of the clock of now, and is the one that counts."""
    daily = TWO.replace('path = "alerts.jsonl"', 'path = "alerts.jsonl"\ndigest = "20:00"')
    pending(2, now=NOW + timedelta(days=5))
    (home / "alerts.toml").write_text(daily.format(url=web.url))
    assert deliver(config(), clock_at(NOW + timedelta(days=5)), report=quiet) == {
        "delivered": 2
    }

    assert deliver(config(), clock_at(NOW), report=quiet) == {}
    tomorrow = clock_at(NOW + timedelta(days=1))
    assert deliver(config(), tomorrow, report=quiet) == {"delivered": 2}
    assert len(received()) == 1


def test_what_will_never_work_is_parked_at_once(alerted, web, config, ledger):
    """A 400 is not asked again and again, and keeps no other from being tried."""
    web.page("/hook", status=400)

    assert deliver(config(), clock_at(LATER), force=True, report=quiet) == {"parked": 2}
    assert deliver(config(), clock_at(LATER), force=True, report=quiet) == {}
    assert Counter(outcome for *_, outcome in ledger()) == {"retry": 1, "parked": 2}


def test_a_channel_that_was_removed_parks_its_messages(alerted, home, config):
    """What alerts.toml no longer names cannot be delivered, and says so."""
    text = (home / "alerts.toml").read_text().replace("hook]", "other]")
    (home / "alerts.toml").write_text(text.replace('["hook"]', '["other"]'))

    counts = deliver(config(), clock_at(LATER), force=True, report=quiet)

    assert counts == {"parked": 2}


def test_order_is_kept_and_one_channel_down_leaves_the_other(
    pending, web, config, received
):
    """Each channel gets everything in the order of arrival, at its own pace."""
    pending(30)
    web.page("/hook", status=503)
    assert deliver(config(), clock_at(NOW), report=quiet) == {"delivered": 30, "retry": 1}
    pending(5, first=30)
    web.page("/hook")
    web.requests.clear()

    counts = deliver(config(), clock_at(NOW + timedelta(minutes=1)), report=quiet)

    expected = [f"Baidu opens lab {n}" for n in range(35)]
    assert counts == {"delivered": 40}
    assert titles(web) == expected
    assert [line["alert"]["title"] for line in received()] == expected


def test_two_deliverers_at_once_send_nothing_twice(pending, web, config, received):
    """Each takes what the other has not in hand; all arrives, in order, once."""
    pending(60)
    web.delay = 0.005
    counts = [Counter(), Counter()]

    def work(n):
        counts[n] += deliver(config(), clock_at(NOW), report=quiet)

    threads = [threading.Thread(target=work, args=(n,)) for n in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(counts, Counter()) == {"delivered": 120}
    assert titles(web) == [f"Baidu opens lab {n}" for n in range(60)]
    assert len(received()) == 60


def test_a_sender_stops_well_before_its_lease_ends(
    pending, web, config, monkeypatch, asked
):
    """What it did not get to is free again at once, and no attempt of it is counted."""
    pending(20)
    web.delay = 0.2
    monkeypatch.setattr(delivery, "SENDING", timedelta(seconds=2))
    monkeypatch.setattr(delivery, "PATIENCE", timedelta(0))

    sent = deliver(config(), clock_at(NOW), report=quiet)["delivered"]

    assert 20 < sent < 40
    assert len(posts(web)) == sent - 20
    assert asked("select count(*) from messages where leased_until is not null") == [(0,)]
    assert asked("select max(attempts) from messages where state = 'pending'") == [(0,)]
    web.delay = 0
    assert deliver(config(), clock_at(NOW), report=quiet, force=True) == {
        "delivered": 40 - sent
    }
    assert titles(web) == [f"Baidu opens lab {n}" for n in range(20)]


def test_a_deliverer_that_died_holds_its_messages_for_its_lease_only(pending, web, config):
    """They come again, under the same keys, as soon as the lease is over."""
    pending(2)
    clock = clock_at(NOW)
    claim = delivery._Work(
        config=config(), clock=clock, force=False, report=quiet, lease_clock=clock
    ).turn
    keys = {b.channel_id: [p.message_id for p in b.parcels] for b in claim()}

    soon = clock_at(NOW + delivery.LEASE - timedelta(seconds=1))
    assert deliver(config(), clock, force=True, report=quiet, lease_clock=soon) == {}

    over = clock_at(NOW + delivery.LEASE)
    sent = deliver(config(), clock, report=quiet, lease_clock=over)
    assert sent == {"delivered": 4}
    assert [key for key, _ in posts(web)] == keys["hook"]


@pytest.mark.parametrize("ahead", [timedelta(hours=2), timedelta(hours=-2)])
def test_who_pretends_another_moment_sends_nothing_that_is_in_hand(
    pending, web, config, ahead
):
    """A replay beside the schedule: neither takes what the other one is sending."""
    pending(2)
    real, pretended = clock_at(None), clock_at(datetime.now(UTC) + ahead)
    for first, second in ((real, pretended), (pretended, real)):
        work = delivery._Work(config=config(), clock=first, force=False, report=quiet)
        taken = [n.message_id for b in work.turn() for p in b.parcels for n in p.notices]
        assert len(taken) == 4
        assert deliver(config(), second, force=True, report=quiet) == {}
        work.done = [Sent(channel_id="hook", untried=taken)]
        work.stop.set()
        work.turn()
    assert posts(web) == []
    assert deliver(config(), clock_at(None), report=quiet) == {"delivered": 4}


def test_a_digest_keeps_its_members_and_its_key(pending, home, web, config, asked):
    """What fails goes out again as it was, though more has come since."""
    daily = 'url = "{url}/hook"\ndigest = "20:00"\nzone = "Asia/Shanghai"'
    text = TWO.replace('url = "{url}/hook"', daily).format(url=web.url)
    pending(3)
    (home / "alerts.toml").write_text(text)
    web.page("/hook", status=503)
    assert deliver(config(), clock_at(NOW), report=quiet) == {"delivered": 3, "retry": 3}
    web.page("/hook")
    tomorrow = NOW + timedelta(days=1)
    pending(2, first=3, now=NOW + timedelta(hours=1))

    counts = deliver(config(), clock_at(tomorrow), report=quiet)

    assert counts == {"delivered": 3 + 2 + 2}
    first, again, second = [key for key, _ in posts(web)]
    assert first == again != second
    assert asked("select count(distinct bundle_id) from alert_ledger") == [(2,)]
    assert asked(
        "select attempt, count(*) from alert_deliveries where channel_id = 'hook' "
        "group by all order by all"
    ) == [(1, 5), (2, 3)]


def test_commands_show_park_and_retry(pending, web, sinowire, asked):
    """What is parked is listed a row a channel, and sent again as a person asks."""
    pending(2)
    web.page("/hook", status=400)
    code, out, err = sinowire("alerts", "deliver")
    assert (code, out) == (0, "2 delivered, 2 parked\n")
    assert "2 x channel hook: it answered 400" in err

    rows = json.loads(
        sinowire("alerts", "list", "--state", "parked", "--format", "json")[1]
    )
    assert [(r["alert_id"], r["channel_id"]) for r in rows] == [
        ("x00000", "hook"),
        ("x00001", "hook"),
    ]
    assert rows[0]["last_error"] == "channel hook: it answered 400"

    web.page("/hook")
    assert sinowire("alerts", "retry", "x9")[0] == 2
    assert sinowire("alerts", "retry", "--channel", "file")[0] == 2
    code, out, err = sinowire("alerts", "retry", "x00001")
    assert (code, out) == (0, "1 delivered\n")
    assert "1 parked message to be sent again" in err
    assert sinowire("alerts", "retry", "--channel", "hook")[1] == "1 delivered\n"
    assert asked("select distinct state from alerts") == [("delivered",)]


@pytest.fixture
def fail(config, web):
    """Let every delivery fail, by hand, until the hook's messages are parked."""

    def until_parked(status=503):
        web.page("/hook", status=status)
        counts: list[Counter[str]] = []
        while not any("parked" in count for count in counts):
            counts.append(deliver(config(), clock_at(NOW), force=True, report=quiet))
        return len(counts)

    return until_parked


@pytest.fixture
def take_up(home):
    """Take parked messages up again, as a person does, but send nothing."""

    def retry(**fields):
        with writer(home) as con, transaction(con):
            return outbox.retry(con, NOW, most_attempts=MOST_ATTEMPTS, **fields)

    return retry


def test_what_is_taken_up_again_has_all_its_attempts_before_it(
    pending, fail, take_up, asked
):
    """Another ten, with pauses as at first; the ledger goes on counting."""
    pending(1)
    hook = "from alert_deliveries where channel_id = 'hook' order by attempt"

    for parked in (MOST_ATTEMPTS, 2 * MOST_ATTEMPTS):
        assert fail() == MOST_ATTEMPTS
        assert asked(f"select attempt {hook}") == [(n,) for n in range(1, parked + 1)]
        assert take_up() == 1

    fail(status=400)
    assert asked(f"select attempt, outcome {hook} desc limit 1") == [(21, "parked")]
    assert next_attempt("m1", 11, now=NOW) - NOW < timedelta(minutes=1)


def test_a_digest_knows_in_each_round_why_it_was_parked(
    pending, home, web, fail, take_up, asked
):
    """What failed too often stays together, twice as well; what was refused comes apart."""
    daily = TWO.replace('url = "{url}/hook"', 'url = "{url}/hook"\ndigest = "12:00"')
    pending(2)
    (home / "alerts.toml").write_text(daily.format(url=web.url))
    bundles = "select count(bundle_id) from messages where channel_id = 'hook'"

    for _ in range(2):
        assert fail() == MOST_ATTEMPTS
        assert take_up(alert_ids=["x00000"]) == 2
        assert asked(bundles) == [(2,)]
    assert fail(status=400) == 1
    assert take_up(alert_ids=["x00000"]) == 1
    assert asked(bundles) == [(1,)]


def test_deliver_says_what_is_held(pending, home, web, sinowire, config):
    """A digest keeps its time, also where a person asks for all that is pending."""
    daily = TWO.replace('path = "alerts.jsonl"', 'path = "alerts.jsonl"\ndigest = "20:00"')
    pending(2, now=datetime.now(UTC))
    (home / "alerts.toml").write_text(daily.format(url=web.url))

    code, out, _ = sinowire("alerts", "deliver")

    assert code == 0
    assert out.startswith("2 delivered, 2 held for file (digest) until 20")
    assert out.endswith("20:00 UTC\n")


def test_deliver_says_what_is_in_other_hands(pending, web, sinowire, config):
    """What somebody took who may have died is not nothing; it is free in minutes."""
    pending(1)
    now = datetime.now(UTC)
    delivery._Work(config=config(), clock=clock_at(now), force=False, report=quiet).turn()

    code, out, _ = sinowire("alerts", "deliver")

    over = now + delivery.LEASE
    over += timedelta(minutes=1) - timedelta(microseconds=1)
    assert code == 0
    assert out == f"2 being delivered by another process until {over:%H:%M} UTC\n"
    assert not posts(web)


def test_deliver_knows_a_lease_of_days_to_come_for_none(pending, sinowire, config):
    """The clock was set back since: what was taken is sent, and in nobody's hands."""
    pending(1)
    ahead = clock_at(datetime.now(UTC) + timedelta(days=5))
    delivery._Work(
        config=config(), clock=ahead, force=False, report=quiet, lease_clock=ahead
    ).turn()

    assert sinowire("alerts", "deliver")[:2] == (0, "2 delivered\n")
    assert sinowire("alerts", "deliver")[:2] == (0, "nothing is pending\n")
