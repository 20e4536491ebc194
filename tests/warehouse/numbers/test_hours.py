"""By which hour of the day stories come."""

from __future__ import annotations

from datetime import date, timedelta

from warehouse.numbers.trends import hours

TUESDAY = date(2026, 8, 4)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def test_a_story_counts_at_its_first_hour_of_the_day(warehouse, load, noon):
    """Hours are those of the reporting zone; copies and digests add nothing."""
    load(
        warehouse,
        {"article_id": "a1", "story_id": "s1"},
        {"article_id": "a2", "story_id": "s1", "published_at": noon - 2 * HOUR},
        {"article_id": "a3", "published_at": noon - 2 * HOUR},
        {"article_id": "a4", "published_at": noon - 2 * HOUR, "is_digest": True},
        {"article_id": "a5", "published_at": noon - DAY},
        {"article_id": "a6", "published_at": noon - 9 * DAY},
    )

    found = hours(warehouse, since=TUESDAY - DAY, until=TUESDAY)

    assert len(found) == 24
    assert {hour: stories for hour, stories in enumerate(found) if stories} == {
        10: 2,
        12: 1,
    }


def test_as_of_leaves_out_what_was_not_seen(warehouse, load, noon):
    """What came in later says nothing of the hours that were known then."""
    load(warehouse, {"article_id": "a1", "first_seen_at": noon + 5 * HOUR})

    assert sum(hours(warehouse, since=TUESDAY, until=TUESDAY, as_of=noon + HOUR)) == 0
    assert sum(hours(warehouse, since=TUESDAY, until=TUESDAY)) == 1
