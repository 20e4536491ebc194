"""When a feed is asked again: a pure decision."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.feeds.poll.outcomes import FAILURES, WEIGHTS
from connectors.feeds.poll.schedule import Ask, Bounds, next_poll
from connectors.feeds.poll.standing import after_failure
from transforms.models import Outcome, Standing, Wishes

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)  # a Tuesday
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BOUNDS = Bounds(default=30 * MINUTE, shortest=15 * MINUTE, longest=6 * HOUR)


def wait(outcome="unchanged", *, now=NOW, feed_id="a", standing=None, **fields):
    """Return how long a feed waits after a poll."""
    ask = Ask(
        feed_id=feed_id,
        now=now,
        outcome=outcome,
        standing=standing or Standing(),
        bounds=BOUNDS,
        **fields,
    )
    return next_poll(ask) - now


def about(span, share=0.1):
    """Return the bounds of *span* with its jitter, which only ever shortens."""
    return pytest.approx(span.total_seconds() * (1 - share / 2), rel=share / 2 + 0.001)


def seconds(*args, **fields):
    return wait(*args, **fields).total_seconds()


@pytest.mark.parametrize(
    ("pace", "silent_for", "expected"),
    [
        pytest.param(None, 0 * HOUR, 30 * MINUTE, id="unknown: the default"),
        pytest.param(2 * HOUR, 0 * HOUR, HOUR, id="two looks for each entry"),
        pytest.param(2 * MINUTE, 0 * HOUR, 15 * MINUTE, id="lively: the shortest"),
        pytest.param(30 * DAY, 0 * HOUR, 6 * HOUR, id="slow: the longest"),
        pytest.param(HOUR, 8 * HOUR, 2 * HOUR, id="silent for long: less and less"),
        pytest.param(HOUR, 90 * DAY, 6 * HOUR, id="silent for ever: the longest"),
        pytest.param(2 * HOUR, -300 * DAY, HOUR, id="the clock went back"),
    ],
)
def test_pace_sets_the_interval_within_bounds(pace, silent_for, expected):
    """A feed is asked as often as it brings news, neither hammered nor forgotten."""
    standing = Standing(pace=pace, news_at=NOW - silent_for)

    assert seconds(standing=standing) == about(expected)


def test_jitter_spreads_feeds_and_repeats_itself():
    """Feeds polled together come due apart, never late, and a replay repeats it."""
    waits = [wait(feed_id=f"f{n}") for n in range(100)]

    assert len(set(waits)) > 90
    assert max(waits) <= 30 * MINUTE
    assert min(waits) >= 27 * MINUTE
    assert waits == [wait(feed_id=f"f{n}") for n in range(100)]
    assert wait(feed_id="f0", now=NOW + HOUR) != waits[0]


@pytest.mark.parametrize(
    ("wishes", "fresh_for", "expected"),
    [
        pytest.param(Wishes(ttl=2 * HOUR), None, 2 * HOUR, id="ttl"),
        pytest.param(Wishes(claim=2 * HOUR), None, 2 * HOUR, id="sy"),
        pytest.param(Wishes(), 3 * HOUR, 3 * HOUR, id="max-age"),
        pytest.param(Wishes(ttl=2 * HOUR), 3 * HOUR, 3 * HOUR, id="the longest counts"),
        pytest.param(Wishes(ttl=5 * MINUTE), None, 28 * MINUTE, id="short: no more often"),
        pytest.param(Wishes(ttl=365 * DAY), None, DAY, id="a year is a day"),
        pytest.param(Wishes(), 99 * DAY, DAY, id="a quarter is a day"),
    ],
)
def test_wishes_stretch_the_interval_by_a_day_at_most(wishes, fresh_for, expected):
    """What a feed asks for is done, but no header silences it."""
    found = wait(standing=Standing(wishes=wishes), fresh_for=fresh_for)

    assert found == pytest.approx(expected, abs=2 * MINUTE)


def test_a_claim_that_the_feed_belies_counts_for_nothing():
    """Many feeds say "daily" and bring news by the hour: what was measured counts."""
    belied = Standing(pace=HOUR, news_at=NOW, wishes=Wishes(claim=DAY))
    kept = Standing(pace=20 * HOUR, news_at=NOW, wishes=Wishes(claim=DAY))

    assert wait(standing=belied) <= 30 * MINUTE
    assert wait(standing=kept) == DAY


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        pytest.param(
            Wishes(skip_hours=(12, 13, 14)),
            datetime(2026, 8, 4, 15, tzinfo=UTC),
            id="hours",
        ),
        pytest.param(Wishes(skip_days=(1,)), datetime(2026, 8, 5, 0, tzinfo=UTC), id="day"),
        pytest.param(Wishes(skip_days=(1, 2, 3)), NOW + DAY, id="days: by one day at most"),
    ],
)
def test_hours_and_days_to_skip(wishes, expected):
    """A feed is left alone when it asks for it, for a day at most."""
    at = NOW + wait(standing=Standing(wishes=wishes))

    assert at == pytest.approx(expected, abs=31 * MINUTE)
    assert at.hour not in wishes.skip_hours


def test_own_poll_goes_before_pace_and_wishes():
    """What a person wrote in feeds.toml counts, whatever the feed says."""
    standing = Standing(pace=9 * DAY, news_at=NOW, wishes=Wishes(ttl=DAY))

    assert seconds(standing=standing, own=5 * MINUTE, fresh_for=DAY) == about(5 * MINUTE)
    assert seconds(standing=standing, own=20 * DAY) == about(20 * DAY)


@pytest.mark.parametrize(
    ("outcome", "weight"),
    [
        ("gone", 1),
        ("permanent_error", 1),
        ("moved", 0.5),
        ("not_a_feed", 0.5),
        ("challenge", 0.5),
        ("transient_error", 0.25),
    ],
)
def test_errors_weigh(outcome, weight):
    """Hard 1, soft ½, temporary ¼."""
    assert WEIGHTS[outcome] == weight


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (0.25, 30 * MINUTE * 2**0.25),
        (1, HOUR),
        (3, 4 * HOUR),
        (8, 128 * HOUR),
        (9, 7 * DAY),
        (5000, 7 * DAY),
    ],
)
def test_failures_back_off_but_never_to_silence(score, expected):
    """Each point doubles the wait; a week is the longest, however long it lasts."""
    found = wait("permanent_error", standing=Standing(error_score=score))

    assert found <= expected
    assert found >= expected * 0.75


@pytest.mark.parametrize("outcome", sorted(FAILURES))
def test_a_year_of_failures_is_never_silence(outcome):
    """However a feed fails, it is asked about once a week for ever."""
    now, standing, waits = NOW, Standing(), []
    while now < NOW + 365 * DAY:
        standing = after_failure(standing, outcome)
        waits.append(wait(outcome, now=now, standing=standing))
        now += waits[-1]

    assert max(waits) <= 7 * DAY
    assert waits[-1] >= 5 * DAY
    assert len(waits) < 100


def test_slow_feed_that_fails_is_asked_again_soon():
    """Its entry may be the one of the week; a lively one keeps its own step."""
    slow = Standing(pace=30 * DAY, news_at=NOW, error_score=0.25)

    assert wait("transient_error", standing=slow) <= 36 * MINUTE


def test_own_poll_is_the_base_of_the_back_off():
    """A feed that a person asks for monthly is not asked weekly because it fails."""
    standing = Standing(error_score=2)

    assert wait("not_a_feed", standing=standing, own=10 * MINUTE) <= 40 * MINUTE
    assert wait("not_a_feed", standing=standing, own=30 * DAY) == 30 * DAY


def test_gone_is_confirmed_and_then_asked_weekly():
    """The first 410 may be a slip; the second retires the feed to one look a week."""
    assert wait("gone", standing=Standing(gone_seen=1, error_score=1)) == DAY
    assert wait("gone", standing=Standing(gone_seen=2, error_score=2)) == 7 * DAY
    assert wait("gone", standing=Standing(gone_seen=99, error_score=99)) == 7 * DAY
    timed_out = Standing(gone_seen=2, error_score=2.25)
    assert wait("transient_error", standing=timed_out) == 7 * DAY


def test_retry_after_is_waited_for():
    """A server's own word goes beyond everything, also beyond poll."""
    until = NOW + 3 * HOUR

    assert wait("transient_error", until=until, own=5 * MINUTE) == 3 * HOUR
    assert wait("transient_error", until=NOW, own=5 * MINUTE) > timedelta()


spans = st.timedeltas(timedelta(), timedelta.max)
instants = st.timedeltas(-20_000 * DAY, 2_000_000 * DAY).map(NOW.__add__)


@given(
    now=instants,
    outcome=st.sampled_from(get_args(Outcome)),
    standing=st.builds(
        Standing,
        pace=st.none() | st.timedeltas(MINUTE, 90 * DAY),
        news_at=st.none() | instants,
        error_score=st.floats(0, 1e9),
        gone_seen=st.integers(0, 1000),
        wishes=st.builds(
            Wishes,
            ttl=st.none() | spans,
            claim=st.none() | spans,
            skip_hours=st.lists(st.integers(0, 23)).map(tuple),
            skip_days=st.lists(st.integers(0, 6)).map(tuple),
        ),
    ),
    fresh_for=st.none() | spans,
)
def test_whatever_a_feed_says_it_is_asked_within_a_week(now, outcome, standing, fresh_for):
    """No pace, wish, header or failure hammers a feed, or silences it for over a week."""
    found = wait(outcome, now=now, standing=standing, fresh_for=fresh_for)

    assert 10 * MINUTE <= found <= 7 * DAY


def test_end_of_the_calendar():
    """A moment that no calendar holds is the last one that we reckon with."""
    last = datetime.max.replace(tzinfo=UTC)

    for outcome in ("new", "gone", "transient_error"):
        ask = Ask(
            feed_id="a",
            now=last,
            outcome=outcome,
            standing=Standing(wishes=Wishes(skip_hours=(0, 1))),
            bounds=BOUNDS,
        )
        assert next_poll(ask) == datetime(9999, 1, 1, tzinfo=UTC)
