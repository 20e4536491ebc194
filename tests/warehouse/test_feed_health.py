from __future__ import annotations

from datetime import timedelta

import pytest

from warehouse.feeds import health, record_polls, sync_feeds
from warehouse.runs import begin_run


@pytest.fixture
def feed(warehouse, make_feed):
    """One configured feed."""
    sync_feeds(warehouse, [make_feed("a")])
    return warehouse


def state(con):
    [row] = health(con)
    return row["state"], row["reason"]


def run_at(con, make_run, at, run_id="now"):
    begin_run(con, make_run(run_id, started_at=at))


def articles_every(load, con, gap, count, *, until):
    load(
        con,
        *(
            {
                "article_id": f"h{n}",
                "feed_id": "a",
                "published_at": until - n * gap,
                "first_seen_at": until - n * gap + timedelta(minutes=5),
            }
            for n in range(count)
        ),
    )


def test_feed_not_polled_yet(feed):
    """A feed that was never polled is not ill."""
    assert state(feed) == ("healthy", "Not polled yet.")


def test_feed_that_answers_without_articles(feed, make_poll):
    """An answer without an article is an answer."""
    record_polls(feed, [make_poll("a", "empty")], {})

    assert state(feed)[0] == "healthy"
    assert "has not brought an article" in state(feed)[1]


def test_feed_in_its_rhythm(feed, load, make_poll, make_run, noon):
    """Articles as often as usual: healthy, with the median gap as its rhythm."""
    articles_every(load, feed, timedelta(hours=6), 20, until=noon)
    record_polls(feed, [make_poll("a", "new", entries=5)], {})
    run_at(feed, make_run, noon + timedelta(hours=1))

    [row] = health(feed)
    assert row["state"] == "healthy"
    assert row["usual_gap"] == timedelta(hours=6)
    assert row["last_article_at"] == noon
    assert row["as_of"] == noon + timedelta(hours=1)
    assert row["reason"] == "Answers, and brings articles as usual."


def test_silence_beyond_the_rhythm_is_quiet(feed, load, make_poll, make_run, noon):
    """A daily feed may be silent for two days, not for three."""
    articles_every(load, feed, timedelta(days=1), 20, until=noon)
    record_polls(feed, [make_poll("a", "unchanged")], {})

    run_at(feed, make_run, noon + timedelta(hours=40), "r1")
    assert state(feed)[0] == "healthy"
    run_at(feed, make_run, noon + timedelta(days=3), "r2")
    assert state(feed) == (
        "quiet",
        "No article for 72 hours; 48 are the most to be expected.",
    )


def test_slow_feed_has_its_own_measure(feed, load, make_poll, make_run, noon):
    """Three days without an article are nothing for a weekly newsletter."""
    articles_every(load, feed, timedelta(days=7), 10, until=noon)
    record_polls(feed, [make_poll("a", "unchanged")], {})
    run_at(feed, make_run, noon + timedelta(days=9))

    assert state(feed)[0] == "healthy"


def test_feed_may_set_its_own_patience(feed, make_feed, load, make_poll, make_run, noon):
    """max_silence of feeds.toml goes before the rhythm."""
    sync_feeds(feed, [make_feed("a", max_silence=timedelta(hours=3))])
    articles_every(load, feed, timedelta(days=7), 10, until=noon)
    record_polls(feed, [make_poll("a", "unchanged")], {})
    run_at(feed, make_run, noon + timedelta(hours=4))

    assert state(feed)[0] == "quiet"


def test_rhythm_needs_five_articles(feed, load, make_poll, make_run, noon):
    """With fewer articles the view says that it is warming up rather than guess."""
    articles_every(load, feed, timedelta(hours=1), 4, until=noon)
    record_polls(feed, [make_poll("a", "new", entries=4)], {})
    run_at(feed, make_run, noon + timedelta(days=20))

    [row] = health(feed)
    assert (row["usual_gap"], row["state"]) == (None, "quiet")

    run_at(feed, make_run, noon + timedelta(hours=20), "r2")
    assert "warming up" in state(feed)[1]


def test_another_feeds_article_counts_as_a_sign_of_life(feed, warehouse, load, noon):
    """An aggregator lives by articles that other feeds brought first."""
    load(warehouse, {"article_id": "other", "feed_id": "b"})
    warehouse.execute(
        "insert into sightings"
        " select article_id, 'a', guid, url, first_seen_at from sightings"
    )

    assert health(warehouse)[0]["last_article_at"] == noon


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        pytest.param(["new", "transient_error"], "healthy", id="one passing failure"),
        pytest.param(["transient_error"], "failing", id="never answered"),
        pytest.param(["transient_error"] * 3, "failing", id="three in a row"),
        pytest.param(["not_a_feed"], "failing", id="a web page does not pass by itself"),
        pytest.param(["gone"], "failing", id="gone once"),
        pytest.param(["gone"] * 3, "dead", id="gone three times"),
        pytest.param(["gone"] * 3 + ["new"], "healthy", id="back again"),
        pytest.param(["challenge"] * 12, "failing", id="long, but for hours only"),
    ],
)
def test_failures_add_up(feed, make_poll, outcomes, expected):
    """The state follows from the kind of failure and how often it came in a row."""
    record_polls(
        feed, [make_poll("a", outcome, error="HTTP 500") for outcome in outcomes], {}
    )

    assert state(feed)[0] == expected


def test_failing_for_two_weeks_is_dead(feed, make_poll, make_run, noon):
    """Ten failures over fourteen days: nobody answers any more."""
    record_polls(
        feed,
        [
            make_poll("a", "transient_error", polled_at=noon + timedelta(days=2 * n))
            for n in range(10)
        ],
        {},
    )
    run_at(feed, make_run, noon + timedelta(days=20))

    assert state(feed)[0] == "dead"


def test_reasons_are_sentences(feed, make_poll):
    """A failure's words are part of the reason, with one full stop."""
    record_polls(feed, [make_poll("a", "transient_error", error="timed out.")], {})
    assert state(feed)[1] == (
        "Has never answered: 1 failed poll, the last one transient_error: timed out."
    )

    failed = make_poll("a", "transient_error", error="timed out.")
    record_polls(feed, [make_poll("a", "new"), failed], {})
    assert state(feed)[1].endswith("passes: timed out.")

    record_polls(feed, [make_poll("a", "not_a_feed")], {})
    assert state(feed)[1] == "2 failed polls in a row, the last one not_a_feed."

    record_polls(feed, [make_poll("a", "gone"), make_poll("a", "gone")], {})
    assert state(feed)[1] == "The server says that the feed is gone, 4 polls in a row."


def test_disabled_feed_is_paused(feed, make_poll):
    """A feed that is not polled is neither well nor ill."""
    record_polls(feed, [make_poll("a", "gone")] * 5, {})
    sync_feeds(feed, [])

    assert state(feed)[0] == "paused"


def test_clock_that_went_back_is_the_clock(feed, load, make_poll, make_run, noon):
    """Health is judged at the last run by order, as a replay needs it."""
    articles_every(load, feed, timedelta(hours=1), 9, until=noon)
    record_polls(feed, [make_poll("a", "new", entries=9)], {})
    run_at(feed, make_run, noon + timedelta(days=300), "r1")
    assert state(feed)[0] == "quiet"

    run_at(feed, make_run, noon + timedelta(hours=1), "r2")
    assert state(feed)[0] == "healthy"
