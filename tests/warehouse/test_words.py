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
    }


@pytest.mark.parametrize("copied", ["any_value(zone)", "'undated', 'stale_copy')"])
def test_a_word_is_defined_once(copied):
    """What the zone is and which outcomes are answers stands in one file alone."""
    homes = [p.name for p in SQL.glob("*s/*.sql") if copied in p.read_text("utf-8")]

    assert homes == ["00_words.sql"]
