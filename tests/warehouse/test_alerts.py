from __future__ import annotations

from datetime import timedelta

import pytest

from transforms.models import Delivery
from warehouse.alerts import (
    alert_counts,
    alerted_keys,
    append_alerts,
    append_messages,
    claim_messages,
    explain,
    last_alert_at,
    list_alerts,
    message_counts,
    notices,
    publishers_of,
    record_deliveries,
    retry,
)
from warehouse.watchlist import sync_watchlist

LEASE = timedelta(minutes=5)


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


def claim(con, now, **terms):
    return [n.message_id for n in claim_messages(con, now, lease=LEASE, **terms)]


def attempt(message_id, outcome, now, number=1, **fields):
    channels = {"m1": "desk", "m2": "hook"}
    return Delivery(
        message_id=message_id,
        alert_id="x1",
        channel_id=channels[message_id],
        attempt=number,
        attempted_at=now,
        outcome=outcome,
        **fields,
    )


def alert_state(con):
    return con.execute("select state from alerts where alert_id = 'x1'").fetchone()[0]


def test_alert_is_decided_once(warehouse, make_alert):
    """The same decision twice, in one batch or two, is one alert."""
    assert append_alerts(warehouse, [make_alert("x1"), make_alert("x1")]) == {"x1"}
    assert append_alerts(warehouse, [make_alert("x1"), make_alert("x2")]) == {"x2"}


@pytest.mark.parametrize(
    ("second", "appended"),
    [
        pytest.param({}, set(), id="same rule, company and story"),
        pytest.param({"rule_id": "other"}, {"x2"}, id="another rule"),
        pytest.param({"company_id": "tencent"}, {"x2"}, id="another company"),
        pytest.param({"story_id": "s2"}, {"x2"}, id="another story"),
        pytest.param({"updates_alert_id": "x1"}, {"x2"}, id="an update says so"),
        pytest.param({"company_id": None}, {"x2"}, id="about no company"),
    ],
)
@pytest.mark.parametrize("together", [True, False])
def test_no_second_alert_for_rule_company_and_story(
    warehouse, make_alert, second, appended, together
):
    """Ids may differ; rule, subject and story are what makes an alert the same."""
    first = make_alert("x1", story_id="s1")
    other = make_alert("x2", **{"story_id": "s1"} | second)

    if together:
        assert append_alerts(warehouse, [first, other]) == {"x1"} | appended
    else:
        append_alerts(warehouse, [first])
        assert append_alerts(warehouse, [other]) == appended


def test_alerts_without_a_company_differ_by_topic(warehouse, make_alert):
    """A rule on topics alerts once per topic and story."""
    alerts = [
        make_alert("x1", company_id=None, topic_id="chips", story_id="s1"),
        make_alert("x2", company_id=None, topic_id="chips", story_id="s1"),
        make_alert("x3", company_id=None, topic_id="tariffs", story_id="s1"),
    ]

    assert append_alerts(warehouse, alerts) == {"x1", "x3"}


def test_bursts_have_no_story_to_share(warehouse, make_alert):
    """Alerts without a story are told apart by their ids alone."""
    bursts = [make_alert(f"b{n}", kind="burst", story_id=None) for n in range(3)]

    assert append_alerts(warehouse, bursts) == {"b0", "b1", "b2"}


def test_what_was_alerted_is_known(warehouse, make_alert, noon):
    """Keys of stories asked for, and when each rule last spoke of a company."""
    later = noon + timedelta(hours=1)
    append_alerts(
        warehouse,
        [
            make_alert("x1", story_id="s1"),
            make_alert("x2", story_id="s2", created_at=later),
            make_alert(
                "x3",
                story_id="s3",
                created_at=later + timedelta(hours=1),
                state="suppressed",
            ),
            make_alert("x4", story_id="s4", company_id=None),
        ],
    )

    assert alerted_keys(warehouse, ["s1", "s4", "s9"]) == {
        ("giants", "alibaba", "s1"),
        ("giants", None, "s4"),
    }
    assert len(alerted_keys(warehouse)) == 4
    assert last_alert_at(warehouse) == {
        ("giants", "alibaba"): later,
        ("giants", None): noon,
    }


def test_message_is_put_into_the_outbox_once(warehouse, make_alert, make_message):
    """A message goes with an alert that was appended, and only once."""
    append_alerts(warehouse, [make_alert("x1")])
    messages = [make_message("m1"), make_message("m1"), make_message("m2", "unknown")]

    assert append_messages(warehouse, messages) == {"m1"}
    assert append_messages(warehouse, messages) == set()


def test_two_deliverers_never_have_the_same_message(outbox, noon):
    """What one has in hand the other does not get, until the lease is over."""
    assert claim(outbox, noon, limit=1) == ["m1"]
    assert claim(outbox, noon, limit=10) == ["m2"]
    assert claim(outbox, noon, force=True) == []
    assert claim(outbox, noon + LEASE) == ["m1", "m2"]


def test_messages_in_hand_can_be_skipped(outbox, noon):
    """A message that was tried in this round is left for the next."""
    assert claim(outbox, noon, skip={"m1"}) == ["m2"]


def test_delivery_is_recorded(outbox, noon):
    """A delivered message leaves a row in the ledger and is not sent again."""
    record_deliveries(outbox, [attempt("m1", "delivered", noon)])

    assert alert_state(outbox) == "pending"
    record_deliveries(outbox, [attempt("m2", "delivered", noon)])
    assert alert_state(outbox) == "delivered"
    assert claim(outbox, noon + timedelta(days=1)) == []
    assert outbox.execute("select count(*) from alert_deliveries").fetchone() == (2,)
    assert message_counts(outbox) == {"desk": {"delivered": 1}, "hook": {"delivered": 1}}
    assert alert_counts(outbox) == {"delivered": 1}


def test_failed_attempt_waits_for_its_time(outbox, noon):
    """A retry is due when it says, or at once when forced; the ledger keeps it."""
    again = noon + timedelta(minutes=10)
    record_deliveries(
        outbox,
        [attempt("m1", "retry", noon, error="HTTP 503", next_attempt_at=again)],
    )

    assert claim(outbox, noon, skip={"m2"}) == []
    assert claim(outbox, noon, skip={"m2"}, force=True) == ["m1"]
    assert claim(outbox, again + LEASE, skip={"m2"}) == ["m1"]
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

    assert retry(outbox, noon, channel_id="hook") == 0
    assert retry(outbox, noon, alert_ids=["other"]) == 0
    assert retry(outbox, noon, alert_ids=["x1"], channel_id="desk") == 1
    assert alert_state(outbox) == "pending"
    assert claim(outbox, noon) == ["m1"]

    record_deliveries(outbox, [attempt("m1", "delivered", noon, number=2)])
    assert alert_state(outbox) == "delivered"
    assert retry(outbox, noon) == 0


def test_several_attempts_in_one_batch_end_with_the_last(outbox, noon):
    """Of a batch with several attempts of a message the last one decides."""
    record_deliveries(
        outbox,
        [
            attempt("m1", "delivered", noon, number=2),
            attempt("m1", "retry", noon, next_attempt_at=noon),
        ],
    )

    assert message_counts(outbox)["desk"] == {"delivered": 1}


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
    assert publishers_of(warehouse, ["s1", "s2"]) == {"s1": 2}


def test_notice_of_a_burst_has_no_article(warehouse, make_alert, make_message):
    """What does not come from an article leaves those fields empty."""
    burst = make_alert("x1", kind="burst", story_id=None, article_id=None)
    append_alerts(warehouse, [burst])
    append_messages(warehouse, [make_message("m1")])

    [notice] = notices(warehouse, ["m1"])

    assert (notice.publisher, notice.published_at, notice.publishers) == ("", None, ())


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param({}, ["x2", "x1"], id="newest first"),
        pytest.param({"limit": 1}, ["x2"], id="limit"),
        pytest.param({"state": "suppressed"}, ["x1"], id="state"),
        pytest.param({"rule_id": "giants"}, ["x1"], id="rule"),
        pytest.param({"company_id": "tencent"}, ["x2"], id="company"),
    ],
)
def test_alerts_are_listed(warehouse, make_alert, noon, wanted, expected):
    """The newest alerts come first, narrowed as asked."""
    append_alerts(
        warehouse,
        [
            make_alert("x1", state="suppressed"),
            make_alert(
                "x2",
                rule_id="other",
                company_id="tencent",
                created_at=noon + timedelta(hours=1),
            ),
        ],
    )

    assert [row["alert_id"] for row in list_alerts(warehouse, **wanted)] == expected
    assert len(list_alerts(warehouse, since=noon + timedelta(minutes=1))) == 1


def test_alert_is_explained(outbox, load, noon):
    """An alert with where its article names the company, its messages, every attempt."""
    load(outbox, {"article_id": "a1", "companies": ["alibaba"]})
    record_deliveries(outbox, [attempt("m1", "retry", noon, error="HTTP 503")])

    parts = explain(outbox, "x1")

    assert parts["alert"][0]["title"] == "Alibaba opens"
    assert [(r["alias"], r["is_about"]) for r in parts["mentions"]] == [("alib", None)]
    assert [row["channel_id"] for row in parts["messages"]] == ["desk", "hook"]
    assert [row["error"] for row in parts["attempts"]] == ["HTTP 503"]
    assert explain(outbox, "x9")["alert"] == []
