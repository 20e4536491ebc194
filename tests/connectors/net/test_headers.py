"""What an answer's headers say of time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from connectors.errors import TransientFeedError
from connectors.feeds.fetch.document import error_for
from connectors.net.headers import LONGEST, fresh_for, parse_retry_after

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
DATE = "Tue, 04 Aug 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("99999999999999999999", LONGEST),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("Tue, 04 Aug 2026 12:02:00 GMT", 120),
        ("Tue, 04 Aug 2026 11:00:00 GMT", 0),
        ("Tue, 04 Aug 2026 12:01:00 -0000", 60),
        ("Tue, 04 Aug 2099 12:00:00 GMT", LONGEST),
        ("Mon, 01 Jan 99999999999999999999 00:00:00 GMT", None),
        ("Tue, 04 Aug 2026 12:02:00 +99999999999999", None),
    ],
)
def test_value(value, expected):
    """Seconds and dates are read, nonsense is not, and a year is a week."""
    assert parse_retry_after(value, date=DATE) == expected


def test_our_own_clock_is_the_last_resort():
    """Without the server's clock a date is counted from ours."""
    until = datetime.now(UTC) + timedelta(minutes=10)

    seconds = parse_retry_after(format_datetime(until, usegmt=True), date="nonsense")

    assert seconds == pytest.approx(600, abs=5)


def test_a_date_that_no_clock_shows_says_nothing(make_feed):
    """The feed is busy, like any other that does not say for how long."""
    never = "Mon, 01 Jan 99999999999999999999 00:00:00 GMT"

    error = error_for(make_feed(), 503, {"retry-after": never, "date": never}, b"")

    assert isinstance(error, TransientFeedError)
    assert error.retry_after is None


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"cache_control": "max-age=600"}, 10 * MINUTE),
        ({"cache_control": "public, MAX-AGE = 600"}, 10 * MINUTE),
        ({"cache_control": "max-age=600", "age": "540"}, MINUTE),
        ({"cache_control": "max-age=600", "age": "9999"}, None),
        ({"cache_control": "max-age=600", "age": "old"}, 10 * MINUTE),
        ({"cache_control": "max-age=0"}, None),
        ({"cache_control": "no-cache, max-age=600"}, None),
        ({"cache_control": "no-store"}, None),
        ({"cache_control": "s-maxage=600"}, None),
        ({"cache_control": ""}, None),
        ({"cache_control": "", "expires": "Tue, 04 Aug 2026 13:00:00 GMT"}, HOUR),
        ({"cache_control": "", "expires": "Tue, 04 Aug 2026 11:00:00 GMT"}, None),
        ({"cache_control": "", "expires": "0"}, None),
        ({"cache_control": "", "expires": "-1"}, None),
        (
            {
                "cache_control": "",
                "expires": "Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
            },
            None,
        ),
        (
            {"cache_control": "max-age=60", "expires": "Tue, 04 Aug 2026 13:00:00 GMT"},
            MINUTE,
        ),
    ],
)
def test_how_long_an_answer_stays_fresh(headers, expected):
    """max-age goes before Expires; what is stale or must not be kept asks for nothing."""
    assert fresh_for(**headers, date=DATE) == expected


def test_expires_needs_the_servers_own_clock():
    """Without a Date header an Expires cannot be told from the past."""
    assert fresh_for("", expires="Tue, 04 Aug 2026 13:00:00 GMT") is None
