"""The words of SQL: a zone, its days, and which polls were answered."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_args

import pytest

import warehouse as package
from transforms.models import Outcome
from warehouse.runs import set_reporting_zone

SQL = Path(package.__file__).parent / "sql"


def one(con, sql, *params):
    [(value,)] = con.execute(f"select {sql}", params).fetchall()
    return value


def test_a_day_is_that_of_the_reporting_zone(warehouse):
    """Midnight in Shanghai is four in the afternoon of the day before in London."""
    midnight = datetime(2026, 8, 3, 16, tzinfo=UTC)
    set_reporting_zone(warehouse, "Asia/Shanghai")

    assert one(warehouse, "reporting_zone()") == "Asia/Shanghai"
    assert one(warehouse, "day_start(date '2026-08-04')") == midnight
    assert one(warehouse, "reporting_day($1)", midnight) == date(2026, 8, 4)
    assert one(warehouse, "reporting_day($1 - interval 1 second)", midnight) == date(
        2026, 8, 3
    )


def test_a_day_begins_where_the_clock_is_set_forward_at_midnight(warehouse):
    """In Beirut the hour after midnight of 29 March 2026 is left out."""
    set_reporting_zone(warehouse, "Asia/Beirut")

    start = one(warehouse, "day_start(date '2026-03-29')")

    assert start == datetime(2026, 3, 28, 22, tzinfo=UTC)
    assert one(warehouse, "reporting_day($1)", start) == date(2026, 3, 29)


def test_a_feed_answered_where_it_brought_a_document_of_its_own(warehouse):
    """Every outcome that a poll can have is on one side or the other."""
    answered = {o for o in get_args(Outcome) if one(warehouse, "answered($1)", o)}

    assert set(get_args(Outcome)) - answered == {
        "not_a_feed",
        "challenge",
        "gone",
        "moved",
        "transient_error",
        "permanent_error",
        "too_large",
    }


@pytest.mark.parametrize("copied", ["any_value(zone)", "'undated', 'stale_copy']"])
def test_a_word_is_defined_once(copied):
    """What the zone is and which outcomes are answers stands in one file alone."""
    homes = [p.name for p in SQL.glob("*s/*.sql") if copied in p.read_text("utf-8")]

    assert homes == ["00_words.sql"]


def test_a_bound_is_a_day_or_a_moment(warehouse):
    """A day lies at its midnight, also as a text; a moment at itself, in any session."""
    midnight = datetime(2026, 8, 3, 16, tzinfo=UTC)
    set_reporting_zone(warehouse, "Asia/Shanghai")
    warehouse.execute("set timezone = 'America/Los_Angeles'")

    assert one(warehouse, "instant_of(date '2026-08-04')") == midnight
    assert one(warehouse, "instant_of('2026-08-04')") == midnight
    assert one(warehouse, "instant_of($1)", midnight) == midnight
    noon = "timestamptz '2026-08-04 12:00:00+00'"
    assert one(warehouse, f"is_within({noon}, date '2026-08-04', date '2026-08-05')")
    assert not one(warehouse, f"is_within({noon}, date '2026-08-04', {noon})")


def test_spans_before_a_period_are_as_long_as_it(warehouse):
    """Of days by the calendar, through a change of clocks; of moments by their seconds."""
    set_reporting_zone(warehouse, "Europe/Paris")

    def ago(instant, since, until):
        at = f"timestamptz '{instant}+00'"
        return one(warehouse, f"spans_ago(reporting_day({at}), {at}, {since}, {until})")

    days = "date '2026-03-30'", "date '2026-04-06'"
    assert ago("2026-03-29 22:00:00", *days) == 0
    assert ago("2026-03-29 21:59:59", *days) == 1
    assert ago("2026-03-22 23:00:00", *days) == 1
    assert ago("2026-03-22 22:59:59", *days) == 2
    noon = "timestamptz '2026-03-30 10:00:00+00'"
    moments = noon, f"{noon} + interval 168 hour"
    assert ago("2026-03-30 10:00:00", *moments) == 0
    assert ago("2026-03-30 09:59:59", *moments) == 1
    assert ago("2026-03-23 10:00:00", *moments) == 1
    assert ago("2026-03-23 09:59:59", *moments) == 2


def test_a_day_of_a_period_is_an_instant_of_it(warehouse):
    """By the day where bounds are days, by the instant where they are moments."""
    set_reporting_zone(warehouse, "Asia/Shanghai")
    late = "timestamptz '2026-08-03 16:30:00+00'"
    days = "date '2026-08-04'", "'2026-08-05'"
    moments = late, f"{late} + interval 1 minute"

    for since, until in (days, moments, (days[0], moments[1]), (moments[0], days[1])):
        told = f"is_told_within(reporting_day({late}), {late}, {since}, {until})"
        assert one(warehouse, told)
        assert one(warehouse, f"is_within({late}, {since}, {until})")
    assert not one(
        warehouse, f"is_told_within(date '2026-08-04', {late}, {days[0]}, {late})"
    )
