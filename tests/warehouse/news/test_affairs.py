"""What holds for a story, and which stories build on one another."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from builders import shipped_beat

from flows.steps import rederive as steps
from flows.steps.rederive import refresh_affairs, refresh_all_affairs
from transforms.models import TopicRow
from warehouse.news.findings import sync_watchlist

LEXICON = shipped_beat().concepts
DAY = timedelta(days=1)


@pytest.fixture
def affair(warehouse, load, make_company, noon):
    """A model, its price and its agent, told by a brand and its parent; and a bystander."""
    sync_watchlist(
        warehouse,
        [
            make_company("lumo"),
            make_company("quay", kind="brand", parent_id="lumo"),
            make_company("watchdog", kind="regulator"),
        ],
        [],
        [],
    )
    told = [
        ("1", "Lumo releases Quay 4", 0, ["lumo"]),
        ("2", "Quay 4 is cheaper", 2, ["quay", "watchdog"]),
        ("3", "An agent built on Quay 4 is out", 4, ["lumo", "watchdog"]),
        ("4", "Lumo hires a lawyer", 4, ["lumo"]),
    ]
    load(
        warehouse,
        *(
            {
                "article_id": number,
                "story_id": f"s{number}",
                "title": title,
                "published_at": noon + days * DAY,
                "companies": companies,
                "roles": dict.fromkeys(companies, "subject"),
            }
            for number, title, days, companies in told
        ),
    )
    return warehouse


def affairs(con):
    return con.execute(
        "select story_id, step, affair_id, group_id from story_affairs order by step"
    ).fetchall()


LINKED = [(f"s{n}", n, "s1-lumo", "lumo") for n in (1, 2, 3)]


def test_stories_of_a_group_are_linked(affair):
    """A brand's story is a turn of its group's affair; a regulator has none."""
    refresh_all_affairs(affair, LEXICON)

    assert affairs(affair) == LINKED


def test_processes_link_what_one_links(affair, load, make_company, noon, monkeypatch):
    """A subject to a process, or all in one: the same affairs."""
    sync_watchlist(affair, [make_company("lumo"), make_company("dial")], [], [])
    load(
        affair,
        *(
            {
                "article_id": f"w{number}",
                "story_id": f"w{number}",
                "title": f"The maker releases Dial {number // 2 + 7}",
                "published_at": noon + number * DAY,
                "companies": ["dial"],
                "roles": {"dial": "subject"},
            }
            for number in range(4)
        ),
    )
    refresh_all_affairs(affair, LEXICON)
    alone = affairs(affair)
    monkeypatch.setattr(steps, "MANY_TURNS", 1)
    monkeypatch.setattr(steps, "PART", 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)

    refresh_all_affairs(affair, LEXICON)

    assert sorted(affairs(affair)) == sorted(alone)
    assert {group for *_, group in alone} == {"lumo", "dial"}


def test_a_commit_starts_no_processes(affair, monkeypatch):
    """Of a large first poll each batch would start some, each with a copy of its turns."""

    def refuse(*_):
        raise AssertionError("processes were started")

    monkeypatch.setattr(steps, "MANY_TURNS", 1)
    monkeypatch.setattr(steps, "in_processes", refuse)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)

    refresh_affairs(affair, {"s1", "s2", "s3", "s4"}, LEXICON)

    assert affairs(affair)


def test_affairs_grow_with_their_stories(affair):
    """Story by story, in any order, they come to what making all anew comes to."""
    for number in (3, 1, 4, 2, 2):
        refresh_affairs(affair, {f"s{number}"}, LEXICON)
    refresh_affairs(affair, set(), LEXICON)

    assert affairs(affair) == LINKED


def test_an_affair_forgets_a_story_that_is_no_more(affair):
    """One that went into another story leaves its step to the next."""
    refresh_all_affairs(affair, LEXICON)
    affair.execute("update articles set story_id = 's1' where story_id = 's2'")
    affair.execute("delete from stories where story_id = 's2'")
    refresh_affairs(affair, {"s1", "s2"}, LEXICON)

    assert affairs(affair) == [("s1", 1, "s1-lumo", "lumo"), ("s3", 2, "s1-lumo", "lumo")]


@pytest.mark.parametrize("days", [90, -90])
def test_an_affair_of_another_time_stays(affair, load, noon, days):
    """What is older or newer than an affair can be is not looked at, nor lost."""
    refresh_all_affairs(affair, LEXICON)
    load(
        affair,
        {
            "article_id": "9",
            "story_id": "s9",
            "title": "Lumo speaks up",
            "published_at": noon + days * DAY,
            "companies": ["lumo"],
        },
    )
    refresh_affairs(affair, {"s9"}, LEXICON)

    assert affairs(affair) == LINKED


def test_a_measure_its_force_and_its_answer_are_an_affair_of_states(tell, warehouse):
    """Of a topic of the policy boards, where they have one; another's act is none."""
    boarded, plain = (
        TopicRow(
            topic_id=name,
            kind="topic",
            name=name,
            name_zh="",
            parent_id=None,
            boards=boards,
        )
        for name, boards in (("tools", ("policy-us-eu",)), ("chips", ()))
    )
    sync_watchlist(warehouse, [], [], [boarded, plain])
    listed = {"side": "cn", "target_side": "us"}
    tell("1", 0, story="s1", title="US weighs curbs on etching tools", measure={})
    tell("2", 20, story="s2", title="US curbs etching tools", measure={}, topics=["tools"])
    tell("3", 22, story="s3", title="China limits gallium", measure=listed)
    elsewhere = {"target_side": "in"}
    tell("4", 23, story="s4", title="US curbs etching tools", measure=elsewhere)
    asked = "select story_id, step, group_id, topic_id from story_affairs order by step"

    refresh_all_affairs(warehouse, LEXICON)
    at_once = warehouse.execute(asked).fetchall()
    warehouse.execute("delete from story_affairs")
    refresh_affairs(warehouse, {"s2"}, LEXICON)

    assert at_once == warehouse.execute(asked).fetchall()
    assert at_once == [(f"s{step}", step, None, "tools") for step in (1, 2, 3)]


def test_essays_and_what_only_names_a_firm_are_no_turns(
    warehouse, load, make_company, noon
):
    """A test of a model says nothing new of it, nor does a headline on another firm."""
    sync_watchlist(warehouse, [make_company("lumo")], [], [])
    release = {"title": "Lumo releases Quay 4", "roles": {"lumo": "subject"}}
    essay = {"title": "Is Quay 4 worth it?", "report_score": -2.0}
    load(
        warehouse,
        *(
            {
                "article_id": str(number),
                "story_id": f"s{number}",
                "companies": ["lumo"],
                "published_at": noon + number * DAY,
            }
            | told
            for number, told in enumerate(
                (
                    release,
                    essay | {"roles": {"lumo": "subject"}},
                    {"title": "Tarn is built on Quay 4"},
                )
            )
        ),
    )

    refresh_all_affairs(warehouse, LEXICON)

    assert affairs(warehouse) == []


def test_what_one_member_names_holds_for_the_story(warehouse, load, noon):
    """Companies and topics of any article of it; digests left out."""
    load(
        warehouse,
        {"article_id": "1", "story_id": "s1", "companies": ["lumo"], "topics": ["chips"]},
        {
            "article_id": "2",
            "story_id": "s1",
            "companies": ["lumo", "tarn"],
            "topics": ["chips"],
            "events": ["chips"],
            "published_at": noon + DAY,
        },
        {"article_id": "3", "story_id": "s1", "companies": ["quay"], "is_digest": True},
    )

    assert warehouse.execute(
        "select story_id, company_id, articles, first_named_at from story_companies"
        " order by all"
    ).fetchall() == [("s1", "lumo", 2, noon), ("s1", "tarn", 1, noon + DAY)]
    assert warehouse.execute(
        "select story_id, topic_id, kind, articles from story_topics order by all"
    ).fetchall() == [("s1", "chips", "event", 1), ("s1", "chips", "topic", 2)]
