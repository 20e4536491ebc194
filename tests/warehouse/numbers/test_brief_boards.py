"""The boards of a brief: on whose side a measure stands, and how much money it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from brief_rows import asked_of

from warehouse.news.findings import sync_watchlist

HOUR = timedelta(hours=1)


@pytest.fixture
def ask(warehouse, load, noon, make_company, shipped_topics):
    """Load one article and return the rows of a board."""
    sync_watchlist(
        warehouse,
        [
            make_company("mofcom", kind="regulator", sector="regulator-cn"),
            make_company("bis", kind="regulator", sector="regulator-us"),
        ],
        [],
        shipped_topics,
    )

    def answer(key, **article):
        load(warehouse, {"article_id": "a1", "published_at": noon - HOUR} | article)
        return asked_of(warehouse, key, since=noon - 24 * HOUR, until=noon)[key]

    return answer


@pytest.mark.parametrize(
    ("title", "side"),
    [
        ("商务部回应美方调查中国企业", "china"),
        ("US to ban routers made in China", "us_eu"),
        ("Japan tightens checks on chip gear exports", "unclear"),
        ("What export controls mean for a maker of lasers", "unclear"),
    ],
)
def test_a_measure_stands_on_the_side_of_who_acts(ask, title, side):
    """Whom it is aimed at, and what topic it is on, put it on no side."""
    language = "en" if title.isascii() else "zh"
    [row] = ask(
        "policy",
        title=title,
        language=language,
        topics=["us-export-controls"],
        events=["sanction-export-control"],
    )

    assert row["side"] == side


@pytest.mark.parametrize(
    ("bodies", "side"),
    [(["mofcom"], "china"), (["bis"], "us_eu"), (["mofcom", "bis"], "unclear")],
)
def test_bodies_named_beside_decide_where_no_headline_does(ask, bodies, side):
    """A body in the summary has the side; two of both sides leave it open."""
    [row] = ask("policy", companies=bodies, events=["sanction-export-control"])

    assert row["side"] == side


def test_money_is_that_of_the_first_headline(ask):
    """As it is written there; "" where it names none."""
    [row] = ask("money", title="Fund of HK$4.5 mln closed", events=["funding"])
    assert row["amount"] == "HK$4.5 mln"

    earlier = {
        "article_id": "a0",
        "story_id": "sa1",
        "published_at": row["published_at"] - HOUR,
    }
    [row] = ask("money", title="Fund closed", events=["funding"], **earlier)
    assert row["amount"] == ""


def test_another_watchlist_has_boards_of_its_own(warehouse, load, noon, make_topic):
    """No query knows a topic by its id."""
    topics = [
        make_topic("chip-bans", boards=["policy-us-eu", "crackdown", "theme-us-pressure"]),
        make_topic("verdict", "event", boards=["policy", "money", "crackdown"]),
        # The same id is another board's as an event.
        make_topic("chip-bans", "event"),
    ]
    sync_watchlist(warehouse, [], [], topics)
    told = {"article_id": "a1", "published_at": noon - HOUR, "title": "A fine of $3 bn"}
    load(warehouse, told | {"topics": ["chip-bans"], "events": ["verdict"]})

    def read(board, *columns):
        rows = asked_of(warehouse, board, since=noon - 168 * HOUR, until=noon)[board]
        return {tuple(row[column] for column in columns) for row in rows}

    assert read("policy", "event", "side") == {("verdict", "us_eu")}
    assert read("money", "event", "amount") == {("verdict", "$3 bn")}
    assert read("crackdown", "stories", "events") == {(1, 1)}
    assert read("themes", "theme", "stories") == {("us_pressure", 1)}
