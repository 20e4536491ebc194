"""How new and how complete the data are: one relation, now and as of a moment."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from builders import append_articles

from warehouse.feeds import record_polls, sync_feeds
from warehouse.numbers.brief import EVER, freshness, record_computed, uncomputed

HOUR = timedelta(hours=1)
TUESDAY = date(2026, 8, 4)


@pytest.fixture
def polled(warehouse, make_feed, make_poll, noon):
    """Three feeds, of which one failed last, and a fourth that is not enabled."""
    sync_feeds(warehouse, map(make_feed, ("a", "b", "c")))
    sync_feeds(warehouse, [*map(make_feed, ("a", "b", "c")), make_feed("d", enabled=False)])
    polls = [
        make_poll("a", polled_at=noon - 2 * HOUR),
        make_poll("b", polled_at=noon - 2 * HOUR),
        make_poll("b", "permanent_error", polled_at=noon),
        make_poll("a", "unchanged", polled_at=noon - HOUR),
        make_poll("d", "permanent_error", polled_at=noon - HOUR),
    ]
    record_polls(warehouse, polls, {})
    return warehouse


def test_data_are_of_the_newest_poll_that_worked(polled, noon):
    """A poll that failed brings nothing, and neither does the moment of asking."""
    known = freshness(polled)

    assert known.as_of == noon - HOUR
    assert (known.answered, known.asked) == (1, 2)
    assert polled.execute("select feeds from freshness").fetchone() == (3,)
    assert known == freshness(polled, as_of=EVER)


def test_as_of_a_moment_it_was_what_had_been_polled(polled, noon):
    """The same relation says what was known then."""
    known = freshness(polled, as_of=noon - 2 * HOUR)

    assert known.as_of == noon - 2 * HOUR
    assert (known.answered, known.asked) == (2, 2)
    assert freshness(polled, as_of=noon - 3 * HOUR).as_of is None


def test_data_are_of_the_newest_imported_article(warehouse, make_article, noon):
    """An import is as old as its articles; an undated one says nothing of its age."""
    assert freshness(warehouse).as_of is None

    dated = make_article("a1", published_at=noon - 48 * HOUR)
    undated = make_article("a2", published_at=noon, published_from="first_seen")
    append_articles(warehouse, [dated, undated], run_id="")

    assert freshness(warehouse).as_of == noon - 48 * HOUR


def test_days_that_nobody_looked_at_are_named(warehouse, load, noon):
    """Days with articles count as computed once they were, found or not."""
    load(
        warehouse,
        {"article_id": "a1"},
        {"article_id": "a2", "published_at": noon - 24 * HOUR},
    )
    period = {"since": noon - 48 * HOUR, "until": noon + HOUR}
    monday = TUESDAY - timedelta(days=1)
    assert uncomputed(warehouse, **period) == [monday, TUESDAY]

    record_computed(warehouse, "bursts", since=TUESDAY, until=TUESDAY, now=noon)
    record_computed(warehouse, "bursts", since=TUESDAY, until=TUESDAY, now=noon + HOUR)

    assert uncomputed(warehouse, **period) == [monday]
    assert freshness(warehouse).computed_until == TUESDAY
    until = (
        "select relation, computed_until from readiness where computed_until is not null"
    )
    assert warehouse.execute(until).fetchall() == [("bursts", TUESDAY)]
