"""Learning how often a feed brings news."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from connectors.feeds.poll.schedule import learn
from transforms.models import Entry, Standing

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def entries(*moments):
    """Return an entry a moment, None for one without a date."""
    return [
        Entry(guid=str(n), url="", title="", published_at=moment)
        for n, moment in enumerate(moments)
    ]


def test_first_poll_reads_the_pace_off_the_dates():
    """An archive of articles three hours apart is a pace of three hours."""
    dates = [NOW - n * 3 * HOUR for n in range(10)]

    learned = learn(Standing(), entries(*dates), NOW)

    assert (learned.pace, learned.news_at) == (3 * HOUR, NOW)


def test_a_night_between_articles_does_not_set_the_pace():
    """The median of the gaps counts, so that one long pause is only one of many."""
    dates = [NOW - n * HOUR for n in range(8)] + [NOW - 20 * HOUR]

    assert learn(Standing(), entries(*dates), NOW).pace == HOUR


@pytest.mark.parametrize(
    "dates",
    [
        pytest.param([NOW, NOW - HOUR], id="too few"),
        pytest.param([NOW] * 30, id="all at one moment"),
        pytest.param([None] * 30, id="no dates"),
    ],
)
def test_pace_stays_unknown_without_enough_gaps(dates):
    """Four gaps are the least to call it a rhythm."""
    learned = learn(Standing(), entries(*dates), NOW)

    assert (learned.pace, learned.news_at) == (None, NOW)


def test_polls_move_the_pace_by_and_by():
    """New entries at another pace are believed after some polls, not after one."""
    standing = Standing(pace=HOUR, news_at=NOW)
    paces = []
    for step in range(1, 13):
        at = NOW + step * 8 * HOUR
        standing = learn(standing, entries(at), at)
        paces.append(standing.pace)

    assert HOUR < paces[0] < 3 * HOUR
    assert paces == sorted(paces)
    assert paces[-1] > 7 * HOUR


def test_several_entries_share_the_gap():
    """Four entries in four hours are one an hour, though one poll brought them."""
    fresh = entries(*(NOW + n * HOUR for n in range(1, 5)))

    assert learn(Standing(pace=HOUR, news_at=NOW), fresh, NOW + 5 * HOUR).pace == HOUR


def test_entries_without_dates_come_out_when_they_are_seen():
    """For a feed without dates the polls that brought something are the rhythm."""
    standing = Standing(news_at=NOW)

    learned = learn(standing, entries(None, None), NOW + 6 * HOUR)

    assert (learned.pace, learned.news_at) == (6 * HOUR, NOW + 6 * HOUR)


def test_edited_and_resurfacing_entries_teach_nothing():
    """An entry with an old date is no news, however new it is to us."""
    standing = Standing(pace=HOUR, news_at=NOW)

    assert learn(standing, entries(NOW - 24 * HOUR, NOW), NOW + 9 * HOUR) == standing
    assert learn(standing, [], NOW + 9 * HOUR) == standing


def test_a_clock_that_went_back_learns_anew():
    """The newest entry of a replay from a later time does not stop the learning."""
    standing = Standing(pace=HOUR, news_at=NOW + 9000 * HOUR)
    dates = [NOW - n * 3 * HOUR for n in range(10)]

    assert learn(standing, entries(*dates), NOW) == Standing(pace=3 * HOUR, news_at=NOW)


def test_future_dates_are_now():
    """A date ahead of the clock does not hide the entries that come before it."""
    learned = learn(Standing(), entries(NOW + 900 * HOUR), NOW)

    assert learned.news_at == NOW
