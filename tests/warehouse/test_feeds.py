from __future__ import annotations

from datetime import timedelta

import pytest

from transforms.models import Cursor, HostHold, Standing, Wishes
from warehouse import queries
from warehouse.feeds import (
    PollState,
    cursors,
    held_hosts,
    poll_state,
    record_polls,
    standings,
    sync_feeds,
)
from warehouse.runs import set_reporting_zone


def feed_rows(con):
    return con.execute(
        "select feed_id, url, enabled, timezone, poll, max_silence"
        " from feeds order by feed_id"
    ).fetchall()


def test_configured_feeds_are_recorded(warehouse, make_feed):
    """A feed is recorded with its zone resolved and its own rhythm."""
    sync_feeds(
        warehouse,
        [
            make_feed("a", language="zh", max_silence=timedelta(days=2)),
            make_feed("b", poll=timedelta(minutes=5), enabled=False),
        ],
    )

    assert feed_rows(warehouse) == [
        ("a", "https://a.example/feed", True, "Asia/Shanghai", None, timedelta(days=2)),
        ("b", "https://b.example/feed", False, "UTC", timedelta(minutes=5), None),
    ]


def test_changed_feed_is_updated_and_absent_one_disabled(warehouse, make_feed):
    """The table follows the file, but never forgets a feed that articles came from."""
    sync_feeds(warehouse, [make_feed("a"), make_feed("b")])
    sync_feeds(warehouse, [make_feed("a", url="https://new.example/feed")])

    assert [row[:3] for row in feed_rows(warehouse)] == [
        ("a", "https://new.example/feed", True),
        ("b", "https://b.example/feed", False),
    ]

    sync_feeds(warehouse, [])
    assert [row[2] for row in feed_rows(warehouse)] == [False, False]

    sync_feeds(warehouse, [make_feed("b")])
    assert [row[2] for row in feed_rows(warehouse)] == [False, True]


def test_who_counts_otherwise_is_told(warehouse, make_feed):
    """A feed of another kind or site makes another outlet; a paused or renamed one not."""
    first = [make_feed(key) for key in "abcd"]

    assert sync_feeds(warehouse, first) == set("abcd")
    assert sync_feeds(warehouse, first) == set()
    assert sync_feeds(
        warehouse,
        [
            make_feed("a", url="https://b.example/feed"),
            make_feed("b", kind="aggregator"),
            make_feed("c", publisher="Renamed", enabled=False),
            make_feed("d", url="https://www.d.example/other"),
        ],
    ) == {"a", "b"}


def test_site_is_looked_up_where_an_older_version_left_none(warehouse, make_feed):
    """Then its stories are counted anew, once."""
    sync_feeds(warehouse, [make_feed("a"), make_feed("lan", url="http://127.0.0.1/a")])
    warehouse.execute("update feeds set site = null")

    feeds = [make_feed("a"), make_feed("lan", url="http://127.0.0.1/a")]
    assert sync_feeds(warehouse, feeds) == {"a", "lan"}
    assert sync_feeds(warehouse, feeds) == set()
    sites = warehouse.execute("select site from feeds order by feed_id").fetchall()
    assert sites == [("a.example",), ("",)]


def test_cursor_is_replaced_by_the_next(warehouse, make_poll):
    """A feed has one cursor: what its last readable poll left behind."""
    first = Cursor(etag='"1"', body_hash="b1", item_hashes=(1, 2**64 - 1))
    second = Cursor(last_modified="Tue", body_hash="b2")
    record_polls(warehouse, [make_poll("a"), make_poll("b")], {"a": first, "b": first})
    record_polls(warehouse, [make_poll("a")], {"a": second})

    assert cursors(warehouse) == {"a": second, "b": first}


def test_poll_without_a_cursor_keeps_the_old_one(warehouse, make_poll):
    """A failed poll is recorded and moves nothing."""
    cursor = Cursor(etag='"1"')
    record_polls(warehouse, [make_poll("a")], {"a": cursor})
    record_polls(warehouse, [make_poll("a", "transient_error", error="timeout")], {})

    assert cursors(warehouse) == {"a": cursor}


def test_polls_are_numbered_as_they_arrive(warehouse, make_poll, noon):
    """The number rises through batches, whatever the clock says."""
    record_polls(warehouse, [make_poll("a"), make_poll("b")], {})
    record_polls(warehouse, [make_poll("a", polled_at=noon - timedelta(days=9))], {})

    assert warehouse.execute("select seq, feed_id from feed_polls").fetchall() == [
        (1, "a"),
        (2, "b"),
        (3, "a"),
    ]


def test_no_polls_is_nothing(warehouse):
    """A batch without polls is no error."""
    record_polls(warehouse, [], {})

    assert poll_state(warehouse) == {}


def test_state_is_that_of_the_last_poll(warehouse, make_poll, noon):
    """The last poll by arrival says when to come again and how many failed in a row."""
    later = noon + timedelta(hours=1)
    record_polls(
        warehouse,
        [
            make_poll("a", "new", entries=3),
            make_poll("a", "transient_error"),
            make_poll(
                "a",
                "permanent_error",
                polled_at=noon - timedelta(days=1),
                next_poll_at=later,
                retry_after_at=later,
            ),
        ],
        {},
    )

    assert poll_state(warehouse) == {
        "a": PollState(
            feed_id="a",
            polled_at=noon - timedelta(days=1),
            outcome="permanent_error",
            next_poll_at=later,
            retry_after_at=later,
            failures=2,
            seeded=True,
        )
    }


def test_success_ends_the_failures(warehouse, make_poll, noon):
    """Failures count from the last success, and a due date from before is gone."""
    record_polls(
        warehouse,
        [make_poll("a", "gone", next_poll_at=noon), make_poll("a", "unchanged")],
        {},
    )

    state = poll_state(warehouse)["a"]
    assert (state.failures, state.next_poll_at) == (0, None)


@pytest.mark.parametrize(
    ("outcomes", "seeded"),
    [
        pytest.param([("new", 5)], True, id="brought entries"),
        pytest.param([("new", 5), ("unchanged", 0)], True, id="unchanged since"),
        pytest.param([("empty", 0), ("unchanged", 0)], False, id="still empty"),
        pytest.param([("transient_error", 0)], False, id="only failed"),
        pytest.param([("empty", 0)], False, id="an empty answer is no archive"),
        pytest.param([("not_a_feed", 0)], False, id="an error page"),
        pytest.param([("moved", 4)], True, id="moved, and read there"),
        pytest.param([("moved", 0)], False, id="moved, nothing read"),
        pytest.param([("gone", 0), ("new", 2), ("gone", 0)], True, id="once is enough"),
    ],
)
def test_a_feed_is_seeded_once_it_brought_entries(warehouse, make_poll, outcomes, seeded):
    """What a seeded feed brings is news; the first harvest of another is its archive."""
    record_polls(
        warehouse, [make_poll("a", outcome, entries=n) for outcome, n in outcomes], {}
    )

    assert poll_state(warehouse)["a"].seeded is seeded


def test_where_feeds_stand_is_the_same_batch_by_batch(warehouse, make_poll, noon):
    """What batches add up to is what all polls come to, in any order of time."""
    outcomes = (
        "new",
        "gone",
        "transient_error",
        "gone",
        "gone",
        "unchanged",
        "gone",
        "empty",
    )
    polls = [
        make_poll(feed, outcome, polled_at=noon + hours * timedelta(hours=1), entries=hours)
        for hours, outcome in zip((5, 3, 9, 1, 2, 8, 4, 0), outcomes, strict=True)
        for feed in ("a", "b")
    ]
    failed = [poll for poll in polls if poll.outcome not in ("new", "unchanged", "empty")]
    for batch in (polls[:3], polls[3:7], polls[7:9], polls[9:], failed, failed[:1]):
        record_polls(warehouse, batch, {})

        for table in ("feed_marks", "poll_days"):
            assert queries.run(warehouse, f"checks.{table}_follow_from_polls") == []
        assert warehouse.execute("select max(seq) from feed_polls").fetchone() == (
            warehouse.execute("select max(last_seq) from feed_marks").fetchone()
        )


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "UTC"])
def test_days_of_polls_are_those_of_the_reporting_zone(warehouse, make_poll, noon, zone):
    """An hour of polls either side of midnight, in summer and winter, and after a move."""
    outcomes = ("transient_error", "gone", "unchanged", "transient_error", "empty")
    for back in (0, 30, 60, 90, 120, 150):
        polls = [
            make_poll(
                feed,
                "gone" if hour < 48 and back % 60 else outcomes[(hour + len(feed)) % 5],
                polled_at=noon - back * timedelta(days=1) + hour * timedelta(minutes=30),
            )
            for hour in range(96)
            for feed in ("a", "bb")
        ]
        record_polls(warehouse, polls[:50], {})
        record_polls(warehouse, polls[50:], {})
    set_reporting_zone(warehouse, zone)
    record_polls(warehouse, [make_poll("a", "new", polled_at=noon)], {})

    found = warehouse.execute("from poll_days order by all").fetchall()

    assert (
        found
        == warehouse.execute(
            """
        select
            feed_id, (polled_at at time zone $zone)::date as day,
            bool_or(outcome in ('new', 'unchanged', 'empty', 'undated', 'stale_copy'))
        from feed_polls group by all order by all
        """,
            {"zone": zone},
        ).fetchall()
    )
    assert {has_answered for *_, has_answered in found} == {True, False}
    assert queries.run(warehouse, "checks.poll_days_follow_from_polls") == []


def test_a_document_that_broke_off_seeds_nothing(warehouse, make_poll):
    """The rest of an archive is still to come, until a document was read to its end."""
    cut = make_poll("a", "new", entries=5, error="the end of the document is missing")
    record_polls(warehouse, [cut, make_poll("a", "unchanged", entries=0)], {})
    assert not poll_state(warehouse)["a"].seeded

    record_polls(warehouse, [make_poll("a", "new", entries=9)], {})
    assert poll_state(warehouse)["a"].seeded


def test_standing_is_kept_whole_and_replaced_by_the_next(warehouse, make_poll, noon):
    """What polls taught comes back as it was, and one row a feed is all there is."""
    bare = Standing(url="https://a.example/feed")
    full = Standing(
        url="https://a.example/feed",
        pace=timedelta(seconds=5400.25),
        news_at=noon,
        wishes=Wishes(
            ttl=timedelta(minutes=30),
            claim=timedelta(days=1),
            skip_hours=(0, 23),
            skip_days=(5, 6),
        ),
        full_at=noon,
        distrusted_until=noon + timedelta(days=30),
        error_score=0.75,
        gone_seen=2,
        moved_to="https://b.example/feed",
        moved_seen=3,
        moved_since=noon - timedelta(days=2),
        adopted_at=noon,
    )
    record_polls(warehouse, [make_poll("a"), make_poll("b")], {}, {"a": full, "b": bare})
    assert standings(warehouse) == {"a": full, "b": bare}

    record_polls(warehouse, [make_poll("a")], {}, {"a": bare})
    assert standings(warehouse) == {"a": bare, "b": bare}


def test_a_host_is_held_until_its_time(warehouse, make_poll, noon):
    """The longest request of a host counts, from when it was made until it is over."""
    hour = timedelta(hours=1)

    def hold(host, hours):
        return HostHold(host=host, until=noon + hours * hour, asked_at=noon, feed_id="a")

    record_polls(
        warehouse,
        [make_poll("a")],
        {},
        holds=[hold("x.example", 2), hold("x.example", 5), hold("y.example", 1)],
    )

    assert held_hosts(warehouse, noon) == {
        "x.example": noon + 5 * hour,
        "y.example": noon + hour,
    }
    assert held_hosts(warehouse, noon + 2 * hour) == {"x.example": noon + 5 * hour}
    assert held_hosts(warehouse, noon + 5 * hour) == {}
    assert held_hosts(warehouse, noon - hour) == {}, "a later clock's request"

    record_polls(warehouse, [make_poll("a")], {}, holds=[hold("x.example", 1)])
    assert held_hosts(warehouse, noon + hour) == {}
