"""The boards of a brief: on whose side a measure stands, and how much money it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from brief_rows import asked_of

from transforms.pages.rows.subjects import TOPICS_OF_LATE
from warehouse.news.findings import sync_watchlist
from warehouse.numbers.trends import trends
from warehouse.queries import read

HOUR = timedelta(hours=1)


@pytest.fixture
def ask(warehouse, load, noon, shipped_topics):
    """Load one article and return the rows of a board."""
    sync_watchlist(warehouse, [], [], shipped_topics)

    def answer(key, **article):
        load(warehouse, {"article_id": "a1", "published_at": noon - HOUR} | article)
        return asked_of(warehouse, key, since=noon - 24 * HOUR, until=noon)[key]

    return answer


@pytest.fixture
def board(warehouse, noon):
    """Return the rows of a board of the day up to noon."""
    return lambda key: asked_of(warehouse, key, since=noon - timedelta(days=1), until=noon)[
        key
    ]


@pytest.mark.parametrize(
    ("measure", "side"),
    [
        ({"side": "cn", "target_side": "cn"}, "china"),
        ({"side": "us", "target_side": "cn"}, "us_eu"),
        ({"side": "nl", "target_side": "cn"}, "us_eu"),
        ({"side": "jp", "target_side": "cn"}, "unclear"),
        # Who answers acts: China here, the other side there.
        ({"side": "us", "target_side": "cn", "status": "answered"}, "china"),
        ({"side": "cn", "target_side": "us", "status": "answered"}, "us_eu"),
        ({"side": "cn", "target_side": "cn", "status": "answered"}, "china"),
    ],
)
def test_an_act_stands_on_the_side_that_acts(tell, board, measure, side):
    """Once, with the outlets of all its stories; what it hits puts it on no side."""
    tell("a", -0.2, story="s1", measure=measure, publisher="Wire", title="Curbs")
    tell("b", -0.1, story="s2", measure=measure, publisher="Post", title="Curbs")

    [row] = board("policy")

    assert (row["side"], row["publishers"], row["event"]) == (side, 2, "export-control")
    assert (row["headline"], row["measure_id"]) == ("Curbs", "ma")


def test_an_act_of_others_on_others_is_on_the_board_if_it_is_on_the_beat(tell, board):
    """As in the ledger; one that was told before the period is not of it."""
    elsewhere = {"side": "us", "target_side": "us"}
    tell("a", -0.1, story="s1", measure=elsewhere, is_on_beat=False)
    tell("b", -3, story="s2", measure={})
    tell("c", -0.1, story="s2", measure={})
    assert board("policy") == []

    tell(
        "d",
        -0.1,
        story="s3",
        measure={"thing": "cars", **elsewhere},
        is_on_beat=True,
        title="Cars may not phone home",
    )
    assert [row["story_id"] for row in board("policy")] == ["s3"]


def test_the_calendar_counts_acts_at_home(tell, board):
    """A fine told by two outlets in two stories is one; support is counted apart."""
    fine = {"side": "cn", "target_side": "cn", "instrument": "penalty", "targets": ("jd",)}
    plan = {"instrument": "plan-or-support", "direction": "supports", "targets": ()}
    tell("a", -2, story="s1", measure=fine, title="Fined")
    tell("b", -1.9, story="s1", measure=fine)
    tell("c", -1, story="s2", measure=fine, title="Fined")
    tell("d", -1, story="s3", measure=fine | plan)
    tell("e", -1, story="s4", measure={"side": "us"})
    tell("f", -0.1, story="s5")

    told = ("stories", "events", "supports", "headline")
    assert [tuple(row[key] for key in told) for row in board("crackdown")] == [
        (2, 1, 0, "Fined"),
        (1, 0, 1, "Headline d"),
        (0, 0, 0, None),
    ]


def test_what_became_of_claims_is_told_when_somebody_says_so(tell, board):
    """Of claims of thirty days, three, what was denied before what was confirmed."""
    by_firm = {"basis": "company", "modality": "denied"}
    for n, said in enumerate(("denied", "withdrawn", "confirmed", "announced")):
        title = "Ferry lines sell their old boats"
        tell(f"t{n}", -20, story=f"s{n}", claim={"subject": f"c{n}"}, title=title)
        answered = by_firm | {"subject": f"c{n}", "modality": said}
        # In a later story.
        tell(f"u{n}", -0.5, story=f"s{n}b", claim=answered, title=title)
    tell("open", -1, story="s8", claim={})
    tell("early", -9, story="s9", claim={})
    tell("settled", -3, story="s9", claim=by_firm)

    fields = ("claim_id", "outcome", "settled_by", "settled_story")
    assert [tuple(row[name] for name in fields) for row in board("became")] == [
        ("ct0", "denied", "u0", "s0b"),
        ("ct1", "withdrawn", "u1", "s1b"),
        ("ct2", "confirmed", "u2", "s2b"),
    ]


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
        make_topic("chip-bans", boards=["theme-us-pressure"]),
        make_topic("verdict", "event", boards=["money"]),
        # The same id is another board's as an event.
        make_topic("chip-bans", "event"),
    ]
    sync_watchlist(warehouse, [], [], topics)
    told = {"article_id": "a1", "published_at": noon - HOUR, "title": "A fine of $3 bn"}
    load(warehouse, told | {"topics": ["chip-bans"], "events": ["verdict"]})

    def read(board, *columns):
        rows = asked_of(warehouse, board, since=noon - 168 * HOUR, until=noon)[board]
        return {tuple(row[column] for column in columns) for row in rows}

    assert read("money", "event", "amount") == {("verdict", "$3 bn")}
    assert read("themes", "theme", "stories") == {("us_pressure", 1)}


def test_fewer_than_five_articles_hardly_cover_a_topic(warehouse, load, noon, make_topic):
    """Articles, not stories, and of the period: for briefs, trends and pages alike."""
    boards = {"chips": "theme-chips", "cars": "theme-cars"}
    sync_watchlist(
        warehouse, [], [], [make_topic(key, boards=[b]) for key, b in boards.items()]
    )
    for topic, articles in (("chips", 5), ("cars", 4)):
        for n in range(articles + 9):
            at = noon - HOUR - (n >= articles) * 200 * HOUR
            made = {"article_id": f"{topic}{n}", "story_id": f"s{topic}", "topics": [topic]}
            load(warehouse, made | {"published_at": at, "title": f"{topic} {n}"})

    first = (noon - 166 * HOUR).date()
    brief = asked_of(warehouse, "topics", "themes", since=noon - 167 * HOUR, until=noon)
    month = trends(warehouse, since=first, until=noon.date())
    listed = read(warehouse, TOPICS_OF_LATE, {"last_day": noon.date()})

    few = {"chips": False, "cars": True}
    assert {r["topic_id"]: r["is_hardly_covered"] for r in brief["topics"]} == few
    assert {r["topic_id"]: r["is_hardly_covered"] for r in month["topics"]} == few
    assert {row.id: row.is_hardly_covered for row in listed} == few
    last = max(row["week"] for row in brief["themes"])
    themes = {
        r["theme"]: r["is_hardly_covered"] for r in brief["themes"] if r["week"] == last
    }
    assert themes == few
