"""The outbox: nothing is lost or taken twice, and the ledger tells each attempt."""

from __future__ import annotations

from datetime import timedelta

import pytest

from transforms.alerts import AlertRules
from transforms.alerts.messages.plan import plan
from transforms.models import Channel, Delivery, Hold, Message, Schedule
from warehouse.alerting.alerts import alert_counts, append_alerts
from warehouse.alerting.outbox import (
    append_messages,
    held,
    hold,
    lease,
    notices,
    parked,
    recent_sendings,
    record_deliveries,
    release,
    retry,
    told,
    waiting,
)
from warehouse.news.findings import sync_watchlist

LEASE = timedelta(minutes=5)
RULES = AlertRules(
    channels={name: Channel(channel_id=name, type="file") for name in ("desk", "hook")}
)


def message(message_id, channel_id, now):
    return Message(
        message_id=message_id, alert_id="x1", channel_id=channel_id, created_at=now
    )


@pytest.fixture
def outbox(warehouse, make_alert, make_message, noon):
    """One alert on its way to two channels."""
    append_alerts(warehouse, [make_alert("x1")])
    append_messages(
        warehouse,
        [
            make_message("m1", "x1", "desk"),
            make_message("m2", "x1", "hook", created_at=noon + timedelta(seconds=1)),
        ],
    )
    return warehouse


def claim(con, now, *, force=False, by="one", rules=RULES, skip=()):
    """Take in hand what may go out now, as a deliverer does; return the ids."""
    found = waiting(con, now, lease=LEASE, limit=100, skip=skip)
    made = plan(
        found, rules, recent_sendings(con, now - timedelta(days=1)), now, force=force
    )
    hold(con, made.holds)
    lease(con, made.sendings, until=now + LEASE, by=by)
    return [m for sending in made.sendings for m in sending.message_ids]


def attempt(message_id, outcome, now, number=1, **fields):

    return Delivery(
        message_id=message_id,
        alert_id="x1",
        channel_id="hook" if message_id == "m2" else "desk",
        attempt=number,
        attempted_at=now,
        outcome=outcome,
        **fields,
    )


def alert_state(con):
    return con.execute("select state from alerts where alert_id = 'x1'").fetchone()[0]


def message_states(con):
    return dict(con.execute("select channel_id, state from messages").fetchall())


def test_message_is_put_into_the_outbox_once(warehouse, make_alert, make_message):
    """A message goes with an alert that was appended, and only once."""
    append_alerts(warehouse, [make_alert("x1")])
    messages = [make_message("m1"), make_message("m1"), make_message("m2", "unknown")]

    assert append_messages(warehouse, messages) == {"m1"}
    assert append_messages(warehouse, messages) == set()


def test_two_deliverers_never_have_the_same_message(outbox, noon):
    """A channel of which one has something in hand the other leaves alone, for a while."""
    assert claim(outbox, noon, skip={"hook"}) == ["m1"]
    append_messages(outbox, [message("m3", "desk", noon)])

    assert claim(outbox, noon, by="two") == ["m2"]
    assert claim(outbox, noon, force=True) == []
    assert claim(outbox, noon + LEASE) == ["m1", "m3", "m2"]


def test_a_lease_of_a_clock_that_was_ahead_binds_nobody(outbox, noon):
    """A run that pretended it was next year and died does not keep its messages."""
    assert claim(outbox, noon + timedelta(days=365)) == ["m1", "m2"]

    assert claim(outbox, noon) == ["m1", "m2"]


def test_what_was_not_tried_is_let_go(outbox, noon):
    """Released messages are free at once, but only by the one that has them in hand."""
    claim(outbox, noon)
    release(outbox, ["m1", "m2"], by="two")
    assert claim(outbox, noon) == []

    release(outbox, ["m1", "m2"], by="one")

    assert claim(outbox, noon) == ["m1", "m2"]


def test_who_comes_too_late_takes_nothing_back(outbox, noon):
    """An attempt recorded after the lease gets a number of its own and unsends nothing."""
    claim(outbox, noon, by="one")
    claim(outbox, noon + LEASE, by="two")
    record_deliveries(outbox, [attempt("m1", "delivered", noon)], by="two")
    late = attempt("m1", "retry", noon, next_attempt_at=noon), attempt("m2", "retry", noon)

    record_deliveries(outbox, late, by="one")

    assert outbox.execute(
        "select message_id, attempt, outcome from alert_deliveries order by all"
    ).fetchall() == [("m1", 1, "delivered"), ("m1", 2, "retry"), ("m2", 1, "retry")]
    assert outbox.execute(
        "select message_id, state, attempts, leased_by from messages order by all"
    ).fetchall() == [("m1", "delivered", 2, None), ("m2", "pending", 1, "two")]


def test_fresh_messages_come_a_few_at_a_time(outbox, noon):
    """What is held or was tried is always there to be planned; the rest up to a limit."""
    more = [message(f"m{n}", "desk", noon) for n in range(3, 7)]
    append_messages(outbox, more)
    until = noon + timedelta(hours=1)
    hold(outbox, [Hold(message_id="m5", why="digest", until=until)])
    record_deliveries(outbox, [attempt("m6", "retry", noon, next_attempt_at=noon)])

    found = waiting(outbox, noon, lease=LEASE, limit=2, skip={"hook"})

    assert [m.message_id for m in found] == ["m1", "m3", "m5", "m6"]
    assert (found[2].held, found[2].next_attempt_at) == ("digest", until)


def test_what_is_held_is_told(outbox, noon):
    """Held messages are counted by channel and reason; to say it again is no news."""
    until = noon + timedelta(hours=1)
    holds = [Hold(message_id=m, why="quiet", until=until) for m in ("m1", "m2")]

    assert hold(outbox, holds) == 2
    assert hold(outbox, holds) == 0
    assert held(outbox) == [
        {"channel_id": channel, "held": "quiet", "messages": 1, "until": until}
        for channel in ("desk", "hook")
    ]


def test_delivery_is_recorded(outbox, noon):
    """A delivered message leaves a row in the ledger and is not sent again."""
    record_deliveries(outbox, [attempt("m1", "delivered", noon)])

    assert alert_state(outbox) == "pending"
    record_deliveries(outbox, [attempt("m2", "delivered", noon)])
    assert alert_state(outbox) == "delivered"
    assert claim(outbox, noon + timedelta(days=1)) == []
    assert outbox.execute("select count(*) from alert_deliveries").fetchone() == (2,)
    assert message_states(outbox) == {"desk": "delivered", "hook": "delivered"}
    assert alert_counts(outbox) == {"delivered": 1}


def test_failed_attempt_waits_for_its_time(outbox, noon):
    """A retry is due when it says, or at once when forced; the ledger keeps it."""
    again = noon + timedelta(minutes=10)
    record_deliveries(
        outbox,
        [attempt("m1", "retry", noon, error="HTTP 503", next_attempt_at=again)],
    )

    assert claim(outbox, noon, skip={"hook"}) == []
    assert claim(outbox, noon, skip={"hook"}, force=True) == ["m1"]
    assert claim(outbox, again + LEASE, skip={"hook"}) == ["m1"]
    [notice] = notices(outbox, ["m1"])
    assert notice.attempt == 2
    assert alert_state(outbox) == "pending"


def test_parked_message_parks_its_alert(outbox, noon):
    """An alert is parked when a channel gave up and no other is still trying."""
    record_deliveries(outbox, [attempt("m1", "parked", noon, error="HTTP 404")])
    assert alert_state(outbox) == "pending"

    record_deliveries(outbox, [attempt("m2", "delivered", noon)])

    assert alert_state(outbox) == "parked"
    assert claim(outbox, noon + timedelta(days=1), force=True) == []


def test_parked_messages_get_another_chance(outbox, noon):
    """Retrying takes parked messages up again, and theirs alone."""
    record_deliveries(
        outbox, [attempt("m1", "parked", noon), attempt("m2", "delivered", noon)]
    )

    assert retry(outbox, noon, most_attempts=10, channel_id="hook") == 0
    assert retry(outbox, noon, most_attempts=10, alert_ids=["other"]) == 0
    assert retry(outbox, noon, most_attempts=10, alert_ids=["x1"], channel_id="desk") == 1
    assert alert_state(outbox) == "pending"
    assert claim(outbox, noon) == ["m1"]

    record_deliveries(outbox, [attempt("m1", "delivered", noon, number=2)])
    assert alert_state(outbox) == "delivered"
    assert retry(outbox, noon, most_attempts=10) == 0


def test_several_attempts_in_one_batch_end_with_the_last(outbox, noon):
    """Of a batch with several attempts of a message the last one decides."""
    record_deliveries(
        outbox,
        [
            attempt("m1", "delivered", noon, number=2),
            attempt("m1", "retry", noon, next_attempt_at=noon),
        ],
    )

    assert message_states(outbox)["desk"] == "delivered"


def test_nothing_to_record_is_nothing(outbox):
    """An empty batch of attempts changes nothing."""
    record_deliveries(outbox, [])

    assert alert_state(outbox) == "pending"


def test_suppressed_alert_stays_suppressed(warehouse, make_alert, make_message, noon):
    """A decision not to tell is not changed by a stray message."""
    append_alerts(warehouse, [make_alert("x1", state="suppressed")])
    append_messages(warehouse, [make_message("m1")])

    record_deliveries(warehouse, [attempt("m1", "delivered", noon)])

    assert alert_state(warehouse) == "suppressed"


def test_notice_has_everything_a_channel_shows(
    warehouse, load, make_alert, make_message, make_company, noon
):
    """Names, outlet, words and the outlets of the story, first to publish first."""
    sync_watchlist(
        warehouse, [make_company("alibaba", name_zh="阿里巴巴", name="Alibaba")], [], []
    )
    load(
        warehouse,
        {
            "article_id": "a1",
            "story_id": "s1",
            "publisher": "Second",
            "summary": "More words",
            "companies": ["alibaba"],
        },
        {
            "article_id": "a0",
            "story_id": "s1",
            "publisher": "First",
            "published_at": noon - timedelta(hours=1),
        },
    )
    append_alerts(warehouse, [make_alert("x1", story_id="s1")])
    append_messages(warehouse, [make_message("m1")])

    [notice] = notices(warehouse, ["m1"])

    assert notice.alert == make_alert("x1", story_id="s1")
    assert (notice.company_name, notice.company_name_zh) == ("Alibaba", "阿里巴巴")
    assert (notice.publisher, notice.language) == ("Second", "en")
    assert (notice.summary, notice.alias) == ("More words", "alib")
    assert notice.published_at == noon
    assert notice.publishers == ("First", "Second")
    assert (notice.channel_id, notice.attempt) == ("desk", 1)


def test_notice_of_a_burst_has_no_article(warehouse, make_alert, make_message):
    """What does not come from an article leaves those fields empty."""
    burst = make_alert("x1", kind="burst", story_id=None, article_id=None)
    append_alerts(warehouse, [burst])
    append_messages(warehouse, [make_message("m1")])

    [notice] = notices(warehouse, ["m1"])

    assert (notice.publisher, notice.published_at, notice.publishers) == ("", None, ())


@pytest.fixture
def digest(warehouse, make_alert, make_message, noon):
    """Two alerts that went out to the desk as one digest, and were not taken."""
    append_alerts(warehouse, [make_alert("x1"), make_alert("x2")])
    append_messages(warehouse, [make_message("m1", "x1"), make_message("m2", "x2")])
    midday = Schedule(digest=(noon.time(),))
    desk = Channel(channel_id="desk", type="file", schedule=midday)
    assert claim(warehouse, noon, rules=AlertRules(channels={"desk": desk})) == ["m1", "m2"]
    return warehouse


def bundles(con):
    found = con.execute("select bundle_id, held from messages order by seq").fetchall()
    return [(key is not None, why) for key, why in found]


def members(outcome, now, number):
    return [
        Delivery(
            message_id=f"m{n}",
            alert_id=f"x{n}",
            channel_id="desk",
            attempt=number,
            attempted_at=now,
            outcome=outcome,
            error="it answered 400",
        )
        for n in (1, 2)
    ]


def test_a_digest_that_failed_too_often_stays_together(digest, noon):
    """One of its alerts asked for, all come again, under the same key."""
    record_deliveries(digest, members("parked", noon, 10))

    assert retry(digest, noon, most_attempts=10, alert_ids=["x1"]) == 2
    assert bundles(digest) == [(True, "digest")] * 2


def test_a_digest_that_was_refused_comes_apart(digest, noon):
    """Perhaps one alert is at fault, so each is tried on its own."""
    record_deliveries(digest, members("parked", noon, 1))

    assert retry(digest, noon, most_attempts=10, alert_ids=["x1"]) == 1
    assert bundles(digest) == [(False, None), (True, "digest")]
    assert claim(digest, noon + LEASE) == ["m1"]


def test_a_digest_is_one_sending(digest, noon):
    """A rate counts it once, however many alerts are in it."""
    record_deliveries(digest, members("delivered", noon, 1))

    [at] = recent_sendings(digest, noon - timedelta(hours=1))["desk"].values()
    assert at == noon
    assert recent_sendings(digest, noon) == {}


def test_what_a_channel_would_not_take_is_listed(digest, noon):
    """A row for each alert and channel, with what the channel said."""
    record_deliveries(digest, members("parked", noon, 1))

    rows = parked(digest, limit=10)

    assert [(r["alert_id"], r["channel_id"], r["last_error"]) for r in rows] == [
        ("x1", "desk", "it answered 400"),
        ("x2", "desk", "it answered 400"),
    ]
    assert len(parked(digest, limit=1)) == 1


def test_channels_remember_what_they_were_told(digest, noon):
    """Story and alert of what is on its way or there; what was parked was not told."""
    both = {("desk", "sx1"): "normal", ("desk", "x1"): "normal"}
    assert told(digest, ["sx1", "sx9"], []) == both
    assert told(digest, [], ["x1"]) == both

    record_deliveries(digest, members("parked", noon, 1))

    assert told(digest, ["sx1"], ["x1"]) == {}


def test_the_ledger_says_whether_i_was_told(digest, make_alert, noon):
    """When, by what rule, in which digest, after how many attempts; or why not."""
    append_alerts(digest, [make_alert("x3", state="suppressed")])
    record_deliveries(digest, members("retry", noon, 1))
    later = [
        Delivery(
            message_id="m1",
            alert_id="x1",
            channel_id="desk",
            attempt=2,
            attempted_at=noon + timedelta(minutes=1),
            outcome="delivered",
        )
    ]
    record_deliveries(digest, later)

    rows = digest.execute(
        "select alert_id, channel_id, state, attempts, first_attempt_at, delivered_at, "
        "bundle_id is not null, held, last_error from alert_ledger order by alert_id"
    ).fetchall()

    error = "it answered 400"
    assert rows == [
        ("x1", "desk", "delivered", 2, noon, later[0].attempted_at, True, "digest", error),
        ("x2", "desk", "pending", 1, noon, None, True, "digest", error),
        ("x3", None, "suppressed", 0, None, None, False, None, None),
    ]


def test_latency_is_told_step_by_step(digest, load, noon):
    """Seconds from page to poll, from poll to decision, from decision to the reader."""
    seen = {"published_at": noon - timedelta(minutes=9), "first_seen_at": noon}
    load(digest, {"article_id": "a1", "story_id": "sx1"} | seen)
    record_deliveries(digest, members("delivered", noon + timedelta(seconds=5), 1)[:1])

    rows = digest.execute(
        "select alert_id, published_to_seen, seen_to_decided, decided_to_delivered "
        "from alert_latency order by alert_id"
    ).fetchall()

    assert rows == [("x1", 540, 0, 5), ("x2", 540, 0, None)]


def test_what_a_dead_deliverer_had_in_hand_stays_as_it_was(outbox, noon):
    """It may have arrived: it goes out alone under its key, whatever would gather it."""
    claim(outbox, noon, by="one")
    over = noon + LEASE
    append_messages(outbox, [message("m3", "desk", over)])
    midday = Schedule(digest=(over.time(),))
    daily = AlertRules(
        channels={"desk": Channel(channel_id="desk", type="file", schedule=midday)}
    )

    found = waiting(outbox, over, lease=LEASE, limit=10, skip={"hook"})
    assert [(m.message_id, m.is_left) for m in found] == [("m1", True), ("m3", False)]
    claim(outbox, over, by="two", rules=daily, skip={"hook"})
    release(outbox, ["m1", "m3"], by="two")
    append_messages(outbox, [message("m4", "desk", over)])

    found = waiting(outbox, over, lease=LEASE, limit=10, skip={"hook"})
    made = plan(found, daily, {}, over)

    assert next((s.key, len(s.message_ids)) for s in made.sendings) == ("m1", 1)
    assert made.sendings[1].message_ids == ("m3", "m4")
