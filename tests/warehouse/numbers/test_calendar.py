"""Dates ahead: which counts, which moved, which fell, and of which stories they are one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

COLUMNS = (
    "occasion, due_on::varchar, precision, status, "
    "list_transform(superseded, lambda d: d::varchar), sequence, publishers"
)


@pytest.fixture
def told(warehouse, load, noon):
    """Load headlines on BYD, one a day, and return the dates ahead that come of them."""

    def tell(*headlines, columns=COLUMNS):
        for n, headline in enumerate(headlines):
            fields = {"title": headline} if isinstance(headline, str) else headline
            load(
                warehouse,
                {
                    "article_id": f"a{n}",
                    "story_id": "s1",
                    "published_at": noon + timedelta(days=n),
                    "publisher": f"P{n}",
                    "companies": ["byd"],
                }
                | fields,
            )
        return rows(warehouse, columns)

    return tell


def rows(con, columns=COLUMNS):
    asked = f"select {columns} from dates_ahead order by due_on, date_id"
    return con.execute(asked).fetchall()


def test_outlets_of_a_story_tell_of_one_date(told):
    """The exact day within the month that others name."""
    assert told(
        "BYD to launch the X7 in September",
        "BYD to launch the X7 in September, it says",
        "BYD to launch the X7 on Sept 12",
    ) == [("launch", "2026-09-12", "day", "planned", [], 1, 3)]


def test_a_date_that_is_said_to_move_moves(told, warehouse):
    """Its id stays, the former day is named, and a late outlet changes nothing."""
    moved = told(
        "BYD to launch the X7 on Sept 12",
        "BYD delays X7, to launch it on Oct 20",
        "BYD to launch the X7 on Oct 20",
    )

    assert moved == [("launch", "2026-10-20", "day", "moved", ["2026-09-12"], 1, 3)]
    assert rows(warehouse, "date_id") == [("da0-launch",)]


def test_a_story_weeks_later_moves_the_date_that_it_names(told):
    """Of the firm, in some of the words; another product's date stays."""
    dates = told(
        "BYD to launch the Seagull Pro on Sept 12",
        {"title": "BYD to launch the Han tank on Sept 20", "story_id": "s2"},
        {"title": "BYD delays launch of Seagull Pro to Oct 20", "story_id": "s3"},
        columns="date_id, due_on::varchar, status",
    )

    assert dates == [
        ("da1-launch", "2026-09-20", "planned"),
        ("da0-launch", "2026-10-20", "moved"),
    ]


def test_of_two_dates_most_outlets_count(told):
    """Where nobody says that it moved, the other is told beside it."""
    [row] = told(
        "BYD to launch the X7 on Sept 12",
        "BYD to launch the X7 on Sept 12, too",
        "BYD to launch the X7 on Sept 13",
    )

    assert row[1:5] == ("2026-09-12", "day", "moved", ["2026-09-13"])


def test_what_is_withdrawn_is_cancelled(told, warehouse, noon):
    """By a headline of the story, after the date was told."""
    told("BYD to launch the X7 on Sept 12", "BYD drops the X7")
    warehouse.execute(
        "insert into article_claims values "
        "('a1', 'company', 'withdrawn', 'drops', 'byd', 'w0', 2)"
    )

    [row] = rows(warehouse, "status, sequence, updated_at")

    assert row[:2] == ("cancelled", 1)
    assert row[2] == noon + timedelta(days=1)


def test_stories_that_name_one_date_of_a_firm_are_one(told):
    """The one that told first stands; another firm's date is its own."""
    dates = told(
        "BYD to launch the X7 on Sept 12",
        {"title": "The X7 arrives on Sept 12", "story_id": "s2"},
        {"title": "NIO phone arrives on Sept 12", "story_id": "s3", "companies": ["nio"]},
        columns="date_id, company_id",
    )

    assert dates == [("da0-launch", "byd"), ("da2-launch", "nio")]


def test_a_notice_says_from_when_it_holds_and_until_when_it_listens(told):
    """Both dates of an official notice, whatever its headline says."""
    notice = {
        "title": "Additions to the Entity List",
        "in_force_on": date(2026, 9, 2),
        "comments_close_on": date(2026, 10, 5),
    }

    assert told(notice, columns="occasion, due_on::varchar, company_id") == [
        ("takes-effect", "2026-09-02", None),
        ("comment-closes", "2026-10-05", None),
    ]


def test_round_ups_and_a_backlog_announce_nothing(told):
    """They count as no news."""
    title = "BYD to launch the X7 on Sept 12"

    assert told({"title": title, "published_from": "backlog"}) == []
